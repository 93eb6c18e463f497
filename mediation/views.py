"""Pages of the mediation room: the sealed notes, shown once with a reason. Steps and acts are the case room's pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Proceeding
from cases.views.pages import address, refusals

from .models import Mediation
from .sealed import may_read, read_notes


@refusals
def sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the reason; POST shows what was kept sealed, once."""
    today = timezone.localdate()
    seen = Proceeding.objects.visible_to(request.user, today).filter(pk=pk)
    row = Mediation.objects.filter(pk__in=seen.values("pk")).select_related("case").first()
    if row is None or not may_read(row, request.user, today):
        raise Http404
    context = {"row": row, "case": row.case, "notes": None, "error": ""}
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:200]
        if not reason:
            return render(
                request, "mediation/sealed.html", {**context, "error": _("请填写查阅原因。")}, status=400
            )
        context["notes"] = read_notes(
            row, by=request.user, today=today, reason=reason, address=address(request)
        )
    return render(request, "mediation/sealed.html", context)
