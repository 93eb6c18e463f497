"""A batch: registered once, a case a line; one step for many, each through its own door; decided in one go."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from rest_framework.test import APIClient

from cases import batch_registration, batches, outbox, steps
from cases.models import Approval, BatchRun, Case, Event, Evidence, Idempotency, Outbox, Proceeding
from cases.stepping import steps_of
from mediation.models import Mediation
from reports import periods
from reports.indicators import figures
from tests.cases.pages.desks import signed
from tests.factories import TODAY, body, clerk, first, register, registration, user
from tests.mediation.stage import committee, mediator
from tests.processes import together

pytestmark = pytest.mark.django_db
HOLDER = {"role": "applicant", "kind": "legal_person", "name": "甲公司", "id_number": "91110000802100433B",
          "phone": "13800138000"}  # fmt: skip
TERMS = [{"kind": "stop", "what": "停止销售", "who": "respondent"}]


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: TODAY)
    for kind in ("committee", "bureau", "centre"):
        body(kind)


def told(lines, **changes):
    """A list as the API takes it; `lines` are names or whole respondents."""
    rows = [{"name": one} if isinstance(one, str) else one for one in lines]
    data = registration(parties=[HOLDER], proceeding="mediation", mediation_kind="people", **changes)
    return {**data, "respondents": rows}


def batch(n=3, by=None, **changes):
    """A registered batch of n, in order."""
    by = by or clerk()
    run = batch_registration.from_body(
        told([f"被申请人{i:02d}号店" for i in range(n)], **changes), by=by, today=TODAY
    )
    outbox.drain()
    run.refresh_from_db()
    assert (run.state, run.added) == ("done", n), run.failed
    return list(Case.objects.filter(batch=run.code).order_by("pk"))


def page_data(text, **changes):
    """What the page posts for a pasted list."""
    return {
        "received_on": TODAY.isoformat(), "proceeding": "mediation", "mediation_kind": "people", "summary": "销售侵权商品",
        "source": "application", "parties-0-role": "applicant", "parties-0-kind": "legal_person", "parties-0-name": "甲公司",
        "parties-0-phone": "13800138000", "parties-0-id_number": HOLDER["id_number"], "rights-0-kind": "trademark",
        "rights-0-number": "12345678", "pasted": text, **changes,
    }  # fmt: skip


def rows_of(cases):
    return [first(case) for case in cases]


def do(cases, name, data, by=None, key="k", uploads=None):
    by = by or mediator()
    rows = list(batches.rows_of(cases[0].batch, by, TODAY).filter(case__in=cases, kind="mediation"))
    meta = steps_of(Mediation)[name]
    return batches.apply(
        meta, [(r, r.version) for r in rows], data, by=by, today=TODAY, key=key, uploads=uploads
    )


def ends(results):
    return [one.end for one in results]


def accept_all(cases):
    for role in ("applicant", "respondent"):
        data = {"party": role, "answer": "agree", "way": "signed"}
        assert set(ends(do(cases, "record_consent", data, key=f"consent-{role}"))) == {"done"}
    assert set(ends(do(cases, "accept", {"requests": "停止侵权"}, key="accept"))) == {"waiting"}
    client = signed(committee())
    asked = [str(pk) for pk in Approval.objects.filter(state="open").values_list("pk", flat=True)]
    return client.post(
        reverse("batch_approvals", args=[cases[0].batch]),
        {"approval": asked, "decision": "approve", "reason": ""},
    )


# registering -------------------------------------------------------------------------------------------------------


def test_register_list_makes_a_case_a_line_under_the_leads_number():
    cases = batch(30)
    lead = cases[0]
    assert lead.batch == lead.registration_no and {c.batch for c in cases} == {lead.registration_no}
    assert len({c.registration_no for c in cases}) == 30
    assert [c.parties.get(role="respondent").name for c in cases][:2] == ["被申请人00号店", "被申请人01号店"]
    assert all(c.parties.get(role="applicant").id_number == HOLDER["id_number"] for c in cases)
    assert Proceeding.objects.filter(kind="mediation", version=0).count() == 30
    assert Event.objects.filter(fact="registered").count() == 30


def test_register_page_with_bad_rows_takes_the_good_and_returns_the_others_to_be_put_right():
    client = signed(clerk())
    text = (
        "名称\t证件号\t电话\t电商平台\t标的额\n甲一店\t91110000802100433B\t13900139000\t某平台\t1,200.5元\n"
        "甲二店\t91110000802100433X\t139000\t\t多\n甲一店\t\t\t某平台\t\n\t\t13900139000\n甲三店\n甲公司\n"
    )
    answer = client.post(reverse("batch_new"), page_data(text))
    run = BatchRun.objects.get()
    assert answer.url == reverse("batch_run", args=[run.pk])
    assert "第 0 行，共 6 行" in client.get(answer.url).content.decode()
    assert "13900139000" not in run.lines_sealed + run.shared_sealed + str(Outbox.objects.get().payload)
    outbox.drain()
    run.refresh_from_db()
    failed = {
        one["line"]: {p["column"] for p in [one, *one.get("more", [])]} for one in json.loads(run.failed)
    }
    assert failed == {3: {"证件号", "电话", "标的额"}, 4: {"名称"}, 5: {"名称"}, 7: {"名称"}}
    assert (run.added, run.done) == (2, 6) and "91110000802100433X" not in run.failed
    one = Case.objects.get(parties__name="甲一店")
    assert (str(one.claim_amount), one.act_platform) == ("1200.50", "某平台")
    sheet = load_workbook(io.BytesIO(client.get(reverse("batch_failed", args=[run.pk])).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 5 and "重复登记" in rows[2][-1]
    again = client.get(f"{reverse('batch_new')}?run={run.pk}").content.decode()
    assert 'value="甲二店"' in again and f'value="{run.code}"' in again and 'value="甲公司"' in again
    more = page_data("甲二店", batch=run.code)
    client.post(reverse("batch_new"), more)
    outbox.drain()
    assert Case.objects.filter(batch=run.code).count() == 3


def test_register_list_twice_registers_nothing_twice():
    cases = batch(3)
    assert (
        batch_registration.from_body(
            told([f"被申请人{i:02d}号店" for i in range(3)]), by=clerk(), today=TODAY
        ).pk
        == BatchRun.objects.get().pk
    )
    assert outbox.drain() >= 0 and Case.objects.count() == len(cases)


def test_register_killed_between_case_and_account_goes_on_without_doubles(monkeypatch):
    by = clerk()
    run = batch_registration.from_body(told(["一店", "二店", "三店"]), by=by, today=TODAY)
    real = batch_registration.uploaded.Account.note

    def dies(self, result):
        if result.line == 2:
            raise KeyboardInterrupt
        real(self, result)

    monkeypatch.setattr(batch_registration.uploaded.Account, "note", dies)
    with pytest.raises(KeyboardInterrupt):
        batch_registration.register_batch(run.pk)
    monkeypatch.setattr(batch_registration.uploaded.Account, "note", real)
    Idempotency.objects.all().delete()  # a day later
    batch_registration.register_batch(run.pk)
    run.refresh_from_db()
    assert (run.state, run.added, run.unchanged, Case.objects.count()) == ("done", 2, 1, 3)
    assert {c.batch for c in Case.objects.all()} == {run.code}


def test_register_uploaded_sheet_and_refused_forms():
    client = signed(clerk())
    file = SimpleUploadedFile("list.csv", "名称,侵权行为地\n一店,塘沽街道\n二店,外地\n".encode())
    client.post(reverse("batch_new"), page_data("", sheet=file))
    outbox.drain()
    assert Case.objects.get().act_place.name == "塘沽街道"
    for text, changes, said in (
        ("", {}, "请填写被申请人"),
        ("三店", {"respondents-0-name": "四店"}, "只能用一种"),
        ("三店", {"parties-1-role": "respondent", "parties-1-name": "乙公司"}, "清单"),
        ("三店", {"batch": "没有这批"}, "没有这一批"),
    ):
        answer = client.post(reverse("batch_new"), page_data(text, **changes))
        assert answer.status_code == 400 and said in answer.content.decode(), said
        assert not text or text in answer.content.decode()
    assert Case.objects.count() == 1


def test_register_known_respondent_asks_first():
    batch(2)
    client = signed(clerk())
    asked = client.post(reverse("batch_new"), page_data("被申请人00号店", **{"rights-0-number": "12345678"}))
    assert asked.status_code == 200 and "可能已经登记过" in asked.content.decode()
    seen = [str(case.pk) for case in asked.context["likely"]]
    assert client.post(reverse("batch_new"), page_data("被申请人00号店", seen=seen)).status_code == 302


def test_api_registers_a_batch_for_station_staff_alone():
    client = APIClient()
    client.force_authenticate(clerk())
    made = client.post(
        "/api/v1/batches/", told(["一店", {"name": "二店", "claim_amount": 100.5}]), format="json"
    )
    assert (made.status_code, made.json()["state"], made.json()["rows"]) == (202, "waiting", 2)
    outbox.drain()
    shown = client.get(made["Location"]).json()
    assert (shown["state"], shown["added"], len(shown["cases"])) == ("done", 2, 2)
    assert shown["cases"][0]["registration_no"] == shown["code"]
    bad = client.post("/api/v1/batches/", told([], summary=""), format="json")
    assert bad.status_code == 400 and "respondents" in str(bad.json())
    client.force_authenticate(clerk("other", at="s2"))
    assert client.get(made["Location"]).status_code == 404
    client.force_authenticate(mediator())
    assert client.post("/api/v1/batches/", told(["三店"]), format="json").status_code == 403


# the page ----------------------------------------------------------------------------------------------------------


def test_page_shows_lead_totals_and_sheet_and_nothing_foreign():
    cases = batch(3)
    code = cases[0].batch
    foreign = register(by=clerk("other", at="s2"), station="s2", batch=code)
    page = signed(clerk()).get(reverse("batch", args=[code]))
    text = page.content.decode()
    assert "共 3 件" in text and text.count("主案") == 1 and "待受理 3" in text
    assert str(foreign) not in text
    sheet = signed(clerk()).get(reverse("batch", args=[code]), {"download": "xlsx"})
    assert len(list(load_workbook(io.BytesIO(sheet.content)).active.iter_rows(min_row=3))) == 3
    stranger = signed(clerk("third", at="s3"))
    hidden, missing = (stranger.get(reverse("batch", args=[c])) for c in (code, "2001-000001"))
    assert (hidden.status_code, hidden.content) == (404, missing.content)
    assert (
        stranger.get(
            f"{reverse('batch_do', args=[code])}?row={first(cases[0]).pk}&what=mediation.accept"
        ).status_code
        == 404
    )
    assert code not in stranger.get(reverse("batches")).content.decode()
    assert (
        f'href="{reverse("batch", args=[code])}"' in signed(clerk()).get(reverse("batches")).content.decode()
    )
    assert "批量 3 件" in signed(clerk()).get(reverse("case", args=[cases[0].pk])).content.decode()
    assert 'title="批号' in signed(clerk()).get(reverse("cases")).content.decode()


def test_pages_ask_the_database_alike_for_five_and_for_fifty():
    counts = {}
    for n, number in ((5, "12345678"), (50, "87654321")):
        cases = batch(n, rights=[{"kind": "trademark", "number": number}])
        code, row = cases[0].batch, [str(r.pk) for r in rows_of(cases)]
        client = signed(mediator())
        for name, address in (
            ("batch", reverse("batch", args=[code])),
            (
                "do",
                f"{reverse('batch_do', args=[code])}?what=mediation.record_consent&"
                + "&".join(f"row={pk}" for pk in row),
            ),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert all(few == several for few, several in counts.values()), counts


# one step for many -------------------------------------------------------------------------------------------------


def test_step_for_many_gives_each_its_own_result_record_and_party():
    cases = batch(4)
    results = do(
        cases[:3], "record_consent", {"party": "respondent", "answer": "agree", "way": "signed"}, key="a"
    )
    assert ends(results) == ["done"] * 3
    for case in cases[:3]:
        consent = first(case).consents.get()
        assert consent.party == case.parties.get(role="respondent")
    do(cases[:2], "record_consent", {"party": "applicant", "answer": "agree", "way": "signed"}, key="b")
    results = do(cases, "accept", {"requests": "停止侵权"}, key="c")
    assert ends(results) == ["waiting", "waiting", "refused", "refused"]
    assert "尚缺" in results[2].text and Approval.objects.count() == 2
    pressed_again = do(cases, "accept", {"requests": "停止侵权"}, key="c")
    assert ends(pressed_again)[:2] == ["already", "already"] and Approval.objects.count() == 2
    data = {"party": "third_party", "answer": "agree", "way": "signed"}
    assert do(cases, "record_consent", data, key="d")[2].text.startswith("本案没有这一地位")


def test_step_for_many_with_an_old_version_is_told_and_the_others_go_in():
    cases = batch(2)
    rows = list(batches.rows_of(cases[0].batch, mediator(), TODAY))
    steps.perform(
        rows[0].pk,
        "withdraw",
        by=mediator(),
        data={"outcome": "withdrawn", "reason": "撤回"},
        version=0,
        today=TODAY,
    )
    meta = steps_of(Mediation)["decline"]
    data = {"outcome": "refused", "reason": "【被申请人】不在本区"}
    chosen = [(row, 0) for row in rows]
    results = batches.apply(meta, chosen, data, by=mediator(), today=TODAY, key="k")
    assert ends(results) == ["stale", "done"]
    assert first(cases[1]).ending == "被申请人01号店不在本区"
    assert first(cases[0]).state == "withdrawn"


def test_batch_from_consent_to_agreement_and_its_figure():
    cases = batch(4)
    page = accept_all(cases)
    assert "共 4 件，已办 4 件" in page.content.decode()
    assert {first(c).state for c in cases} == {"in_mediation"}
    assert Event.objects.filter(name="approval_approve").count() == 0  # the last approval is the step itself
    assert Event.objects.filter(name="accept", approved_by=committee()).count() == 4
    data = {"facts": "【被申请人】未经许可销售", "performance": "当场履行", "terms": TERMS}
    assert ends(do(cases[:3], "record_oral", data, key="oral")) == ["done"] * 3
    term = first(cases[1]).agreement.terms.get()
    assert term.who == cases[1].parties.get(role="respondent")
    assert first(cases[1]).agreement.facts == "被申请人01号店未经许可销售"
    figure = figures(["aid_and_mediation"], [periods.year(TODAY.year)], TODAY)["aid_and_mediation"][0]
    assert (figure.value, figure.low, figure.parts["batches"], figure.parts["batched"]) == (4, 1, 1, 4)


def test_page_form_keeps_what_was_typed_and_does_only_what_is_left():
    cases = batch(3)
    rows = rows_of(cases)
    client, address = signed(mediator()), reverse("batch_do", args=[cases[0].batch])
    what = {"what": "mediation.record_consent", "row": [f"{r.pk}:0" for r in rows]}
    shown = client.get(address, what)
    assert shown.status_code == 200 and "按地位选择" in shown.content.decode()
    said = {**what, "key": "page", "party": "respondent", "answer": "agree", "way": "none"}
    wrong = client.post(address, said)
    assert wrong.status_code == 409 and "请填写同意的方式" in wrong.content.decode()
    assert 'value="respondent" selected' in wrong.content.decode() and len(wrong.context["rows"]) == 3
    right = client.post(address, {**said, "way": "signed"})
    assert (
        right.status_code == 200 and right.context["counts"] == [("已办理", 3)] and not right.context["rows"]
    )
    assert client.post(address, {**said, "way": "signed"}).context["counts"] == [("此前已办", 3)]
    assert sum(r.consents.count() for r in rows) == 3
    none = client.post(address, {**said, "party": "", "key": "other"})
    assert none.status_code == 400 and "请选择当事人的地位" in none.content.decode()


def test_a_press_that_takes_too_long_names_what_is_left_and_the_next_goes_on(monkeypatch):
    cases = batch(3)
    monkeypatch.setattr(batches, "SECONDS", -1)
    data = {"party": "respondent", "answer": "agree", "way": "signed"}
    assert ends(do(cases, "record_consent", data)) == ["later"] * 3
    monkeypatch.setattr(batches, "SECONDS", 20)
    assert ends(do(cases, "record_consent", data)) == ["done"] * 3


def test_one_file_is_filed_in_each_case_once():
    cases = batch(3)
    sheet = SimpleUploadedFile("consent.pdf", b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\nstartxref\n0\n%%EOF\n")
    results = do(cases, "add_evidence", {"title": "同意调解书"}, key="f", uploads={"file": sheet})
    assert ends(results) == ["done"] * 3, results
    assert Evidence.objects.count() == 3 and Evidence.objects.values("file").distinct().count() == 1
    assert {e.audience for e in Evidence.objects.all()} == {"proceeding"}
    sheet.seek(0)
    assert (
        ends(do(cases, "add_evidence", {"title": "同意调解书"}, key="f", uploads={"file": sheet}))
        == ["already"] * 3
    )
    assert Evidence.objects.count() == 3


def test_what_belongs_to_one_case_is_not_offered_for_many():
    cases = batch(2)
    rows = list(batches.rows_of(cases[0].batch, mediator(), TODAY))
    names = {one.meta.name for one in batches.offers(rows, mediator(), TODAY)}
    assert {"record_consent", "accept", "invite", "decline"} <= names
    assert not names & {"undo_act", "print_approval", "move_session", "answer_invitation", "record_history"}
    assert "accept" not in {one.meta.name for one in batches.offers(rows, clerk(), TODAY)}


# approving ---------------------------------------------------------------------------------------------------------


def test_approvals_are_grouped_and_only_the_chosen_are_decided_each_on_its_own_record():
    cases = batch(3)
    for role in ("applicant", "respondent"):
        do(cases, "record_consent", {"party": role, "answer": "agree", "way": "signed"}, key=role)
    do(cases, "accept", {"requests": "请【被申请人】停止侵权"}, key="accept")
    asked = list(Approval.objects.order_by("pk"))
    head = signed(committee())
    address = reverse("batch_approvals", args=[cases[0].batch])
    assert address in head.get(reverse("approvals")).content.decode()
    shown = head.get(address)
    assert [len(g["approvals"]) for g in shown.context["groups"]] == [3]
    assert "请【被申请人】停止侵权" in shown.content.decode()
    assert (
        head.post(address, {"decision": "return", "reason": "", "approval": [asked[0].pk]}).context["done"]
        == 0
    )
    head.post(address, {"decision": "approve", "reason": "", "approval": [asked[0].pk, asked[1].pk]})
    assert list(Approval.objects.order_by("pk").values_list("state", flat=True)) == [
        "granted",
        "granted",
        "open",
    ]
    again = head.post(address, {"decision": "approve", "reason": "", "approval": [asked[0].pk]})
    assert again.context["done"] == 0 and "已经办结" in again.content.decode()
    proposer = signed(mediator()).post(
        address, {"decision": "approve", "reason": "", "approval": [asked[2].pk]}
    )
    assert proposer.context["done"] == 0
    stranger = signed(user("elsewhere", ("committee", body("commercial"))))
    answer = stranger.post(address, {"decision": "approve", "reason": "", "approval": [asked[2].pk]})
    assert answer.status_code == 404
    assert Approval.objects.get(pk=asked[2].pk).state == "open"


def test_two_apply_a_step_to_the_same_batch_and_each_case_has_one_winner(committing):
    cases = batch(6)
    for role in ("applicant", "respondent"):
        do(cases, "record_consent", {"party": role, "answer": "agree", "way": "signed"}, key=role)
    mediator("second")
    data = {"outcome": "refused", "reason": "不属于受理范围"}

    def job(name):
        return lambda: ends(do(cases, "decline", data, by=mediator(name), key=name))

    one, other = together([job("mediator"), job("second")])
    assert one[0] == other[0] == "done", (one, other)
    for mine, theirs in zip(one[1], other[1], strict=True):
        assert sorted((mine, theirs)) in (["done", "refused"], ["done", "stale"]), (one, other)
    assert Event.objects.filter(name="decline").count() == 6
    assert all(first(case).version == 1 for case in cases)
