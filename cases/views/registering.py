"""收件登记 on one page, with numbers checked and likely duplicates shown while it is typed."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from cases import registration, steps
from cases.errors import DomainError
from cases.forms import TableField
from cases.identifiers import check_court_number, check_id_number, check_phone, check_right_number
from cases.models import Case, Consultation, Finding, Party, Proceeding, Right
from cases.registration import RegistrationForm

from .consultations import mine
from .pages import key_of, messages_of, new_key, posted, refusals

MOST_ROWS = 40
MAIN = {"parties": ("role", "kind", "name", "id_number", "phone"), "rights": ("kind", "number", "title")}
BLANKS: dict[str, list[dict[str, Any]]] = {
    "parties": [
        {"role": Party.Role.APPLICANT, "kind": Party.Kind.LEGAL}, {"role": Party.Role.RESPONDENT, "kind": Party.Kind.LEGAL},
    ],
    "rights": [{}],
}  # fmt: skip
NUMBER = re.compile(r"(parties|rights)-(\d{1,3})-(id_number|phone|number)|court_case_no")


@sensitive_post_parameters()
@refusals
def case_new(request: HttpRequest) -> HttpResponse:
    """The page, and what becomes of it: a registered case, or the same page with what is wrong."""
    today = timezone.localdate()
    asked = _consultation(request)
    if request.method != "POST":
        return _page(request, None, initial=_initial(today, asked) | _found(request), asked=asked)
    add = request.POST.get("add", "")
    data = posted(request, RegistrationForm, keep={"rights", "parties"} if add else {"rights"})
    data.pop("consultation", None)
    if add:  # the plus buttons without script
        return _page(request, data, asked=asked, grow=add)
    if asked and data["parties"] and not data["parties"][0].get("phone"):
        data["parties"][0]["phone"] = asked.phone or ""
    form = RegistrationForm(data, by=request.user, today=today)
    likely = _likely(request, data)
    seen = set(" ".join(request.POST.getlist("seen")).split())
    if form.is_valid() and {str(case.pk) for case in likely} - seen:
        return _page(request, data, form=form, likely=likely, asked=asked, ask_again=True)
    try:
        outcome = steps.register(by=request.user, data=data, today=today, key=key_of(request))
    except DomainError as error:
        messages_of(error, form)
        return _page(request, data, form=form, likely=likely, asked=asked, status=error.status)
    if asked is not None and asked.case_id is None:
        asked.case_id = outcome.case
        asked.save(update_fields=["case"])
    case = Case.objects.get(pk=outcome.case)
    receipt = case.documents.filter(kind="receipt").first()
    messages.success(request, _("已登记，登记号 %(number)s。") % {"number": case.registration_no})
    return redirect(f"{reverse('case', args=[case.pk])}{'?tab=documents' if receipt else ''}")


def _consultation(request: HttpRequest) -> Consultation | None:
    wanted = request.POST.get("consultation") or request.GET.get("consultation") or ""
    return (
        mine(request.user, timezone.localdate()).filter(pk=int(wanted)).first() if wanted.isdigit() else None
    )


def _found(request: HttpRequest) -> dict[str, Any]:
    """What a patrol saw, where the page was opened from its finding."""
    wanted, today = request.GET.get("finding", ""), timezone.localdate()
    seen = Proceeding.objects.visible_to(request.user, today).filter(kind="finding")
    row = (
        Finding.objects.filter(pk__in=seen, pk=int(wanted)).select_related("cell__area").first()
        if wanted.isdigit()
        else None
    )
    if row is None:
        return {}
    area = row.cell.area.code if row.cell is not None else ""
    return {"summary": f"{row.place}：{row.story or row.get_what_display()}", "act_place": area,
            "source": Case.Source.INITIATIVE, "proceeding": "assistance"}  # fmt: skip


def _initial(today: Any, asked: Consultation | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"received_on": today, "proceeding": "mediation", "mediation_kind": "people",
                               "source": Case.Source.APPLICATION}  # fmt: skip
    if asked is not None:
        initial |= {
            "summary": asked.question,
            "parties": [
                {"role": "applicant", "kind": Party.Kind.LEGAL, "name": asked.name},
                BLANKS["parties"][1],
            ],
            "rights": [{"kind": asked.right_kind}],
        }
    return initial


def _page(
    request: HttpRequest,
    data: dict[str, Any] | None,
    *,
    initial: dict[str, Any] | None = None,
    form: Any = None,
    likely: list[Case] | None = None,
    asked: Consultation | None = None,
    grow: str = "",
    ask_again: bool = False,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    if form is None:
        form = RegistrationForm(by=request.user, today=today, initial=initial if data is None else data)
    values = (data if data is not None else initial) or {}
    single = form.fields["station"].queryset.count() == 1
    context = {
        "form": form,
        "parties": rows_of(form, "parties", values.get("parties"), grow=grow == "parties"),
        "rights": rows_of(form, "rights", values.get("rights"), grow=grow == "rights"),
        "single_station": single,
        "key": request.POST.get("key") if data is not None and status != 422 else new_key(),
        "likely": likely or [],
        "asked": asked,
        "ask_again": ask_again,
        "seen": " ".join(request.POST.getlist("seen")),
    }
    return render(request, "cases/case_new.html", context, status=status)


def rows_of(form: Any, name: str, values: Any, *, grow: bool = False) -> dict[str, Any]:
    """The rows of a table field as widgets: main columns, further columns, and a pattern for the plus button."""
    field: TableField = form.fields[name]
    given: list[dict[str, Any]] = [dict(v) for v in values or []][:MOST_ROWS]
    if not given:
        given = [dict(row) for row in BLANKS[name]]
    if grow:
        given.append(dict(BLANKS[name][-1]))
    rows = [_row(field, name, str(n), row) for n, row in enumerate(given)]
    return {"rows": rows, "pattern": _row(field, name, "__i__", BLANKS[name][-1]), "total": len(rows)}


def _row(field: TableField, name: str, index: str, row: dict[str, Any]) -> dict[str, Any]:
    cells: dict[str, list[dict[str, Any]]] = {"main": [], "more": []}
    for key, column in field.columns.items():
        place = "main" if key in MAIN[name] else "more"
        control = f"{name}-{index}-{key}"
        attrs: dict[str, Any] = {"id": f"id_{control}"}
        if key in ("id_number", "phone", "number"):
            attrs |= _checked(control)
        if key in ("name", "number"):
            attrs["class"] = "watched"
        cells[place].append(
            {"id": attrs["id"], "label": column.label, "html": _widget(name, key, column).render(control, row.get(key), attrs),
             "check": f"check_{control}" if "hx-post" in attrs else ""}
        )  # fmt: skip
    return {**cells, "filled": any(row.get(k) for k in field.columns if k not in MAIN[name])}


def _widget(name: str, key: str, column: forms.Field) -> forms.Widget:
    """The column's own widget; the kind of a right is chosen, never preset."""
    if (name, key) != ("rights", "kind"):
        return column.widget
    return forms.Select(choices=[("", "请选择"), *Right.Kind.choices])


