"""Each computed indicator on facts made by hand: numerator, denominator, what is left out, low and high, as of when."""

from datetime import date
from fractions import Fraction

import pytest

from cases.models import Activity, Event
from reports import periods
from reports.indicators import PLAN_EIGHT, REGISTRY, Figure, Reading, figures
from stations.models import Appointment, Area, Enterprise, Pairing, Partner, Person, Pilot, Station, User
from tests.factories import clerk
from tests.reports.facts import dispute, fact, proceeding, restate, withdraw

pytestmark = pytest.mark.django_db

D = date
END, FEBRUARY, MARCH = D(2026, 11, 20), D(2026, 2, 2), D(2026, 3, 9)
YEAR = periods.parse("2026")


def figure(code: str, as_of: date = END, period: str = "2026") -> Figure:
    return figures([code], [periods.parse(period)], as_of)[code][0]


def listed(code: str, which: str, as_of: date = END, period: str = "2026") -> list:
    return list(REGISTRY[code].listed(which, periods.parse(period), Reading(as_of)))


def mediation(
    ended: str = "", on: date = MARCH, accepted: date | None = FEBRUARY, flavour: str = "people", **columns
):
    row = proceeding("mediation", flavour=flavour, **columns)
    if accepted:
        fact(row, "accepted", accepted, flavour)
    if ended:
        fact(row, "closed", on, ended)
    return row


# registry ---------------------------------------------------------------------------------------------------


def test_registry_has_every_code_in_the_plans_order():
    assert PLAN_EIGHT == (
        "aid_and_mediation", "mediation_success", "trial_days", "first_instance_accepted", "adjudication_accepted",
        "ruling_upheld", "special_areas", "high_value_patents",
    )  # fmt: skip
    assert list(REGISTRY)[8:] == [
        "ruling_disclosure", "stations", "joint_enforcement", "technical_investigators", "paired_enterprises",
        "protection_commissioners", "overseas_pilots", "partner_centres", "briefings", "push_meetings", "tasks_done",
        "performed_on_time", "respondent_answered", "verified_success", "median_days",
    ]  # fmt: skip


def test_every_figure_has_the_keys_of_the_interface_and_no_float():
    keys = {
        "code", "name", "unit", "target", "direction", "value", "numerator", "denominator", "excluded", "low", "high",
        "source", "status", "formula",
    }  # fmt: skip
    for code, (one,) in figures(REGISTRY, [YEAR], END).items():
        said = one.as_dict()
        assert (
            set(said) == keys and said["code"] == code and said["name"] and said["unit"] and said["formula"]
        )
        assert not any(isinstance(value, float) for value in said.values())
        assert said["source"] in ("computed", "imported", "manual") and said["direction"] in ("min", "max")


def test_targets_of_the_plan_hold_until_2025_and_are_reference_after():
    before, after = figure("aid_and_mediation", period="2025"), figure("aid_and_mediation")
    assert (before.target, before.is_reference) == (550, False)
    assert (after.target, after.is_reference) == (550, True)
    assert figure("mediation_success").target == "70"
    assert figure("trial_days").direction == "max"
    assert figure("median_days").target is None
    assert figure("aid_and_mediation", period="2022").target is None


# aid_and_mediation ------------------------------------------------------------------------------------------


def test_aid_counts_acceptances_of_both_kinds_with_both_ends_of_the_period():
    for on in (D(2025, 12, 31), D(2026, 1, 1), D(2026, 12, 31), D(2027, 1, 1)):
        fact(proceeding("assistance"), "accepted", on, "assistance")
    mediation(flavour="administrative")
    mediation(flavour="commercial", accepted=None)
    fact(proceeding("adjudication"), "accepted", D(2026, 5, 5), "adjudication")
    one = figure("aid_and_mediation", D(2027, 2, 1))
    assert (one.value, one.numerator, one.denominator) == (3, 3, None)
    assert (one.parts["assistance"], one.parts["administrative"], one.parts["people"]) == (2, 1, 0)


