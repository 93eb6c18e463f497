"""Disclosure: two people, the machine check over every public byte, withholding, taking down, undoing."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from adjudication import publication, redaction
from adjudication.models import Disclosure, PublicPage, PublishedRuling, RegisterLine
from cases import approvals, steps
from cases.errors import Conflict, DomainError, Invalid, Refused, VersionMissing
from cases.models import Deadline, Event, Party
from tests.adjudication import public_story as story
from tests.adjudication.public_story import SECRET, TODAY, WITNESS, ask, decide, reviewers, rows, save
from tests.adjudication.story import later, party, take

pytestmark = pytest.mark.django_db
PUBLIC = ("/rulings/", "/rulings/2026/1/", "/rulings/2026/1.json", "/rulings/2026/1.pdf", "/rulings/register/",
          "/rulings/register.csv", "/rulings/feed.atom", "/rulings/seals.txt", "/api/v1/rulings/",
          "/api/v1/rulings/2026/1/")  # fmt: skip


def everything_public(client) -> str:
    """All words anyone can get from any public address, pages behind searches for the secrets included."""
    said = []
    for path in [*PUBLIC, *(f"/rulings/?q={word}" for word in SECRET)]:
        answer = client.get(path)
        body = answer.content
        said.append(publication.pdf_text(body) if body[:4] == b"%PDF" else body.decode())
        said += [f"{name}: {value}" for name, value in answer.headers.items()]
    return "\n".join(said)


def without_search_box(text: str) -> str:
    """The search page repeats what was typed into its own box."""
    for word in SECRET:
        text = text.replace(f'name="q" value="{word}"', "")
    return text


def facts(row) -> list[tuple[str, str]]:
    live = Event.objects.filter(proceeding=row, fact__isnull=False).exclude(corrections__isnull=False)
    return sorted((e.fact, e.subject) for e in live)


def test_signing_opens_it_with_twenty_working_days():
    _adjudication, ruling, row = story.ruled()
    deadline = Deadline.objects.get(proceeding=row)
    assert (row.state, row.version, row.rule) == ("received", 0, "T-27")
    assert (deadline.rule, deadline.starts_on, deadline.due_on.isoformat()) == (
        "T-27",
        ruling.made_on,
        "2026-12-18",
    )
    assert (row.due_on, row.due_rule) == (deadline.due_on, "T-27")


def test_published_text_hides_people_and_keeps_what_must_stay(client):
    _adjudication, ruling, row = story.published()
    said = without_search_box(everything_public(client))
    assert not [word for word in SECRET if word in said]
    page = client.get("/rulings/2026/1/").content.decode()
    for kept in ("刘某甲", "滨海刘某乙五金店", "王某", "天津市滨海新区", "钱明，示例律师事务所", "津滨知裁字〔2026〕1号",
                 "ZL201010110210.8", "侵权成立", "adj1", "adj2", "noindex"):  # fmt: skip
        assert kept in page, kept
    assert facts(row) == [("published", ruling.subject)]
    assert RegisterLine.objects.last().status == "published"
    assert Deadline.objects.get(proceeding=row).met_on == TODAY and row.due_rule == ""
    review = row.documents.get()
    assert (review.kind, review.volume) == ("disclosure_review", "closed") and "reviewer2" in review.blocks


def test_proposer_cannot_approve_and_one_person_is_not_enough():
    _adjudication, _ruling, row = story.marked()
    answer = ask(row, "publish")
    with pytest.raises(Refused):
        approvals.decide(answer.approval.pk, "approve", by=reviewers()["reviewer"], today=TODAY)
    with pytest.raises(Refused):
        approvals.decide(answer.approval.pk, "approve", by=reviewers()["head"], today=TODAY)
    assert Disclosure.objects.get(pk=row.pk).state == "received"
    assert PublishedRuling.objects.get().state == "candidate"


@pytest.mark.parametrize("forgotten", ["刘海燕", "刘海峰", "天津市滨海新区示例一路18号3门201", "王建国", "138 2001 2345",
                                        "120116198501011235"])  # fmt: skip
def test_each_forgotten_word_is_found_and_publishing_refused(forgotten):
    _adjudication, ruling, row = story.ruled()
    marks = [
        r for r in rows(ruling, WITNESS) if redaction.normal(r["original"]) != redaction.normal(forgotten)
    ]
    row = save(row, marks)
    text = row.candidate()
    if forgotten == "王建国":  # nobody in the register of parties: only a reader can know
        assert text.passed
        return
    assert not text.passed and text.findings != "[]"
    assert not [word for word in SECRET if word in text.findings]
    with pytest.raises(DomainError) as refusal:
        ask(row, "publish")
    assert refusal.value.code in ("check_failed", "undecided")
    assert {form for form, _what, _place in json.loads(text.findings)} >= {"html", "pdf", "json"}


def test_publishing_without_a_tested_text_is_refused():
    _adjudication, _ruling, row = story.ruled()
    with pytest.raises(DomainError) as refusal:
        ask(row, "publish")
    assert refusal.value.code == "not_rendered"


def test_a_change_after_the_proposal_sends_it_back():
    _adjudication, ruling, row = story.marked()
    answer = ask(row, "publish")
    save(row, rows(ruling), by="reviewer3")
    done = approvals.decide(answer.approval.pk, "approve", by=reviewers()["reviewer2"], today=TODAY)
    assert done.state == "returned" and "修改" in done.reason
    assert (
        Disclosure.objects.get(pk=row.pk).state == "received" and not PublishedRuling.objects.live().exists()
    )


def test_a_party_corrected_after_the_check_demands_a_new_one():
    adjudication, _ruling, row = story.marked()
    party = Party.objects.get(case=adjudication.case, role="applicant")
    party.legal_representative = "赵铁柱"
    party.save()
    with pytest.raises(DomainError) as refusal:
        ask(row, "publish")
    assert refusal.value.code == "basis_moved"


def test_marks_need_the_revision_they_were_made_from():
    _adjudication, ruling, row = story.ruled()
    save(row, rows(ruling, WITNESS))
    by = reviewers()["reviewer2"]
    with pytest.raises(Conflict) as refusal:
        steps.act(row.pk, "redact", by=by, data={"revision": 0, "replacements": rows(ruling)}, today=TODAY)
    assert refusal.value.code == "stale_revision"
    with pytest.raises(VersionMissing):
        steps.act(row.pk, "redact", by=by, data={"replacements": rows(ruling)}, today=TODAY)


@pytest.mark.parametrize(
    "mark",
    [
        {**WITNESS, "original": "王"},
        {**WITNESS, "original": "不在文中的人"},
        {**WITNESS, "replacement": "王建国某"},
    ],
)
def test_marks_that_do_nothing_or_ruin_the_text_are_refused(mark):
    _adjudication, ruling, row = story.ruled()
    with pytest.raises(Invalid) as refusal:
        save(row, rows(ruling, mark))
    assert list(refusal.value.fields) == ["replacements"]


def test_marks_and_names_stand_nowhere_in_clear():
    _adjudication, _ruling, row = story.marked()
    with connection.cursor() as cursor:
        cursor.execute("SELECT marks_sealed FROM adjudication_disclosure")
        assert "刘海燕" not in cursor.fetchone()[0]
    assert not [e for e in Event.objects.filter(proceeding=row) if any(word in e.body for word in SECRET)]


def test_withheld_ruling_is_only_a_number(client):
    _adjudication, ruling, row = story.marked()
    row = decide(row, "withhold")
    assert row.state == "withheld" and facts(row) == [("withheld", ruling.subject)]
    for path in (
        "/rulings/2026/1/",
        "/rulings/2026/1.json",
        "/rulings/2026/1.pdf",
        "/api/v1/rulings/2026/1/",
    ):
        assert client.get(path).status_code == 404
    said = everything_public(client)
    assert "津滨知裁字〔2026〕1号" in said
    for word in ("落入保护范围", "现有技术", "阀门", "ZL201010110210.8", "五金店", "adj1"):
        assert word not in without_search_box(said)
    line = RegisterLine.objects.last()
    assert (line.status, line.digest) == ("withheld", "") and "第十五条" in line.ground
    assert "刘海燕" not in said.replace('value="刘海燕"', "")


def test_withholding_needs_reviewer_and_head_and_a_ground():
    _adjudication, _ruling, row = story.marked()
    with pytest.raises(Invalid):
        ask(row, "withhold", {"ground": "inconvenient", "reason": "不便公开"})
    answer = ask(row, "withhold")
    assert answer.approval.roles == "reviewer,head"
    approvals.decide(answer.approval.pk, "approve", by=reviewers()["reviewer2"], today=TODAY)
    assert Disclosure.objects.get(pk=row.pk).state == "received"


def test_withdrawn_answers_410_with_its_ground_and_comes_back(client):
    _adjudication, ruling, row = story.published()
    assert client.get("/rulings/2026/1/").status_code == 200
    row = decide(row, "withdraw")
    for path in (
        "/rulings/2026/1/",
        "/rulings/2026/1.pdf",
        "/rulings/2026/1.json",
        "/api/v1/rulings/2026/1/",
    ):
        gone = client.get(path)
        assert gone.status_code == 410 and "第十五条" in gone.content.decode()
        assert "阀门" not in gone.content.decode()
    assert "阀门" not in client.get("/rulings/?q=阀门").content.decode().replace('value="阀门"', "")
    assert facts(row) == [("published", ruling.subject), ("unpublished", ruling.subject)]
    row = decide(row, "republish", today=TODAY)
    assert client.get("/rulings/2026/1/").status_code == 200
    assert [x.status for x in RegisterLine.objects.all()][-2:] == ["withdrawn", "published"]


def test_undo_takes_the_page_back_and_says_so(client):
    _adjudication, _ruling, row = story.published()
    row = decide(row, "undo_last", data={"reason": "误操作"})
    assert row.state == "received" and facts(row) == []
    assert client.get("/rulings/2026/1/").status_code == 404
    assert RegisterLine.objects.last().status == "due" and row.due_rule == "T-27"
    row = decide(row, "publish")
    row = decide(row, "withdraw")
    row = decide(row, "undo_last", data={"reason": "误操作"})
    assert row.state == "published" and client.get("/rulings/2026/1/").status_code == 200
    last = RegisterLine.objects.last()
    assert (last.status, last.digest) == ("published", PublishedRuling.objects.live().get().digest)


def test_a_corrected_text_replaces_the_page_and_undoing_brings_the_old_one_back(client):
    _adjudication, ruling, row = story.published()
    old = client.get("/rulings/2026/1/").content
    row = save(row, rows(ruling, {**WITNESS, "replacement": "王某某"}), later(3))
    row = decide(row, "republish", today=later(3))
    new = client.get("/rulings/2026/1/").content.decode()
    assert "王某某" in new and RegisterLine.objects.last().status == "changed"
    assert PublishedRuling.objects.live().get().published_on == TODAY
    row = decide(row, "undo_last", data={"reason": "误操作"}, today=later(3))
    assert client.get("/rulings/2026/1/").content == old and row.state == "published"


def test_status_change_is_swapped_into_the_page_and_the_paper_stays(client, time_machine):
    time_machine.move_to(f"{TODAY}T10:00:00+08:00", tick=False)
    _adjudication, ruling, row = story.published()
    paper = client.get("/rulings/2026/1.pdf").content
    assert "送达中" in client.get("/rulings/2026/1/").content.decode()
    for role in ("applicant", "respondent"):
        story.serve_ruling(ruling, role)
    assert publication.refresh(ruling.pk, TODAY)
    assert "起诉期限内" in client.get("/rulings/2026/1/").content.decode()
    assert not publication.refresh(ruling.pk, later(15))
    assert publication.refresh(ruling.pk, later(18))
    time_machine.move_to(f"{later(18)}T10:00:00+08:00", tick=False)
    assert "已发生法律效力" in client.get("/rulings/2026/1/").content.decode()
    assert "已发生法律效力" in client.get("/rulings/").content.decode()
    assert client.get("/rulings/2026/1.pdf").content == paper
    assert PublicPage.objects.filter(path=row.candidate().path).count() == 1


def test_a_suit_and_its_end_change_page_and_register(client):
    adjudication, ruling, row = story.published()
    suit = {"court": "示例法院", "court_case_no": "", "party": party(adjudication).pk}
    story.serve_ruling(ruling, "respondent")
    take(adjudication, "record_suit", suit, today=later(5))
    assert publication.refresh(ruling.pk, later(5))
    page = client.get("/rulings/2026/1/").content.decode()
    assert "行政诉讼中" in page and "人民法院正在审理" in page
    case = ruling.lawsuits.get()
    take(case, "answer", {"reason": "另行书面提交"}, today=later(10))
    take(
        case,
        "record_judgment",
        {"outcome": "annulled", "judged_on": later(30).isoformat(), "form": "judgment"},
        today=later(30),
    )
    take(case, "conclude", today=later(60))
    again = ruling.disclosures.exclude(pk=row.pk).get()
    assert (again.rule, again.state, again.due_rule, again.starts_on) == (
        "T-28",
        "received",
        "T-28",
        later(60),
    )
    assert publication.refresh(ruling.pk, later(60))
    assert "已撤销" in client.get("/rulings/2026/1/").content.decode()
    assert client.get("/rulings/2026/1/").content.decode().count("判决撤销") == 1
    again = save(again, rows(ruling, WITNESS), later(61))
    again = decide(again, "publish", today=later(61))
    assert RegisterLine.objects.last().status == "changed"
    assert [t.disclosure_id for t in PublishedRuling.objects.live()] == [again.pk]
    with pytest.raises(DomainError) as refusal:
        ask(row, "withdraw", today=later(62))
    assert refusal.value.code == "later_disclosure"


def test_sole_trader_must_be_decided():
    people = [story.PEOPLE[0], {**story.PEOPLE[1], "legal_representative": ""}]
    _adjudication, ruling, row = story.ruled(parties=people)
    marks = rows(ruling, WITNESS, {"original": "刘海峰", "replacement": "刘某", "category": "representative"})
    row = save(row, [m for m in marks if m["original"] != "刘海峰"])
    assert (
        row.candidate().undecided == 1
        and "待人工判断" in publication.findings_in_words(row.candidate())[0]["words"]
    )
    with pytest.raises(DomainError) as refusal:
        ask(row, "publish")
    assert refusal.value.code == "undecided" and "待人工判断" in refusal.value.message
    row = save(row, marks)
    assert row.candidate().passed


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_approving_at_once_publish_once(committing):
    _adjudication, _ruling, row = story.marked()
    answer = ask(row, "publish")
    people = reviewers()

    def approve(name: str) -> str:
        try:
            return approvals.decide(answer.approval.pk, "approve", by=people[name], today=TODAY).state
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(approve, ["reviewer2", "reviewer3"]))
    assert said == ["approval_ended", "granted"]
    assert list(RegisterLine.objects.values_list("status", flat=True)) == ["pending", "due", "published"]
    assert PublishedRuling.objects.live().count() == 1


def test_a_page_that_is_up_is_not_published_again_unchanged():
    _case, _ruling, row = story.published()
    with pytest.raises(DomainError) as refusal:
        ask(row, "republish")
    assert refusal.value.code == "nothing_new"
    assert PublishedRuling.objects.get(ruling=row.ruling).state == "live"


def test_undoing_a_republication_takes_the_page_down_again():
    _case, _ruling, row = story.published()
    row = decide(row, "withdraw")
    row = decide(row, "republish")
    assert PublishedRuling.objects.get(ruling=row.ruling).state == "live"
    row = decide(row, "undo_last", data={"reason": "误操作"})
    text = PublishedRuling.objects.get(ruling=row.ruling)
    assert (row.state, text.state, text.gone_on is not None) == ("withdrawn", "withdrawn", True)