def _checked(control: str) -> dict[str, Any]:
    return {
        "hx-post": reverse("case_check"), "hx-trigger": "change", "hx-target": f"#check_{control}",
        "hx-include": "closest .item", "aria-describedby": f"check_{control}", "autocomplete": "off",
    }  # fmt: skip


@sensitive_post_parameters()
def case_check(request: HttpRequest) -> HttpResponse:
    """One number as typed: a fragment with what is wrong with it. Numbers travel in the body, never in an address."""
    name = request.headers.get("HX-Trigger-Name", "") or request.POST.get("field", "")
    found = NUMBER.fullmatch(name)
    value = request.POST.get(name, "")[:80]
    if found is None or not value.strip():
        return render(request, "cases/check.html", {"answer": None})
    if name == "court_case_no":
        answer = check_court_number(value)
    elif found[3] == "phone":
        answer = check_phone(value)
    elif found[3] == "id_number":
        kind = request.POST.get(f"parties-{found[2]}-kind") or Party.Kind.LEGAL
        answer = check_id_number(value, kind if kind in Party.Kind.values else Party.Kind.LEGAL)
    else:
        answer = check_right_number(_right_kind(request.POST.get(f"rights-{found[2]}-kind")), value)
    return render(request, "cases/check.html", {"answer": answer})


@sensitive_post_parameters()
def case_duplicates(request: HttpRequest) -> HttpResponse:
    """Cases with the same party or right, as a fragment for the side of the page."""
    return render(
        request,
        "cases/duplicates.html",
        {"likely": _likely(request, posted(request, RegistrationForm, keep={"rights"}))},
    )


def _right_kind(said: Any) -> str:
    return str(said) if said in Right.Kind.values else Right.Kind.OTHER


def _likely(request: HttpRequest, data: dict[str, Any]) -> list[Case]:
    names = [str(p.get("name") or "") for p in data.get("parties", []) if isinstance(p, dict)][:10]
    numbers = [(_right_kind(r.get("kind")), str(r.get("number") or "")) for r in data.get("rights", [])][:10]
    return registration.duplicates(names=names, numbers=numbers, by=request.user, today=timezone.localdate())