def test_converted_assistance_counts_as_its_mediation_once_that_is_accepted():
    case = dispute()
    aid = proceeding("assistance", case)
    fact(aid, "accepted", D(2026, 1, 10), "assistance")
    fact(aid, "closed", D(2026, 1, 20), "converted")
    child = proceeding("mediation", case, parent=aid, flavour="people")
    fact(child, "accepted", D(2026, 2, 1), "people")
    early, late = figure("aid_and_mediation", D(2026, 1, 31)), figure("aid_and_mediation")
    assert (early.value, early.excluded["counted_as_mediation"]) == (1, 0)
    assert (late.value, late.excluded["counted_as_mediation"], late.parts["people"]) == (1, 1, 1)


def test_low_counts_disputes_and_a_batch_once():
    for _n in range(3):
        case = dispute(batch="B1")
        fact(proceeding("assistance", case), "accepted", D(2026, 1, 10), "assistance")
    case = dispute()
    for _n in range(2):
        fact(proceeding("assistance", case), "accepted", D(2026, 1, 10), "assistance")
    one = figure("aid_and_mediation")
    assert (one.value, one.low, one.parts["batches"], one.parts["batched"]) == (5, 2, 1, 3)


def test_undated_facts_stand_apart_in_every_period():
    fact(proceeding("assistance"), "accepted", None, "assistance", known=D(2026, 4, 1), origin="imported")
    for period in ("2026", "2019", "2026-02"):
        one = figure("aid_and_mediation", period=period)
        assert (one.value, one.excluded["undated"]) == (0, 1)
    assert figure("aid_and_mediation", D(2026, 3, 31)).excluded["undated"] == 0


def test_matters_and_reference_collections_enter_no_figure():
    for columns in ({"category": "matter"}, {"counted": False}):
        fact(proceeding("assistance", dispute(**columns)), "accepted", D(2026, 1, 10), "assistance")
    one = figure("aid_and_mediation")
    assert (one.value, one.excluded["taken_out"]) == (0, 0)


def test_case_taken_out_later_still_counted_before():
    case = dispute(counted=False)
    fact(proceeding("assistance", case), "accepted", D(2026, 1, 10), "assistance")
    fact(case, "excluded", D(2026, 6, 1), "yes")
    assert figure("aid_and_mediation", D(2026, 5, 31)).value == 1
    assert figure("aid_and_mediation", D(2026, 6, 1)).value == 0
    back = dispute()
    fact(proceeding("assistance", back), "accepted", D(2026, 1, 10), "assistance")
    fact(back, "excluded", D(2026, 3, 1), "yes")
    fact(back, "excluded", D(2026, 4, 1), "no")
    found = [figure("aid_and_mediation", D(2026, m, 15)) for m in (2, 3, 4, 6)]
    assert [one.value for one in found] == [2, 1, 2, 1]
    assert [one.excluded["taken_out"] for one in found] == [0, 1, 0, 1]


def test_case_taken_out_stands_apart_in_every_figure_and_nowhere_else():
    row = mediation("written_agreement")
    fact(row, "contacted", FEBRUARY, "call", subject="party:1")
    fact(row, "obligation_due", MARCH, "pay", subject="term:1")
    fact(row.case, "excluded", D(2026, 6, 1), "yes")
    row.case.counted = False
    row.case.save()
    for code in (
        "aid_and_mediation",
        "mediation_success",
        "respondent_answered",
        "performed_on_time",
        "median_days",
    ):
        one = figure(code)
        assert (one.excluded["taken_out"], sum(one.excluded.values())) == (1, 1), code
        assert not one.numerator and not one.denominator and not one.parts.get("accepted"), code


def test_as_of_reads_facts_as_they_were_known():
    row = proceeding("assistance")
    first = fact(row, "accepted", D(2026, 1, 10), "assistance", known=D(2026, 2, 1))
    second = restate(first, D(2025, 12, 30), known=D(2026, 5, 1))
    taken = withdraw(second, known=D(2026, 6, 1))
    values = [figure("aid_and_mediation", D(2026, month, 15)).value for month in (1, 2, 5, 6)]
    assert values == [0, 1, 0, 0]
    assert figure("aid_and_mediation", D(2026, 5, 15), period="2025").value == 1
    fact(row, "accepted", D(2026, 1, 10), "assistance", known=D(2026, 8, 1), corrects=taken)
    assert figure("aid_and_mediation", D(2026, 7, 31)).value == 0
    assert figure("aid_and_mediation", D(2026, 8, 1)).value == 1


