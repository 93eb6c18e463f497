"""What reports keep of their own: targets, and what the owners of other figures delivered."""

from .deliveries import CourtCase, Delivery, SpecialArea
from .targets import Target

__all__ = ["CourtCase", "Delivery", "SpecialArea", "Target"]
