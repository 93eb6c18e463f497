"""举报投诉: forms, what its page shows, the sealed part, and the public pages. The model: cases/models/tip.py."""

from cases import navigation

from . import forms, showing  # noqa: F401  they bind themselves

navigation.add_matters("案件", "tip", order=50)