def test_pace_of_a_running_year():
    for _n in range(3):
        fact(proceeding("adjudication"), "accepted", D(2026, 1, 10), "adjudication")
    assert figure("adjudication_accepted", D(2026, 2, 1)).status == "ahead"
    assert figure("adjudication_accepted", D(2026, 4, 20)).status == "on_pace"
    assert figure("adjudication_accepted", D(2026, 11, 20)).status == "behind"
    assert figure("adjudication_accepted", D(2026, 12, 31)).status == "not_met"
    assert figure("adjudication_accepted", D(2026, 3, 31), period="2026Q1").status == "met"
    assert figure("adjudication_accepted", D(2026, 3, 31), period="2027").status == "no_data"


# mediation_success ------------------------------------------------------------------------------------------


def test_mediation_success_headline_low_high_and_not_started():
    for _n in range(4):
        mediation("written_agreement")
    mediation("oral_agreement")
    mediation("withdrawn_settled")
    mediation("failed")
    mediation("failed")
    mediation("terminated")
    mediation("withdrawn")
    mediation("deemed_withdrawn")
    mediation("withdrawn", accepted=None)
    mediation("withdrawn_settled", accepted=None)
    for outcome in ("refused", "no_consent", "no_answer", "unreachable"):
        mediation(outcome, accepted=None)
    mediation("transferred")
    mediation()  # open
    mediation("written_agreement", flavour="administrative")
    one = figure("mediation_success")
    assert (one.numerator, one.denominator) == (6, 11)
    assert one.value == "54.55" and one.status == "not_met" and one.text == "54.5"
    assert one.low == "35.29"  # 6 of 17 that ended at any stage
    assert one.high == "75"  # 6 of 8
    assert one.excluded == {"transferred": 1, "not_started": 6, "taken_out": 0, "undated": 0}
    assert one.parts["accepted"] == 13


def test_agreement_counts_on_the_day_of_its_closing_fact():
    mediation("written_agreement", on=D(2025, 12, 31), accepted=D(2025, 11, 1))
    mediation("written_agreement", on=D(2026, 1, 1), accepted=D(2025, 11, 1))
    assert (figure("mediation_success").numerator, figure("mediation_success", period="2025").numerator) == (
        1,
        1,
    )


def test_imported_agreement_without_acceptance_date_counts_unknown_is_not_no():
    row = proceeding("mediation", flavour="people")
    fact(row, "closed", D(2026, 3, 3), "written_agreement", origin="imported")
    one = figure("mediation_success")
    assert (one.numerator, one.denominator, one.status, one.text) == (1, 1, "small_sample", "1 / 1")


def test_nothing_closed_is_no_data_not_zero():
    mediation()
    one = figure("mediation_success")
    assert (one.value, one.low, one.high, one.denominator, one.status, one.text) == (
        None,
        None,
        None,
        0,
        "no_data",
        "—",
    )


def test_undone_acceptance_makes_a_withdrawal_not_started():
    row = proceeding("mediation", flavour="people")
    accepted = fact(row, "accepted", D(2026, 2, 2), "people")
    withdraw(accepted, D(2026, 2, 10))
    fact(row, "closed", D(2026, 2, 20), "withdrawn")
    one = figure("mediation_success")
    assert (one.denominator, one.excluded["not_started"]) == (0, 1)


# adjudication -----------------------------------------------------------------------------------------------


def test_adjudication_accepted_counts_filings():
    filed = proceeding("adjudication")
    fact(filed, "accepted", D(2026, 3, 1), "adjudication")
    fact(filed, "closed", D(2026, 6, 1), "ruled_established")
    fact(proceeding("adjudication"), "accepted", D(2026, 3, 1), "adjudication")
    fact(proceeding("adjudication"), "refused", D(2026, 3, 1), "refused")
    one = figure("adjudication_accepted")
    assert (one.value, one.parts["closed"], one.parts["open"]) == (2, 1, 1)
    assert figure("adjudication_accepted", D(2026, 5, 1)).parts["closed"] == 0


