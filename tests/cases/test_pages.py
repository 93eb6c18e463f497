"""The staff pages: who reaches which, foreign like missing, nothing protected unmasked, constant queries, files of lists."""

import json
import re
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import access, approvals, outbox, queue, sheets, steps
from cases.models import AccessLog, Approval, Case, Consultation, Document, Event, Evidence, Proceeding
from stations import policy
from stations.models import StandIn
from tests.factories import TODAY, approve_all, body, clerk, first, register, registration, user

pytestmark = pytest.mark.django_db

ID, PHONE, ADDRESS = "91110000802100433B", "13800138000", "滨海新区秘密街道九号"
PAGES = ["home", "cases", "case_new", "consultations", "approvals", "search", "hand_over_all", "stations", "stand_ins",
         "stand_ins_others", "grants", "alerts", "audit", "password_change"]  # fmt: skip


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """Every page is asked on the factories' day."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: TODAY)


def signed(who):
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def head():
    return user("head", ("head", body("centre")))


@pytest.fixture
def case(head):
    parties = [
        {**registration()["parties"][0], "address": ADDRESS, "service_address": ADDRESS},
        {"role": "respondent", "kind": "person", "name": "李四", "phone": "13900139000"},
    ]
    return register(parties=parties)


def people():
    """One person per role."""
    centre, committee, bureau = body("centre"), body("committee"), body("bureau")
    at = {
        "clerk": None,
        "station_head": None,
        "mediator": committee,
        "committee": committee,
        "head": centre,
        "office": centre,
    }
    made = {}
    for role in ("mediator", "committee", "adjudicator", "recorder", "head", "office", "legal", "reviewer"):
        made[role] = user(role, (role, at.get(role, bureau)))
    for role in ("leader", "district", "security", "auditor", "sysadmin"):
        made[role] = user(role, (role, None))
    made["clerk"] = clerk()
    made["station_head"] = user("station_head", ("station_head", clerk("x").grants.get().station))
    return made


# who reaches what ----------------------------------------------------------------------------------------------


def test_each_page_by_role_answers_as_the_policy_says(case):
    for role, who in people().items():
        client = signed(who)
        held = policy.standing(who, TODAY)
        for name in PAGES:
            expected = 200 if policy.route_answer(name, "GET", held) else 403
            assert client.get(reverse(name)).status_code == expected, (role, name)


def test_anonymous_is_sent_to_sign_in(client, case):
    for name in PAGES:
        answer = client.get(reverse(name))
        assert answer.status_code == 302 and answer.url.startswith("/login/"), name


@pytest.mark.parametrize("role", ["leader", "district", "security", "auditor", "sysadmin"])
def test_whoever_handles_no_cases_sees_no_case_content(case, role):
    client = signed(people()[role])
    for url in [reverse("case", args=[case.pk]), reverse("cases"), reverse("search")]:
        assert client.get(url).status_code == 403
    for name in PAGES:
        text = client.get(reverse(name)).content.decode()
        assert "甲公司" not in text and "销售侵权商品" not in text and "李四" not in text, name


def test_rail_offers_only_what_is_open(case):
    text = signed(people()["leader"]).get("/").content.decode()
    assert reverse("case_new") not in text and reverse("grants") not in text
    text = signed(clerk()).get("/").content.decode()
    assert reverse("case_new") in text and reverse("grants") not in text


def test_foreign_reads_exactly_like_missing(case, head):
    row = first(case)
    waiting = steps.perform(
        row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(waiting, head)
    document = Document.objects.filter(proceeding=row.pk).get()
    again = steps.perform(row.pk, "complete", by=clerk(), data={"opinion": "x"}, version=1, today=TODAY)
    party = case.parties.first()
    client = signed(clerk("clerk2", at="s2"))
    missing = 999_999
    for name, args, none in [
        ("case", [case.pk], [missing]),
        ("step", [row.pk, "complete"], [missing, "complete"]),
        ("act", [row.pk, "hand_over"], [missing, "hand_over"]),
        ("case_act", [case.pk, "correct_case"], [missing, "correct_case"]),
        ("document", [document.pk, "pdf"], [missing, "pdf"]),
        ("approval", [again.approval.pk], [missing]),
        ("file", [1], [missing]),
    ]:
        foreign, absent = client.get(reverse(name, args=args)), client.get(reverse(name, args=none))
        assert (foreign.status_code, absent.status_code) == (404, 404), name
        assert foreign.content == absent.content, name
    for name, data in [("unmask", {"party": party.pk, "column": "phone", "reason": "x"}), ("case_files", {})]:
        foreign = client.post(reverse(name, args=[case.pk]), data)
        absent = client.post(reverse(name, args=[missing]), data)
        assert (foreign.status_code, foreign.content) == (404, absent.content), name
    for url in (reverse("home"), reverse("cases")):
        text = client.get(url).content.decode()
        assert "甲公司" not in text and str(case) not in text
    for q in (str(case), "甲公司", ID, PHONE, "12345678"):
        assert client.post(reverse("search"), {"q": q}).context["results"] == []


# what is shown -------------------------------------------------------------------------------------------------


def test_no_page_shows_a_protected_value_unmasked(case, head):
    row = first(case)
    steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    client = signed(clerk())
    urls = [reverse(n) for n in PAGES[:6]]
    urls += [
        f"{reverse('case', args=[case.pk])}?tab={t}"
        for t in ("record", "parties", "rights", "files", "documents")
    ]
    urls += [f"{reverse('case_act', args=[case.pk, 'correct_party'])}?party={case.parties.first().pk}"]
    urls += [reverse("approval", args=[Approval.objects.get().pk])]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200, url
        for secret in (ID, PHONE, ADDRESS, "13900139000"):
            assert secret not in answer.content.decode(), (url, secret)
    assert "138****8000" in client.get(f"{reverse('case', args=[case.pk])}?tab=parties").content.decode()
    assert PHONE not in client.post(reverse("search"), {"q": "甲公司"}).content.decode()


def test_unmasking_needs_a_reason_and_is_logged_before_it_is_shown(case, monkeypatch):
    client, party = signed(clerk()), case.parties.first()
    url = reverse("unmask", args=[case.pk])
    said = {"party": party.pk, "column": "phone"}
    assert client.get(url).status_code == 405
    assert client.post(url, {**said, "reason": " "}).status_code == 400
    assert AccessLog.objects.filter(act="read").count() == 0
    text = client.post(url, {**said, "reason": "电话通知"}).content.decode()
    assert PHONE in text and ID not in text and ADDRESS not in text
    entry = AccessLog.objects.get(act="read")
    assert (entry.subject, entry.reason, entry.user.username) == (
        f"party/{party.pk}/phone",
        "电话通知",
        "clerk",
    )

    def broken(*args, **kwargs):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(access, "log_read", broken)
    with pytest.raises(RuntimeError):
        client.post(url, {**said, "reason": "电话通知"})


def test_unmasking_is_limited_by_the_hour(case):
    client, party = signed(clerk()), case.parties.first()
    for _ in range(60):
        access.log_read(clerk(), f"party/{party.pk}/phone", reason="x")
    said = {"party": party.pk, "column": "phone", "reason": "x"}
    assert client.post(reverse("unmask", args=[case.pk]), said).status_code == 429


def test_disabled_steps_give_their_reason_and_a_late_entry_is_marked(case, head):
    row = first(case)
    text = signed(head).get(reverse("case", args=[case.pk])).content.decode()
    assert "由工作站受理员、工作站负责人办理" in text or "该操作由" in text
    assert reverse("step", args=[row.pk, "accept"]) not in text
    late = register(received_on="2026-11-18", today=TODAY)
    page = signed(clerk()).get(reverse("case", args=[late.pk])).content.decode()
    assert "补录" in page and "2026-11-18" in page
    assert "审查维权援助申请" in page and "依据" in page and "怎样算出" in page


# registering ---------------------------------------------------------------------------------------------------


def page_data(**changes):
    data = {
        "proceeding": "assistance", "mediation_kind": "", "received_on": TODAY.isoformat(), "source": "application",
        "summary": "直播间销售侵权商品", "foreign": "none", "handled_elsewhere": "unknown", "key": "k1",
        "parties-0-role": "applicant", "parties-0-kind": "legal_person", "parties-0-name": "丙公司",
        "parties-1-role": "respondent", "parties-1-kind": "legal_person", "parties-1-name": "",
        "rights-0-kind": "trademark", "rights-0-number": "",
    }  # fmt: skip
    return {**data, **changes}


def test_four_things_suffice_and_a_second_click_makes_no_second_case(head):
    client = signed(clerk())
    answer = client.post(reverse("case_new"), page_data(receipt="on"))
    case = Case.objects.get()
    assert answer.status_code == 302 and answer.url.startswith(reverse("case", args=[case.pk]))
    assert [p.name for p in case.parties.all()] == ["丙公司"]
    assert case.documents.get().kind == "receipt"
    seen = page_data(receipt="on", seen=str(case.pk))
    assert client.post(reverse("case_new"), seen).url == answer.url
    assert Case.objects.count() == 1
    followed = client.get(answer.url).content.decode()
    assert "已登记，登记号 2026-000001" in followed and "收件回执" in followed
    outbox.drain()
    paper = client.get(reverse("document", args=[case.documents.get().pk, "pdf"]))
    assert paper.status_code == 200 and b"".join(paper.streaming_content).startswith(b"%PDF")


def test_mistakes_come_back_with_what_was_typed(head):
    client = signed(clerk())
    wrong = page_data(
        **{
            "parties-0-id_number": "91110000802100433A",
            "rights-0-number": "abc",
            "rights-0-kind": "invention",
        }
    )
    answer = client.post(reverse("case_new"), wrong)
    text = answer.content.decode()
    assert answer.status_code == 400 and Case.objects.count() == 0
    assert "丙公司" in text and "91110000802100433A" in text and "请先改正以下内容" in text


def test_plus_without_script_adds_a_row_and_keeps_the_rest(head):
    answer = signed(clerk()).post(reverse("case_new"), page_data(add="parties"))
    text = answer.content.decode()
    assert answer.status_code == 200 and 'name="parties-2-name"' in text and "丙公司" in text
    assert Case.objects.count() == 0


def test_likely_duplicate_is_shown_once_then_registered(case):
    client = signed(clerk())
    again = page_data(**{"parties-0-name": "甲 公司"})
    first_try = client.post(reverse("case_new"), again)
    assert first_try.status_code == 200 and str(case) in first_try.content.decode()
    assert Case.objects.count() == 1
    assert client.post(reverse("case_new"), {**again, "seen": str(case.pk)}).status_code == 302
    fragment = client.post(reverse("case_duplicates"), again).content.decode()
    assert str(case) in fragment and "<html" not in fragment


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"parties-0-id_number": "91110000802100433A", "parties-0-kind": "legal_person"}, "error"),
        ({"parties-0-id_number": ID, "parties-0-kind": "legal_person"}, "格式正确"),
        ({"parties-0-phone": "13800"}, "error"),
        ({"rights-0-number": "ZL201010110210.1", "rights-0-kind": "invention"}, "error"),
        ({"parties-0-phone": ""}, ""),
    ],
)
def test_numbers_are_checked_as_typed_in_the_body(case, data, said):
    answer = signed(clerk()).post(reverse("case_check"), data, HTTP_HX_TRIGGER_NAME=next(iter(data)))
    assert answer.status_code == 200 and said in answer.content.decode()
    assert signed(clerk()).get(reverse("case_check")).status_code == 405


def test_consultation_becomes_a_case_with_its_phone(head):
    client = signed(clerk())
    assert (
        client.post(
            reverse("consultation"), {"question": "商标被人抢注怎么办", "name": "丁某", "phone": PHONE}
        ).status_code
        == 302
    )
    row = Consultation.objects.get()
    listed = client.get(reverse("consultations")).content.decode()
    assert PHONE not in listed and "138****8000" in listed
    page = client.get(f"{reverse('case_new')}?consultation={row.pk}").content.decode()
    assert "商标被人抢注怎么办" in page and "丁某" in page and PHONE not in page
    said = page_data(consultation=str(row.pk), **{"parties-0-name": "丁某", "parties-0-kind": "person"})
    client.post(reverse("case_new"), said)
    row.refresh_from_db()
    assert row.case is not None and row.case.parties.get().phone == PHONE
    assert PHONE in client.post(reverse("consultation_unmask", args=[row.pk])).content.decode()
    assert AccessLog.objects.filter(subject=f"consultation/{row.pk}/phone").exists()
    assert (
        signed(clerk("clerk2", at="s2")).post(reverse("consultation_unmask", args=[row.pk])).status_code
        == 404
    )


# steps and approvals -------------------------------------------------------------------------------------------


def step_page(client, row, name="accept"):
    return client.get(reverse("step", args=[row.pk, name]))


def hidden(page):
    text = page.content.decode()
    return {
        n: re.search(rf'name="{n}" value="([^"]*)"', text)[1]
        for n in ("key", "version", "seen_event")
        if f'name="{n}"' in text
    }


def test_a_step_with_approval_through_the_pages(case, head):
    row, client = first(case), signed(clerk())
    page = step_page(client, row)
    assert "部门负责人" in page.content.decode()
    answer = client.post(
        reverse("step", args=[row.pk, "accept"]), {**hidden(page), "help_kind": "advice"}, follow=True
    )
    assert "等待部门负责人审批" in answer.content.decode()
    approval = Approval.objects.get()
    assert json.loads(approval.data) == {"help_kind": "advice"}
    boss = signed(head)
    assert "待我审批" in boss.get("/").content.decode()
    shown = boss.get(reverse("approval", args=[approval.pk])).content.decode()
    assert "援助事项" in shown and "咨询指导意见" in shown
    refused = boss.post(reverse("approval", args=[approval.pk]), {"decision": "return", "reason": ""})
    assert refused.status_code == 409 and "请填写理由" in refused.content.decode()
    assert boss.post(reverse("approval", args=[approval.pk]), {"decision": "approve"}).status_code == 302
    assert first(case).number == "津滨知援字〔2026〕1号"
    late = boss.post(reverse("approval", args=[approval.pk]), {"decision": "refuse", "reason": "再想想"})
    assert late.status_code == 409 and first(case).version == 1


def test_a_proposer_withdraws(case, head):
    row = first(case)
    waiting = steps.perform(
        row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    client = signed(clerk())
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "等待部门负责人审批" in page and reverse("step", args=[row.pk, "withdraw"]) not in page
    assert "审批结束后才能办理" in page
    assert "撤回拟办意见" in client.get(reverse("approval", args=[waiting.approval.pk])).content.decode()
    client.post(reverse("approval", args=[waiting.approval.pk]), {"decision": "withdraw"})
    assert Approval.objects.get().state == "withdrawn"
    assert not approvals.waiting_for(head, TODAY).exists()


def test_a_conflict_keeps_what_was_typed_and_shows_what_changed(case, head):
    row, client = first(case), signed(clerk())
    page = hidden(step_page(client, row, "withdraw"))
    waiting = steps.perform(
        row.pk, "accept", by=clerk("colleague"), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(waiting, head)
    said = {**page, "outcome": "withdrawn", "reason": "申请人来电撤回，原因已核实"}
    answer = client.post(reverse("step", args=[row.pk, "withdraw"]), said)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "申请人来电撤回，原因已核实" in text and "colleague" in text and "受理" in text
    assert hidden(answer)["version"] == "1"
    again = client.post(reverse("step", args=[row.pk, "withdraw"]), {**said, **hidden(answer)})
    assert again.status_code == 302 and first(case).state == "withdrawn"


def test_a_correction_begins_with_what_stands_and_needs_the_revision(case):
    client, party = signed(clerk()), case.parties.first()
    url = reverse("case_act", args=[case.pk, "correct_party"])
    page = client.get(f"{url}?party={party.pk}").content.decode()
    assert 'value="甲公司"' in page and 'name="revision" value="0"' in page
    said = {
        "party": party.pk,
        "revision": "0",
        "name": "甲有限公司",
        "phone": "13800138001",
        "reason": "名称有误",
        "key": "a",
    }
    assert client.post(url, said).status_code == 302
    party.refresh_from_db()
    assert (party.name, party.phone, party.id_number) == ("甲有限公司", "13800138001", ID)
    stale = client.post(url, {**said, "name": "乙有限公司", "key": "b"})
    assert stale.status_code == 409 and "乙有限公司" in stale.content.decode()
    record = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "甲公司 → 甲有限公司" in record and "电话已更正" in record and "13800138001" not in record


def test_refused_step_says_why(case, head):
    row = first(case)
    answer = step_page(signed(head), row)
    assert answer.status_code == 403 and "该操作由" in answer.content.decode()
    ended = step_page(signed(clerk()), row, "complete")
    assert ended.status_code == 409 and "不能办理" in ended.content.decode()
    assert step_page(signed(clerk()), row, "no_such_step").status_code == 404
    assert step_page(signed(clerk()), row, "record_history").status_code == 404


def test_hand_over_of_everything_is_many_doors_with_their_results(head):
    boss = user("station_head", ("station_head", clerk().grants.get().station))
    rows = []
    for n in range(3):
        row = first(register(parties=[{**registration()["parties"][0], "name": f"第{n}公司"}]))
        approve_all(
            steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY),
            head,
        )
        rows.append(row)
    taker = clerk("taker")
    client = signed(boss)
    said = {"giver": "clerk", "taker": "taker", "reason": "离岗", "key": "all"}
    preview = client.post(reverse("hand_over_all"), said)
    assert len(preview.context["rows"]) == 3 and not Event.objects.filter(name="hand_over").exists()
    done = client.post(reverse("hand_over_all"), {**said, "go": "1"})
    assert [r["ok"] for r in done.context["results"]] == [True] * 3
    assert set(Proceeding.objects.filter(handler=taker).values_list("pk", flat=True)) == {r.pk for r in rows}


# files ---------------------------------------------------------------------------------------------------------


def test_a_file_goes_in_tested_and_comes_out_locked_away(case):
    client = signed(clerk())
    url = reverse("case_files", args=[case.pk])
    bad = client.post(url, {"upload": SimpleUploadedFile("a.pdf", b"MZ not a pdf"), "audience": "case"})
    assert bad.status_code == 400 and not Evidence.objects.exists()
    good = client.post(
        url,
        {"upload": SimpleUploadedFile("说明.txt", "证据".encode()), "audience": "case", "title": "情况说明"},
    )
    assert good.status_code == 302
    evidence = Evidence.objects.get()
    assert Event.objects.filter(case=case, name="add_evidence").exists()
    answer = client.get(reverse("file", args=[evidence.pk]))
    assert (
        answer["Content-Disposition"].startswith("attachment")
        and answer["X-Content-Type-Options"] == "nosniff"
    )
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == "证据".encode()
    assert AccessLog.objects.filter(act="read", subject=f"file/{evidence.pk}").exists()
    assert signed(clerk("clerk2", at="s2")).get(reverse("file", args=[evidence.pk])).status_code == 404


def test_a_document_being_made_answers_202(case):
    made = steps.register(by=clerk(), data=registration(receipt=True), today=TODAY)
    document = Document.objects.get(case=made.case)
    answer = signed(clerk()).get(reverse("document", args=[document.pk, "pdf"]))
    assert answer.status_code == 202 and "正在制作" in answer.content.decode()


def test_verify_is_public_without_cookie_and_names_no_party(client, case):
    made = steps.register(by=clerk(), data=registration(receipt=True), today=TODAY)
    document = Document.objects.get(case=made.case)
    answer = client.get(reverse("verify", args=[document.code.lower()]))
    text = answer.content.decode()
    assert answer.status_code == 200 and document.digest in text and "甲公司" not in text
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    assert signed(clerk()).get(reverse("verify", args=[document.code])).cookies.keys() <= set()
    assert client.get(reverse("verify", args=["0" * 13])).status_code == 404


# search --------------------------------------------------------------------------------------------------------


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


# lists ---------------------------------------------------------------------------------------------------------


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
    assert few <= 15


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


def test_monitors(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json() == {
        "status": "ok", "database": "ok", "guards": "ok", "broker": "ok", "storage": "ok",
    }  # fmt: skip


def test_readiness_names_what_is_missing(client, monkeypatch):
    monkeypatch.setattr("cases.guards.missing", lambda *a: ["event_no_update"])
    answer = client.get("/readyz")
    assert (
        answer.status_code == 503
        and answer.json()["guards"] == "failed"
        and answer.json()["database"] == "ok"
    )
