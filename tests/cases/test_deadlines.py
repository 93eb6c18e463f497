"""Limits as a lawyer would check them: date in, date out. The day-by-day oracle is in test_deadlines_oracle.py."""

from datetime import date
from itertools import pairwise

import pytest

from cases.deadlines import Calendar, DeadlineError, due, has_limit, load_rules, rule_of

CALENDAR = Calendar()
D = date.fromisoformat


def day(rule: str, start: str, **options: object) -> str:
    return due(rule, D(start), calendar=CALENDAR, **options).due.isoformat()  # type: ignore[arg-type]


def refusal(rule: str, start: str, **options: object) -> str:
    with pytest.raises(DeadlineError) as refused:
        due(rule, D(start), calendar=CALENDAR, **options)  # type: ignore[arg-type]
    assert refused.value.message
    return refused.value.code


# Every id of a table in the law page that sets, or expressly does not set, a limit.
IN_THE_LAW_PAGE = (
    [f"T-{n:02}" for n in range(1, 34)]
    + [f"J-{n:02}" for n in range(1, 9)]
    + [f"C-{n:02}" for n in range(6, 10)]
    + ["A-07", "M-15", "M-20", "M-22", "M-25", "K-12"]
    + ["AM-02", "AM-03", "AM-04", "AM-05", "AM-09"]
    + ["W-03", "W-04", "W-05", "W-07"]
    + ["R-03", "R-05", "R-06", "R-07", "R-08", "R-09", "R-10", "R-11", "R-14", "R-15"]
    + [f"P-{n:02}" for n in range(1, 11)]
)
# Sub-rule, its number and unit in a matter filed on 2026-03-02 (None: the law has none).
LIMITS = {
    "T-02": "5 WD", "T-03": "5 WD", "T-05": "5 WD", "T-06": "15 D", "T-07": "30 D", "T-08": "5 WD",
    "T-09a": "15 D", "T-09b": "30 D", "T-10": "5 WD", "T-11": "3 WD", "T-13": "15 D", "T-14": "3 WD",
    "T-15a": "3 D", "T-15b": "3 D", "T-16a": "7 D", "T-16b": "3 M", "T-18": "3 M", "T-21": "15 D",
    "T-23a": "3 M", "T-23b": "3 M", "T-24": "10 WD", "T-25": "6 M", "T-26a": "7 WD", "T-26b": "30 D",
    "T-27": "20 WD", "T-28": "20 WD", "T-29": "60 D", "T-30a": "1 M", "T-30b": "2 M", "T-31": "15 D",
    "T-33a": "15 D", "T-33b": "10 D", "A-07": "5 WD", "L-01": "3 Y", "G-01": "30 D",
    "AM-02": "5 WD", "AM-03": "15 D", "AM-04": "5 WD", "AM-05": "5 WD",
    "M-15": "30 D", "M-20": "1 M",
    "J-01": "30 D", "J-03": "3 D", "J-04a": "15 D", "J-04b": "30 D", "J-06": "2 Y",
    "J-08a": "1 Y", "J-08b": "15 D", "J-08c": "6 M",
    "C-06": "30 D", "C-07a": "15 D", "C-07b": "7 D", "C-09a": "3 WD", "C-09b": "3 WD", "C-09c": "2 WD",
    "C-09d": "3 WD",
    "W-03": "15 WD", "W-04": "7 WD",
    "R-03": "7 WD", "R-05": "45 WD", "R-07": "7 WD", "R-08": "15 WD", "R-09": "5 WD", "R-10": "15 WD",
    "R-11": "7 WD", "R-14": "3 Y", "R-15a": "5 WD", "R-15b": "10 WD", "R-20a": "15 WD", "R-20b": "60 WD",
    "P-01": "20 WD", "P-02": "20 WD", "P-03": "20 WD", "P-04": "20 WD", "P-05": "15 WD", "P-06": "7 WD",
    "P-07": "20 WD", "P-08a": "20 WD", "P-08b": "10 WD", "P-08c": "10 WD", "P-08d": "3 WD", "P-08e": "3 M",
    "P-08f": "3 Y", "P-09": "7 WD",
    "K-12": "10 D", "Q-01": "15 D", "Q-02a": "6 M", "Q-02b": "3 M", "Q-02c": "3 M", "Q-03a": "6 M",
    "Q-03b": "3 M", "Q-04a": "15 D", "Q-04b": "10 D",
}  # fmt: skip
NO_NUMBER = [
    "T-01", "T-04", "T-09", "T-12", "T-17", "T-19", "T-20", "T-22", "T-30", "T-32", "T-33", "AM-09", "M-22", "M-25",
    "J-02", "J-05", "J-07", "J-08", "C-07", "C-08", "W-05", "W-07", "W-07a", "W-07b", "W-07c", "R-06", "R-15",
    "R-20", "P-10", "Q-02", "Q-03", "Q-04", "OG-01", "OB-01", "AR-01", "HB-01", "CB-01", "ER-01",
    "TR-01", "TR-02", "TR-03", "TR-04", "GF-01", "WL-01", "WL-02", "SO-01", "SO-02", "RP-01", "RP-02", "EV-01", "EV-02",
    "EV-03", "EV-04",
]  # fmt: skip
# Ids that stand for their usual part.
STANDS_FOR = {
    "T-15": "T-15a", "T-16": "T-16a", "T-23": "T-23a", "T-26": "T-26a", "J-04": "J-04b", "C-09": "C-09a",
    "P-08": "P-08a",
}  # fmt: skip


