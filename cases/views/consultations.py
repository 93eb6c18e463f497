"""咨询登记: a question answered in minutes, from any page; a case only if somebody makes it one."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from cases import access
from cases.forms import LongField
from cases.identifiers import check_phone
from cases.models import Consultation, Right
from cases.protection import masked_phone
from stations import policy
from stations.models import Station

from .pages import address, query, sheet, wants_sheet

PAGE = 50


class ConsultationForm(forms.Form):
    """One line suffices."""

    question = LongField(label=_("咨询内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    answer = LongField(
        label=_("答复"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    channel = forms.ChoiceField(label=_("方式"), choices=Consultation.Channel.choices, required=False)
    name = forms.CharField(label=_("咨询人"), max_length=80, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    right_kind = forms.ChoiceField(
        label=_("权利类型"), choices=[("", "—"), *Right.Kind.choices], required=False
    )

    def clean_phone(self) -> str:
        value: str = self.cleaned_data["phone"]
        answer = check_phone(value) if value else None
        if answer is not None and answer.level == "error":
            raise ValidationError(answer.message, code="identifier")
        return answer.normalised if answer else ""


def _stations(user: Any, today: date) -> list[int]:
    held = policy.standing(user, today)
    return sorted({s for role in policy.policy().groups["station_staff"] for s in held.stations(role)})


def mine(user: Any, today: date) -> QuerySet[Consultation]:
    """The consultations of my stations, and those I wrote down."""
    held = policy.standing(user, today)
    return Consultation.objects.filter(Q(station__in=_stations(user, today)) | Q(by__in=held.users))


@sensitive_post_parameters("phone", "name")
def consultation(request: HttpRequest) -> HttpResponse:
    """Write one down. Reached from every page; a mistake keeps what was typed."""
    today = timezone.localdate()
    form = ConsultationForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        stations = _stations(request.user, today)
        row = Consultation(
            station=Station.objects.filter(pk__in=stations).first(), by=request.user, on=today,
            channel=data["channel"] or Consultation.Channel.COUNTER, name=data["name"], question=data["question"],
            answer=data["answer"], right_kind=data["right_kind"],
        )  # fmt: skip
        row.phone = data["phone"]
        row.save()
        messages.success(request, _("咨询已登记。需要办理时可转为收件登记。"))
        return redirect("consultations")
    return render(request, "cases/consultation.html", {"form": form}, status=400 if form.errors else 200)


def consultations(request: HttpRequest, shown: dict[int, str] | None = None) -> HttpResponse:
    """The list, newest first."""
    today = timezone.localdate()
    rows = mine(request.user, today).select_related("station", "by", "case").order_by("-id")
    if wants_sheet(request):
        lines = [
            [r.on, str(r.station or ""), r.get_channel_display(), r.name, _right(r), r.question, r.answer, str(r.by),
             str(r.case or "")]
            for r in rows[:20000]
        ]  # fmt: skip
        columns = ["日期", "工作站", "方式", "咨询人", "权利", "咨询内容", "答复", "登记人", "转为案件"]
        return sheet(request, "咨询登记", columns, lines)
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    listed = [
        {"row": r, "right": _right(r), "phone": (shown or {}).get(r.pk) or masked_phone(r.phone or ""),
         "masked": bool(r.phone_sealed) and r.pk not in (shown or {})}
        for r in found[:PAGE]
    ]  # fmt: skip
    context = {
        "rows": listed,
        "next": query(request, after=str(found[PAGE - 1].pk)) if len(found) > PAGE else "",
        "download": query(request, download="xlsx", after=""),
        "may_register": policy.route_answer("case_new", "GET", policy.standing(request.user, today)),
    }
    return render(request, "cases/consultations.html", context)


def _right(row: Consultation) -> str:
    return str(dict(Right.Kind.choices).get(row.right_kind, ""))


def consultation_unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a telephone number once; logged before it is shown."""
    row = mine(request.user, timezone.localdate()).filter(pk=pk).first()
    if row is None:
        raise Http404
    access.log_read(request.user, f"consultation/{pk}/phone", reason="回复咨询", address=address(request))
    return consultations(request, {pk: row.phone})
