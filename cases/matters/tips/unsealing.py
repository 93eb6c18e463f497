"""Reading what a tip keeps sealed: by who handles it alone, the reason first, logged before anything is shown."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from cases import access
from cases.errors import NotFound
from cases.models import Tip
from cases.views import sealed
from cases.views.pages import address, refusals

from .showing import may_unseal

PARTS = {
    "tipster": _("举报（投诉）人"), "contact": _("联系方式"), "id_number": _("身份证件号码"), "order_no": _("来件编号"),
    "accused": _("被举报（投诉）人"), "story": _("事实和线索"), "right_holder": _("被侵权的权利人"), "finding": _("核查情况"),
}  # fmt: skip


@sensitive_variables()
def read(row: Tip, *, by: Any, today: date, reason: str, address: str = "") -> list[tuple[Any, str]]:
    """Every sealed part that is filled. Raises NotFound for whoever does not handle the tip."""
    if not may_unseal(row, by, today):
        raise NotFound("not_found", _("没有这件举报，或者您无权查阅密存内容。"))
    access.log_read(by, f"tip/{row.pk}", reason=reason, address=address)
    return [(label, value) for name, label in PARTS.items() if (value := getattr(row, name))]


@refusals
def tip_sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the reason, POST shows once."""
    today = timezone.localdate()
    row = sealed.seen(request, Tip, pk, today)
    if not may_unseal(row, request.user, today):
        raise Http404
    return sealed.read_once(
        request, "cases/tip_sealed.html", row, "parts",
        lambda reason: read(row, by=request.user, today=today, reason=reason, address=address(request)),
    )  # fmt: skip
