"""Import of past cases: sheets as they come, mappings, each reason for refusal, the same again, nothing but history."""

import io
import json
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook

from cases import chain
from cases.errors import Refused
from cases.imports import mapping, returning, sheet
from cases.imports.problems import SheetRefused
from cases.imports.running import Run, demand_importer
from cases.models import Case, Counter, Deadline, Document, Event, Outbox, Party, Proceeding, Right
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
HEAD = "来源,原编号,登记日期,办理方式,权利类型,申请人,受理日期,结案日期,结果"


def run(
    text: str, map_text: str = "", *, dry_run: bool = False, encoding: str = "utf-8", name: str = "a.csv"
):
    found = sheet.read(text.encode(encoding), name)
    return Run(found, mapping.parse(map_text), by=None, today=TODAY, dry_run=dry_run).report()


def one(text: str, head: str = HEAD, **kwargs):
    return run(f"{head}\n{text}\n", **kwargs)


def reasons(report) -> list[tuple[int, str, str]]:
    return [(f["line"], f["column"], f["reason"]) for f in report.failed]


# what goes in ------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_case_with_its_history_and_nothing_else():
    report = one("旧台账,A1,2024-01-02,维权援助,商标,甲公司、乙公司,2024/1/5,2024年2月1日,已办结")
    assert (report.rows, report.added, report.failed) == (1, 1, [])
    case = Case.objects.get(source_name="旧台账", source_no="A1")
    row = case.proceedings.get()
    assert (row.kind, row.state, row.version, row.number, row.outcome) == (
        "assistance",
        "completed",
        1,
        None,
        "completed",
    )
    assert (row.received_on, row.accepted_on, row.closed_on) == (
        date(2024, 1, 2),
        date(2024, 1, 5),
        date(2024, 2, 1),
    )
    assert [p.name for p in case.parties.all()] == ["甲公司", "乙公司"]
    facts = list(
        case.events.filter(fact__isnull=False).values_list(
            "fact", "value", "occurred_on", "known_on", "origin"
        )
    )
    assert sorted(facts) == sorted(
        [
            ("applied", "assistance", date(2024, 1, 2), date(2024, 1, 2), "imported"),
            ("accepted", "assistance", date(2024, 1, 5), date(2024, 1, 5), "imported"),
            ("closed", "completed", date(2024, 2, 1), date(2024, 2, 1), "imported"),
        ]
    )
    assert not case.registration_no and not row.is_open
    for model in (Counter, Deadline, Document, Outbox):
        assert not model.objects.exists()
    assert chain.broken_case_chains() == []


def test_blank_stays_unknown():
    report = one("旧台账,A1,,维权援助,商标,,,,")
    assert report.added == 1
    case = Case.objects.get()
    row = case.proceedings.get()
    assert (row.state, row.outcome, row.received_on, row.closed_on) == ("recorded", None, None, None)
    assert not case.parties.exists()
    assert (case.source, case.foreign, case.station, case.received_on, case.claim_amount) == (
        "",
        "",
        None,
        None,
        None,
    )
    assert not case.events.filter(fact__isnull=False).exists()


def test_an_outcome_without_a_date_is_a_fact_without_a_date_known_today():
    one("旧台账,A1,,维权援助,商标,,,,已办结")
    fact = Event.objects.get(fact="closed")
    assert (fact.value, fact.occurred_on, fact.known_on) == ("completed", None, TODAY)


def test_a_row_may_stand_for_several_cases():
    text = "来源,原编号,件数,办理方式,权利类型\n旧台账,A1,3,维权援助,商标\n"
    assert run(text).added == 3
    assert sorted(Case.objects.values_list("source_no", flat=True)) == ["A1-1", "A1-2", "A1-3"]
    again = run(text)
    assert (again.added, again.unchanged, again.failed) == (0, 3, [])


def test_a_row_named_like_the_first_of_several_is_its_own_case():
    text = "来源,原编号,办理方式,权利类型,案由\n旧台账,A,维权援助,商标,甲\n旧台账,A-1,维权援助,商标,乙\n"
    assert run(text).added == 2
    again = run(text)
    assert (again.unchanged, again.failed) == (2, [])


def test_a_reference_keeps_its_result_as_text_and_enters_no_figure():
    head = "来源,原编号,办理方式,权利类型,结果,统计,不计原因"
    one("仲裁网,U1,其他,商标,Transferred,否,仅作参考", head=head)
    case = Case.objects.get()
    row = case.proceedings.get().concrete()
    assert (row.state, row.outcome, row.result_text) == ("recorded", None, "Transferred")
    assert (case.counted, case.not_counted_reason) == (False, "仅作参考")


