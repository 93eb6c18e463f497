"""What reports keep of their own: targets, what the owners of other figures delivered, figures frozen."""

from .deliveries import CourtCase, Delivery, SpecialArea
from .frozen import Frozen, FrozenRows
from .targets import Target

__all__ = ["CourtCase", "Delivery", "Frozen", "FrozenRows", "SpecialArea", "Target"]
