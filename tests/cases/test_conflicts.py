"""The conflict check: every name in every role, in every case, as far as whoever asks may see."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.conflicts import hits
from cases.models import Case
from mediation.suggesting import candidates
from stations.models import Appointment, Enterprise, Interest, Pairing, Person
from tests.factories import TODAY, area, body, clerk, first, station, user
from tests.mediation.stage import accepted, committee, do, mediator, received

pytestmark = pytest.mark.django_db

ROLES = ("name", "legal_representative", "agent_name", "agent_firm")
COMMON = "示例（天津）联合所"


def parties(role: str = "", name: str = COMMON, side: str = "respondent") -> list[dict]:
    """Two parties of names of their own; `name` stands in this role on this side."""
    made = [
        {"role": "applicant", "kind": "legal_person", "name": f"甲方{parties.count}号公司",
         "id_number": "91110000802100433B", "phone": "13800138000"},
        {"role": "respondent", "kind": "legal_person", "name": f"乙方{parties.count}号公司"},
    ]  # fmt: skip
    parties.count += 1
    one = next(p for p in made if p["role"] == side)
    if role.startswith("agent"):
        one["agent"] = {role.removeprefix("agent_"): name}
    elif role:
        one[role] = name
    if side == "applicant" or not role:
        made[0].pop("id_number")
    return made


parties.count = 1


def found(case: Case, person, viewer=None):
    return hits(case, [person], TODAY, viewer=viewer or committee())[person.pk]


def case_of(**changes) -> Case:
    changes.setdefault("rights", [{"kind": "trademark", "number": ""}])
    return received(**changes).case


# this case ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("side", ["applicant", "respondent"])
def test_a_declared_relative_is_found_in_every_role_of_this_case(role, side):
    person = mediator()
    Interest.objects.create(user=person, relation="relative", name="当事人 甲", valid_from=TODAY)
    (hit,) = found(case_of(parties=parties(role, "当事人甲", side)), person)
    assert hit.hard and hit.liftable and "近亲属" in hit.text and "当事人甲" in hit.text
    assert "当事人" not in hit.key  # ids and digests only: it stands on the record


def test_the_unit_one_works_for_and_the_enterprise_one_is_paired_with_are_found():
    person = mediator()
    row = Person.objects.create(name="某人", user=person, unit="示例甲公司")
    (hit,) = found(case_of(parties=parties("name", "示例甲公司")), person)
    assert (hit.kind, hit.hard) == ("unit", True) and "示例甲公司" in hit.text and "公司" not in hit.key
    of = Appointment.objects.create(person=row, kind="commissioner", valid_from=TODAY)
    enterprise = Enterprise.objects.create(name="示例乙公司", credit_code="91110000802100433B", area=area())
    pair = Pairing.objects.create(enterprise=enterprise, commissioner=of, valid_from=TODAY)
    case = case_of(parties=parties("name", "示例乙公司", "respondent"))
    (hit,) = found(case, person)
    assert (hit.kind, hit.hard) == ("paired", False) and "保护专员" in hit.text
    pair.end(date(2026, 11, 19), TODAY)
    assert found(case, person) == []


def test_own_name_and_holdings_bar_former_ones_and_clients_are_weighed():
    person = mediator()
    person.display_name = "调解员丙"
    person.save()
    case = case_of(parties=parties("agent_name", "代理人丁、调解员丙"))
    (hit,) = found(case, person)
    assert (hit.kind, hit.hard) == ("own", True)
    name = case.parties.get(role="applicant").name
    for relation, valid_to, hard in (
        ("holding", None, True), ("holding", date(2026, 1, 1), False), ("client", None, False), ("employer", None, False),
    ):  # fmt: skip
        Interest.objects.create(
            user=mediator("m2"), relation=relation, name=name, valid_from=date(2020, 1, 1), valid_to=valid_to
        )
        hit = found(case, mediator("m2"))[-1 if not hard else 0]
        assert (hit.kind, hit.hard) == (relation, hard)
        Interest.objects.all().delete()
    Interest.objects.create(user=person, relation="relative", name=name, valid_from=date(2027, 1, 1))
    assert [one.kind for one in found(case, person)] == ["own"]  # declared for later


# other cases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("here", ROLES)
def test_who_mediated_before_for_a_name_is_found_whatever_the_two_roles(here):
    """j-lawyer missed a person because the role differed: every pair of roles."""
    person = mediator()
    spelled = COMMON.replace("（", "(").replace("）", ")")
    numbers = {}
    for there in ROLES:
        row = accepted(parties=parties(there, spelled), rights=[{"kind": "trademark", "number": ""}])
        numbers[row.case.registration_no] = there
    case = case_of(parties=parties(here, COMMON, "applicant"))
    listed = found(case, person)
    assert {hit.registration_no for hit in listed} == set(numbers)
    for hit in listed:
        assert hit.kind == "mediated" and not hit.hard and "调解员" in hit.text and COMMON in hit.text
    assert found(case, mediator("m2")) == []  # nobody else's past


@pytest.mark.parametrize("role", ROLES)
def test_the_persons_own_name_is_found_in_every_role_of_any_other_case(role):
    person = mediator()
    person.display_name = "调解员丙"
    person.save()
    other = case_of(parties=parties(role, "调解员丙"))
    (hit,) = found(case_of(parties=parties()), person)
    assert (hit.kind, hit.registration_no) == ("named", other.registration_no)


def test_the_same_right_and_the_same_document_number_are_found():
    person = mediator()
    one, two = parties("name", "旧名称公司", "applicant"), parties("name", "新名称公司", "applicant")
    one[0]["id_number"] = two[0]["id_number"] = "91110000802100433B"
    accepted(parties=one, rights=[{"kind": "invention", "number": "ZL201010110210.8"}])
    (hit,) = found(case_of(parties=two, rights=[{"kind": "invention", "number": "201010110210.8"}]), person)
    assert "证件号相同" in hit.text and "同一权利" in hit.text


def test_a_hit_in_a_case_out_of_sight_says_only_that_there_is_one():
    person = mediator()
    row = accepted(parties=parties("agent_firm"))
    case = case_of(parties=parties("agent_firm"))
    stranger = user("other committee", ("committee", body("commercial")))
    (hit,) = found(case, person, viewer=stranger)
    assert row.case.registration_no not in hit.text and COMMON not in hit.text and hit.registration_no == ""
    assert hit.key == found(case, person)[0].key
    clerk_elsewhere = user("clerk-elsewhere", ("clerk", station("s2")))
    person.display_name = row.case.parties.get(role="applicant").name
    person.save()
    assert {h.registration_no for h in found(case, person, viewer=clerk_elsewhere)} == {""}


def test_the_number_of_queries_grows_with_nothing():
    case = case_of(parties=parties("agent_firm"))

    def queries(people) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            hits(Case.objects.get(pk=case.pk), people, TODAY, viewer=committee())
        return len(seen)

    accepted(parties=parties("agent_firm"))
    few = queries([mediator()])
    for _n in range(3):
        accepted(parties=parties("agent_firm"))
    Interest.objects.create(user=mediator("m2"), relation="client", name=COMMON, valid_from=TODAY)
    assert queries([mediator(), mediator("m2"), mediator("m3")]) <= few


# whom to ask ----------------------------------------------------------------------------------------------------


def test_candidates_are_ordered_by_conflict_then_field_then_load_with_the_reasons():
    names = ("busy", "free", "knows", "conflicted")
    people = {name: mediator(name) for name in names}
    for _n in range(2):
        busy = received(parties=parties(), rights=[{"kind": "copyright", "number": ""}])
        do(busy, "assign_mediator", by=committee(), user="busy", chosen_by="appointed")
    for name in ("knows", "conflicted"):
        person = Person.objects.create(name=name, user=people[name])
        Appointment.objects.create(
            person=person, kind="mediator", field="专利、商标", valid_from=date(2020, 1, 1)
        )
    row = received(parties=parties("legal_representative", "当事人甲"))
    Interest.objects.create(user=people["conflicted"], relation="relative", name="当事人甲", valid_from=TODAY)
    listed = candidates(row, TODAY, viewer=committee())
    assert [one.user.username for one in listed] == ["knows", "free", "busy", "conflicted"]
    assert "领域相符：商标" in listed[0].reasons and "未发现利益冲突" in listed[0].reasons
    assert "在办 2 件" in listed[2].reasons and "应当回避" in listed[3].reasons
    assert first(row.case).participations.count() == 0 and clerk().pk not in {one.user.pk for one in listed}