def test_unknown_headings_are_reported_and_kept():
    report = one("旧台账,A1,,维权援助,商标,,,,,宝贵的话", head=f"{HEAD},自拟栏目")
    assert report.unknown_headings == ["自拟栏目"]
    assert json.loads(Case.objects.get().extra) == {"自拟栏目": "宝贵的话"}


def test_several_rights_and_types_beside_their_numbers():
    head = "来源,原编号,办理方式,权利类型,权利号,申请人,申请人类型,申请人证件号"
    report = one(
        "旧台账,A1,维权援助,商标|著作权,12345678、作登字-01,张三|甲公司,自然人、法人,、91110000802100433B",
        head=head,
    )
    assert report.failed == []
    assert [r.kind for r in Right.objects.order_by("position")] == ["trademark", "copyright"]
    people = list(Party.objects.order_by("position"))
    assert [(p.name, p.kind, p.id_number) for p in people] == [
        ("张三", "person", ""), ("甲公司", "legal_person", "91110000802100433B"),
    ]  # fmt: skip


def test_a_number_that_does_not_check_goes_in_with_a_warning_that_masks_it():
    head = "来源,原编号,办理方式,权利类型,申请人,申请人证件号"
    report = one("旧台账,A1,维权援助,商标,甲公司,911100008021004331", head=head)
    assert report.added == 1
    assert [w["reason"] for w in report.warnings] == ["check_number"]
    assert "80210" not in json.dumps(report.warnings)
    body = Event.objects.filter(name="imported").get().body
    assert "911100008021004331" not in body


# what comes back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("旧台账,A1,2024-03-01,维权援助,商标,,,2024-02-28,", ("结案日期", "date_order")),
        ("旧台账,A1,2024-03-01,维权援助,商标,,2024-02-01,2024-05-01,", ("受理（立案）日期", "date_order")),
        ("旧台账,A1,2024.1,维权援助,商标,,,,", ("登记日期", "bad_date")),
        ("旧台账,A1,2024-02-30,维权援助,商标,,,,", ("登记日期", "bad_date")),
        ("旧台账,A1,2027-01-01,维权援助,商标,,,,", ("登记日期", "in_future")),
        (",A1,,维权援助,商标,,,,", ("来源", "required")),
        ("旧台账,A1,,,商标,,,,", ("办理方式", "required")),
        ("旧台账,A1,,维权援助,,,,,", ("权利类型", "required")),
        ("旧台账,A1,,劝一劝,商标,,,,", ("办理方式", "unknown_value")),
        ("旧台账,A1,,维权援助,招牌,,,,", ("权利类型", "unknown_value")),
        ("旧台账,A1,,维权援助,商标,,,,裁决侵权成立", ("结果", "unknown_value")),
        ("旧台账,A1,,维权援助,商标,,,,,,多", ("", "too_many_cells")),
    ],
)
def test_a_bad_row_comes_back_with_its_reason_and_the_others_go_in(row, expected):
    report = run(f"{HEAD}\n旧台账,G1,,维权援助,商标,,,,\n{row}\n旧台账,G2,,维权援助,商标,,,,\n")
    assert reasons(report) == [(3, *expected)]
    assert (report.rows, report.added) == (3, 2)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("件数", "两", "bad_number"), ("件数", "0", "bad_number"), ("标的额", "约3万", "bad_number"),
        ("案源", "听说", "unknown_value"), ("涉外", "涉美", "unknown_value"), ("统计", "大概", "unknown_value"),
        ("工作站", "不存在", "unknown_value"), ("案由", "长" * 121, "too_long"), ("权利号", "1、2、3", None),
        ("申请人证件号", "123", "count_mismatch"), ("司法确认", "也许", "unknown_value"),
    ],
)  # fmt: skip
def test_other_columns(column, value, code):
    report = one(f"旧台账,A1,维权援助,商标,{value}", head=f"来源,原编号,办理方式,权利类型,{column}")
    assert reasons(report) == ([(2, column, code)] if code else [])


def test_all_problems_of_a_line_come_back_at_once_as_one_line():
    report = one("旧台账,A1,2024.1,维权援助,招牌,,,,")
    assert len(report.failed) == 1
    assert {report.failed[0]["reason"], *(p["reason"] for p in report.failed[0]["more"])} == {
        "bad_date",
        "unknown_value",
    }


