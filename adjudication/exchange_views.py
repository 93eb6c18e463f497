"""The list of evidence of one adjudication as a file; on the page it stands with the case."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Proceeding
from cases.views.pages import refusals, sheet

from .models import Adjudication
from .showing_exchange import evidence_table


@refusals
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns of the case page, row by row; a foreign adjudication is a missing one."""
    today = timezone.localdate()
    seen = Proceeding.objects.visible_to(request.user, today).filter(pk=pk)
    row = Adjudication.objects.filter(pk__in=seen.values("pk")).first()
    if row is None:
        raise Http404
    table = evidence_table(row, request.user, today)
    rows = [[cell["text"] for cell in cells] for cells in table.rows]
    return sheet(request, f"{_('证据和质证')}-{row.number or row.case.registration_no}", table.columns, rows)
