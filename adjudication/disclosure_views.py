"""公开审核 for staff: what waits, and one ruling's original and public text side by side with its marks.

Deciding (publish, withhold, take down) is the generic step page's; here only the marked text is edited.
"""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import access, steps
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.models import Approval, Proceeding
from cases.panels import Exhibit, Panel, exhibit, panel
from cases.permissions import can, role_names
from cases.stepping import steps_of
from cases.views.pages import address, key_of, messages_of, new_key, posted, refusals
from stations import policy

from . import publication, reviewing
from .forms.disclosure import Redact
from .models import Disclosure
from .models.public import place
from .redaction import CATEGORIES

STEPS = ("publish", "republish", "withhold", "withdraw", "undo_last")
BLANK = 3
SHOWN = 100


def working_days_left(due: date, today: date) -> int:
    """Working days from tomorrow to the last day; negative once it has passed."""
    calendar = office_calendar()
    first, last, sign = (today, due, 1) if due >= today else (due, today, -1)
    days = ((first + timedelta(n)) for n in range(1, (last - first).days + 1))
    return sign * sum(calendar.is_working(day) for day in days)


def left(row: Disclosure, today: date) -> dict[str, str]:
    """The limit in words and its tone."""
    if row.state != "received":
        return {"words": "", "tone": ""}
    days = working_days_left(row.publish_by, today)
    if days < 0:
        return {"words": f"已超期 {-days} 个工作日", "tone": "hot"}
    return {"words": f"距公开期限 {days} 个工作日", "tone": "warn" if days <= 5 else ""}


def disclosures(request: HttpRequest) -> HttpResponse:
    """What waits to be published, by its limit; then what was decided lately."""
    today = timezone.localdate()
    mine = Proceeding.objects.visible_to(request.user, today).filter(kind="disclosure")
    rows = Disclosure.objects.filter(pk__in=mine.values("pk")).select_related("ruling", "handler")
    waiting = list(rows.filter(state="received").order_by("due_on", "pk")[:SHOWN])
    done = list(rows.exclude(state__in=["received", "void"]).order_by("-pk")[:30])
    asked = set(
        Approval.objects.filter(
            proceeding__in=[r.pk for r in waiting], state=Approval.State.OPEN
        ).values_list("proceeding", flat=True)
    )
    context = {
        "waiting": [{"row": row, "left": left(row, today), "asked": row.pk in asked} for row in waiting],
        "done": done,
        "may_export": policy.route_answer("portal", "GET", policy.standing(request.user, today)),
    }
    return render(request, "adjudication/disclosures.html", context)


def find(request: HttpRequest, pk: int, today: date) -> Disclosure:
    """The disclosure if this person may see it, else 404."""
    seen = Proceeding.objects.visible_to(request.user, today).filter(pk=pk, kind="disclosure")
    row = Disclosure.objects.select_related("ruling", "case", "body").filter(pk__in=seen.values("pk")).first()
    if row is None:
        raise Http404
    return row


@refusals
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """One ruling under review. POST saves the marks by the act `redact`, or with `preview` shows the text they make."""
    today = timezone.localdate()
    row = find(request, pk, today)
    if request.method != "POST":
        if request.GET.get("part") == "check":  # asked every few seconds; no word of the ruling stands in it
            return render(request, "adjudication/parts/check.html", standing(request.user, row, today))
        access.log_read(
            request.user, f"disclosure/{row.pk}", reason=str(_("公开审核")), address=address(request)
        )
        return _page(request, row, today)
    data = posted(request, Redact)
    entered = [one for one in data.get("replacements", []) if str(one.get("original") or "").strip()]
    if request.POST.get("preview"):
        return _page(request, row, today, data=data, entered=entered)
    data["revision"] = data.get("revision") or row.revision
    seen = reviewing.review(row, today, entered)
    data["replacements"] = seen.entries()
    try:
        steps.act(row.pk, "redact", by=request.user, data=data, today=today, key=key_of(request))
    except DomainError as error:
        form = Redact(data, proceeding=row, case=row.case, by=request.user, today=today)
        messages_of(error, form)
        row = find(request, pk, today)
        theirs = reviewing.differences(row.marks, seen) if error.code == "stale_revision" else []
        return _page(
            request, row, today, form=form, data=data, entered=entered, theirs=theirs, status=error.status
        )
    messages.success(request, _("公开文本已保存，正在生成并检查各种公开形式。"))
    return redirect("disclosure", pk=row.pk)