def test_every_rule_of_the_law_page_is_data() -> None:
    assert [rule for rule in IN_THE_LAW_PAGE if rule not in load_rules()] == []


def test_every_rule_of_the_file_is_accounted_for() -> None:
    assert set(load_rules()) == set(LIMITS) | set(NO_NUMBER) | set(STANDS_FOR)


@pytest.mark.parametrize("rule", LIMITS)
def test_number_and_unit(rule: str) -> None:
    found = due(rule, D("2026-03-02"), calendar=CALENDAR)
    assert f"{found.number} {found.unit}" == LIMITS[rule]
    assert found.source


@pytest.mark.parametrize("rule", NO_NUMBER)
@pytest.mark.parametrize("start", ["2024-03-01", "2026-03-02"])
def test_where_the_law_has_no_number_there_is_no_date(rule: str, start: str) -> None:
    assert refusal(rule, start) == "no_number"


@pytest.mark.parametrize(("rule", "part"), STANDS_FOR.items())
def test_a_bare_id_stands_for_its_usual_part(rule: str, part: str) -> None:
    found = due(rule, D("2026-03-02"), calendar=CALENDAR)
    assert found.rule == rule
    assert found.due == due(part, D("2026-03-02"), calendar=CALENDAR).due


def test_the_file_is_well_formed() -> None:
    for versions in load_rules().values():
        for earlier, later in pairwise(versions):
            assert earlier.valid_to and later.valid_from and (later.valid_from - earlier.valid_to).days == 1
        for rule in versions:
            assert (rule.number is None) == (rule.unit is None), rule.id
            assert rule.unit in (None, "WD", "D", "M", "Y"), rule.id
            assert rule.confidence in ("V", "P", "M", "D"), rule.id
            assert rule.direction in ("forward", "backward"), rule.id
            assert rule.name and rule.trigger and rule.event.isidentifier(), rule.id
            assert rule.number or not (rule.extensions or rule.exclusions), rule.id
            assert set(rule.parts) <= set(load_rules()), rule.id
            assert rule.main is None or rule.main in rule.parts, rule.id
            assert all((e.unit == "WD") == (rule.unit == "WD") for e in rule.extensions), rule.id
            if rule.total:  # what the steps allow is what the law calls the longest
                assert rule.total == (rule.number or 0) + sum(e.cap or 0 for e in rule.extensions), rule.id


