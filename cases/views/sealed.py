"""What is kept sealed, on a page: the reason first, then the words once; and the shape of what is handed out as a file."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from cases.models import Proceeding

REASON = 200  # characters of a reason that are kept


def seen(request: HttpRequest, model: type[Proceeding], pk: int, today: date) -> Any:
    """The proceeding of this kind, if this person sees it at all; a foreign one is a missing one."""
    visible = Proceeding.objects.visible_to(request.user, today).filter(pk=pk)
    row = model._default_manager.filter(pk__in=visible.values("pk")).select_related("case").first()
    if row is None:
        raise Http404
    return row


def reason_of(request: HttpRequest) -> str:
    """Why somebody wants to read, as he wrote it."""
    return request.POST.get("reason", "").strip()[:REASON]


def read_once(
    request: HttpRequest, template: str, row: Any, name: str, read: Callable[[str], Any]
) -> HttpResponse:
    """GET asks for the reason; POST shows, as `name`, what `read` gives for it. `read` writes the log before it reads."""
    context: dict[str, Any] = {"row": row, "case": row.case, name: None, "error": ""}
    if request.method != "POST":
        return render(request, template, context)
    reason = reason_of(request)
    if not reason:
        return render(request, template, {**context, "error": _("请填写查阅原因。")}, status=400)
    return render(request, template, {**context, "reason": reason, name: read(reason)})


def handed_out(content: bytes | str, name: str, type_: str) -> HttpResponse:
    """A file to keep, under this name."""
    return HttpResponse(
        content,
        content_type=type_,
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )
