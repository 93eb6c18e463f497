"""One page for every step and act: its form, who must approve, and what happens when somebody was quicker."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from cases import attaching, record_words, steps
from cases.errors import Conflict, DomainError, KeyReused, NotFound, Refused, VersionMissing
from cases.forms import OfCase, StepForm, form_of
from cases.models import Case, Document, Event, Evidence, Proceeding
from cases.models.caseacts import PROTECTED
from cases.permissions import approvers_of, can, role_names
from cases.stepping import Meta, steps_of
from cases.steps import Waiting

from .next_steps import NEVER_SHOWN
from .pages import key_of, messages_of, new_key, posted, refusals
from .workspace import find_case

LATE = ("on", "late_reason")  # folded away unless filled
LAST = ("reason", *LATE)  # asked after what the step itself asks


@dataclass(frozen=True)
class Doing:
    """What is to be done: on a proceeding or, with `row` None, on the case itself."""

    case: Case
    row: Any
    meta: Meta
    form_class: type[StepForm]
    today: date

    @property
    def target(self) -> Any:
        return self.row if self.row is not None else self.case

    @property
    def back(self) -> str:
        url = reverse("case", args=[self.case.pk])
        return f"{url}?p={self.row.pk}" if self.row is not None else url


@sensitive_post_parameters()
@refusals
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A step of a proceeding."""
    return _answer(request, _of_proceeding(request, pk, name, "step"))


@sensitive_post_parameters()
@refusals
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """An act on a proceeding."""
    return _answer(request, _of_proceeding(request, pk, name, "act"))


@sensitive_post_parameters()
@refusals
def case_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """An act on the case itself."""
    today = timezone.localdate()
    case = find_case(request.user, pk, today)
    meta = steps_of(Case).get(name)
    if meta is None or name in NEVER_SHOWN:
        raise Http404
    return _answer(request, Doing(case, None, meta, form_of(Case, name), today))


def _of_proceeding(request: HttpRequest, pk: int, name: str, kind: str) -> Doing:
    today = timezone.localdate()
    row = Proceeding.objects.visible_to(request.user, today).filter(pk=pk).select_related("case").first()
    if row is None:
        raise Http404
    concrete = row.concrete()
    concrete.case = row.case
    meta = steps_of(type(concrete)).get(name)
    if meta is None or meta.kind != kind or name in NEVER_SHOWN:
        raise Http404
    return Doing(row.case, concrete, meta, form_of(type(concrete), name), today)


def _answer(request: HttpRequest, doing: Doing) -> HttpResponse:
    if request.method != "POST":
        allowed = can(request.user, doing.target, doing.meta.name, doing.today)
        late_or_early = allowed.code == "wrong_state" or allowed.obstacle is not None
        status = 200 if allowed else 409 if late_or_early else 403
        return _page(request, doing, _blank(request, doing), reason=allowed.reason, status=status)
    data = posted(request, doing.form_class)
    form = _form(request, doing, data)
    if request.POST.get("add"):  # one more row, without script
        return _page(request, doing, _form(request, doing, None, initial=data))
    try:
        data |= _uploads(request, doing)
        answer = _do(request, doing, data)
    except NotFound:
        raise
    except DomainError as error:
        return _refused(request, doing, form, error)
    if isinstance(answer, Waiting):
        text = _("已提出拟办意见，等待%(roles)s审批。") % {
            "roles": role_names([answer.approval.waiting_role])
        }
        messages.info(request, text)
    else:
        number = (
            f"，案号 {answer.number}"
            if answer.number and doing.row and answer.number != doing.row.number
            else ""
        )
        messages.success(
            request, _("已办理：%(label)s%(number)s。") % {"label": doing.meta.label, "number": number}
        )
    if doing.row is not None and request.GET.get("from") == "archiving":
        return redirect("archiving", doing.row.pk)
    return redirect(doing.back)


def _do(request: HttpRequest, doing: Doing, data: dict[str, Any]) -> steps.Answer:
    name, shared = doing.meta.name, {"by": request.user, "today": doing.today, "key": key_of(request)}
    if doing.row is None:
        return steps.case_act(doing.case.pk, name, data=data, **shared)
    if doing.meta.kind == "act":
        return steps.act(doing.row.pk, name, data=data, **shared)
    version = request.POST.get("version", "")
    return steps.perform(
        doing.row.pk, name, data=data, version=int(version) if version.isdigit() else None, **shared
    )


def _uploads(request: HttpRequest, doing: Doing) -> dict[str, Any]:
    """Files chosen on the page in place of one already filed: stored and filed first, as the API does it."""
    found: dict[str, Any] = {}
    for name, field in doing.form_class.base_fields.items():
        upload = request.FILES.get(f"{name}__upload")
        if isinstance(field, OfCase) and field.model is Evidence and isinstance(upload, UploadedFile):
            steps.demand(request.user, doing.target, doing.meta.name, doing.today)
            stored, safe_name = attaching.keep(upload.name or "", upload)
            found[name] = Evidence.objects.create(
                case=doing.case, proceeding=doing.row, file=stored, name=safe_name, title=safe_name,
                audience=_audience(doing),
                uploaded_by=request.user,
            ).pk  # fmt: skip
    return found


def _audience(doing: Doing) -> str:
    """Who may see what is uploaded with a form: what the form says (`upload_audience`), else the proceeding."""
    usual = Evidence.Audience.PROCEEDING if doing.row is not None else Evidence.Audience.CASE
    usual = getattr(doing.row, "file_audience", "") or usual
    return str(getattr(doing.form_class, "upload_audience", usual))


