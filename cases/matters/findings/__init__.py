"""网格巡查: forms and what its page shows. The model: cases/models/finding.py."""

from cases import navigation

from . import forms, showing  # noqa: F401  they bind themselves

navigation.add_matters("案件", "finding", order=53)