def test_ruling_upheld_by_the_courts_result():
    results = [
        "upheld",
        "upheld",
        "dismissed_suit",
        "annulled",
        "partly_annulled",
        "changed",
        "unlawful",
        "void",
        "withdrawn",
    ]
    for n, result in enumerate(results):
        fact(proceeding("litigation"), "judgment", D(2026, 4, 1), result, subject=f"ruling:{n}")
    one = figure("ruling_upheld")
    assert (one.numerator, one.denominator, one.value, one.status) == (3, 8, "37.5", "not_met")
    assert one.excluded["withdrawn"] == 1 and one.parts["partly_annulled"] == 1


def ruled(n: int, on: date, origin: str = "entered") -> None:
    row = proceeding("adjudication")
    fact(row, "ruled", on, "established", subject=f"ruling:{n}", origin=origin)
    fact(row, "closed", on, "ruled_established", origin=origin)


def disclosed(n: int, name: str, on: date) -> Event:
    return fact(proceeding("disclosure"), name, on, subject=f"ruling:{n}")


def test_ruling_disclosure_counts_what_is_due_and_what_is_published():
    for n in range(1, 6):
        ruled(n, D(2026, 3, 2))
    disclosed(1, "published", D(2026, 3, 20))
    disclosed(2, "published", D(2026, 6, 1))  # late: 20 working days from 2026-03-02 end on 2026-03-30
    disclosed(3, "withheld", D(2026, 3, 20))
    disclosed(4, "published", D(2026, 3, 20))
    disclosed(4, "unpublished", D(2026, 4, 20))
    ruled(6, END)  # not yet due
    ruled(7, D(2026, 3, 2), origin="imported")
    one = figure("ruling_disclosure")
    assert (one.numerator, one.denominator) == (2, 4)
    assert one.excluded == {"withheld": 1, "due": 1, "imported": 1, "taken_out": 0, "undated": 0}
    assert (one.parts["late"], one.parts["overdue"], one.parts["unpublished"]) == (1, 1, 1)
    assert one.low == "33.33"  # 2 of 6
    early = figure("ruling_disclosure", D(2026, 3, 30))
    assert (early.numerator, early.denominator, early.excluded["due"]) == (2, 2, 2)
    assert figure("ruling_disclosure", D(2026, 3, 31)).parts["overdue"] == 2
    assert figure("ruling_disclosure").status == "small_sample"


def test_joined_cases_have_one_ruling():
    for _n in range(2):
        fact(proceeding("adjudication"), "ruled", D(2026, 3, 2), "established", subject="ruling:1")
    disclosed(1, "published", D(2026, 3, 20))
    one = figure("ruling_disclosure")
    assert (one.numerator, one.denominator) == (1, 1)


def test_publication_of_cases_closed_is_also_listed():
    ruled(1, D(2026, 3, 2))
    disclosed(1, "published", D(2026, 3, 20))
    fact(proceeding("adjudication"), "closed", D(2026, 3, 3), "mediated")
    assert REGISTRY["ruling_disclosure"].closings([YEAR], Reading(END)) == [{"closed": 2, "told": 1}]


# ours -------------------------------------------------------------------------------------------------------


def test_median_days_by_kind():
    for days in (5, 9, 20):
        aid = proceeding("assistance")
        fact(aid, "accepted", D(2026, 1, 1), "assistance")
        fact(aid, "closed", D(2026, 1, 1 + days), "completed")
    mediation("failed", on=D(2026, 2, 12), accepted=D(2026, 2, 2))
    mediation("withdrawn", accepted=None)
    one = figure("median_days")
    assert (one.value, one.denominator, one.measured.value) == ("9.5", 4, Fraction(19, 2))
    assert (one.parts["assistance_median"], one.parts["mediation_median"]) == ("9", "10")
    assert one.excluded["acceptance_unknown"] == 1


def test_respondent_answered_by_contact_date():
    for n, answer in enumerate(["agree", "refuse", None, None, "agree"]):
        row = proceeding("mediation", flavour="people")
        fact(row, "contacted", D(2026, 3, 1), "call", subject=f"party:{n}")
        if answer:
            fact(row, "answered", D(2026, 4, 1), answer, subject=f"party:{n}")
    one = figure("respondent_answered")
    assert (one.numerator, one.denominator, one.value, one.status) == (3, 5, "60", None)
    assert figure("respondent_answered", D(2026, 3, 15)).numerator == 0


