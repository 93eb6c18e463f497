"""移送、案源通报: forms, what their pages show, the evidence package. The models: cases/models/transfer.py."""

from cases import navigation

from . import forms, showing  # noqa: F401  they bind themselves

navigation.add_matters("案件", "transfer", order=51)
navigation.add_matters("案件", "lead_notice", order=52)
