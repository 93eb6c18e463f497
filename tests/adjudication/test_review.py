"""The review page: suggestions, doubts, previews, two reviewers at once, and what the second one signs."""

import json
import re

import pytest
from django.urls import reverse

from adjudication import regime, reviewing
from adjudication.models import Disclosure, Ruling
from adjudication.redaction import KEEP
from cases import approvals, steps
from cases.errors import DomainError, Invalid
from cases.models import AccessLog, Approval, Case
from stations.models import Setting
from tests.adjudication import public_story as story
from tests.adjudication.public_story import SECRET, TODAY, WITNESS, ask, decide, reviewers, rows, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    def enter(name: str):
        client.force_login(reviewers()[name])
        return client

    return enter


def page_of(disclosure: Disclosure) -> str:
    return reverse("disclosure", args=[disclosure.pk])


def fields(marks: list[dict[str, str]], **more: str) -> dict[str, str]:
    """The table of marks as a browser posts it."""
    return {
        f"replacements-{n}-{name}": value for n, mark in enumerate(marks) for name, value in mark.items()
    } | more


def test_every_occurrence_stands_beside_what_the_public_reads(signed_in):
    _adjudication, ruling, row = story.ruled()
    page = signed_in("reviewer").get(page_of(row)).content.decode()
    assert (
        len(re.findall(r'<a class="s "[^>]*>刘海燕</a>', page))
        == len(re.findall(r'<span class="hid"[^>]*>刘某甲</span>', page))
        >= 2
    )
    assert "系统建议，尚未保存" in page and "尚未录入采用文号" in page and "本区默认" in page
    seen = reviewing.review(row, TODAY)
    text = "\n".join("".join(one.text for one in p.pieces) for p in seen.paragraphs)
    for mark in seen.marks:
        assert mark.count == sum(one.mark is mark for p in seen.paragraphs for one in p.pieces), mark.n
        assert mark.rule and mark.state == ""
    assert "刘海燕" in text and ruling.number in text


def test_the_right_column_is_what_will_be_published():
    _adjudication, _ruling, row = story.marked()
    seen = reviewing.review(row, TODAY)
    shown = ["".join(one.public for one in p.pieces) for p in seen.paragraphs]
    published = row.candidate().text.split("\n")
    assert published[: len(shown)] == shown and len(published) == len(shown) + 1  # and the note at its foot


def test_a_preview_shows_and_saves_nothing(signed_in):
    _adjudication, ruling, row = story.ruled()
    marks = [*rows(ruling), {"original": "王建国", "replacement": "", "category": "selected", "reason": ""}]
    page = signed_in("reviewer").post(page_of(row), fields(marks, preview="1", revision="0"))
    words = page.content.decode()
    assert (
        page.status_code == 200
        and re.search(r'<span class="hid"[^>]*>王某</span>', words)
        and "尚未保存的修改" in words
    )
    assert Disclosure.objects.get(pk=row.pk).revision == 0


@pytest.mark.parametrize(
    ("words", "replacement", "category"),
    [
        ("王建国", "王某", "person"),
        ("欧阳小明", "欧阳某", "person"),
        ("120116198501011235", "×××", "id_number"),
        ("天津市滨海新区示例三路1号", "天津市滨海新区", "address"),
        ("一种阀门的配方比例为三比七", "×××", "other"),
        ("刘小燕", "刘某甲", "person"),  # 刘某 is taken
    ],
)
def test_what_is_offered_for_selected_words(words, replacement, category):
    taken = reviewing.Replacement("刘大海", "刘某", "person")
    found = reviewing.proposed(words, [taken])
    assert (found.replacement, found.category) == (replacement, category)


def test_selected_words_are_saved_as_the_house_would_mask_them(signed_in):
    _adjudication, ruling, row = story.ruled()
    marks = rows(ruling, {"original": "王建国", "replacement": "", "category": "selected", "reason": ""})
    answer = signed_in("reviewer").post(page_of(row), fields(marks, revision="0"))
    assert answer.status_code == 302
    saved = {m.original: m for m in Disclosure.objects.get(pk=row.pk).marks}
    assert (saved["王建国"].replacement, saved["王建国"].category) == ("王某", "person")


