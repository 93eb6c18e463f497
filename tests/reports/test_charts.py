"""Charts: valid SVG that a page may hold under its content policy, every value printed, series told apart without colour."""

import re
from decimal import Decimal

import pytest
from lxml import etree

from reports import charts
from tests.architecture.test_pages_old_browser import INLINE, found

MONTHS = [f"{n}月" for n in range(1, 13)]
DRAWN = {
    "columns": charts.columns("每月受理", MONTHS, {"2026 年": [*range(11), None], "2025 年": [5] * 12}),
    "lines": charts.lines(
        "成功率", MONTHS, {"2026 年": [Decimal("70.1"), *[None] * 10, 72], "目标 70%": [70] * 12}
    ),
    "bars": charts.bars("按案源", ["当事人申请", "<12345 & 转办>"], {"件数": [205, 0]}),
    "empty": charts.columns("没有数据", [], {}),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_is_svg_with_a_name_and_nothing_inline(name):
    root = etree.fromstring(DRAWN[name])
    assert (
        root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("role") == "img" and root.get("aria-label")
    )
    assert not found(DRAWN[name], INLINE)
    assert not re.search(r"<(?:style|script)|class=|pygal", DRAWN[name])
    ids = re.findall(r' id="([^"]+)"', DRAWN[name])
    assert len(ids) == len(set(ids)) and set(re.findall(r"url\(#([^)]+)\)", DRAWN[name])) <= set(ids)


def test_every_value_is_printed_and_the_second_series_is_striped():
    texts = [text.text for text in etree.fromstring(DRAWN["columns"]).iter("{*}text")]
    assert [texts.count(str(n)) for n in (1, 3, 7, 9)] == [1, 1, 1, 1] and texts.count("5") >= 12
    assert DRAWN["columns"].count("url(#") == 12 + 1  # its columns and its place in the legend
    assert "2025 年" in texts and "12月" in texts


def test_a_target_is_a_dashed_line_and_a_gap_stays_one():
    root = etree.fromstring(DRAWN["lines"])
    assert [text.text for text in root.iter("{*}text") if text.text == "70.1"]
    assert DRAWN["lines"].count('stroke-dasharray="9 5"') == 1 and len(list(root.iter("{*}circle"))) == 2


def test_words_are_escaped():
    assert "&lt;12345 &amp; 转办&gt;" in DRAWN["bars"]