def _form(request: HttpRequest, doing: Doing, data: Any, **kwargs: Any) -> StepForm:
    form = doing.form_class(
        data, proceeding=doing.row, case=doing.case, by=request.user, today=doing.today, **kwargs
    )
    form.order_fields([name for name in form.fields if name not in LAST])
    return form


def _blank(request: HttpRequest, doing: Doing) -> StepForm:
    """The form as first shown; a correction begins with what stands on the record, protected values left out."""
    initial: dict[str, Any] = {}
    row = _revised(request, doing)
    if row is not None:
        initial["revision"] = row.revision
        for name in doing.form_class.base_fields:
            if name not in PROTECTED and hasattr(row, name) and name not in ("case", "on"):
                initial[name] = getattr(row, name)
        if doing.meta.revises in doing.form_class.base_fields:
            initial[doing.meta.revises] = row.pk
    return _form(request, doing, None, initial=initial)


def _revised(request: HttpRequest, doing: Doing) -> Any:
    """The row that a correction is about, named in the address by its id."""
    if not doing.meta.revises:
        return None
    if doing.meta.revises == "case":
        return doing.case
    wanted, rows = request.GET.get(doing.meta.revises, ""), _rows(doing)
    row = rows.filter(pk=int(wanted)).first() if wanted.isdigit() else rows.first()
    if row is None:
        raise Http404
    return row


def _rows(doing: Doing) -> Any:
    """The rows of which one is revised: of the case, or those its kind names (`<revises>_rows`)."""
    of_case = {"party": "parties", "right": "rights"}.get(doing.meta.revises)
    return getattr(doing.case, of_case) if of_case else getattr(doing.row, f"{doing.meta.revises}_rows")()


def _refused(request: HttpRequest, doing: Doing, form: StepForm, error: DomainError) -> HttpResponse:
    """The same page with what was typed, the reason, and after a conflict what has changed since."""
    if isinstance(error, Refused):
        return _page(request, doing, form, reason=str(error.message), status=error.status)
    if isinstance(error, (Conflict, VersionMissing, KeyReused)):
        fresh = _again(request, doing)
        return _page(
            request, fresh, form, conflict=error, status=error.status,
            key=new_key() if isinstance(error, KeyReused) else "",
        )  # fmt: skip
    messages_of(error, form)
    return _page(request, doing, form, status=error.status)


def _again(request: HttpRequest, doing: Doing) -> Doing:
    if doing.row is None:
        return Doing(
            find_case(request.user, doing.case.pk, doing.today),
            None,
            doing.meta,
            doing.form_class,
            doing.today,
        )
    return _of_proceeding(request, doing.row.pk, doing.meta.name, doing.meta.kind)


def _page(
    request: HttpRequest,
    doing: Doing,
    form: StepForm,
    *,
    reason: str = "",
    conflict: DomainError | None = None,
    key: str = "",
    status: int = 200,
) -> HttpResponse:
    row = doing.row
    seen = request.POST.get("seen_event", "")
    # the newest this person may see, by its id: a gap in the case's own count would tell of what is sealed
    seen_events = Event.objects.visible_to(request.user, doing.today, doing.case.pk)
    newest = seen_events.order_by("-pk").values_list("pk", flat=True).first() or 0
    context = {
        "case": doing.case,
        "row": row,
        "meta": doing.meta,
        "form": form,
        "late": [form[name] for name in LATE if name in form.fields],
        "late_open": any(form[name].errors or form[name].value() for name in LATE if name in form.fields),
        "uploads": [n for n, f in form.fields.items() if isinstance(f, OfCase) and f.model is Evidence],
        "reason": reason,
        "conflict": conflict,
        "changes": _changes(request, doing, seen) if conflict is not None else [],
        "approvers": role_names(approvers_of(row, doing.meta.name)) if row is not None else "",
        "key": key or request.POST.get("key", "") or new_key(),
        "seen_event": newest,
        "revision": _revision(request, doing) if conflict is not None else None,
        "back": doing.back,
        "explained": _explained(doing),
    }
    return render(request, "cases/doing.html", context, status=status)


def _explained(doing: Doing) -> str:
    """The first line of the step's description: what it means in law."""
    text = (getattr(type(doing.target), doing.meta.name).__doc__ or "").strip().split("\n")[0]
    return text if any("\u4e00" <= c <= "\u9fff" for c in text) and "：" in text else ""


def _revision(request: HttpRequest, doing: Doing) -> int | None:
    """After a conflict on a row: the revision it has now, so that sending again is a decision."""
    revises = doing.meta.revises
    if not revises:
        return None
    if revises == "case":
        return int(doing.case.revision)
    wanted = request.POST.get(revises, "")
    row = _rows(doing).filter(pk=int(wanted)).first() if wanted.isdigit() else None
    return row.revision if row is not None else None


def _changes(request: HttpRequest, doing: Doing, seen: str) -> list[dict[str, Any]]:
    """What was entered in this case since the page was opened, as far as this person may see it."""
    since = int(seen) if seen.isdigit() else 0
    events = Event.objects.visible_to(request.user, doing.today, doing.case.pk).filter(pk__gt=since)
    found = list(events.select_related("by", "approved_by", "proceeding").order_by("-seq")[:20])
    files = Evidence.objects.visible_to(request.user, doing.today, doing.case.pk)
    return record_words.shown(found, Document.objects.none(), doing.today, files)