# ------------------------------------------------------------------------------------ vectors of the law page


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("T-05", "2025-01-24", "2025-02-07"),  # 5 WD; Sunday 01-26 is worked
        ("T-05", "2025-04-25", "2025-05-06"),
        ("T-06", "2025-03-07", "2025-03-24"),  # 15 D; Saturday 03-22 moves
        ("T-06", "2024-09-20", "2024-10-08"),  # over the National Day holiday
        ("T-18", "2025-03-10", "2025-06-10"),  # 3 M
        ("T-18", "2024-11-30", "2025-02-28"),  # no 30 February
        ("T-27", "2025-04-25", "2025-05-27"),  # 20 WD
        ("J-06", "2024-02-29", "2026-02-28"),  # 2 Y from a leap day; Saturday 02-28 is worked
        ("R-14", "2024-02-29", "2027-03-01"),  # 3 Y; Sunday 02-28 moves
    ],
)
def test_vectors(rule: str, start: str, expected: str) -> None:
    assert day(rule, start) == expected


@pytest.mark.parametrize(
    ("start", "extend", "expected"),
    [
        ("2025-03-10", (1,), "2025-07-10"),
        ("2025-03-10", (1, 1), "2025-08-11"),  # 08-10 is Sunday
        ("2025-03-10", (1, 2), "2025-09-10"),
        ("2024-11-30", (1,), "2025-03-31"),  # 4 M from the start, not 1 M from 02-28; 03-30 is Sunday
    ],
)
def test_an_extension_counts_from_the_start(start: str, extend: tuple[int, ...], expected: str) -> None:
    assert day("T-18", start, extend=extend) == expected


def test_a_stay_is_added_in_natural_days() -> None:
    stay = (D("2025-04-01"), D("2025-05-16"))
    assert day("T-18", "2025-03-10", exclude=[stay]) == "2025-07-25"


def test_a_hearing_notice_has_two_readings_and_the_stricter_binds() -> None:
    found = due("T-14", D("2025-10-13"), calendar=CALENDAR)
    assert found.due == D("2025-09-30")
    assert [reading.due for reading in found.readings] == [D("2025-09-30"), D("2025-10-09")]


# --------------------------------------------------------------------------------------------- the two regimes


@pytest.mark.parametrize(
    ("filed", "extend", "code"),
    [
        ("2025-01-31", (2,), "extend_refused"),
        ("2025-01-31", (1, 1), "extend_refused"),  # the measures of 2015 know one month only
        ("2025-02-01", (2,), "extend_refused"),  # the head gives one month, no more
        ("2025-02-01", (1, 3), "extend_refused"),
        ("2025-02-01", (1, 2, 1), "extend_refused"),
        ("2025-02-01", (0,), "extend_refused"),
    ],
)
def test_closing_is_not_extended_beyond_the_cap(filed: str, extend: tuple[int, ...], code: str) -> None:
    assert refusal("T-18", filed, extend=extend) == code


def test_the_filing_date_chooses_the_regime() -> None:
    assert day("T-18", "2025-01-31", extend=(1,)) == "2025-06-03"  # 05-31 to 06-02 are off
    assert day("T-18", "2025-01-31", filed=D("2025-02-01"), extend=(1, 2)) == "2025-07-31"
    assert rule_of("T-18", D("2025-01-31")).exclusions == ("announcement", "appraisal", "stay")
    assert rule_of("T-18", D("2025-02-01")).excludes("settlement")
    assert not rule_of("T-18", D("2025-01-31")).excludes("settlement")
    assert "第二十一条" in due("T-18", D("2025-03-10"), filed=D("2024-12-01"), calendar=CALENDAR).source


def test_filing_may_be_extended_since_2025_only() -> None:
    assert day("T-02", "2025-03-10", extend=(5,)) == "2025-03-24"
    assert refusal("T-02", "2025-03-10", extend=(6,)) == "extend_refused"
    assert refusal("T-02", "2024-03-11", extend=(1,)) == "extend_refused"
    assert refusal("T-27", "2025-03-10", extend=(1,)) == "extend_refused"


def test_agreed_extensions_have_no_cap_and_may_be_repeated() -> None:
    assert day("C-06", "2026-03-02", extend=(30, 30)) == "2026-06-01"  # 90 days: 05-31 is Sunday
    assert day("M-20", "2026-03-02", extend=(15,)) == "2026-04-17"
    assert refusal("J-04", "2026-03-02", extend=(5,)) == "extend_refused"  # which of the two?
    assert day("J-04a", "2026-03-02", extend=(10,)) == "2026-03-27"
    assert refusal("J-04a", "2026-03-02", extend=(11,)) == "extend_refused"


