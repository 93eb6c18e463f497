"""批量移交: all open proceedings of one person to another, each through its own door, with the result of each."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import steps
from cases.errors import DomainError
from cases.forms import LongField
from cases.models import Proceeding
from cases.permissions import handlers_at, may
from stations.models import User

from .pages import key_of, new_key, refusals

MOST = 500


class People(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name}（{obj.username}）"


class HandOverForm(forms.Form):
    """From whom, to whom, why."""

    giver = People(User.objects.all(), label=_("原承办人"), to_field_name="username")
    taker = People(
        User.objects.filter(is_active=True), label=_("移交给"), to_field_name="username",
        help_text=_("须能承办其中的案件；不能承办的案件留在原承办人名下，并逐件说明。"),
        error_messages={"invalid_choice": _("该人员不能承办原承办人的任何在办案件，请另选人员。")},
    )  # fmt: skip
    reason = LongField(label=_("移交原因"), max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("giver") and data.get("giver") == data.get("taker"):
            self.add_error("taker", ValidationError(_("移交给的人不能是原承办人。"), code="same"))
        return data


@refusals
def hand_over_all(request: HttpRequest) -> HttpResponse:
    """First the list of what would be handed over, then the doors one after another."""
    today = timezone.localdate()
    asked = request.POST if request.method == "POST" else request.GET if request.GET.get("giver") else None
    form = HandOverForm(asked, label_suffix="")
    open_rows = Proceeding.objects.visible_to(request.user, today).filter(is_open=True, handler__isnull=False)
    givers = User.objects.filter(pk__in=open_rows.values("handler"))
    form.fields["giver"].queryset = givers  # type: ignore[attr-defined]
    form.fields["taker"].queryset = _takers(open_rows, form["giver"].value(), today)  # type: ignore[attr-defined]
    valid = form.is_bound and form.is_valid()
    rows = _rows(request, form.cleaned_data["giver"], today) if valid else []
    results: list[dict[str, Any]] = []
    if request.method == "POST" and valid and request.POST.get("go"):
        results = [_hand(request, row, form.cleaned_data, today) for row in rows]
        rows = []
    context = {
        "form": form, "rows": rows, "results": results, "key": request.POST.get("key") or new_key(),
        "done": sum(r["ok"] for r in results), "posted": request.method == "POST",
    }  # fmt: skip
    return render(request, "cases/hand_over_all.html", context, status=400 if form.errors else 200)


def _takers(open_rows: Any, giver: Any, today: Any) -> Any:
    """Whoever may handle at least one of the cases in question; each door asks again for its own case."""
    rows = open_rows.filter(handler__username=giver) if giver else open_rows
    able = User.objects.none()
    for kind, body, station in set(rows.order_by().values_list("kind", "body", "station").distinct()):
        able = able | handlers_at(kind, body, station, today)
    return able


def _rows(request: HttpRequest, giver: User, today: Any) -> list[Proceeding]:
    rows = Proceeding.objects.visible_to(request.user, today).filter(is_open=True, handler=giver)
    found = rows.select_related("case", "handler").order_by("due_on", "id")[:MOST]
    return [row for row in found if may(request.user, row, "hand_over", today)]


def _hand(request: HttpRequest, row: Proceeding, data: dict[str, Any], today: Any) -> dict[str, Any]:
    said = {"user": data["taker"].username, "reason": data["reason"]}
    try:
        steps.act(
            row.pk, "hand_over", by=request.user, data=said, today=today, key=f"{key_of(request)}-{row.pk}"
        )
    except DomainError as error:
        told = [text for texts in error.fields.values() for text in texts] or [error.message]
        return {"row": row, "ok": False, "text": "；".join(map(str, told))}
    return {"row": row, "ok": True, "text": _("已移交")}
