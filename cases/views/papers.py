"""Files handed in, documents made here, and the public answer whether a document is genuine."""

import re

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import attaching
from cases.errors import DomainError
from cases.models import Document, Evidence, Proceeding
from cases.reading import Content, open_document, open_evidence

from .pages import refusals
from .workspace import UploadForm, find_case, page

SANDBOX = "default-src 'none'; sandbox"
PAPER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
LOOKALIKES = str.maketrans("OIL", "011")


@refusals
def case_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file into the case: tested, stored, then on the record."""
    today = timezone.localdate()
    case = find_case(request.user, pk, today)
    wanted = request.GET.get("p", "")
    row = None
    if wanted.isdigit():
        row = Proceeding.objects.visible_to(request.user, today).filter(case=case, pk=int(wanted)).first()
    form = UploadForm(request.POST, request.FILES, case=case, row=row)
    if not form.is_valid():
        return page(request, case, today, tab="files", upload=form, status=400)
    data = form.cleaned_data
    try:
        upload = data["upload"]
        said = {"title": data["title"], "proves": data["proves"], "party": getattr(data["party"], "pk", None)}
        attaching.attach(
            case,
            upload.name,
            upload,
            by=request.user,
            today=today,
            row=row,
            audience=data["audience"],
            said=said,
        )
    except DomainError as error:
        form.add_error("upload" if error.status == 400 else None, str(error.message))
        return page(request, case, today, tab="files", upload=form, status=error.status)
    messages.success(request, _("材料已添加并登记。"))
    return redirect(f"{reverse('case', args=[case.pk])}?p={row.pk if row else ''}&tab=files")


def _given(content: Content, *, inline: bool, policy: str) -> FileResponse:
    response = FileResponse(
        content.file, as_attachment=not inline, filename=content.name, content_type=content.type
    )
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    return response


@refusals
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a case, never shown in place: always to be saved, logged before it is given."""
    found = (
        Evidence.objects.visible_to(request.user, timezone.localdate())
        .select_related("file")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return _given(open_evidence(found, by=request.user), inline=False, policy=SANDBOX)


@refusals
def document(request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
    """A document as PDF or docx; 202 while it is still being made."""
    rows = Document.objects.visible_to(request.user, timezone.localdate()).select_related(
        "pdf", "docx", "case"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    content = open_document(found, ending, by=request.user)
    if content is None:
        return render(request, "cases/being_made.html", {"document": found, "ending": ending}, status=202)
    inline = ending == "pdf"
    return _given(content, inline=inline, policy=PAPER if inline else SANDBOX)


def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Is this document genuine, and its digest. Public: no session; it names no party."""
    plain = re.sub(r"[^0-9A-Z]", "", code.upper()).translate(LOOKALIKES)[:13]
    found = (
        Document.objects.filter(code=plain)
        .exclude(state=Document.State.DRAFT)
        .select_related("body", "pdf")
        .first()
    )
    return render(
        request, "cases/verify.html", {"document": found, "code": plain}, status=200 if found else 404
    )