# the same again ----------------------------------------------------------------------------------------------


def test_the_same_file_again_adds_nothing_and_other_content_names_its_columns():
    text = f"{HEAD}\n旧台账,A1,2024-01-02,维权援助,商标,甲公司,,,\n"
    assert run(text).added == 1
    again = run(text.replace("2024-01-02", "2024/1/2"))
    assert (again.added, again.unchanged, again.failed) == (0, 1, [])
    other = run(text.replace("甲公司", "乙公司").replace("2024-01-02", "2024-01-03"))
    assert reasons(other) == [(2, "登记日期、申请人", "already_different")]
    assert (Case.objects.count(), Party.objects.get().name) == (1, "甲公司")


def test_without_a_number_the_row_itself_is_the_key():
    text = f"{HEAD}\n旧台账,,2024-01-02,维权援助,商标,甲公司,,,\n旧台账,,2024-01-02,维权援助,商标,乙公司,,,\n"
    assert run(text).added == 2
    again = run(text)
    assert (again.added, again.unchanged) == (0, 2)


def test_a_line_repeated_in_one_sheet_is_one_case_and_said_so():
    line = "旧台账,,2024-01-02,维权援助,商标,甲公司,,,\n"
    for dry in (True, False):
        report = run(f"{HEAD}\n{line}{line}", dry_run=dry)
        assert (report.added, report.unchanged, [w["reason"] for w in report.warnings]) == (
            1,
            1,
            ["repeated_row"],
        )


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    report = one("旧台账,A1,2024-01-02,维权援助,商标,甲公司,,,已办结", dry_run=True)
    assert report.added == 1
    assert not Case.objects.exists() and not Event.objects.exists() and not Proceeding.objects.exists()


# sheets as they come -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding):
    assert one("旧台账,A1,,维权援助,商标,甲公司,,,", encoding=encoding).added == 1


def test_line_numbers_count_physical_lines_even_behind_a_cell_with_line_breaks():
    head = "来源,原编号,办理方式,权利类型,简要情况"
    text = f'{head}\n旧台账,A1,维权援助,商标,"一\n二\n三"\n\n旧台账,A2,无此方式,商标,\n'
    report = run(text)
    assert (report.added, reasons(report)) == (1, [(6, "办理方式", "unknown_value")])


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "no_headings"),
        ("来源,来源\n1,2\n".encode(), "a.csv", "heading_twice"),
        (b"\xff\xff\xff\x00", "a.csv", "encoding"),
        (b'a,b\n"open,1\n', "a.csv", "broken"),
        (b"PK\x03\x04 no sheet", "a.xlsx", "broken"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "type"),
    ],
)
def test_files_that_are_no_sheet(content, name, code):
    with pytest.raises(SheetRefused) as refusal:
        sheet.read(content, name)
    assert refusal.value.code == code