# stocks -----------------------------------------------------------------------------------------------------


def test_stations_in_use_at_the_end_and_areas_covered():
    before = Area.objects.count()
    areas = [Area.objects.create(code=f"a{n}", name=f"街道{n}", kind="subdistrict") for n in range(3)]
    spans = [
        (0, D(2023, 1, 1), None),
        (0, D(2024, 1, 1), None),
        (1, D(2023, 1, 1), D(2026, 6, 1)),
        (2, D(2026, 12, 1), None),
    ]
    for n, (area, opened, closed) in enumerate(spans):
        Station.objects.create(
            code=f"s{n}", name=f"站{n}", area=areas[area], opened_on=opened, closed_on=closed
        )
    one = figure("stations")
    assert (one.value, one.parts["areas"], one.parts["all_areas"]) == (2, 1, before + 3)
    assert figure("stations", D(2026, 5, 31)).value == 3
    assert figure("stations", period="2023").value == 2
    assert figure("stations", D(2026, 12, 31)).value == 3 and one.status == "not_met"


def test_appointments_in_force_count_people_once():
    people = [Person.objects.create(name=f"人{n}") for n in range(3)]
    for person, kind, until in [
        (0, "technical_investigator", None), (0, "technical_investigator", None), (1, "technical_investigator", D(2025, 1, 1)),
        (2, "commissioner", D(2026, 12, 31)),
    ]:  # fmt: skip
        Appointment.objects.create(person=people[person], kind=kind, valid_from=D(2024, 1, 1), valid_to=until)
    assert figure("technical_investigators").value == 1
    assert figure("technical_investigators", period="2024").value == 2
    assert figure("protection_commissioners").value == 1
    area = Area.objects.create(code="a", name="街道", kind="subdistrict")
    commissioner = Appointment.objects.get(kind="commissioner")
    paired = Enterprise.objects.create(name="甲", credit_code="1", area=area)
    Enterprise.objects.create(name="乙", credit_code="2", area=area)
    for since in (D(2024, 1, 1), D(2025, 1, 1)):  # paired anew: still one enterprise
        term(Pairing, since, enterprise=paired, commissioner=commissioner)
    assert figure("paired_enterprises").value == 1
    assert figure("paired_enterprises", D(2027, 3, 1), period="2027").value == 0


# registers that know when they were entered ------------------------------------------------------------------


def term(model, since, until=None, *, known=None, **data):
    """A row of a register, entered on the day it began unless said otherwise."""
    return model.objects.create(valid_from=since, valid_to=until, known_on=known or since, **data)


def pilot(name="甲", **data):
    place, _made = Area.objects.get_or_create(code="a", defaults={"name": "街道", "kind": "subdistrict"})
    enterprise = Enterprise.objects.create(name=name, credit_code=name, area=place)
    return term(Pilot, D(2026, 1, 1), enterprise=enterprise, **data)


def test_pilot_entered_late_is_not_in_an_earlier_reading_but_in_todays():
    pilot(known=D(2026, 6, 1))
    assert figure("overseas_pilots", D(2026, 5, 31)).value == 0
    assert figure("overseas_pilots", D(2026, 6, 1)).value == 1


def test_pilot_ended_afterwards_stays_in_a_reading_before_that_was_known():
    pilot().end(D(2026, 3, 31), D(2026, 9, 1))
    assert figure("overseas_pilots", D(2026, 8, 31)).value == 1
    assert figure("overseas_pilots", D(2026, 9, 1)).value == 0


def test_partner_centres_leave_the_other_members_of_the_alliance_out():
    for kind, name in (("centre", "中心甲"), ("centre", "中心乙"), ("alliance", "成员甲")):
        term(Partner, D(2026, 1, 1), kind=kind, name=name, region="京津冀", agreement="协议")
    assert figure("partner_centres").value == 2
    assert [row.name for row in listed("partner_centres", "numerator")] == ["中心乙", "中心甲"]


def activity(kind, on, *, known=None, **data):
    by = User.objects.filter(username="clerk").first() or clerk()
    return Activity.objects.create(
        kind=kind, title="活动", begins_on=on, known_on=known or on, entered_by=by, **data
    )


