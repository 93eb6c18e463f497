"""What a court delivers: sheets line by line, totals with their stamped scan, and the two figures made from them."""

import json
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from PIL import Image

from cases.errors import DomainError
from cases.models import Stamp
from reports import delivering, periods
from reports.indicators import REGISTRY, Reading, figures
from reports.models import CourtCase, Delivery, SpecialArea
from tests.factories import user

pytestmark = pytest.mark.django_db
HEAD = "case_no,filed,closed,instance,kind,excluded_days,appealed,result\n"
END = date(2027, 6, 30)


def sheet(tmp_path, text: str, name: str = "court.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def scan(tmp_path):
    path = tmp_path / "盖章件.png"
    Image.new("RGB", (40, 20), "white").save(path)
    return str(path)


def take(*args: str) -> dict:
    out = StringIO()
    try:
        call_command("import_court", *args, "--json", stdout=out)
    except SystemExit as end:
        assert end.code == 1
    return json.loads(out.getvalue())


def figure(code: str, period: str = "2026", as_of: date = END):
    return figures([code], [periods.parse(period)], as_of)[code][0]


CASES = HEAD + (
    "（2026）津0101民初1号,2026-01-10,2026-03-11,一审,民事,,否,判决\n"  # 60 days
    "（2026）津0101民初2号,2026/1/5,2026-02-04,first,civil,10,是,判决\n"
    "（2026）津0101民初3号,2026-02-01,2026-04-02,一审,民事,2026-02-10..2026-02-20、2026-02-15..2026-03-02,,调解\n"
)


def test_rows_give_their_mean_median_and_rate(tmp_path):
    path = sheet(tmp_path, CASES.replace("2026/1/5", "2026-01-05"))
    assert take(path) == {"rows": 3, "added": 3, "unchanged": 0, "failed": []}
    assert sorted(row.days for row in CourtCase.objects.all()) == [20, 40, 60]  # intervals merged: 20 days
    mean = figure("trial_days")
    assert (mean.value, mean.denominator, mean.numerator, mean.parts["median"]) == ("40", 3, 120, "40")
    assert (mean.status, mean.source, mean.direction) == ("small_sample", "imported", "max")
    rate = figure("first_instance_accepted")
    assert (rate.value, rate.denominator, rate.excluded) == ("50", 2, {"unknown": 1})
    assert figure("trial_days", "2026Q1").denominator == 2
    assert figure("trial_days", "2025").status == "no_data"


def test_the_same_sheet_again_adds_nothing_and_another_content_is_refused(tmp_path):
    path = sheet(tmp_path, CASES.replace("2026/1/5", "2026-01-05"))
    take(path)
    stamped = Stamp.objects.get(source="deliveries").value
    assert take(path) == {"rows": 3, "added": 0, "unchanged": 3, "failed": []}
    assert Stamp.objects.get(source="deliveries").value > stamped and Delivery.objects.count() == 1
    again = take(sheet(tmp_path, HEAD + "（2026）津0101民初1号,2026-01-10,2026-03-12,一审,民事,,否,判决\n"))
    assert [row["reason"] for row in again["failed"]] == ["already_different"] and again["added"] == 0


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        ("一号,2026-03-01,2026-02-01,,,,,", "date_order", "closed"), ("一号,2026-02-30,2026-03-01,,,,,", "date", "filed"),
        (",2026-01-01,2026-03-01,,,,,", "required", "case_no"), ("一号,2026-01-01,2026-03-01,四审,,,,", "choice", "instance"),
        ("一号,2026-01-01,2026-03-01,,,90,,", "too_many", "excluded_days"),
        ("一号,2026-01-01,2026-03-01,,,-3,,", "integer", "excluded_days"),
        ("一号,2026-01-01,2026-03-01,,,,也许,", "choice", "appealed"),
        ("一号,2026-01-01,2026-03-01,,,2026-01-05..2026-01-99,,", "date", "excluded_days"),
    ],
)  # fmt: skip
def test_a_bad_line_comes_back_with_its_reason_and_the_others_go_in(tmp_path, line, reason, column):
    told = take(sheet(tmp_path, HEAD + line + "\n好,2026-01-01,2026-01-31,,,,,\n"))
    assert told["added"] == 1 and CourtCase.objects.get().case_no == "好"
    assert [(row["line"], row["reason"], row["column"]) for row in told["failed"]] == [(2, reason, column)]