@pytest.mark.parametrize("rule", ["T-07", "T-10", "T-13", "T-30a", "AM-02", "L-01"])
def test_what_2025_brought_does_not_hold_for_older_matters(rule: str) -> None:
    assert refusal(rule, "2025-01-31") == "not_in_force"
    assert refusal(rule, "2025-03-10", filed=D("2025-01-31")) == "not_in_force"
    assert not has_limit(rule, D("2025-01-31"))
    assert has_limit(rule, D("2025-02-01"))


def test_refusals_name_what_to_do() -> None:
    assert refusal("T-99", "2025-03-10") == "unknown_rule"
    assert refusal("T-18", "2010-03-10") == "not_in_force"
    with pytest.raises(DeadlineError, match="C-07a、C-07b"):
        due("C-07", D("2026-03-02"), calendar=CALENDAR)
    with pytest.raises(DeadlineError, match="2025-02-01"):
        due("T-07", D("2024-03-01"), calendar=CALENDAR)
    assert not has_limit("T-20", D("2026-03-02"))
    with pytest.raises(DeadlineError):
        has_limit("T-99", D("2026-03-02"))
    assert refusal("J-06", "9998-12-31") == "out_of_range"


def test_a_target_of_the_house_is_never_taken_for_law() -> None:
    found = due("T-20", D("2026-03-02"), calendar=CALENDAR, internal=True)
    assert (found.due, found.source) == (D("2026-03-09"), "内部办理目标（法律未规定期限）")
    assert day("T-05", "2026-03-02", internal=True) == day("T-05", "2026-03-02")
    assert refusal("T-01", "2026-03-02", internal=True) == "no_number"


# ---------------------------------------------------------------------------------------- exclusions, readings


def test_overlapping_exclusions_count_once() -> None:
    pieces = [
        (D("2025-04-20"), D("2025-05-16")),
        (D("2025-04-01"), D("2025-04-25")),
        (D("2025-04-10"), D("2025-04-12")),
        (D("2025-04-25"), D("2025-04-25")),
    ]
    assert day("T-18", "2025-03-10", exclude=pieces) == "2025-07-25"


def test_days_before_the_clock_started_are_not_added() -> None:
    assert day("T-18", "2025-03-10", exclude=[(D("2025-02-01"), D("2025-03-11"))]) == "2025-06-10"
    assert day("T-18", "2025-03-10", exclude=[(D("2025-02-01"), D("2025-03-12"))]) == "2025-06-11"


def test_an_exclusion_after_the_end_revives_nothing() -> None:
    late = (D("2025-06-11"), D("2025-07-11"))
    assert day("T-18", "2025-03-10", exclude=[late]) == "2025-06-10"
    assert day("T-27", "2025-04-25", exclude=[(D("2025-05-28"), D("2025-06-28"))]) == "2025-05-27"
    # ending on Saturday 03-22, in time until Monday 03-24: a stay from that Monday still counts
    assert day("T-06", "2025-03-07", exclude=[(D("2025-03-24"), D("2025-04-24"))]) == "2025-04-22"


def test_of_working_day_limits_only_working_days_are_excluded() -> None:
    # 05-01 to 05-05 are off, 04-27 is a working Sunday
    assert day("T-05", "2025-04-25", exclude=[(D("2025-05-01"), D("2025-05-06"))]) == "2025-05-06"
    assert day("T-05", "2025-04-25", exclude=[(D("2025-04-26"), D("2025-04-29"))]) == "2025-05-08"


def test_a_reversed_exclusion_or_one_of_a_backward_limit_is_refused() -> None:
    assert refusal("T-18", "2025-03-10", exclude=[(D("2025-04-02"), D("2025-04-01"))]) == "exclude_refused"
    assert refusal("T-14", "2025-10-13", exclude=[(D("2025-10-01"), D("2025-10-02"))]) == "exclude_refused"


