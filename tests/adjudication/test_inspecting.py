"""Inspections by two officers; evidence registered and preserved, decided within seven days."""

from datetime import date

import pytest

from adjudication.models import Inspection
from cases import steps
from cases.errors import DomainError, Invalid
from cases.models import Event
from tests.adjudication.story import TODAY, due, filed, later, party, staff, take
from tests.factories import clerk

pytestmark = pytest.mark.django_db
ITEM = {"name": "阀门", "spec": "DN50", "quantity": "2件", "price": "120元", "place": "乙公司仓库"}
SAID = {"kind": "on_site", "starts": "09:30", "ends": "11:00", "place": "乙公司仓库", "present": "孙某，仓库管理员",
        "officers": [{"user": "adj1"}, {"user": "adj2"}], "findings": "仓库存放阀门一批"}  # fmt: skip
PAPERS = {"inquiry": "inquiry_record", "on_site": "site_inspection", "sampling": "sampling_list",
          "preservation": "preservation_list"}  # fmt: skip


def inspect(row, kind="on_site", today=TODAY, **said):
    items = [ITEM] if kind in ("sampling", "preservation") else []
    data = {**SAID, "kind": kind, "items": items, "party": party(row).pk, **said}
    return take(row, "record_inspection", data, today=today)


def last(row, name):
    return Event.objects.filter(proceeding=row.pk, name=name).latest("seq")


def decide(row, decision="released", today=TODAY, at=0):
    data = {"inspection": row.inspections.order_by("id")[at].pk, "decision": decision, "reason": "样品已足够"}
    return take(row, "decide_preservation", data, today=today)


@pytest.mark.parametrize("kind", list(PAPERS))
def test_every_kind_has_its_paper_with_people_place_hours_and_items(kind):
    row = inspect(filed(), kind, items=[ITEM])
    paper = row.documents.get(kind=PAPERS[kind]).blocks
    for word in (
        "9时30分至11时00分",
        "乙公司仓库",
        "孙某，仓库管理员",
        "阀门",
        "DN50",
        "2件",
        "乙公司",
        row.number,
    ):
        assert word in paper, word
    for name in ("adj1", "adj2"):
        assert staff()[name].display_name in paper
    bodies = "".join(Event.objects.filter(case=row.case).values_list("body", flat=True))
    assert "孙某" not in bodies and "阀门一批" not in bodies


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [("on_site", {"officers": [{"user": "adj1"}]}, "officers"),
     ("on_site", {"officers": [{"user": "adj1"}, {"user": "adj1"}]}, "officers"),
     ("on_site", {"officers": [{"user": "head"}, {"user": "adj1"}]}, "officers"),
     ("on_site", {"ends": "09:30"}, "ends"), ("on_site", {"findings": ""}, "findings"),
     ("inquiry", {"findings": ""}, "findings"), ("sampling", {"items": []}, "items"),
     ("preservation", {"items": []}, "items"), ("preservation", {"items": [{**ITEM, "quantity": ""}]}, "items"),
     ("on_site", {"place": ""}, "place"), ("on_site", {"present": ""}, "present")],
)  # fmt: skip
def test_a_record_lacks_nothing(kind, said, field):
    with pytest.raises(Invalid) as refusal:
        inspect(filed(), kind, **said)
    assert field in refusal.value.fields


def test_what_is_preserved_is_decided_within_seven_days_and_collected_within_three_months():
    row = inspect(inspect(filed(), "preservation"), "preservation", later(1))
    first, second = row.deadlines.filter(rule="T-16a").order_by("starts_on")
    assert (first.due_on, second.due_on) == (date(2026, 11, 27), date(2026, 11, 30))
    row = decide(row, at=1, today=later(2))
    running = row.deadlines.filter(met_on__isnull=True)
    assert running.get(rule="T-16a").subject == first.subject
    assert running.get(rule="T-16b").subject == second.subject and due(row, "T-16b") == date(2027, 2, 22)
    assert "三个月内领回" in row.documents.get(kind="preservation_decision").blocks
    chosen = row.inspections.order_by("id")[0].pk
    with pytest.raises(Invalid):  # the first was not released
        take(row, "collect_released", {"inspection": chosen}, today=later(3))
    row = take(row, "collect_released", {"inspection": row.inspections.order_by("id")[1].pk}, today=later(3))
    assert due(row, "T-16b") is None
    row = decide(row, "kept", today=later(3))
    assert due(row, "T-16a") is None and due(row, "T-16b") is None
    assert "领回" not in row.documents.filter(kind="preservation_decision").latest("pk").blocks


def test_nothing_is_decided_twice_or_before_it_was_preserved():
    row = filed()
    with pytest.raises(DomainError) as refusal:
        take(row, "decide_preservation", {"inspection": 1, "decision": "kept", "reason": "无"})
    assert refusal.value.code == "nothing_preserved"
    row = inspect(row, "preservation", later(1))
    with pytest.raises(DomainError) as refusal:
        decide(row, today=later(1), at=0) and take(
            row, "decide_preservation", {"inspection": 1, "decision": "kept", "reason": "无"}
        )
    assert refusal.value.code == "nothing_preserved"
    assert Inspection.objects.get().decision == "released"


def test_a_decision_and_a_record_are_taken_back_in_turn():
    row = decide(inspect(filed(), "preservation"))
    undo = {"act": last(row, "record_inspection").pk, "reason": "录入有误"}
    with pytest.raises(DomainError) as refusal:
        take(row, "undo_act", undo)
    assert refusal.value.code == "built_upon"
    row = take(row, "undo_act", {"act": last(row, "decide_preservation").pk, "reason": "录入有误"})
    assert row.inspections.get().decided_on is None and due(row, "T-16a") and due(row, "T-16b") is None
    row = take(row, "undo_act", undo)
    assert due(row, "T-16a") is None and not row.inspections.exists()
    row = inspect(row, "preservation")  # what was taken back keeps its place
    assert row.deadlines.get(rule="T-16a", cancelled=False).subject == "preservation:2"
    assert decide(row).deadlines.get(rule="T-16b", cancelled=False).subject == "preservation:2"


def test_before_2025_there_is_no_such_limit_but_the_other_records_are_kept():
    day = date(2025, 1, 10)
    row = inspect(filed(day), "sampling", day)
    assert row.documents.filter(kind="sampling_list").exists()
    assert "《专利行政执法办法》的规定" in row.documents.get(kind="sampling_list").blocks
    with pytest.raises(DomainError) as refusal:
        inspect(row, "preservation", day)
    assert refusal.value.code == "other_regime"


@pytest.mark.parametrize(("name", "code"), [("clerk", "role"), ("head", "role"), ("adj4", "not_found")])
def test_inspections_are_recorded_by_those_who_handle_the_case(name, code):
    row = inspect(filed(), "preservation")
    by = {**staff(), "clerk": clerk()}[name]
    for act in ("record_inspection", "decide_preservation", "collect_released"):
        with pytest.raises(DomainError) as refusal:
            steps.act(row.pk, act, by=by, data={}, today=TODAY)
        assert refusal.value.code == code
