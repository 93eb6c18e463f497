"""The plan's text: as printed, with broken cells and page ends; what cannot be placed is refused by its line."""

from datetime import date
from pathlib import Path

import pytest

from reports.ledger import reading
from tests.reports.ledger.plans import PLAN

REAL = Path(__file__).resolve().parents[4] / "shared" / "plan" / "plan.txt"


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def refusals(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in reading.read(text).refused]


def test_a_whole_plan_is_read():
    plan = reading.read(PLAN)
    assert (plan.name, plan.issued_on, plan.refused) == ("某区示例示范区建设方案", date(2023, 7, 10), [])
    assert [(one.name, one.unit, one.target) for one in plan.indicators] == [
        ("维权援助和调解案件", "件/年", "550"), ("知识产权人民调解成功率", "%", "66"),
    ]  # fmt: skip
    assert [one.number for one in plan.tasks] == [1, 2, 3, 4, 5] and plan.special == [3]
    assert plan.tasks[4].text == "推动示例合作。"
    assert plan.tasks[3].leaders == ("人员甲",)


def test_names_that_ran_together_are_taken_apart_and_units_stay_as_written():
    third = reading.read(PLAN).tasks[2]
    assert (third.leaders, third.units) == (
        ("人员乙人员甲",),
        ("乙院", "甲局"),
    )  # 人员乙 stands nowhere alone
    known = reading.read(PLAN.replace("	丙区\n	人员丙", "	丙区\n	人员乙"))
    assert known.tasks[2].leaders == ("人员乙", "人员甲")


def test_deadlines_are_text_with_a_month_or_a_doubt():
    found = [one.deadline for one in reading.read(PLAN).tasks]
    assert [one.on for one in found] == [date(2023, 6, 30), None, date(2024, 5, 31), None, date(2030, 10, 31)]
    assert [(one.always, one.doubtful) for one in found[1:4:2]] == [(True, False), (False, True)]
    assert found[3].text == "2024.1"


@pytest.mark.parametrize("said", ["2024", "2024.13", "2024.0", "24.5", "2024.5.1", "尽快", ""])
def test_what_names_no_month_is_no_deadline(said):
    with pytest.raises(ValueError):
        reading.deadline(said)


def test_a_blank_department_is_that_of_the_row_above_also_over_a_page_end():
    policies = reading.read(PLAN).policies
    assert [(one.department, one.leader) for one in policies] == [
        ("市示例局", "人员丁"), ("市示例局", "人员丁"), ("市另一局", "人员戊"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        ("	2023.6\n", "	年底前\n", "	年底前", "bad_deadline"),
        ("	2023.6\n", "", "	1 ", "wrong_cells"),
        ("	丙区\n	人员丙\n", "	丙区\n	\n", "	丙区", "missing"),
        ("	建立示例协调机制。\n", "	★\n", "	★", "missing"),
        ("	550\n", "	很多\n", "	很多", "not_a_number"),
        ("	件/年\n", "	件/年\n	件\n", "	1", "wrong_cells"),
    ],
)
def test_a_broken_row_is_refused_with_its_line_and_the_others_go_in(old, new, where, reason):
    text = PLAN.replace(old, new, 1)
    found = reading.read(text)
    assert [one.reason for one in found.refused] == [reason]
    shift = 1 if (old, reason) == ("	丙区\n	人员丙\n", "missing") else 0
    assert found.refused[0].line == line_of(text, where) + shift
    assert len(found.tasks) + len(found.indicators) == 6


def test_a_repeated_number_is_refused_and_the_first_stands():
    text = PLAN.replace("	5 \n", "	4 \n")
    found = reading.read(text)
    assert [one.reason for one in found.refused] == ["repeated_number"]
    assert [one.number for one in found.tasks] == [1, 2, 3, 4] and found.tasks[3].text == "开展示例行动。"


def test_a_gap_in_the_numbers_is_told_but_the_row_goes_in():
    found = reading.read(PLAN.replace("	5 \n", "	7 \n"))
    assert [one.reason for one in found.refused] == ["number_out_of_order"]
    assert found.tasks[-1].number == 7


def test_a_table_with_strange_heads_is_refused_row_by_row():
    text = PLAN.replace("	落实单位\n", "	别的单位\n", 1)
    assert {reason for _line, reason in refusals(text)} >= {"unknown_heading"}
    assert [one.number for one in reading.read(text).policies] == [3]


def test_columns_in_another_order_are_read_by_their_heads():
    text = "\t序号\n\t单位\n\t指标项\n\t预期值\n\n\t1\n\t天\n\t审限\n\t70\n"
    assert reading.read(text).indicators == [reading.PlanIndicator(1, "审限", "天", "70")]


@pytest.mark.parametrize("text", ["", "没有表格的文件", "\t\t\t\n", "\x00\x01", "\t序号\n\t序号\n"])
def test_what_is_no_plan_is_refused_as_a_whole(text):
    assert [one.reason for one in reading.read(text).refused] == ["no_table"]


def test_an_edition_kept_as_text_reads_back_the_same():
    plan = reading.read(PLAN)
    assert reading.from_text(reading.as_text(plan)) == plan


@pytest.mark.skipif(not REAL.exists(), reason="the plan's text is not on this machine")
def test_the_real_plan_is_placed_in_full():
    plan = reading.read(REAL.read_text(encoding="utf-8-sig"))
    assert (len(plan.indicators), len(plan.tasks), len(plan.special), len(plan.policies)) == (8, 64, 15, 26)
    assert plan.special == [7, 11, 13, 16, 19, 21, 22, 26, 29, 41, 42, 44, 47, 48, 53]
    assert len({unit for task in plan.tasks for unit in task.units}) == 27
    assert len({name for task in plan.tasks for name in task.leaders}) == 21
    assert len({one.department for one in plan.policies}) == 7
    assert [one.number for one in plan.tasks if one.deadline.doubtful] == [26, 38, 52, 61]
    assert plan.refused == []
