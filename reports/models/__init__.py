"""What reports keep of their own: targets, deliveries of others, frozen figures, who reads the feed, what asks for an answer."""

from .deliveries import CourtCase, CustomsLine, Delivery, SpecialArea
from .feeding import FeedToken
from .frozen import Frozen, FrozenRows
from .targets import Target
from .watching import Notice, NoticeEntry

__all__ = [
    "CourtCase", "CustomsLine", "Delivery", "FeedToken", "Frozen", "FrozenRows", "Notice", "NoticeEntry", "SpecialArea", "Target",
]  # fmt: skip
