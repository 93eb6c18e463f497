"""One person of every role at one desk, and a stranger at another; used where every role is tried."""

from dataclasses import dataclass
from datetime import date

from stations.models import Role, User
from tests.factories import body, station, user
from tests.laid import laid_once

STATION_ROLES = ("clerk", "station_head")
BODIES_OF = {"mediator": ("committee",), "committee": ("committee",), "head": ("bureau", "centre"),
             "office": ("bureau", "centre")}  # fmt: skip
MANY = {"adjudicator": 5, "recorder": 2, "mediator": 2, "head": 2, "reviewer": 3}  # of whom one is not enough
NOWHERE = ("leader", "district", "security", "auditor", "sysadmin")


@dataclass(frozen=True)
class House:
    """Role -> the people who hold it; `strangers` hold the role elsewhere."""

    people: dict[str, list[User]]
    strangers: dict[str, User]

    def one(self, role: str) -> User:
        return self.people[role][0]

    def with_roles(self, roles: object) -> list[User]:
        return [person for role in roles for person in self.people[role]]  # type: ignore[attr-defined]


@laid_once
def build(today: date | None = None) -> House:
    """Bodies, two stations, people of every role."""
    for kind in ("bureau", "centre", "committee"):
        body(kind)
    station("s1"), station("s2")
    people: dict[str, list[User]] = {}
    strangers = {}
    for role in Role.values:
        grants = _grants(role)
        people[role] = [user(f"{role}{n}", *grants) for n in range(1, MANY.get(role, 1) + 1)]
        if role in STATION_ROLES:
            strangers[role] = user(f"{role}-elsewhere", (role, station("s2")))
    return House(people, strangers)


def _grants(role: str) -> list[tuple[str, object]]:
    if role in STATION_ROLES:
        return [(role, station("s1"))]
    if role in NOWHERE:
        return [(role, None)]
    return [(role, body(kind)) for kind in BODIES_OF.get(role, ("bureau",))]