def workbook(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx_says_the_same_as_csv():
    content = workbook(
        [
            ["来源", "原编号", "件数", "登记日期", "办理方式", "权利类型", "标的额"],
            ["旧台账", 20240001, 2.0, datetime(2024, 1, 2), "维权援助", "商标", 1200.5],
        ]
    )
    found = sheet.read(content, "a.xlsx")
    assert found.lines[0].cells == {
        "来源": "旧台账", "原编号": "20240001", "件数": "2", "登记日期": "2024-01-02", "办理方式": "维权援助",
        "权利类型": "商标", "标的额": "1200.5",
    }  # fmt: skip
    report = Run(found, mapping.parse(""), by=None, today=TODAY).report()
    assert report.added == 2
    csv = '来源,原编号,件数,登记日期,办理方式,权利类型,标的额\n旧台账,20240001,2,2024-01-02,维权援助,商标,"1,200.50"\n'
    assert run(csv).unchanged == 2


def test_failed_rows_come_back_as_a_sheet_without_formulas():
    text = f"{HEAD}\n=cmd|1,A1,,劝一劝,商标,甲公司,,,\n旧台账,A2,,维权援助,商标,,,,\n"
    found = sheet.read(text.encode(), "a.csv")
    report = Run(found, mapping.parse(""), by=None, today=TODAY).report()
    page = load_workbook(io.BytesIO(returning.as_xlsx(found, report.failed))).active
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == (*HEAD.split(","), "原行号", "原因")
    assert len(rows) == 2 and rows[1][0] == "=cmd|1" and rows[1][9] == "2" and "办理方式" in rows[1][10]
    assert page["A2"].data_type == "s"


# mappings ----------------------------------------------------------------------------------------------------

MAP = """
"no" = "原编号"
"n" = "件数"
"what" = "权利类型"
"how" = "办理方式"
"end" = "结果"
[defaults]
"来源" = "外地台账"
"统计" = "否"
[values."权利类型"]
"商标+不正当竞争" = "商标、不正当竞争"
"商标(反向假冒)" = "商标"
[values."办理方式"]
"帮忙" = "维权援助"
"咨询" = ""
[values."结果"]
"done" = "已办结"
"""


def test_a_mapping_translates_headings_values_and_lacks():
    text = "no,n,what,how,end,left\n1,2,商标+不正当竞争,帮忙,done,x\n2,,商标(反向假冒),帮忙,,\n3,,商标,咨询,,\n4,,著作权,维权援助,成了,\n"
    report = run(text, MAP)
    assert (report.rows, report.added, report.skipped) == (4, 3, 1)
    assert reasons(report) == [(5, "结果", "unknown_value")]
    assert report.unknown_headings == ["left"]
    kinds = Case.objects.get(source_no="1-1").rights.order_by("position").values_list("kind", flat=True)
    assert list(kinds) == ["trademark", "unfair_competition"]
    assert set(Case.objects.values_list("source_name", "counted")) == {("外地台账", False)}
    assert {p.state for p in Proceeding.objects.filter(case__source_no="2")} == {"recorded"}


@pytest.mark.parametrize(
    "text",
    [
        '"a" = "没有这一栏"', '"a" = "结果"\n"b" = "结果"', "not toml", '[values."结果"]\n"" = "已办结"',
        '[values."没有"]\n"a" = "b"', '[defaults]\n"没有" = "x"', "[values]\n结果 = 1",
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_refused_as_a_whole(text):
    with pytest.raises(SheetRefused) as refusal:
        mapping.parse(text)
    assert refusal.value.code == "mapping"


def test_a_mapping_that_does_not_fit_the_sheet_is_refused():
    found = sheet.read(b"a,b\n1,2\n", "a.csv")
    for text in ('"c" = "结果"', '"a" = "来源"'):
        with pytest.raises(SheetRefused) as refusal:
            mapping.plan(found, mapping.parse(text))
        assert refusal.value.code == "heading_missing"


def test_the_examples_that_ship_are_sound():
    folder = Path(__file__).parents[2] / "docs" / "examples"
    texts = [p.read_text(encoding="utf-8") for p in folder.glob("*.map.toml")]
    assert len(texts) >= 2
    assert all(mapping.parse(t).columns for t in texts)


def test_the_domain_name_example_fails_early_decisions_and_keeps_missing_complainants():
    text = (Path(__file__).parents[2] / "docs" / "examples" / "udrp.map.toml").read_text(encoding="utf-8")
    head = "number,source,status,submitted,commenced,published,complainants,domains,trademarks"
    rows = (
        "1-UDRP,CIIDRC,Transferred,2023-01-03,,2023-02-14,Traffic Tech Inc.,trafflctech.com,TRAFFIC | TECH\n"
        "2-UDRP,CIIDRC,Transferred,2023-01-31,,2022-02-21,Altra Foods Inc.,altrafoods.com,\n"
        "D1,WIPO,Denied,2023-01-23,2023-01-20,2023-03-06,,casinoin.com,\n"
    )
    report = run(f"{head}\n{rows}", text)
    assert (report.rows, report.added, reasons(report)) == (3, 2, [(3, "结案日期", "date_order")])
    assert not Party.objects.filter(case__source_no="D1").exists()
    assert not Case.objects.filter(counted=True).exists()


# who and how -------------------------------------------------------------------------------------------------


def test_only_the_district_imports():
    demand_importer(factories.user("d", ("district", None)), TODAY)
    with pytest.raises(Refused):
        demand_importer(factories.clerk(), TODAY)


def test_the_command_prints_one_document_and_exits_1_when_rows_failed(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}\n旧台账,A1,,维权援助,商标,,,,\n旧台账,A2,,没有,商标,,,,\n", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        call_command("import_cases", str(path), "--json")
    assert end.value.code == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"], document["added"], document["unchanged"]) == (2, 1, 0)
    assert [set(f) >= {"line", "column", "value", "reason"} for f in document["failed"]] == [True]
