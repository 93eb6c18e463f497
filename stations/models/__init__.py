"""Who and where: bodies, areas, stations, users, grants, people, enterprises, holidays.

No step and no case stands here; what has steps is a proceeding of `cases`.
"""

from .duty import Member, Shift
from .enterprises import Enterprise, Insurance, Pairing, Pilot
from .grid import GridCell
from .office import Holiday, Setting
from .partners import Partner
from .people import Appointment, Hours, Interest, Person
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
    "Hours",
    "InForce",
    "Insurance",
    "Interest",
    "Member",
    "Pairing",
    "Partner",
    "Person",
    "Pilot",
    "Role",
    "Setting",
    "Shift",
    "StandIn",
    "Station",
    "Token",
    "User",
    "UserManager",
    "normal_username",
]