def test_what_was_not_known_on_a_day_does_not_count_then(tmp_path):
    take(sheet(tmp_path, HEAD + "一号,2026-01-01,2026-01-31,,,,,\n"))
    entered = Delivery.objects.get().entered_on
    assert figure("trial_days", as_of=entered).denominator == 1
    assert figure("trial_days", as_of=date(2026, 1, 31)).denominator == 0


TOTALS = (
    "period,scope,closed,mean_days,excluded_rule,first_instance_civil_closed,appealed,source_ref,contact\n"
)


def test_totals_need_their_scan_and_are_weighted_with_the_rows_outside(tmp_path):
    path = sheet(tmp_path, TOTALS + "2026Q1,,30,50.5,扣除公告、鉴定,20,4,示例〔2026〕1号,示例庭\n")
    with pytest.raises(CommandError) as refusal:
        call_command("import_court", path)
    assert "扫描件" in str(refusal.value) and not Delivery.objects.exists()
    assert take(path, "--scan", scan(tmp_path))["added"] == 1
    rows = "一号,2026-01-01,2026-03-01,,,,,\n二号,2026-04-01,2026-05-01,,,,,\n"  # the first lies inside the total
    take(sheet(tmp_path, HEAD + rows))
    year = figure("trial_days")
    assert (year.denominator, year.parts) == (31, {"rows": 1, "totals": 30}) and year.value == "49.84"
    assert figure("trial_days", "2026-01").denominator == 0  # a quarter's total says nothing of a month
    assert figure("first_instance_accepted").value == "80"
    opened = REGISTRY["trial_days"]
    assert [row.case_no for row in opened.listed("rows", periods.parse("2026"), Reading(END))] == ["二号"]


def test_overlapping_totals_are_refused_or_replace_what_stood(tmp_path):
    paper = scan(tmp_path)
    first = sheet(tmp_path, TOTALS + "2026Q1,,30,50,,,,甲号,\n")
    take(first, "--scan", paper)
    assert take(first, "--scan", paper)["unchanged"] == 1
    other = sheet(tmp_path, TOTALS + "2026,,100,60,,,,乙号,\n", "other.csv")
    assert [row["reason"] for row in take(other, "--scan", paper)["failed"]] == ["overlaps"]
    assert take(other, "--scan", paper, "--replace")["added"] == 1
    old = Delivery.objects.get(source_ref="甲号")
    assert old.replaced_by == Delivery.objects.get(source_ref="乙号") and old.replaced_on is not None
    assert figure("trial_days").value == "60"


def test_a_sheet_that_is_neither_is_refused_whole(tmp_path):
    with pytest.raises(CommandError) as refusal:
        call_command("import_court", sheet(tmp_path, "甲,乙\n1,2\n"))
    assert "案号" in str(refusal.value)


def test_patents_per_ten_thousand_people_take_the_latest_of_each():
    def deliver(kind, day, value, known=date(2026, 1, 1)):
        return Delivery.objects.create(
            kind=kind,
            start=day,
            end=day,
            numbers=json.dumps({"value": value}),
            entered_on=known,
            confirmed_on=known,
        )

    assert figure("high_value_patents").status == "no_data"
    deliver("patents", date(2025, 12, 31), 9_000)
    assert figure("high_value_patents").value is None
    deliver("population", date(2025, 12, 31), 2_000_000)
    deliver("patents", date(2026, 6, 30), 9_500, known=date(2026, 8, 1))
    assert figure("high_value_patents", "2026").value == "47.5"
    assert figure("high_value_patents", "2026", as_of=date(2026, 7, 1)).value == "45"
    waiting = deliver("patents", date(2026, 9, 30), 99_999)
    Delivery.objects.filter(pk=waiting.pk).update(confirmed_on=None)  # no second person yet
    assert figure("high_value_patents", "2026").value == "47.5"


def test_special_areas_in_force_at_the_end():
    for name, until in (("甲", None), ("乙", date(2026, 6, 30))):
        SpecialArea.objects.create(name=name, document="示例", valid_from=date(2025, 1, 1), valid_to=until)
    assert (figure("special_areas").value, figure("special_areas", "2025").value) == (1, 2)
    assert figure("special_areas").source == "manual"


# typed by hand, on the page -----------------------------------------------------------------------------------------


def upload(name="盖章件.png"):
    made = BytesIO()
    Image.new("RGB", (40, 20), "white").save(made, "PNG")
    return SimpleUploadedFile(name, made.getvalue(), "image/png")


