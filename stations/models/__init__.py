"""Who and where: bodies, areas, stations, users, grants, people, enterprises, holidays.

No step and no case stands here; what has steps is a proceeding of `cases`.
"""

from .enterprises import Enterprise
from .grid import GridCell
from .office import Holiday, Setting
from .people import Appointment, Interest, Person
from .places import Area, Body, Station
from .terms import InForce
from .users import SEPARATED_ROLES, Grant, Role, StandIn, Token, User, UserManager, normal_username

__all__ = [
    "SEPARATED_ROLES",
    "Appointment",
    "Area",
    "Body",
    "Enterprise",
    "Grant",
    "GridCell",
    "Holiday",
    "InForce",
    "Interest",
    "Person",
    "Role",
    "Setting",
    "StandIn",
    "Station",
    "Token",
    "User",
    "UserManager",
    "normal_username",
]
