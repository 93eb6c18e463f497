"""白名单、订单: listed for a term and marked, waiting counted apart; an order from need to review."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import panels, steps
from cases.errors import DomainError, Invalid, Refused
from cases.matters.white_list import showing, waiting
from cases.models import (
    Proceeding,
    ServiceOrder,
    WhiteList,
)
from stations.models import Appointment, Enterprise, Person
from tests.cases.acting import (
    again,
    do,
    granted,
    head,
    office,
    officer,
    opened,
    running,
)
from tests.factories import TODAY, approve_all, area, body, clerk, first, register

pytestmark = pytest.mark.django_db
LISTED = "91110000802100433B"  # the applicant of tests.factories.registration


# 白名单 ---------------------------------------------------------------------------------------------------------


def enterprise(code=LISTED):
    return Enterprise.objects.get_or_create(credit_code=code, defaults={"name": "甲公司", "area": area()})[0]


def listed(today=TODAY, until="2027-11-19") -> WhiteList:
    body("centre"), enterprise()
    made = steps.open_matter("white_list", by=office(), data={"enterprise": LISTED.lower()}, today=today)
    row = WhiteList.objects.get(pk=made.proceeding)
    do(row, "review", office(), today=today, advice="grant", words="符合条件")
    found = approve_all(do(row, "grant", office(), today=today, until=until), head("centre"), today=today)
    assert found.state == "granted", found.reason
    return again(row)


def test_an_enterprise_is_listed_once_numbered_suspended_and_expires():
    row = listed()
    assert (
        row.number == "津滨港白字〔2026〕1号"
        and row.accepted_on == TODAY
        and running(row) == {"WL-02": date(2027, 11, 19)}
    )
    with pytest.raises(Invalid):
        steps.open_matter("white_list", by=office(), data={"enterprise": LISTED}, today=TODAY)
    granted(do(row, "suspend", office(), reason="核实"), head("centre"))
    assert not WhiteList.in_force(TODAY).exists()
    granted(do(row, "restore", office(), reason="核实无误"), head("centre"))
    assert WhiteList.in_force(TODAY).exists() and not WhiteList.in_force(date(2027, 11, 20)).exists()
    with pytest.raises(DomainError):
        do(row, "expire", office())
    do(row, "expire", office(), today=date(2027, 11, 20))
    assert again(row).outcome == "expired"


def test_who_may_not_list_an_enterprise():
    body("centre"), enterprise()
    row = opened("white_list", WhiteList, clerk(), enterprise=LISTED)
    with pytest.raises(DomainError):
        do(row, "review", clerk(), advice="grant", words="符合")
    with pytest.raises(Refused):
        opened("white_list", WhiteList, officer(), enterprise=LISTED)
    with pytest.raises(Invalid):
        opened("white_list", WhiteList, clerk(), enterprise="91120000000000000X")


def test_a_listed_party_marks_its_case_and_no_other():
    case, plain = register(), register(parties=[{"role": "applicant", "kind": "legal_person", "name": "丙公司"},
                                               {"role": "respondent", "kind": "legal_person", "name": "乙公司"}])  # fmt: skip
    rows = [Proceeding.objects.get(case=one) for one in (case, plain)]
    assert panels.marks(rows, clerk(), TODAY) == {}
    row = listed()
    person = clerk()
    with CaptureQueriesContext(connection) as queries:
        assert panels.marks(rows, person, TODAY) == {rows[0].pk: [showing.FIRST]}
    assert len([one for one in queries if "cases_whitelist" in one["sql"]]) == 1
    granted(do(row, "suspend", office(), reason="核实"), head("centre"))
    assert panels.marks(rows, clerk(), TODAY) == {}


def test_waiting_time_of_listed_and_others_is_counted_apart():
    boss, before = head("centre"), TODAY - timedelta(30)
    listed(today=before)
    plain = [
        {"role": "applicant", "kind": "legal_person", "name": "丙公司", "id_number": "91350100M000100Y43", "phone": "13800138000"},
        {"role": "respondent", "kind": "legal_person", "name": "乙公司"},
    ]  # fmt: skip

    def closed_after(days, **said):
        row, end = first(register(today=before, **said)), before + timedelta(days)
        approve_all(do(row, "accept", clerk(), today=before, help_kind="advice"), boss, today=before)
        answer = do(row, "complete", clerk(), today=end, opinion="已答复", applicant_type="small")
        if isinstance(answer, steps.Waiting):
            approve_all(answer, boss, today=end)

    for days in (2, 4, 10):
        closed_after(days)
    for days in (20, 8):
        closed_after(days, parties=plain)
    assert waiting.median_days(TODAY) == {True: (4, 3), False: (8, 2)}
    assert waiting.median_days(TODAY + timedelta(400)) == {True: (None, 0), False: (None, 0)}


def test_the_list_of_the_white_list_shows_both_medians(client):
    listed()
    client.force_login(office())
    page = client.get("/matters/white_list/").content.decode()
    assert "名单内当事人案件" in page and "津滨港白字〔2026〕1号" in page


# 订单 -----------------------------------------------------------------------------------------------------------


def test_an_order_names_a_team_delivers_and_is_reviewed():
    body("centre")
    people = [Person.objects.create(name=f"专家{n}") for n in "甲乙丙"]
    for one in people[:2]:
        Appointment.objects.create(person=one, kind="expert", valid_from=date(2026, 1, 1))
    said = {
        "subject": "海外展会前的侵权风险排查",
        "what": "expert",
        "client": "甲公司",
        "need": "三项产品",
        "agreed_on": "2026-12-20",
    }
    row = opened("service_order", ServiceOrder, clerk(), **said)
    assert running(row) == {"SO-01": date(2026, 12, 4), "SO-02": date(2026, 12, 20)}
    with pytest.raises(Invalid) as unappointed:
        do(row, "name_team", clerk(), experts=[people[2].pk], lead=people[2].pk)
    assert set(unappointed.value.fields) == {"experts", "lead"}
    with pytest.raises(Invalid):
        do(row, "name_team", clerk(), experts=[people[0].pk], lead=people[1].pk)
    do(row, "name_team", clerk(), experts=[one.pk for one in people[:2]], lead=people[1].pk)
    assert [(m.person, m.leads) for m in row.team.filter(cancelled=False)] == [
        (people[1], True),
        (people[0], False),
    ]
    do(row, "deliver", clerk(), deliverable="排查报告")
    assert running(row) == {}
    do(row, "rework", clerk(), agreed_on="2026-12-25", reason="补充一项")
    assert running(row) == {"SO-02": date(2026, 12, 25)}
    do(row, "deliver", clerk(), deliverable="排查报告（补充）")
    do(row, "accept_work", clerk(), outcome="satisfied", words="有帮助")
    assert (again(row).state, again(row).outcome) == ("closed", "satisfied")


def test_a_team_taken_back_is_none():
    body("centre")
    one = Person.objects.create(name="专家甲")
    Appointment.objects.create(person=one, kind="expert", valid_from=date(2026, 1, 1))
    said = {
        "subject": "排查",
        "what": "prosecution",
        "client": "甲公司",
        "need": "三项",
        "agreed_on": "2026-12-20",
    }
    row = opened("service_order", ServiceOrder, clerk(), **said)
    do(row, "name_team", clerk(), experts=[one.pk], lead=one.pk)
    do(row, "undo_last", clerk(), reason="选错")
    assert not row.team.filter(cancelled=False).exists() and again(row).state == "received"
