"""Lists of rights assistance: the statistics of W-09 line by line, and the ledger of guidance abroad. Both as xlsx."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField
from cases.models import Assistance, Overseas, Party, Visit
from cases.models.assisting import HELP
from cases.sheets import MOST_ROWS
from stations.models import Station

from .pages import query, sheet, wants_sheet

PAGE = 50
COLUMNS = ["案号", "登记号", "申请人", "申请人类型", "权利类型", "境内外", "涉外", "援助事项", "来源渠道", "环节", "结果",
           "收到日期", "受理日期", "办结日期", "办理天数", "满意度", "工作站", "承办人"]  # fmt: skip
ABROAD = ["案号", "登记号", "申请人", "国家（地区）", "受理机构", "程序", "境外期限", "指导意见", "避免损失（元）", "登记日期", "环节",
          "工作站", "承办人"]  # fmt: skip


class Period(forms.Form):
    """What narrows a list: a period, a station."""

    begin = DayField(label=_("自"), required=False)
    end = DayField(label=_("至"), required=False)
    station = forms.ModelChoiceField(
        Station.objects.order_by("code"),
        label=_("工作站"),
        to_field_name="code",
        required=False,
        empty_label=_("全部"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begin, end = cleaned.get("begin"), cleaned.get("end")
        if begin and end and begin > end:
            self.add_error("end", _("结束日期不能早于开始日期，请修改。"))
        return cleaned

    def within(self, column: str) -> Q:
        """The condition on a date column; nothing at all if what was typed is wrong."""
        if not self.is_valid():
            return Q(pk__in=[])
        found = Q()
        if self.cleaned_data["begin"]:
            found &= Q(**{f"{column}__gte": self.cleaned_data["begin"]})
        if self.cleaned_data["end"]:
            found &= Q(**{f"{column}__lte": self.cleaned_data["end"]})
        return found


class Statistics(Period):
    """By which day, of which kind of help."""

    dated = forms.ChoiceField(
        label=_("日期"), required=False,
        choices=[("received_on", _("收到日期")), ("accepted_on", _("受理日期")), ("closed_on", _("办结日期"))],
    )  # fmt: skip
    help_kind = forms.ChoiceField(label=_("援助事项"), choices=[("", _("全部")), *HELP], required=False)


class Ledger(Period):
    """Of the ledger abroad: where."""

    country = forms.CharField(label=_("国家（地区）"), max_length=60, required=False)


def assistance_list(request: HttpRequest) -> HttpResponse:
    """Every application a person may see with the fields of W-09, newest first."""
    today = timezone.localdate()
    form = Statistics(request.GET, label_suffix="")
    rows = assisted(request.user, today, form)
    if wants_sheet(request):
        return sheet(request, "维权援助统计", COLUMNS, [line(row) for row in whole(rows[:MOST_ROWS])])
    shown, context = _page(request, rows)
    context |= {"rows": [told_of(row) for row in whole(shown)], "form": form}
    return render(request, "cases/assistance_list.html", context)


def overseas_list(request: HttpRequest) -> HttpResponse:
    """海外维权指导台账: the record that counts of each matter, newest first."""
    today = timezone.localdate()
    form = Ledger(request.GET, label_suffix="")
    rows = abroad(request.user, today, form)
    if wants_sheet(request):
        return sheet(
            request, "海外维权指导台账", ABROAD, [abroad_line(one) for one in _told(rows[:MOST_ROWS])]
        )
    shown, context = _page(request, rows)
    context["rows"] = [
        {
            "one": one,
            "row": one.assistance,
            "applicants": _applicants(one.assistance.case),
            "tone": _tone(one, today),
            "saved": f"{one.loss_avoided:,.2f}" if one.loss_avoided is not None else "—",
        }
        for one in _told(shown)
    ]
    return render(request, "cases/overseas_list.html", {**context, "form": form})


def assisted(user: Any, today: date, form: Statistics) -> QuerySet[Assistance]:
    """The applications this person may see, as far as the form lets them through."""
    column = form.cleaned_data["dated"] if form.is_valid() else ""
    rows = (
        Assistance.objects.visible_to(user, today)
        .exclude(state="void")
        .filter(form.within(column or "received_on"))
    )
    if form.is_valid():
        if form.cleaned_data["station"]:
            rows = rows.filter(station=form.cleaned_data["station"])
        if form.cleaned_data["help_kind"]:
            rows = rows.filter(help_kind=form.cleaned_data["help_kind"])
    return rows.order_by("-pk")  # type: ignore[no-any-return]


def abroad(user: Any, today: date, form: Ledger) -> QuerySet[Overseas]:
    """The latest standing record abroad of every application this person may see."""
    mine = Assistance.objects.visible_to(user, today).exclude(state="void")
    later = Overseas.objects.filter(assistance=OuterRef("assistance"), cancelled=False, pk__gt=OuterRef("pk"))
    rows = Overseas.objects.filter(~Exists(later), form.within("on"), cancelled=False, assistance__in=mine)
    if form.is_valid():
        if form.cleaned_data["station"]:
            rows = rows.filter(assistance__station=form.cleaned_data["station"])
        if form.cleaned_data["country"]:
            rows = rows.filter(country__icontains=form.cleaned_data["country"])
    return rows.order_by("-pk")


def whole(rows: QuerySet[Assistance]) -> QuerySet[Assistance]:
    """Rows with what a line shows, in a fixed number of queries."""
    visits = Visit.objects.filter(cancelled=False, satisfaction__isnull=False).order_by("pk")
    known = Overseas.objects.filter(assistance=OuterRef("pk"), cancelled=False)
    return (
        rows.select_related("case", "station", "handler")
        .prefetch_related("case__parties", "case__rights", Prefetch("visits", visits, to_attr="asked"))
        .annotate(is_abroad=Exists(known))
    )


def told_of(row: Any) -> dict[str, Any]:
    """What a line says that is no column: applicants, rights, where, days from acceptance to the end, satisfaction."""
    case = row.case
    days = (row.closed_on - row.accepted_on).days if row.closed_on and row.accepted_on else None
    outside = row.is_abroad or row.help_kind == "overseas"
    return {
        "row": row,
        "case": case,
        "applicants": _applicants(case),
        "rights": "、".join(dict.fromkeys(str(r.get_kind_display()) for r in case.rights.all())),
        "where": str(_("境外") if outside else _("境内")),
        "help": str(dict(HELP).get(row.help_kind, "")),
        "days": days,
        "satisfaction": str(row.asked[-1].get_satisfaction_display()) if row.asked else "",
    }


def line(row: Any) -> list[Any]:
    """The fields of W-09 and who handled it."""
    told = told_of(row)
    return [
        row.number or "", str(row.case), told["applicants"], str(row.get_applicant_type_display() or _("未填")),
        told["rights"], told["where"], str(row.case.get_foreign_display()), told["help"],
        str(row.get_channel_display() or _("未填")), str(row.state_label), str(row.outcome_label), row.received_on,
        row.accepted_on, row.closed_on, told["days"], told["satisfaction"], str(row.station or ""), str(row.handler or ""),
    ]  # fmt: skip


def _applicants(case: Any) -> str:
    return "、".join(p.name for p in case.parties.all() if p.role == Party.Role.APPLICANT)


def _told(rows: QuerySet[Overseas]) -> QuerySet[Overseas]:
    whole = rows.select_related("assistance__case", "assistance__station", "assistance__handler")
    return whole.prefetch_related("assistance__case__parties")


def abroad_line(one: Overseas) -> list[Any]:
    """A line of the ledger."""
    row = one.assistance
    return [
        row.number or "", str(row.case), _applicants(row.case),
        one.country, one.forum, one.procedure, one.foreign_due_on, one.advice, one.loss_avoided, one.on,
        str(row.state_label), str(row.station or ""), str(row.handler or ""),
    ]  # fmt: skip


def _tone(one: Overseas, today: date) -> str:
    """Of a limit abroad that still matters: passed, or near."""
    if one.foreign_due_on is None or not one.assistance.is_open:
        return ""
    days = (one.foreign_due_on - today).days
    return "hot" if days < 0 else "warn" if days <= 14 else ""


def _page(request: HttpRequest, rows: Any) -> tuple[Any, dict[str, Any]]:
    """One page by key, with the addresses of the next, the first and the file."""
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    keys = list(rows.values_list("pk", flat=True)[: PAGE + 1])
    shown = rows.filter(pk__in=keys[:PAGE])
    return shown, {
        "next": query(request, after=str(keys[PAGE - 1])) if len(keys) > PAGE else "",
        "first": query(request, after="") if after else "",
        "download": query(request, download="xlsx", after=""),
    }
