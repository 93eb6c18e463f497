"""Search, queue, lists: constant queries, no gap between pages, sheets without formulas, the log for the auditor."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import access, queue, sheets, steps
from cases.models import AccessLog, Consultation, Proceeding
from stations.models import StandIn
from tests.cases.pages.desks import ID, PHONE, people, signed
from tests.factories import TODAY, clerk, register, registration, user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "q",
    ["2026-000001", "甲公司", "甲", ID, PHONE, "1234 5678", "（2026）津0116民初12号", "(2026)津0116民初12号"],
)
def test_search_finds_by_every_key_and_keeps_the_term_out_of_the_address(head, q):
    register(court_case_no="（2026）津0116民初12号")
    client = signed(clerk())
    answer = client.post(reverse("search"), {"q": q})
    assert [one["case"].registration_no for one in answer.context["results"]] == ["2026-000001"]
    assert client.get(reverse("search"), {"q": q}).context["results"] == []


@pytest.mark.parametrize("q", ["--------", "", "〔〕", "'; DROP TABLE", "%", "\u200b"])
def test_search_survives_what_people_paste(case, q):
    assert signed(clerk()).post(reverse("search"), {"q": q}).status_code == 200


def many(n, start=0):
    for k in range(start, n):
        register(
            parties=[{**registration()["parties"][0], "name": f"公司{k}"}],
            rights=[{"kind": "trademark", "number": str(1000000 + k)}],
        )


def queries(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["home", "cases", "approvals", "consultations"])
def test_query_counts_are_the_same_for_5_and_50_rows(name, head):
    who = head if name == "approvals" else clerk()

    def fill(begin, end):
        many(end, begin)
        for row in (
            Proceeding.objects.filter(version=0, approvals__isnull=True) if name == "approvals" else []
        ):
            steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
        for k in range(begin, end) if name == "consultations" else []:
            Consultation.objects.create(
                station=clerk().grants.get().station, by=who, on=TODAY, question=str(k)
            )

    fill(0, 5)
    client = signed(who)
    client.get(reverse("stations"))  # the first page of a session writes when it was seen
    few = queries(client, reverse(name))
    fill(5, 50)
    assert queries(client, reverse(name)) == few
    assert few <= (18 if name == "home" else 16)  # the desk also shows approvals, meetings, notices and terms


def test_queue_is_ordered_paged_without_gap_and_counted(head):
    for k in range(12):
        register(
            received_on=f"2026-11-{1 + k:02d}",
            late_reason="补录",
            parties=[{"role": "applicant", "name": f"公司{k}"}],
        )
    seen, cursor = [], ""
    while True:
        page = queue.page(clerk(), TODAY, cursor=cursor, limit=5)
        seen += [row.pk for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    dues = [Proceeding.objects.get(pk=pk).due_on for pk in seen]
    assert len(seen) == len(set(seen)) == 12 and dues == sorted(dues)
    figures = queue.page(clerk(), TODAY).counts
    assert figures.overdue == sum(d < TODAY for d in dues)
    assert [r.due_on < TODAY for r in queue.page(clerk(), TODAY, due="overdue").rows] == [
        True
    ] * figures.overdue


def test_queue_of_a_substitute_holds_the_work_of_the_absent(case):
    other = user("substitute")
    assert not queue.page(other, TODAY).rows
    StandIn.objects.create(
        absent=clerk(), substitute=other, valid_from=TODAY, valid_to=TODAY, reason="x", set_by=clerk()
    )
    assert [row.case_id for row in queue.page(other, TODAY).rows] == [case.pk]


def test_every_list_downloads_as_a_sheet_without_formulas_and_is_logged(head):
    evil = '=HYPERLINK("http://x","y")'
    register(
        summary=evil,
        cause="+1+1",
        parties=[{"role": "applicant", "name": "@SUM(A1)"}, {"role": "respondent", "name": "-2+3"}],
    )
    client = signed(clerk())
    for name, who in [("home", client), ("cases", client), ("consultations", client), ("approvals", client)]:
        answer = who.get(reverse(name), {"download": "xlsx"})
        assert answer["Content-Type"] == sheets.TYPE and "attachment" in answer["Content-Disposition"]
        book = openpyxl.load_workbook(BytesIO(answer.content))
        cells = [cell for row in book.active.iter_rows() for cell in row]
        assert cells and not [
            c for c in cells if c.data_type == "f" or str(c.value or "").startswith(("=", "+", "-", "@"))
        ]
        assert (
            book.active.page_setup.orientation == "landscape" and int(book.active.page_setup.paperSize) == 9
        )
    officer = signed(user("security", ("security", None)))
    for name in ("grants", "stand_ins", "stations", "alerts"):
        answer = officer.get(reverse(name), {"download": "xlsx"})
        assert openpyxl.load_workbook(BytesIO(answer.content)).active.max_row >= 2, name
    found = client.post(reverse("search"), {"q": "SUM", "download": "xlsx"})
    assert openpyxl.load_workbook(BytesIO(found.content)).active.max_row == 3
    assert AccessLog.objects.filter(act="export").count() == 9


def test_auditor_reads_log_and_record_without_content(case):
    access.log_read(clerk(), "party/1/phone", reason="电话通知")
    client = signed(people()["auditor"])
    log, record = client.get(reverse("audit")), client.get(reverse("audit"), {"part": "record"})
    assert "电话通知" in log.content.decode() and "party/1/phone" in log.content.decode()
    assert str(case) in record.content.decode() and "甲公司" not in record.content.decode()
    assert client.post(reverse("audit")).status_code == 405
