"""海关数据: sheets by period, typed with scan and second person, nothing overlaps unsaid, trends that add up."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from cases.imports import sheet
from cases.imports.problems import SheetRefused
from reports import customs, delivering
from reports.models import CustomsLine, Delivery
from tests.factories import user

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
HEAD = "期间,进出口,货物,品牌,运输方式,国家（地区）,查获批次,件数,案值\n"
FIRST = HEAD + "2026Q1,出口,运动鞋,甲牌,海运,甲国,3,1200,45000.50\n2026Q1,出口,箱包,乙牌,海运,乙国,1,,\n"


def take(text: str, **options) -> customs.Report:
    return customs.take_in(
        sheet.read(text.encode(), "海关.csv"), None, by=None, today=DAY, name="海关.csv", **options
    )


def test_the_lines_of_a_period_are_one_delivery_and_the_same_sheet_adds_nothing():
    report = take(FIRST + "2026Q2,进口,手表,甲牌,空运,丙国,2,10,900\n")
    assert (report.rows, report.added, report.failed) == (3, 3, [])
    assert [(d.start, d.told()["seizures"], d.told()["worth"]) for d in Delivery.objects.order_by("start")] == [
        (date(2026, 1, 1), 4, "45000.50"), (date(2026, 4, 1), 2, "900.00"),
    ]  # fmt: skip
    line = CustomsLine.objects.first()
    assert (line.way, line.country, line.items, line.value) == ("export", "甲国", 1200, Decimal("45000.50"))
    assert take(FIRST).unchanged == 2 and CustomsLine.objects.count() == 3


def test_an_overlapping_period_is_refused_or_replaces_where_that_is_said():
    take(FIRST)
    year = HEAD + "2026,出口,运动鞋,甲牌,海运,甲国,9,,\n"
    assert [row["reason"] for row in take(year).failed] == ["overlaps"] and CustomsLine.objects.count() == 2
    assert take(year, replace=True).added == 1
    assert sum(line.seizures for line in customs.holding(DAY)) == 9
    assert Delivery.objects.filter(replaced_on=DAY).count() == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026Q9,出口,鞋,,,,1,,", "period"), ("2026Q1,出口,,,,,1,,", "required"), ("2026Q1,出口,鞋,,,,,,", "required"),
        ("2026Q1,转口,鞋,,,,1,,", "choice"), ("2026Q1,出口,鞋,,,,-1,,", "integer"), ("2026Q1,出口,鞋,,,,1,,1.234", "decimal"),
        ("2026Q1,出口,鞋,,,,1,NaN,", "integer"), ("2026Q1,出口,鞋,,,,1,,Infinity", "decimal"),
        (f"2026Q1,出口,{'鞋' * 81},,,,1,,", "too_long"),
    ],
)  # fmt: skip
def test_a_period_with_a_bad_line_is_kept_out_whole_and_others_go_in(line, reason):
    report = take(FIRST + line + "\n2026Q3,出口,鞋,,,,1,,\n")
    assert report.failed[-1 if line.startswith("2026Q1") else 0]["reason"] == reason
    kept = {d.start for d in Delivery.objects.all()}
    assert (date(2026, 1, 1) in kept) == (reason == "period") and date(2026, 7, 1) in kept


def test_a_sheet_without_its_headings_is_refused():
    with pytest.raises(SheetRefused):
        take("甲,乙\n1,2\n")


def test_trends_add_up_and_a_value_is_told_only_where_every_line_says_one():
    take(FIRST + "2025,出口,运动鞋,甲牌,海运,丙国,5,,100\n")
    for by in customs.BY:
        years, groups = customs.trend(customs.holding(DAY), by)
        assert years == [2025, 2026] and sum(one.total for one in groups) == 9, by
    goods = {one.name: (one.seizures, one.value) for one in customs.trend(customs.holding(DAY), "goods")[1]}
    assert goods == {"运动鞋": ({2025: 5, 2026: 3}, Decimal("45100.50")), "箱包": ({2025: 0, 2026: 1}, None)}


def scan():
    made = BytesIO()
    Image.new("RGB", (40, 20), "white").save(made, "PNG")
    return SimpleUploadedFile("盖章件.png", made.getvalue(), "image/png")


def test_typed_lines_count_once_a_second_person_compared_them(client):
    first, second = user("district", ("district", None)), user("district2", ("district", None))
    client.force_login(first)
    body = {"typed": "1", "period": "2026Q1", "source_ref": "示例〔2026〕3号", "scan": scan(),
            "lines": "出口\t运动鞋\t甲牌\t海运\t甲国\t3\t1,200\t45,000.50\n出口\t箱包\t乙牌\t海运\t乙国\t1"}  # fmt: skip
    assert client.post(reverse("customs"), {**body, "lines": "出口,鞋,,,,x"}).status_code == 400
    assert client.post(reverse("customs"), {**body, "scan": scan()}).status_code == 302
    row = Delivery.objects.get()
    assert not customs.holding(DAY) and row.paper is not None
    delivering.confirm(row.pk, by=second, today=DAY)
    assert sum(line.seizures for line in customs.holding(DAY)) == 4
    again = client.post(reverse("customs"), {**body, "scan": scan(), "lines": "出口,鞋,,,,7"})
    assert again.status_code == 400 and "重叠" in again.content.decode()


def test_the_page_and_its_sheet_show_the_same_and_leadership_only_reads(client):
    take(FIRST)
    client.force_login(user("leader", ("leader", None)))
    page = client.get(reverse("customs"), {"by": "brand"})
    shown = [(one.name, one.total) for one in page.context["groups"]]
    assert shown == [("甲牌", 3), ("乙牌", 1)] and not page.context["enters"]
    book = load_workbook(
        BytesIO(client.get(reverse("customs"), {"by": "brand", "download": "xlsx"}).content)
    ).active
    assert [(row[0].value, row[2].value) for row in book.iter_rows(min_row=3)] == shown
    assert client.post(reverse("customs"), {}).status_code == 403


def test_preexamination_counts_are_typed_for_a_period_and_cannot_exceed_one_another(client):
    client.force_login(user("district", ("district", None)))
    body = {"typed": "1", "kind": "preexam", "period": "2026Q1", "submitted": "40", "passed": "30", "granted": "31",
            "source_ref": "示例〔2026〕4号", "scan": scan()}  # fmt: skip
    assert client.post(reverse("deliveries"), body).status_code == 400
    assert client.post(reverse("deliveries"), {**body, "granted": "20", "scan": scan()}).status_code == 302
    assert Delivery.objects.get().told() == {"submitted": 40, "passed": 30, "granted": 20}
    assert "预审受理 40 件" in client.get(reverse("deliveries")).content.decode()
