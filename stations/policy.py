"""Who may: the one reader of policy.toml. Routes and roles are answered here, relation and state in `cases`.

A route or step that is not in the file is open to nobody.
"""

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .models import Grant, StandIn, User

FILE = Path(__file__).with_name("policy.toml")
ANYONE = "anyone"
SIGNED_IN = "signed_in"
RELATIONS = frozenset({"own", "station", "body", "unassigned", "any"})


@dataclass(frozen=True)
class Rule:
    """Who may take one step, and who must approve it."""

    roles: dict[str, str]  # role -> relation
    approval: tuple[str, ...] = ()
    approval_once_accepted: bool = False  # the approvers of acceptance, from acceptance on
    approval_in: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # kind of the handling body -> approvers
    approval_if: dict[str, str] = field(
        default_factory=dict
    )  # approver -> setting of the office that may leave him out


@dataclass(frozen=True)
class Policy:
    groups: dict[str, tuple[str, ...]]
    routes: dict[str, dict[str, frozenset[str]]]
    steps: dict[str, dict[str, Rule]]


def _roles(names: str | Iterable[str], groups: dict[str, tuple[str, ...]]) -> frozenset[str]:
    listed = names.split() if isinstance(names, str) else list(names)
    return frozenset(role for name in listed for role in groups.get(name, (name,)))


@cache
def policy() -> Policy:
    """The policy as data; a change of the file needs a restart."""
    raw: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups = {name: tuple(roles) for name, roles in raw.get("groups", {}).items()}
    routes = {
        route: {method: _roles(names, groups) for method, names in methods.items()}
        for route, methods in raw["routes"].items()
    }
    steps: dict[str, dict[str, Rule]] = {}
    for kind, table in raw["steps"].items():
        steps[kind] = {}
        for name, row in table.items():
            who = {
                role: relation
                for names, relation in row.items()
                if not names.startswith("approval")
                for role in _roles(names, groups)
            }
            unknown = set(who.values()) - RELATIONS
            if unknown:
                raise ValueError(f"policy.toml: unknown relation {unknown} in {kind}.{name}")
            steps[kind][name] = Rule(
                who,
                tuple(row.get("approval", ())),
                bool(row.get("approval_once_accepted")),
                {body: tuple(listed) for body, listed in row.get("approval_in", {}).items()},
                dict(row.get("approval_if", {})),
            )
    return Policy(groups, routes, steps)


def step_rule(kind: str, name: str) -> Rule | None:
    """The rule of a step: the kind's own, else the one all proceedings share."""
    steps = policy().steps
    own = steps.get(kind, {}).get(name)
    if own is not None or kind == "case":
        return own
    return steps["proceeding"].get(name)


@dataclass(frozen=True)
class Held:
    """One grant in force, of the user or of somebody the user stands in for."""

    role: str
    body_id: int | None
    station_id: int | None
    user_id: int


@dataclass(frozen=True)
class Standing:
    """What a user is on a day: the users acted for, and the grants held."""

    user_id: int | None
    users: frozenset[int]
    grants: tuple[Held, ...]
    memo: dict[Any, bool] = field(
        default_factory=dict, compare=False, repr=False
    )  # relations asked in this request
    sights: dict[int, Any] = field(
        default_factory=dict, compare=False, repr=False
    )  # and what is seen of a case

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(g.role for g in self.grants)

    def bodies(self, role: str) -> list[int]:
        return sorted({g.body_id for g in self.grants if g.role == role and g.body_id is not None})

    def stations(self, role: str) -> list[int]:
        return sorted({g.station_id for g in self.grants if g.role == role and g.station_id is not None})

    def users_with(self, role: str) -> list[int]:
        return sorted({g.user_id for g in self.grants if g.role == role})


NOBODY = Standing(None, frozenset(), ())


def standing(user: Any, today: date) -> Standing:
    """The standing of a user on a day; read once where it is remembered."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    kept: dict[date, Standing] | None = getattr(user, "_standing", None)
    if kept is not None and today in kept:
        return kept[today]
    absent = (
        StandIn.objects.in_force(today)
        .filter(substitute=user, absent__is_active=True)
        .values_list("absent_id", flat=True)
    )
    users = frozenset({user.pk, *absent})
    rows = (
        Grant.objects.in_force(today)
        .filter(user__in=users)
        .values_list("role", "body_id", "station_id", "user_id")
    )
    found = Standing(user.pk, users, tuple(Held(*row) for row in rows))
    if kept is not None:
        kept[today] = found
    return found


def remember(user: Any) -> None:
    """From now on the standing of this user is read once: a request asks for it many times."""
    if isinstance(user, User):
        user._standing = {}  # type: ignore[attr-defined]


@contextmanager
def remembering(user: Any) -> Iterator[None]:
    """The same for one call of the door by a user that no request keeps."""
    if not isinstance(user, User) or hasattr(user, "_standing"):
        yield
        return
    remember(user)
    try:
        yield
    finally:
        del user._standing  # type: ignore[attr-defined]


def route_methods(route: str) -> dict[str, frozenset[str]] | None:
    """The methods a route declares; the admin site's many routes share one row."""
    routes = policy().routes
    return routes.get("admin:*" if route.startswith("admin:") else route)


def route_answer(route: str, method: str, held: Standing) -> bool | None:
    """May this standing use this route? None: the route or method is not declared."""
    methods = route_methods(route)
    if methods is None:
        return None
    allowed = methods.get("GET" if method == "HEAD" else method)
    if allowed is None:
        return None
    if ANYONE in allowed:
        return True
    if held.user_id is None:
        return False
    return SIGNED_IN in allowed or bool(allowed & held.roles)
