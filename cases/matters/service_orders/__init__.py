"""订单+专家: forms and what its page shows. The model: cases/models/service_order.py."""

from cases import navigation

from . import forms, showing  # noqa: F401  they bind themselves

navigation.add_matters("工作体系", "service_order", order=21)
