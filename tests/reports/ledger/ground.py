"""The district's desk: who enters, who approves, a plan read in."""

from datetime import date
from typing import Any

from cases import steps
from reports.ledger import keeping
from reports.models import LedgerTask
from stations.models import User
from tests.factories import approve_all, body, user
from tests.reports.ledger.plans import PLAN

TODAY = date(2026, 11, 20)


def district(name: str = "district") -> User:
    return user(name, ("district", None))


def leader() -> User:
    return user("leader", ("leader", None))


def head() -> User:
    return user("head", ("head", body("bureau")))


def read(text: str = PLAN, today: date = TODAY) -> keeping.Account:
    body("bureau")
    return keeping.take_in(text, by=None, today=today, name="方案.txt")


def task(number: int) -> LedgerTask:
    return LedgerTask.objects.get(item=number)


def act(row: Any, name: str, today: date = TODAY, by: Any = None, **data: Any) -> Any:
    return steps.act(row.pk, name, by=by or district(), data=data, today=today)


def step(row: Any, name: str, today: date = TODAY, by: Any = None, **data: Any) -> Any:
    version = type(row).objects.get(pk=row.pk).version
    return steps.perform(row.pk, name, by=by or district(), data=data, version=version, today=today)


def complete(number: int, on: date = TODAY, today: date = TODAY) -> LedgerTask:
    """The leader agrees that a task is done."""
    data = {"summary": "已经完成"} | ({"on": on.isoformat(), "late_reason": "补录"} if on != today else {})
    done = approve_all(step(task(number), "complete", today=today, **data), leader(), today=today)
    assert done.state == "granted", done.reason
    return task(number)