def test_a_row_without_a_category_is_refused_not_lost(signed_in):
    _adjudication, ruling, row = story.ruled()
    marks = [*rows(ruling), {"original": "阀门", "replacement": "某件", "category": "", "reason": ""}]
    answer = signed_in("reviewer").post(page_of(row), fields(marks, revision="0"))
    assert answer.status_code == 400 and 'value="阀门"' in answer.content.decode()


def test_a_doubt_is_shown_is_no_mark_and_stands_in_the_way(signed_in):
    people = [story.PEOPLE[0], {**story.PEOPLE[1], "legal_representative": ""}]
    _adjudication, _ruling, row = story.ruled(parties=people)
    seen = reviewing.review(row, TODAY)
    doubt = next(m for m in seen.doubts if m.original == "滨海刘海峰五金店")
    assert doubt.state == "a" and doubt.doubt and doubt.masked
    page = signed_in("reviewer").get(page_of(row)).content.decode()
    assert re.search(r'<a class="s a"[^>]*>滨海刘海峰五金店</a>', page) and "待人工判断" in page
    client = signed_in("reviewer")
    table = [
        {n: getattr(m, n) for n in ("original", "replacement", "category", "reason")} for m in seen.marks
    ]
    assert client.post(page_of(row), fields(table, revision="0")).status_code == 302
    now = Disclosure.objects.get(pk=row.pk)
    assert "滨海刘海峰五金店" not in [m.original for m in now.marks]
    kept = [{**one, "category": KEEP} if one["original"] == "滨海刘海峰五金店" else one for one in table]
    row = save(now, [m for m in kept if m["category"]])
    assert not reviewing.review(row, TODAY).doubts and row.candidate().undecided == 0


def test_two_reviewers_at_once_lose_nothing(signed_in):
    _adjudication, ruling, row = story.ruled()
    save(row, rows(ruling, WITNESS), by="reviewer2")
    mine = rows(
        ruling, {"original": "王建国", "replacement": "王某某", "category": "person", "reason": "证人"}
    )
    answer = signed_in("reviewer").post(page_of(row), fields(mine, revision="0"))
    words = answer.content.decode()
    assert answer.status_code == 409 and 'value="王某某"' in words
    assert "对方公开为“王某”，您公开为“王某某”" in words
    assert re.search(
        r'name="revision" value="1"', words
    )  # saved again, it goes over the other's, who was read
    assert Disclosure.objects.get(pk=row.pk).revision == 1


def test_the_check_is_asked_for_without_a_word_of_the_ruling(signed_in):
    _adjudication, ruling, row = story.ruled()
    save(row, [m for m in rows(ruling, WITNESS) if m["original"] != "刘海峰"])
    before = AccessLog.objects.count()
    part = signed_in("reviewer").get(page_of(row) + "?part=check").content.decode()
    assert "未通过" in part and "第 " in part and not [word for word in SECRET if word in part]
    assert AccessLog.objects.count() == before


# the second reviewer ------------------------------------------------------------------------------------------------


def test_the_second_reviewer_reads_text_and_report_before_signing(signed_in):
    _adjudication, _ruling, row = story.marked()
    text = row.candidate()
    answer = ask(row, "publish", {"revision": row.revision, "seal": text.seal})
    page = signed_in("reviewer2").get(reverse("approval", args=[answer.approval.pk])).content.decode()
    assert "刘海燕" in page and "刘某甲" in page and "检查报告" in page and text.seal in page
    assert AccessLog.objects.filter(subject=f"approval/{answer.approval.pk}").exists()
    done = approvals.decide(answer.approval.pk, "approve", by=reviewers()["reviewer2"], today=TODAY)
    assert done.state == "granted"
    paper = Disclosure.objects.get(pk=row.pk).documents.get()
    for said in ("reviewer", "reviewer2", "检查范围", "均未发现残留", text.seal[:16], "尚未录入采用文号"):
        assert said in paper.blocks, said
    assert not [word for word in SECRET if word in paper.blocks]


def test_other_bytes_than_those_signed_are_not_published():
    _adjudication, _ruling, row = story.marked()
    answer = ask(row, "publish", {"revision": row.revision, "seal": row.candidate().seal})
    page = row.candidate().pages.exclude(content_type="").first()
    page.digest = "0" * 64
    page.save()
    done = approvals.decide(answer.approval.pk, "approve", by=reviewers()["reviewer2"], today=TODAY)
    assert done.state == "returned" and "不是同一份" in done.reason
    assert Disclosure.objects.get(pk=row.pk).state == "received"


