"""Rights assistance in tests, reached through the door."""

from typing import Any

from cases import steps
from cases.models import Assistance
from stations.models import User
from tests.factories import TODAY, approve_all, body, clerk, first, register, user

FACTS = {
    "facts": "被诉产品由申请人购买", "reasons": "缺少一项技术特征", "conclusion": "未落入保护范围",
    "comparison": [{"feature": "导向锥面", "accused": "平面", "result": "不相同"}],
    "measures": [{"what": "统一登记", "who": "工作站", "until": "三日内"}],
}  # fmt: skip
ABROAD = {
    "country": "示例国",
    "forum": "示例国海关",
    "foreign_due_on": "2026-12-10",
    "advice": "委托当地律师",
}


def head() -> User:
    return user("head", ("head", body("centre")))


def again(row: Any) -> Assistance:
    return Assistance.objects.get(pk=row.pk)


def take(row: Any, step: str, /, by: User | None = None, today: Any = TODAY, **data: Any) -> Any:
    """A step by the station, approved where it asks."""
    answer = steps.perform(row.pk, step, by=by or clerk(), data=data, version=again(row).version, today=today)
    if isinstance(answer, steps.Waiting):
        done = approve_all(answer, head(), today=today)
        assert done.state == "granted", done.reason
    return again(row)


def do(row: Any, act: str, /, by: User | None = None, today: Any = TODAY, **data: Any) -> Assistance:
    """An act by the station, approved where it asks."""
    answer = steps.act(row.pk, act, by=by or clerk(), data=data, today=today)
    if isinstance(answer, steps.Waiting):
        done = approve_all(answer, head(), today=today)
        assert done.state == "granted", done.reason
    return again(row)


def received(today: Any = TODAY, **changes: Any) -> Assistance:
    body("centre")
    return first(register(today=today, **changes))  # type: ignore[return-value]


def accepted(help_kind: str = "advice", today: Any = TODAY, **changes: Any) -> Assistance:
    return take(received(today, **changes), "accept", help_kind=help_kind, today=today)


def running(row: Any) -> dict[str, Any]:
    """The limits that run: rule -> day."""
    return {d.rule: d.due_on for d in row.deadlines.filter(met_on__isnull=True, cancelled=False)}


def live(row: Any) -> list[str]:
    """The facts that hold."""
    rows = row.events.filter(fact__isnull=False, corrections__isnull=True).order_by("seq")
    return [event.fact for event in rows]


def words(row: Any, kind: str) -> str:
    """What the latest paper of a kind says."""
    return str(row.documents.filter(kind=kind).exclude(state="void").first().blocks)


def kinds_of_paper(row: Any) -> list[str]:
    return sorted(row.documents.exclude(state="void").values_list("kind", flat=True))
