"""Who and where: bodies, areas, stations, responsible units, users, grants, people, enterprises, holidays.

No step and no case stands here; what has steps is a proceeding of `cases`.
"""

from .enterprises import Enterprise, EnterpriseContact, InsurancePolicy, Pairing, Partner, Pilot, PilotReview
from .grid import GridCell
from .office import Holiday, Setting
from .people import Appointment, Duty, Interest, Person, ServiceHours, Staff, Training
from .places import Area, Body, Station
from .terms import InForce, Term, held, holds
from .units import Unit, UnitContact, UnitName
from .users import SEPARATED_ROLES, Grant, Role, StandIn, Token, User, UserManager, normal_username

__all__ = [
    "SEPARATED_ROLES",
    "Appointment",
    "Area",
    "Body",
    "Duty",
    "Enterprise",
    "EnterpriseContact",
    "Grant",
    "GridCell",
    "Holiday",
    "InForce",
    "InsurancePolicy",
    "Interest",
    "Pairing",
    "Partner",
    "Person",
    "Pilot",
    "PilotReview",
    "Role",
    "ServiceHours",
    "Setting",
    "Staff",
    "StandIn",
    "Station",
    "Term",
    "Token",
    "Training",
    "Unit",
    "UnitContact",
    "UnitName",
    "User",
    "UserManager",
    "held",
    "holds",
    "normal_username",
]