def test_a_text_changed_after_the_proposal_says_so_to_whoever_signs(signed_in):
    _adjudication, ruling, row = story.marked()
    answer = ask(row, "publish")
    save(row, rows(ruling), by="reviewer3")
    page = signed_in("reviewer2").get(reverse("approval", args=[answer.approval.pk])).content.decode()
    assert "送审后又有修改" in page and "刘某甲" not in page


@pytest.mark.parametrize("name", ["withhold", "withdraw"])
def test_withholding_and_withdrawing_need_a_second_reviewer_and_the_head(name):
    _adjudication, _ruling, row = story.published() if name == "withdraw" else story.marked()
    answer = ask(row, name)
    assert answer.approval.roles == "reviewer,head"
    people = reviewers()
    for own in ("reviewer", "head"):  # the proposer never; the head not before the second reviewer
        with pytest.raises(DomainError):
            approvals.decide(answer.approval.pk, "approve", by=people[own], today=TODAY)
    approvals.decide(answer.approval.pk, "approve", by=people["reviewer2"], today=TODAY)
    with pytest.raises(DomainError):
        approvals.decide(answer.approval.pk, "approve", by=people["reviewer2"], today=TODAY)
    assert approvals.decide(answer.approval.pk, "approve", by=people["head"], today=TODAY).state == "granted"
    assert Approval.objects.get(pk=answer.approval.pk).decided.count("approve") == 2


# profile, summary ------------------------------------------------------------------------------------------------------


def test_the_profile_is_the_offices_choice_with_its_paper():
    assert regime.redaction_profile(TODAY) == ("district_default", "")
    Setting.objects.create(
        key=Setting.Key.REDACTION_PROFILE,
        value="court_2016",
        valid_from=TODAY,
        document="模拟知发〔2026〕3号",
    )
    _adjudication, _ruling, row = story.marked()
    text = row.candidate()
    assert (text.profile, text.profile_document) == ("court_2016", "模拟知发〔2026〕3号")
    assert all(rule.startswith("court_2016/") for rule, *_rest in json.loads(text.log))
    row = decide(row, "publish")
    assert "模拟知发〔2026〕3号" in row.documents.get().blocks


def test_an_english_summary_is_asked_of_foreign_cases_only_and_is_searched(signed_in):
    adjudication, ruling, row = story.ruled()
    by = reviewers()["reviewer"]
    said = {
        "revision": 0,
        "replacements": rows(ruling, WITNESS),
        "summary_english": "Ms. 刘海燕 (13700001111) prevailed.",
    }
    with pytest.raises(Invalid):
        steps.act(row.pk, "redact", by=by, data=said, today=TODAY)
    assert "summary_english" not in signed_in("reviewer").get(page_of(row)).content.decode()
    case = Case.objects.get(pk=adjudication.case_id)
    case.foreign = Case.Foreign.HONG_KONG  # 涉港 is not 涉外
    case.save()
    assert not Disclosure.objects.get(pk=row.pk).is_foreign
    case.foreign = Case.Foreign.FOREIGN
    case.save()
    assert "summary_english" in signed_in("reviewer").get(page_of(row)).content.decode()
    steps.act(row.pk, "redact", by=by, data=said, today=TODAY)
    now = Disclosure.objects.get(pk=row.pk)
    story.publication.render_ruling(now.pk, now.revision)
    found = json.loads(now.candidate().findings)
    assert (
        "刘某甲 (13700001111)" in now.candidate().summary_english
    )  # the marks hold here too; the rest is searched
    assert ["record", "phone", "summary_english"] in found


def test_three_thousand_marks_fit_one_save(signed_in):
    _adjudication, ruling, row = story.ruled()
    signs = [f"{chr(0x4E00 + n // 60)}{chr(0x5000 + n % 60)}" for n in range(3000)]
    sections = json.loads(ruling.sections)
    sections["cause"] = "，".join(signs)
    Ruling.objects.filter(pk=ruling.pk).update(sections=json.dumps(sections, ensure_ascii=False))
    marks = [{"original": one, "replacement": "×××", "category": "other", "reason": "多"} for one in signs]
    answer = signed_in("reviewer").post(page_of(row), fields([*rows(ruling), *marks], revision="0"))
    assert answer.status_code == 302
    assert len(Disclosure.objects.get(pk=row.pk).marks) >= 3000
