"""年度评价: self-score, review by a second person, appeal within days, published result beside its mix; never a ranking."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases import steps
from cases.errors import Conflict, DomainError, Invalid, Refused
from cases.models import Document, Event, Proceeding
from reports.evaluation import evidence
from reports.evaluation.criteria import WHOLE, edition_of, editions
from reports.models import Evaluation
from stations.models import Station
from tests.factories import body, station, user
from tests.reports import desk
from tests.reports.facts import dispute, fact, proceeding

pytestmark = pytest.mark.django_db
YEAR = 2025
LATER = date(2026, 12, 9)  # the sixth working day after the review
CRITERIA = edition_of(YEAR).criteria


@pytest.fixture(autouse=True)
def _bodies():
    for kind in ("bureau", "centre"):
        body(kind)


def points(less=0, first=None, **more):
    """Full points but `less` at the first criterion, with a word why."""
    found = {}
    for place, one in enumerate(CRITERIA):
        cut = less if place == 0 else 0
        found[f"points_{one.code}"] = one.points - cut
        found[f"words_{one.code}"] = "场所搬迁" if cut else ""
    return found | more


def opened(at="s1"):
    station(at)
    return desk.opened("evaluation", desk.office(), year=YEAR, station=at)


def scored(row=None):
    return desk.do(row or opened(), "submit", desk.station_head(), **points())


def reviewed(row=None, less=4):
    return desk.do(row or scored(), "review", desk.office(), **points(less))


def published(row=None):
    row = desk.act(row or reviewed(), "accept_result", desk.station_head())
    return desk.do(row, "publish", desk.office())


def test_every_edition_adds_up_and_names_known_evidence():
    known = set(evidence.told(station("s1"), YEAR, desk.DAY)) | {""}
    for one in editions():
        assert sum(c.points for c in one.criteria) == WHOLE and one.document
        assert {c.evidence for c in one.criteria} <= known
        assert one.grade(100) == "excellent" and one.grade(0) == "failed"
    assert edition_of(2023) is None


def test_from_self_score_to_appeal_to_published():
    at = station("s1")
    row = proceeding("assistance", dispute(at))
    fact(row, "applied", date(2025, 3, 1), "assistance")
    one = scored()
    assert one.scores.get(code="registration").evidence == "收件登记 1 件（援助 1、调解 0、裁决 0）"
    one = reviewed(one)
    assert (one.state, one.total, one.scores.get(code="place").points) == ("reviewed", 96, 6)
    one = desk.do(one, "appeal", desk.station_head(), reason="搬迁前已报备")
    assert one.state == "appealed"
    one = desk.do(one, "answer_appeal", desk.office(), answer="属实，改正。", **points(1))
    assert (one.total, one.appeal_answer) == (99, "属实，改正。")
    with pytest.raises(DomainError) as twice:
        desk.do(one, "appeal", desk.station_head(), reason="再次")
    assert twice.value.code == "no_appeal"
    one = desk.do(one, "publish", desk.office())
    assert (one.state, one.outcome, one.published_on, one.is_open) == (
        "published",
        "excellent",
        desk.DAY,
        False,
    )
    assert Event.objects.get(fact="evaluation_published").value == "excellent"
    assert "属实，改正。" in Document.objects.get(kind="evaluation_sheet").blocks


def test_not_published_while_the_station_may_appeal():
    row = reviewed()
    with pytest.raises(DomainError) as early:
        desk.do(row, "publish", desk.office())
    assert early.value.code == "may_appeal"
    assert desk.do(row, "publish", desk.office(), LATER).state == "published"


def test_an_appeal_after_its_days_is_too_late():
    row = reviewed()
    with pytest.raises(DomainError) as late:
        desk.do(row, "appeal", desk.station_head(), LATER, reason="有异议")
    assert late.value.code == "too_late"


def test_points_differ_only_with_a_reason_and_never_exceed_the_criterion():
    row = scored()
    bare = points(4, words_place="")
    with pytest.raises(Invalid) as refusal:
        desk.do(row, "review", desk.office(), **bare)
    assert set(refusal.value.fields) == {"words_place"}
    with pytest.raises(Invalid) as more:
        desk.do(row, "review", desk.office(), **points(points_place=11))
    assert set(more.value.fields) == {"points_place"}


def test_who_scores_does_not_review():
    both = user("both", ("station_head", station("s1")), ("office", body("centre")))
    row = desk.do(opened(), "submit", both, **points())
    with pytest.raises(Refused) as refusal:
        desk.do(row, "review", both, **points(4))
    assert refusal.value.code == "same_person"


@pytest.mark.parametrize(
    ("name", "state"),
    [("submit", "received"), ("review", "scored"), ("appeal", "reviewed"), ("publish", "reviewed")],
)
def test_who_may_not(name, state):
    row = opened()
    if state != "received":
        row = scored(row)
    if state == "reviewed":
        row = reviewed(row)
    data = {"appeal": {"reason": "x"}, "publish": {}}.get(name, points())
    own = {desk.station_head().pk} if name in ("submit", "appeal") else {desk.office().pk}
    people = [desk.clerk(), desk.station_head(), desk.station_head("s2"), desk.office(), desk.district()]
    for one in people:
        if one.pk not in own:
            with pytest.raises(DomainError) as refusal:
                desk.do(row, name, one, **data)
            assert refusal.value.status in (403, 404), one
    assert desk.again(row).state == state


def test_review_and_publication_wait_for_the_head():
    row = scored()
    answer = steps.perform(
        row.pk, "review", by=desk.office(), data=points(4), version=row.version, today=desk.DAY
    )
    assert answer.approval.waiting_role == "head" and desk.again(row).state == "scored"


def test_two_reviewers_at_once_one_is_told():
    row = scored()
    desk.do(row, "review", desk.office(), **points(4))
    with pytest.raises(Conflict) as late:
        steps.perform(row.pk, "review", by=desk.office(), data=points(2), version=row.version, today=desk.DAY)
    assert late.value.code == "stale_version"


def test_one_per_station_and_year_and_only_where_it_ran():
    opened()
    with pytest.raises(Invalid):
        opened()
    Station.objects.create(code="new", name="新站", area=station("s1").area, opened_on=date(2026, 1, 1))
    with pytest.raises(Invalid) as early:
        desk.opened("evaluation", desk.office(), year=YEAR, station="new")
    assert set(early.value.fields) == {"station"}
    with pytest.raises(Invalid) as none:
        desk.opened("evaluation", desk.office(), year=2023, station="s1")
    assert set(none.value.fields) == {"year"}


def test_a_submission_taken_back_leaves_no_scores():
    row = desk.do(scored(), "undo_last", desk.office(), reason="误交")
    assert (row.state, row.scores.count()) == ("received", 0)
    assert scored(row).scores.count() == len(CRITERIA)
    with pytest.raises(DomainError) as told:
        desk.do(published(reviewed(desk.again(row))), "undo_last", desk.office(), reason="错")
    assert told.value.code == "published"


def test_the_list_stands_by_code_with_mix_and_verification_and_downloads(client):
    for n in range(2):
        row = proceeding("assistance", dispute(station("s2")))
        fact(row, "accepted", date(2025, 4, 1 + n), "assistance")
    for at in ("s2", "s1"):
        opened(at)
    client.force_login(desk.office())
    page = client.get(f"{reverse('evaluations')}?year={YEAR}").content.decode()
    assert page.index("工作站s1") < page.index("工作站s2") and "不作排名" in page
    book = client.get(f"{reverse('evaluations')}?year={YEAR}&download=xlsx")
    lines = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert [line[0] for line in lines[2:]] == ["工作站s1", "工作站s2"]
    assert lines[3][5] == 2 and lines[2][5] == 0 and lines[3][10] == "—"
    client.force_login(desk.clerk())
    assert "工作站s2" not in client.get(f"{reverse('evaluations')}?year={YEAR}").content.decode()


def test_opening_for_all_stations_opens_each_once(client):
    opened("s1"), station("s2")
    client.force_login(desk.office())
    for _turn in "12":
        assert client.post(reverse("evaluations"), {"year": YEAR}).status_code == 302
    assert Evaluation.objects.count() == Station.objects.count()


def test_a_total_is_not_listed_before_it_is_published(client):
    row = reviewed()
    assert row.cells()["total"] is None and published(row).cells()["total"] == 96
    client.force_login(desk.station_head())
    page = client.get(reverse("matter", args=[row.pk])).content.decode()
    assert "场所和标识" in page and "优秀" in page
    assert Proceeding.objects.visible_to(desk.station_head("s2"), desk.DAY).filter(pk=row.pk).count() == 0


def test_the_list_costs_the_same_for_many(client, django_assert_max_num_queries):
    for n in range(1, 12):
        opened(f"s{n}")
    client.force_login(desk.office())
    with django_assert_max_num_queries(30):
        client.get(f"{reverse('evaluations')}?year={YEAR}")
