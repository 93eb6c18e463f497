"""Whom a ruling's cases know: every column that names a person is searched for, or left out with a reason."""

import json
import re

import pytest
from django.apps import apps
from django.db import models

from adjudication import protected
from adjudication.models.rows import AddressConfirmation, Hearing, ReplySlip, Service
from adjudication.models.rows_evidence import Addition, Inspection
from cases import steps
from cases.models import Party, Right
from cases.protection import Sealed
from tests.adjudication import public_story as story
from tests.adjudication.public_story import TODAY
from tests.factories import clerk

pytestmark = pytest.mark.django_db
# a column whose name or label speaks of a person, or of how to reach one
PERSONAL = re.compile(
    r"name$|representative|agent|witness|substitute|receiver|present$|people|attendance|holder|judge|staff|^head$|officers|"
    r"phone|address|id_number|electronic_to|人$|人员|姓名|电话|法官|代理|到场"
)
# columns that only sound like it
NO_PERSON = {
    "Party.agent_firm",
    "AccessLog.address", "Approval.name", "Area.name", "Assistance.applicant_type", "BatchRun.name", "Body.address", "Body.name",
    "Body.phone", "Case.source_name", "CourtHearing.place", "Enterprise.name",
    "EnterpriseContact.office_phone", "Partner.name", "Partner.office_phone", "Event.name", "Evidence.name",
    "UnitContact.name", "UnitContact.phone",  # officials of the ledger's units, who answer for tasks and are in no dispute
    "Tip.id_number", "Tip.right_holder",  # sealed, of a matter without parties: no ruling is made from it
    "Holiday.name", "ImportRun.name", "Outbox.name", "Reading.reader", "Station.address", "Station.name", "Station.phone",
    "Litigation.appellant", "Case.summary",
}  # fmt: skip
ROOMS = ("stations", "cases", "mediation", "adjudication")


def personal_columns() -> set[str]:
    """ "Model.column" of every text of the project, sealed or not, that sounds like a person's."""
    found = set()
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS:
            continue
        for name, value in vars(model).items():
            if isinstance(value, Sealed) and PERSONAL.search(name):
                found.add(f"{model.__name__}.{name}")
        for column in model._meta.local_fields:
            text = isinstance(column, models.CharField | models.TextField) and not column.choices
            derived = re.search(r"_(sealed|index|key)$", column.name)
            if text and not derived and PERSONAL.search(column.name + " " + str(column.verbose_name)):
                found.add(f"{model.__name__}.{column.name}")
    return found


def test_every_column_that_names_a_person_is_searched_for_or_left_out_with_a_reason():
    known = protected.COVERED | protected.ELSEWHERE.keys() | NO_PERSON
    assert personal_columns() - known == set()
    assert not protected.COVERED & protected.ELSEWHERE.keys() and all(protected.ELSEWHERE.values())


def names(ruling) -> set[str]:
    return {
        value
        for s in protected.subjects(ruling)
        for value in (s.name, s.agent, s.representative, s.phone, *s.addresses, *s.aliases)
    }


def test_receivers_witnesses_those_who_came_and_earlier_names_are_known():
    row, ruling, _disclosure = story.ruled()
    of = {"case": row.case, "proceeding": row}
    party = Party.objects.get(case=row.case, role="respondent")
    Service.objects.create(**of, party=party, paper="ruling", method="left", sent_on=TODAY, substitute="马小红", relation="配偶",
                           witness="吴大伟（社区工作人员）")  # fmt: skip
    AddressConfirmation.objects.create(
        **of,
        party=party,
        confirmed_on=TODAY,
        receiver="周小兰",
        address="示例三路7号",
        electronic_to="zhou@example.com",
    )
    hearing = Hearing.objects.create(
        **of, day=TODAY, time="09:00", place="第一审理庭", planned_on=TODAY,
        attendance=json.dumps([{"party": party.pk, "attended": "attended", "people": "冯建军，陈静"}], ensure_ascii=False),
    )  # fmt: skip
    ReplySlip.objects.create(
        **of, hearing=hearing, party=party, received_on=TODAY, attends=True,
        people=json.dumps([{"name": "褚卫", "phone": "13920012345"}], ensure_ascii=False),
    )  # fmt: skip
    Inspection.objects.create(
        **of,
        kind="on_site",
        on=TODAY,
        starts="09:00",
        ends="10:00",
        place="店内",
        officers="[]",
        party=party,
        present="蒋勤",
    )
    Addition.objects.create(**of, role="respondent", name="沈丽", asked_on=TODAY, reason="共同经营")
    Right.objects.filter(case=row.case).update(holder="韩梅")
    said = {
        "party": party.pk,
        "revision": party.revision,
        "name": "滨海刘海峰五金经营部",
        "reason": "登记名称变更",
    }
    steps.case_act(row.case_id, "correct_party", by=clerk(), data=said, today=TODAY)
    known = names(ruling)
    for who in ("马小红", "吴大伟", "周小兰", "示例三路7号", "zhou@example.com", "冯建军", "陈静", "褚卫", "13920012345", "蒋勤",
                "沈丽", "韩梅", "滨海刘海峰五金店"):  # fmt: skip
        assert who in known, who


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三（社区工作人员）、李四", ["张三", "李四"]),
        ("欧阳小明", ["欧阳小明"]),
        ("买买提·吐尔逊", ["买买提·吐尔逊"]),
        ("某市某公司", []),
        ("社区工作人员两名", []),
        ("", []),
    ],
)
def test_names_are_taken_out_of_short_texts(text, found):
    assert protected.people_in(text) == found
