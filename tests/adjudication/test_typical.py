"""典型案例: who tells what, what may not be told, two people and the head, taken down and undone."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from adjudication.models import PublishedBatch, TypicalBatch, TypicalCase
from adjudication.typical import obstacles
from cases import attaching, steps
from cases.errors import Conflict, DomainError, Invalid, Refused
from cases.models import Case, Event
from tests.adjudication import public_story as story
from tests.factories import TODAY, approve_all, clerk
from tests.mediation import stage

pytestmark = pytest.mark.django_db
TOLD = {"title": "擅自使用专利方法案", "facts": "被请求人未经许可实施专利。", "result": "责令停止侵权。",
        "significance": "明确了等同侵权的判断方法。"}  # fmt: skip


def reviewer():
    return story.reviewers()["reviewer"]


def batch(**said) -> TypicalBatch:
    data = {"name": "2026 年典型案例（第一批）", "introduction": "选编说明。", **said}
    made = steps.open_matter("typical_cases", by=reviewer(), data=data, today=TODAY)
    return TypicalBatch.objects.get(pk=made.proceeding)


def add(row, number, by=None, **said):
    steps.act(
        row.pk, "add_typical", by=by or reviewer(), data={**TOLD, "number": number, **said}, today=TODAY
    )
    return TypicalCase.objects.last()


def perform(row, name, **data):
    version = TypicalBatch.objects.get(pk=row.pk).version
    return steps.perform(row.pk, name, by=reviewer(), data=data, version=version, today=TODAY)


def granted(answer):
    people = story.reviewers()
    done = approve_all(answer, people["reviewer2"], people["head"])
    assert done.state == "granted", done.reason


def with_ruling() -> TypicalBatch:
    _adjudication, ruling, _row = story.published()
    row = batch()
    add(row, ruling.number)
    return row


def consented(row) -> int:
    """The parties' words that they agree, on paper, in the batch's file."""
    scan = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(scan, "PNG")
    scan.seek(0)
    paper = attaching.attach(
        row.case, "同意书.png", scan, by=reviewer(), today=TODAY, row=row,
        said={"title": "同意书"},
    )  # fmt: skip
    return paper.pk


def settled():
    row = stage.settled()
    return row, row.case.parties.all()


def test_a_batch_is_a_matter_that_no_list_of_disputes_knows(client):
    row = batch()
    assert (row.state, row.version, row.case.category, row.case.registration_no) == (
        "received",
        0,
        "matter",
        None,
    )
    assert not row.case.parties.exists() and row.body.kind == "bureau"
    assert not Case.objects.visible_to(reviewer(), TODAY).filter(pk=row.case_id).exists()
    assert Event.objects.filter(case=row.case_id, name="matter_opened", fact=None).count() == 1
    client.force_login(reviewer())
    assert row.title in client.get(reverse("typical_batches")).content.decode()


def test_who_may_not_open_one_is_told_who_does():
    with pytest.raises(Refused) as refusal:
        steps.open_matter("typical_cases", by=clerk(), data={"name": "一批"}, today=TODAY)
    assert "公开审核" in str(refusal.value.message) or "审核" in str(refusal.value.message)
    with pytest.raises(Refused):
        steps.open_matter("adjudication", by=reviewer(), data={"name": "一批"}, today=TODAY)
    with pytest.raises(Invalid) as empty:
        steps.open_matter("typical_cases", by=reviewer(), data={}, today=TODAY)
    assert set(empty.value.fields) == {"name"}


def test_the_same_key_opens_one_batch():
    made = [
        steps.open_matter("typical_cases", by=reviewer(), data={"name": "一批"}, today=TODAY, key="k")
        for _ in "12"
    ]
    assert made[0] == made[1] and TypicalBatch.objects.count() == 1


def test_a_public_ruling_is_told_with_the_way_to_its_page(client):
    row = with_ruling()
    granted(perform(row, "publish"))
    page = client.get(f"/rulings/typical/{row.pk}/")
    said = page.content.decode()
    assert page.status_code == 200 and not page.cookies and "no-store" not in page["Cache-Control"]
    assert all(words in said for words in TOLD.values()) and 'href="/rulings/2026/1/"' in said
    assert row.title in client.get("/rulings/typical/").content.decode()
    assert Event.objects.get(fact="typical_published").value == "1"


def test_a_person_named_stands_in_the_way_until_rewritten():
    row = with_ruling()
    told = TypicalCase.objects.get()
    change = {**TOLD, "number": told.number, "typical": told.pk}
    steps.act(row.pk, "edit_typical", by=reviewer(), today=TODAY,
              data={**change, "facts": "刘 海 燕诉称侵权。", "revision": told.revision})  # fmt: skip
    found = obstacles(row)
    assert len(found) == 1 and "第 1 件" in found[0] and "基本案情" in found[0] and "刘" not in found[0]
    with pytest.raises(DomainError) as refusal:
        perform(row, "publish")
    assert refusal.value.code == "unfit"
    with pytest.raises(Conflict):
        steps.act(
            row.pk, "edit_typical", by=reviewer(), data={**change, "revision": told.revision}, today=TODAY
        )
    steps.act(
        row.pk, "edit_typical", by=reviewer(), data={**change, "revision": told.revision + 1}, today=TODAY
    )
    assert obstacles(row) == []


def test_a_mediation_needs_consent_and_names_nobody_not_even_a_company(client):
    mediation, people = settled()
    row, committee = batch(), stage.committee()
    with pytest.raises(Invalid) as unseen:
        add(row, mediation.number, consent=consented(row))  # a reviewer of the bureau does not see it
    assert set(unseen.value.fields) == {"number"}
    with pytest.raises(Invalid) as bare:
        add(row, mediation.number, by=committee)
    assert set(bare.value.fields) == {"consent"}
    told = add(
        row, mediation.number, by=committee, consent=consented(row), facts=f"{people[0].name}提出申请。"
    )
    assert any("基本案情" in line for line in obstacles(row))
    data = {
        **TOLD,
        "number": mediation.number,
        "typical": told.pk,
        "revision": told.revision,
        "consent": told.consent_id,
    }
    steps.act(row.pk, "edit_typical", by=committee, data=data, today=TODAY)
    assert obstacles(row) == []
    granted(perform(row, "publish"))
    said = client.get(f"/rulings/typical/{row.pk}/").content.decode()
    assert mediation.number not in said and not [one.name for one in people if one.name in said]


def test_an_empty_batch_and_an_unpublished_ruling_are_not_told():
    row = batch()
    assert obstacles(row) == ["还没有加入案例。"]
    _adjudication, ruling, disclosure = story.published()
    add(row, ruling.number)
    answer = story.ask(disclosure, "withdraw")
    people = story.reviewers()
    approve_all(answer, people["reviewer2"], people["head"])
    assert len(obstacles(row)) == 1 and "没有公开" in obstacles(row)[0]
    with pytest.raises(Invalid):
        add(row, "津滨知裁字〔2026〕99号")


def test_taken_down_says_why_and_an_undone_step_puts_back(client):
    row = with_ruling()
    granted(perform(row, "publish"))
    granted(perform(row, "withdraw", ground="内容需要更正"))
    gone = client.get(f"/rulings/typical/{row.pk}/")
    assert gone.status_code == 410 and "内容需要更正" in gone.content.decode()
    assert row.title not in client.get("/rulings/typical/").content.decode()
    granted(perform(row, "undo_last", reason="点错"))
    assert client.get(f"/rulings/typical/{row.pk}/").status_code == 200
    now = TypicalBatch.objects.get(pk=row.pk)
    assert (now.state, PublishedBatch.objects.get().state) == ("published", "live")


def test_undone_publishing_leaves_nothing_public_and_can_be_done_again(client):
    row = with_ruling()
    granted(perform(row, "publish"))
    granted(perform(row, "undo_last", reason="顺序有误"))
    assert client.get(f"/rulings/typical/{row.pk}/").status_code == 404
    assert not Event.objects.filter(fact="typical_published", corrections__isnull=True).exists()
    granted(perform(row, "publish"))
    assert client.get(f"/rulings/typical/{row.pk}/").status_code == 200


def test_pages_of_a_batch(client):
    row = with_ruling()
    client.force_login(reviewer())
    page = client.get(reverse("typical_batch", args=[row.pk]))
    assert TOLD["facts"] in page.content.decode()
    told = TypicalCase.objects.get()
    form = client.get(f"{reverse('act', args=[row.pk, 'edit_typical'])}?typical={told.pk}").content.decode()
    assert TOLD["significance"] in form and f'name="revision" value="{told.revision}"' in form
    opened = client.post(reverse("typical_batches"), {"name": "第二批", "introduction": "", "key": "x"})
    assert opened.status_code == 302 and TypicalBatch.objects.count() == 2
    assert client.post(reverse("typical_batches"), {"name": ""}).status_code == 400
    client.force_login(clerk())
    assert client.get(reverse("typical_batch", args=[row.pk])).status_code in (403, 404)
