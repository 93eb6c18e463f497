"""Evidence by list, numbered by party, marked when late; cross-examined by the other side; a list to take away."""

import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from adjudication.models import CrossExamination, EvidenceItem
from adjudication.showing_exchange import evidence_table
from cases import steps
from cases.errors import DomainError, Invalid
from cases.models import Event
from tests.adjudication.story import TODAY, filed, fresh, later, party, serve, staff, take
from tests.adjudication.test_papers import scan
from tests.factories import clerk, user

pytestmark = pytest.mark.django_db
LINE = {"title": "公证书", "proves": "销售被控侵权产品", "pages": 12, "original": True}


def listed(row, *lines, role="applicant", today=TODAY):
    data = {"party": party(row, role).pk, "items": list(lines or [LINE])}
    return take(row, "list_evidence", data, today=today)


def opinion(item, **said):
    return {"item": item.pk, "authenticity": "accepted", "legality": "accepted", "relevance": "denied",
            "words": "与本案无关", **said}  # fmt: skip


def examine(row, *lines, role="respondent", today=TODAY):
    return take(row, "cross_examine", {"party": party(row, role).pk, "items": list(lines)}, today=today)


def last(row, name):
    return Event.objects.filter(proceeding=row.pk, name=name).latest("seq")


# lists ------------------------------------------------------------------------------------------------------------


def test_each_party_s_evidence_is_numbered_on():
    row = listed(filed(), LINE, {**LINE, "title": "实物", "pages": "", "original": False, "note": "一件"})
    row = listed(listed(row, role="respondent"), {**LINE, "title": "送货单"})
    numbers = [(item.party.role, item.number, item.title) for item in row.evidenceitems.order_by("id")]
    assert numbers == [("applicant", 1, "公证书"), ("applicant", 2, "实物"), ("respondent", 1, "公证书"),
                       ("applicant", 3, "送货单")]  # fmt: skip
    paper = row.documents.filter(kind="evidence_list").latest("pk").blocks
    assert "甲公司" in paper and "送货单" in paper and '"3"' in paper and "公证书" not in paper


def test_what_comes_after_the_period_is_taken_and_marked():
    row = take(filed(), "set_evidence_period", {"due_on": later(20).isoformat()})
    row = listed(row, today=later(20))
    row = listed(row, {**LINE, "title": "补充证据"}, today=later(21))
    assert [item.late for item in row.evidenceitems.order_by("id")] == [False, True]
    papers = row.documents.filter(kind="evidence_list").order_by("pk")
    assert ["届满后" in paper.blocks for paper in papers] == [False, True]


def test_the_other_party_s_own_later_day_does_not_help():
    row = take(filed(), "set_evidence_period", {"due_on": later(15).isoformat()})
    row = serve(row, "evidence_notice", today=later(6))
    assert not listed(row, role="respondent", today=later(18)).evidenceitems.get().late
    assert listed(row, today=later(18)).evidenceitems.get(party__role="applicant").late


def test_before_2025_nothing_is_late_for_there_is_no_period():
    day = date(2025, 1, 10)
    row = listed(filed(day), today=day)
    assert not row.evidenceitems.get().late


@pytest.mark.parametrize(
    "items",
    [[], [{**LINE, "title": ""}], [{**LINE, "proves": ""}], [{**LINE, "pages": 0}], [{**LINE, "file": 987654321}],
     [{**LINE, "unknown": 1}], "evidence"],
)  # fmt: skip
def test_a_line_says_what_it_is_and_what_it_proves(items):
    row = filed()
    with pytest.raises(Invalid) as refusal:
        take(row, "list_evidence", {"party": party(row).pk, "items": items})
    assert "items" in refusal.value.fields


def test_the_scan_is_one_of_this_case():
    row, other = filed(), filed()
    file = scan(other)
    with pytest.raises(Invalid):
        listed(row, {**LINE, "file": file.pk})
    row = listed(other, {**LINE, "file": file.pk})
    assert row.evidenceitems.get().file == file