def typed(client, **said):
    body = {"typed": "1", "kind": "court_totals", "period": "2026Q2", "closed": "10", "mean_days": "55.5",
            "source_ref": "示例〔2026〕2号", "scan": upload()}  # fmt: skip
    return client.post(reverse("deliveries"), {**body, **said})


def district(name="district"):
    return user(name, ("district", None))


def test_typed_totals_count_from_the_day_a_second_person_compared_them(client):
    first, second = district(), district("district2")
    client.force_login(first)
    assert typed(client).status_code == 302
    row = Delivery.objects.get()
    assert row.entered_by == first and row.confirmed_on is None and figure("trial_days").denominator == 0
    client.post(reverse("delivery_confirm", args=[row.pk]))
    assert Delivery.objects.get().confirmed_on is None  # never one's own
    client.force_login(second)
    client.post(reverse("delivery_confirm", args=[row.pk]))
    assert figure("trial_days").value == "55.5" and figure("trial_days").denominator == 10
    paper = client.get(reverse("delivery_paper", args=[row.pk]))
    assert paper.status_code == 200 and b"".join(paper.streaming_content)[:4] == b"\x89PNG"


def test_a_replacement_holds_only_once_it_is_confirmed(client):
    first, second = district(), district("district2")
    client.force_login(first)
    typed(client)
    delivering.confirm(Delivery.objects.get().pk, by=second, today=END)
    overlap = typed(client, closed="20")
    assert overlap.status_code == 400 and "重叠" in overlap.content.decode()
    assert typed(client, closed="20", replace="on").status_code == 302
    assert figure("trial_days").denominator == 10
    delivering.confirm(Delivery.objects.latest("pk").pk, by=second, today=END)
    assert figure("trial_days").denominator == 20 and Delivery.objects.filter(replaced_on=END).count() == 1


def test_a_mistyped_number_is_typed_again_and_never_counts(client):
    first, second = district(), district("district2")
    client.force_login(first)
    typed(client)
    delivering.confirm(Delivery.objects.get().pk, by=second, today=END)
    typed(client, closed="21", replace="on")
    typed(client, closed="22", replace="on")
    counting, mistyped, again = Delivery.objects.order_by("pk")
    with pytest.raises(DomainError) as refusal:
        delivering.confirm(mistyped.pk, by=second, today=END)
    assert refusal.value.code == "replaced" and figure("trial_days").denominator == 10
    delivering.confirm(again.pk, by=second, today=END)
    assert figure("trial_days").denominator == 22
    assert not Delivery.objects.holding(END).filter(pk__in=[counting.pk, mistyped.pk]).exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"closed": ""}, "请按盖章文件填写"), ({"kind": "patents", "period": "2026-06-30"}, "请按盖章文件填写"),
        ({"period": "六月"}, "请填写期间"), ({"kind": "population", "value": "9", "period": "2026Q1"}, "请填写时点"),
        ({"appealed": "5", "first_instance_civil_closed": "4"}, "不能超过"), ({"scan": ""}, "必填"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_told_and_kept(client, said, words):
    client.force_login(district())
    answer = typed(client, **said)
    assert answer.status_code == 400 and words in answer.content.decode()
    assert "示例〔2026〕2号" in answer.content.decode() and not Delivery.objects.exists()


def test_a_sheet_goes_up_and_its_bad_lines_come_back(client):
    client.force_login(district())
    content = (HEAD + "一号,2026-01-01,2026-01-31,,,,,\n二号,2026-03-01,2026-01-31,,,,,\n").encode()
    answer = client.post(
        reverse("deliveries"), {"sheet": SimpleUploadedFile("court.csv", content, "text/csv")}
    )
    said = answer.content.decode()
    assert answer.status_code == 200 and "结案日期早于立案日期" in said and CourtCase.objects.count() == 1
    nonsense = client.post(
        reverse("deliveries"), {"sheet": SimpleUploadedFile("x.csv", b"a,b\n1,2\n", "text/csv")}
    )
    assert nonsense.status_code == 400 and "案号" in nonsense.content.decode()
    sheet_of = client.get(reverse("deliveries"), {"download": "xlsx"})
    assert sheet_of["Content-Type"].endswith("sheet")


def test_leaders_read_and_do_not_enter(client):
    client.force_login(user("leader", ("leader", None)))
    assert 'name="typed"' not in client.get(reverse("deliveries")).content.decode()
    assert client.post(reverse("deliveries"), {}).status_code == 403