def _page(
    request: HttpRequest, row: Disclosure, today: date, *, form: Redact | None = None,
    data: dict[str, Any] | None = None, entered: list[Any] | None = None, theirs: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    ruling, seen = row.ruling, reviewing.review(row, today, entered)
    year, serial = place(ruling.number)
    said = (data or {}).get("summary_english", row.summary_english)
    blank = [{"n": len(seen.marks) + n} for n in range(BLANK)]
    context = {
        "ruling": ruling, "left": left(row, today), "seen": seen, "table": [*seen.marks, *blank],
        "categories": list(CATEGORIES.items()), "form": form, "key": new_key(), "theirs": theirs,
        "edit": can(request.user, row, "redact", today),
        "summary": {"text": said} if row.is_foreign else None,
        "approval": Approval.objects.filter(proceeding=row.pk, state=Approval.State.OPEN).select_related("proposer").first(),
        "public": f"/rulings/{year}/{serial}/" if row.state == "published" else "",
        **standing(request.user, row, today),
    }  # fmt: skip
    if context["approval"]:
        context["waiting_role"] = role_names([context["approval"].waiting_role])
    return render(request, "adjudication/disclosure.html", context, status=status)


def standing(user: Any, row: Disclosure, today: date) -> dict[str, Any]:
    """What the machine check said of the saved text, and what this person can do now."""
    text = row.candidate()
    return {
        "row": row, "text": text, "findings": publication.findings_in_words(text) if text else [],
        "report": publication.report(text) if text is not None and text.passed else None,
        "actions": _actions(user, row, today, ready=text is not None and text.passed),
    }  # fmt: skip


def _actions(user: Any, row: Disclosure, today: date, *, ready: bool) -> list[dict[str, Any]]:
    """The steps open in this state, with the reason where this person may not."""
    found = []
    for name in STEPS:
        meta = steps_of(Disclosure)[name]
        if not meta.open_in(row.state) or (name == "undo_last" and not row.version):
            continue
        answer = can(user, row, name, today)
        if name == "undo_last" and not answer:
            continue
        untested = name in ("publish", "republish") and answer.allowed and not ready
        reason = _("保存公开文本并通过检查后办理。") if untested else answer.reason
        found.append(
            {"label": meta.label, "url": reverse("step", args=[row.pk, name]), "allowed": bool(answer) and not untested,
             "reason": reason, "grave": meta.grave, "primary": name in ("publish", "republish")}
        )  # fmt: skip
    return found


@panel("disclosure")
def shown(row: Any, user: Any, today: date) -> Panel:
    """On the case page: the ruling, and the way to its review."""
    facts = [
        {"label": _("裁决书"), "value": row.ruling.number, "num": True},
        {"label": _("公开期限"), "value": row.publish_by},
    ]
    links = [{"url": reverse("disclosure", args=[row.pk]), "label": _("公开审核")}]
    if row.state == "published":
        year, serial = place(row.ruling.number)
        links.append({"url": f"/rulings/{year}/{serial}/", "label": _("公开页面")})
    return Panel(facts=facts, links=links)


@exhibit("disclosure", "publish", "republish")
def signed_off(row: Any, data: dict[str, Any], today: date) -> Exhibit:
    """What the second reviewer signs: the text side by side and the check report, of exactly the revision proposed."""
    text = row.candidate()
    moved = str(data.get("revision")) != str(row.revision) or text is None
    sealed = text is not None and data.get("seal", "") in ("", text.seal)
    shown = {
        "moved": moved or not sealed, "text": text, "seen": None if moved else reviewing.review(row, today),
        "report": publication.report(text) if text is not None and text.passed else None,
    }  # fmt: skip
    return Exhibit("adjudication/parts/signing.html", shown)