def test_no_title_stands_in_an_event():
    row = listed(filed())
    row = examine(row, opinion(row.evidenceitems.get()))
    bodies = "".join(Event.objects.filter(case=row.case).values_list("body", flat=True))
    assert "公证书" not in bodies and "与本案无关" not in bodies


# cross-examination ------------------------------------------------------------------------------------------------


def test_the_other_side_says_what_it_thinks_and_its_last_word_holds():
    row = listed(filed(), LINE, {**LINE, "title": "实物"})
    one, other = row.evidenceitems.order_by("number")
    row = examine(row, opinion(one), opinion(other, relevance="accepted", words=""))
    row = examine(row, opinion(one, authenticity="denied", words="公证书缺页"), today=later(1))
    table = evidence_table(row, staff()["adj1"], later(1))
    said = [cells[-1]["text"] for cells in table.rows]
    assert said == [
        "乙公司：真实性不认可、合法性认可、关联性不认可（公证书缺页）",
        "乙公司：真实性认可、合法性认可、关联性认可",
    ]


def test_nobody_examines_its_own_evidence_nor_that_of_another_case():
    row = filed()
    with pytest.raises(DomainError) as refusal:
        examine(row, {"item": 1, "authenticity": "accepted", "legality": "accepted", "relevance": "accepted"})
    assert refusal.value.code == "no_evidence"
    row, other = listed(row), listed(filed())
    with pytest.raises(DomainError) as refusal:
        examine(row, opinion(row.evidenceitems.get()), role="applicant")
    assert refusal.value.code == "own_evidence"
    with pytest.raises(Invalid):
        examine(row, opinion(other.evidenceitems.get()))
    with pytest.raises(Invalid):
        examine(row, opinion(row.evidenceitems.get(), legality=""))
    assert not CrossExamination.objects.exists()


def test_a_list_is_taken_back_unless_it_was_examined():
    row = listed(filed())
    row = examine(row, opinion(row.evidenceitems.get()))
    with pytest.raises(DomainError) as refusal:
        take(row, "undo_act", {"act": last(row, "list_evidence").pk, "reason": "录入有误"})
    assert refusal.value.code == "built_upon"
    row = take(row, "undo_act", {"act": last(row, "cross_examine").pk, "reason": "录入有误"})
    row = take(row, "undo_act", {"act": last(row, "list_evidence").pk, "reason": "录入有误"})
    assert not row.evidenceitems.exists() and EvidenceItem._base_manager.count() == 1
    assert listed(row).evidenceitems.get().number == 1


# who ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "code"), [("clerk", "role"), ("head", "role"), ("adj4", "not_found")])
def test_evidence_is_entered_by_those_who_handle_the_case(name, code):
    row = listed(filed())
    by = {**staff(), "clerk": clerk()}[name]
    for act in ("list_evidence", "cross_examine"):
        with pytest.raises(DomainError) as refusal:
            steps.act(row.pk, act, by=by, data={}, today=TODAY)
        assert refusal.value.code == code


def desk(who):
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_list_leaves_as_a_table_with_the_columns_of_the_page():
    row = listed(filed())
    row = fresh(examine(row, opinion(row.evidenceitems.get())))
    address = reverse("adjudication_evidence", args=[row.pk])
    answer = desk(staff()["rec"]).get(address)
    assert answer.status_code == 200
    lines = list(load_workbook(io.BytesIO(answer.content)).active.values)
    table = evidence_table(row, staff()["rec"], TODAY)
    flat = [[str(cell) for cell in line if cell is not None] for line in lines]
    assert table.columns in flat
    assert any(
        "公证书" in line and "乙公司：真实性认可、合法性认可、关联性不认可（与本案无关）" in line
        for line in flat
    )
    assert desk(user("mediator9", ("mediator", None))).get(address).status_code in (403, 404)
    assert desk(staff()["adj1"]).get(reverse("adjudication_evidence", args=[987654321])).status_code == 404
    page = desk(staff()["rec"]).get(f"/cases/{row.case_id}/?p={row.pk}")
    assert page.status_code == 200 and address in page.content.decode()
