"""Whoever reports, and the doors they use: opening, a step with the version as it stands, what follows a commit."""

from datetime import date
from typing import Any

from cases import outbox, steps
from cases.models import Proceeding
from cases.steps import Waiting
from stations.models import User
from tests.factories import approve_all, body, clerk, station, user

DAY = date(2026, 12, 1)


def station_head(at: str = "s1") -> User:
    return user(f"head-of-{at}", ("station_head", station(at)))


def office() -> User:
    return user("office", ("office", body("bureau")), ("office", body("centre")))


def head() -> User:
    return user("head", ("head", body("bureau")), ("head", body("centre")))


def committee(number: int = 1) -> User:
    return user(f"committee{number}", ("committee", body("committee")))


def district() -> User:
    return user("district", ("district", None))


def opened(kind: str, by: User, today: date = DAY, **data: Any) -> Any:
    made = steps.open_matter(kind, by=by, data=data, today=today)
    return Proceeding.objects.get(pk=made.proceeding).concrete()


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def do(row: Any, name: str, by: User, today: date = DAY, approve: bool = True, **data: Any) -> Any:
    """A step of the row as it stands; the row afterwards."""
    answer = steps.perform(row.pk, name, by=by, data=data, version=again(row).version, today=today)
    if approve and isinstance(answer, Waiting):
        done = approve_all(answer, head(), today=today)
        assert done.state == "granted", done.reason
    return again(row)


def act(row: Any, name: str, by: User, today: date = DAY, **data: Any) -> Any:
    answer = steps.act(row.pk, name, by=by, data=data, today=today)
    if isinstance(answer, Waiting):
        done = approve_all(answer, head(), today=today)
        assert done.state == "granted", done.reason
    return again(row)


def worked(row: Any) -> Any:
    """The row once the worker has done what was promised."""
    outbox.drain()
    return again(row)


__all__ = [
    "DAY",
    "act",
    "again",
    "clerk",
    "committee",
    "district",
    "do",
    "head",
    "office",
    "opened",
    "station_head",
    "worked",
]