def test_joint_enforcement_counts_what_was_held_known_and_not_cancelled():
    activity("enforcement", D(2026, 1, 1))
    activity("enforcement", D(2026, 2, 1), known=D(2026, 4, 1))
    activity("enforcement", D(2026, 3, 1), cancelled_on=D(2026, 5, 1))
    activity("enforcement", D(2025, 12, 31)), activity("training", D(2026, 2, 1))
    assert [figure("joint_enforcement", day).value for day in (D(2026, 3, 31), D(2026, 4, 1), D(2026, 5, 1))] == [
        2, 3, 2,
    ]  # fmt: skip
    assert len(listed("joint_enforcement", "numerator", as_of=D(2026, 4, 1))) == 3


def test_push_meetings_owe_one_for_each_quarter_gone_by():
    activity("push_meeting", D(2026, 2, 1))
    assert figure("push_meetings", D(2026, 3, 31), period="2026Q1").status == "met"
    assert figure("push_meetings", D(2026, 3, 31), period="2026Q2").status == "no_data"
    assert figure("push_meetings", D(2026, 7, 1), period="2026Q2").status == "not_met"
    assert figure("push_meetings", D(2026, 5, 1)).status == "on_pace"
    assert figure("push_meetings", D(2026, 7, 1)).status == "behind"


# performed_on_time ------------------------------------------------------------------------------------------


def test_obligations_count_by_their_day_whether_paid_in_time_late_or_not_at_all():
    row = mediation()
    paid = {"1": D(2026, 3, 1), "2": D(2026, 3, 2), "3": None, "4": None, "5": None}
    for n, on in paid.items():
        due = D(2026, 3, 1) if n != "5" else D(2027, 3, 1)
        fact(row, "obligation_due", due, "pay", subject=f"term:{n}", known=D(2026, 1, 5))
        if on:
            fact(row, "performed", on, "pay", subject=f"term:{n}")
    fact(row, "released", D(2026, 4, 1), "waived", subject="term:4")
    one = figure("performed_on_time")
    assert (one.numerator, one.denominator) == (1, 3)
    assert one.excluded == {"released": 1, "not_yet_due": 0, "taken_out": 0, "undated": 0}
    assert figure("performed_on_time", period="2027").excluded["not_yet_due"] == 1


# verified_success -------------------------------------------------------------------------------------------


def called_back(row, said=None, on=None):
    on = on or D(2026, 4, 2)
    call = proceeding("call_back", row.case, parent=row)
    fact(call, "sampled", on, subject=f"proceeding:{row.pk}")
    return fact(call, "verified", on, said, subject=f"proceeding:{row.pk}") if said else None


def test_verified_success_weighs_the_rate_by_what_the_sample_said():
    settled = [mediation("written_agreement") for _n in range(8)]
    mediation("failed"), mediation("terminated")
    for row, said in zip(settled, ["confirmed"] * 4 + ["denied", "unreachable", None], strict=False):
        called_back(row, said)
    one = figure("verified_success")
    assert (one.numerator, one.denominator, one.value) == (4, 5, "64")  # 8/10 × 4/5
    assert one.measured.value == Fraction(64)
    assert (one.parts["sample"], one.excluded) == (7, {"unreachable": 1, "waiting": 1})
    # Wilson for 4 of 5 at 1.96: 37.553 % to 96.379 %; times 80 %
    assert (one.low, one.high) == ("30.04", "77.1")
    early = figure("verified_success", D(2026, 4, 1))
    assert (early.value, early.status, early.text) == (None, "no_data", "—")


def test_verified_success_counts_an_answer_once_and_by_the_day_the_mediation_ended():
    row = mediation("oral_agreement", on=D(2025, 12, 30), accepted=D(2025, 12, 1))
    wrong = called_back(row, "denied", on=D(2026, 1, 20))
    withdraw(wrong, D(2026, 1, 25))
    fact(wrong.proceeding, "verified", D(2026, 1, 26), "confirmed", subject=wrong.subject)
    assert figure("verified_success", period="2026").value is None
    assert figure("verified_success", D(2026, 1, 21), "2025").value == "0"
    assert figure("verified_success", period="2025").value == "100"
    assert not REGISTRY["verified_success"].sets  # which ones were drawn is nobody's to open