def test_rival_readings_are_shown_beside_the_limit() -> None:
    demand = due("T-24", D("2025-04-25"), calendar=CALENDAR)
    assert demand.due == D("2025-05-13")
    assert [str(r.due) for r in demand.readings] == ["2025-05-13", "2025-05-06"]
    confirmation = due("J-04", D("2025-10-13"), calendar=CALENDAR)
    assert [str(r.due) for r in confirmation.readings] == ["2025-10-28", "2025-11-12"]
    assert confirmation.due == D("2025-11-12")
    assert due("T-18", D("2025-03-10"), calendar=CALENDAR).readings == ()


def test_announcement_service_grew_shorter_in_2022() -> None:
    assert due("G-01", D("2021-12-31"), calendar=CALENDAR).number == 60
    assert due("G-01", D("2022-01-01"), calendar=CALENDAR).number == 30


def test_the_explanation_leads_to_the_date() -> None:
    found = due(
        "T-18", D("2025-03-07"), exclude=[(D("2025-04-01"), D("2025-04-07"))], extend=(1,), calendar=CALENDAR
    )
    assert found.explanation == (
        ("立案之日", D("2025-03-07")),
        ("3个月届满（当日不计）", D("2025-06-07")),
        ("延长1个月后", D("2025-07-07")),
        ("扣除的日数", 6),
        ("扣除后届满", D("2025-07-13")),
        ("届满日为休息日，顺延至", D("2025-07-14")),
    )
    assert found.due == D("2025-07-14")


# ------------------------------------------------------------------------------------------------ the calendar


def test_the_printed_table() -> None:
    assert not CALENDAR.is_working(D("2025-01-28"))
    assert CALENDAR.is_working(D("2025-01-26"))
    assert not CALENDAR.is_working(D("2025-02-02"))
    assert [year for year in range(2023, 2029) if CALENDAR.has_data(year)] == [2023, 2024, 2025, 2026]


def test_a_year_without_a_table_gives_a_provisional_date() -> None:
    assert not due("T-06", D("2026-12-16"), calendar=CALENDAR).provisional
    assert due("T-06", D("2026-12-17"), calendar=CALENDAR).provisional
    assert not due("T-05", D("2026-12-24"), calendar=CALENDAR).provisional
    assert due("T-05", D("2026-12-30"), calendar=CALENDAR).provisional
    assert due("T-14", D("2027-01-04"), calendar=CALENDAR).provisional


def test_the_overlay_overrules_the_printed_table() -> None:
    overlay = {D("2025-06-10"): False, D("2025-06-14"): True, D("2027-01-04"): False}
    calendar = Calendar(overlay)
    assert due("T-18", D("2025-03-10"), calendar=calendar).due == D("2025-06-11")
    assert due("T-05", D("2025-06-09"), calendar=calendar).due == D("2025-06-16")
    assert due("T-05", D("2026-12-31"), calendar=calendar).due == D("2027-01-08")
    assert CALENDAR.is_working(D("2025-06-10"))  # of this calendar only
    assert not calendar.has_data(2027)  # one row is no table


def test_a_whole_table_entered_by_hand_ends_the_provisional() -> None:
    days = ["01-01", "02-05", "02-08", "02-09", "02-10", "04-05", "05-03", "06-09", "09-15", "10-01", "10-04"]
    calendar = Calendar({D(f"2027-{one}"): False for one in days})
    assert calendar.has_data(2027)
    found = due("T-05", D("2026-12-30"), calendar=calendar)
    assert (found.due, found.provisional) == (D("2027-01-07"), False)


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        ("2025-03-10", "2025-03-10", 0),
        ("2025-03-10", "2025-03-13", 3),
        ("2025-03-07", "2025-03-10", 1),
        ("2025-03-10", "2025-03-07", -1),
        ("2025-01-24", "2025-02-07", 5),
        ("2024-12-31", "2026-01-05", 250),
    ],
)
def test_working_days_between(a: str, b: str, days: int) -> None:
    assert CALENDAR.working_days_between(D(a), D(b)) == days
