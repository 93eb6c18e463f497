"""责任单位: names, successor, contacts with their time; what each answers for, its score, notices drafted from a rule."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import steps
from cases.errors import Invalid
from cases.models.matter import PAGE
from cases.views.pages import key_of, new_key, refusals, sheet, wants_sheet
from reports.ledger import scoring, standing
from reports.ledger.models import LedgerNotice
from reports.ledger.showing import words_of
from reports.ledger.unit_forms import ContactForm, JoinForm, NewUnitForm, UnitForm
from stations import policy
from stations.models import Unit, UnitContact
from stations.models.units import alike, get_or_enter, join

COLUMNS = ["责任单位", "类别", "写法", "分管负责人", "任务", "已完成", "逾期", "无佐证", "得分"]
REPLY_DAYS = 15  # working out an answer takes a unit about as long; the drafter may write another day


def named() -> QuerySet[Unit]:
    """Units some name leads to; one joined to another is that other."""
    return Unit.objects.filter(names__isnull=False).distinct().select_related("successor")


def _enters(request: HttpRequest) -> bool:
    held = policy.standing(request.user, timezone.localdate())
    return bool(policy.route_answer("unit", "POST", held))


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest) -> HttpResponse:
    """Every unit with what it answers for; the district enters a new one."""
    today = timezone.localdate()
    form = NewUnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = get_or_enter(form.cleaned_data["name"])
            made.kind = form.cleaned_data["kind"]
            made.save(update_fields=["kind"])
        return redirect("unit", made.pk)
    rows = _rows(today)
    if wants_sheet(request):
        return sheet(request, _("责任单位"), COLUMNS, [_cells(row) for row in rows])
    context = {
        "rows": rows, "form": form, "enters": _enters(request), "formula": scoring.FORMULA,
        "alike": alike([row["unit"] for row in rows]),
    }  # fmt: skip
    return render(request, "ledger/units.html", context, status=400 if form.errors else 200)


def _rows(today: date) -> list[dict[str, Any]]:
    lines = standing.tasks(today)
    leaders = UnitContact.objects.in_force(today).filter(duty=UnitContact.Duty.LEADER).order_by("valid_from")
    charge = {one.unit_id: one.name for one in leaders}
    unanswered: dict[int, int] = {}
    for unit in _unanswered(today).values_list("unit", flat=True):
        unanswered[unit] = unanswered.get(unit, 0) + 1
    found = []
    for unit in named().prefetch_related("names"):
        own = [one for one in lines if unit in one.units]
        score = scoring.of(own, unanswered.get(unit.pk, 0))
        found.append({
            "unit": unit, "names": "、".join(one.text for one in unit.names.all()), "charge": charge.get(unit.pk, ""),
            "tasks": len(own), "done": sum(one.standing.code == standing.DONE for one in own),
            "late": sum(one.standing.code == standing.LATE for one in own),
            "silent": sum(one.standing.silent for one in own), "score": score.value,
        })  # fmt: skip
    return sorted(found, key=lambda row: -row["tasks"])


def _unanswered(today: date) -> QuerySet[LedgerNotice]:
    """Served notices whose day of answer is over."""
    return LedgerNotice.objects.filter(state="served", reply_by__lt=today)


def _cells(row: dict[str, Any]) -> list[Any]:
    unit = row["unit"]
    return [
        unit.name, str(unit.get_kind_display()), row["names"], row["charge"], row["tasks"], row["done"], row["late"],
        row["silent"], row["score"],
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit; POST changes its kind, its time, its successor."""
    found = get_object_or_404(named(), pk=pk)
    form = UnitForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("已保存。"))
        return redirect("unit", pk)
    return _page(request, found, form, ContactForm(initial={"valid_from": timezone.localdate()}))


def _page(request: HttpRequest, found: Unit, form: Any, contact_form: Any) -> HttpResponse:
    today = timezone.localdate()
    lines = [one for one in standing.tasks(today) if found in one.units]
    score = scoring.of(lines, _unanswered(today).filter(unit=found).count())
    notices = LedgerNotice.objects.filter(unit=found).exclude(state="void").order_by("-pk")
    context = {
        "unit": found, "lines": [(one, words_of(one)) for one in lines], "score": score, "formula": scoring.FORMULA,
        "names": list(found.names.all()), "notices": list(notices), "today": today, "form": form,
        "contacts": list(found.contacts.all()), "contact_form": contact_form, "enters": _enters(request),
        "wanting": _wanting(lines), "join_form": JoinForm(unit=found), "key": new_key(),
    }  # fmt: skip
    return render(request, "ledger/unit.html", context, status=400 if form.errors or contact_form.errors else 200)  # fmt: skip


def _wanting(lines: list[standing.Line]) -> list[standing.Line]:
    """The rule a notice is drafted from: late, or silent for sixty days while under way."""
    return [one for one in lines if one.standing.code == standing.LATE or one.standing.silent]


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is responsible, or to be asked, from a day on; who was so before ends the day before."""
    found = get_object_or_404(named(), pk=pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, found, UnitForm(instance=found), form)
    with transaction.atomic():
        made = form.save(commit=False)
        made.unit = found
        if made.duty == UnitContact.Duty.LEADER:
            before = found.contacts.filter(duty=made.duty, valid_to__isnull=True)
            before.filter(valid_from__lt=made.valid_from).update(valid_to=made.valid_from - timedelta(days=1))
        made.save()
    return redirect("unit", pk)


@require_POST
def contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    """From today on no longer."""
    row = get_object_or_404(UnitContact, pk=pk)
    if row.valid_to is None:
        row.valid_to = max(timezone.localdate() - timedelta(days=1), row.valid_from)
        row.save(update_fields=["valid_to"])
    return redirect("unit", row.unit_id)


@require_POST
def join_names(request: HttpRequest, pk: int) -> HttpResponse:
    """Two names mean one unit."""
    found = get_object_or_404(named(), pk=pk)
    form = JoinForm(request.POST, unit=found)
    if not form.is_valid():
        messages.error(request, _("请选择另一个责任单位。"))
        return redirect("unit", pk)
    into = form.cleaned_data["into"]
    with transaction.atomic():
        join(found, into)
    messages.success(request, _("“%(one)s”已并入“%(other)s”，任务随之归入。") % {"one": found, "other": into})
    return redirect("unit", into.pk)


@require_POST
@refusals
def draft_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """拟通报、拟约谈: from the tasks that are late or silent, in words to be looked over. Nothing until signed."""
    today = timezone.localdate()
    found = get_object_or_404(named(), pk=pk)
    wanting = _wanting([one for one in standing.tasks(today) if found in one.units])
    if not wanting:
        raise Invalid("nothing_wanting", _("该单位没有逾期或者长期没有佐证的任务，无需通报、约谈。"))
    data = {
        "form": request.POST.get("form", ""), "unit": found.pk,
        "items": "、".join(str(one.task.item) for one in wanting), "problems": "\n".join(map(_problem, wanting)),
        "demand": _("请明确每项任务的责任人、完成时间，补充佐证材料；确有困难的，书面说明原因和建议。"),
        "reply_by": (today + timedelta(days=REPLY_DAYS)).isoformat(),
    }  # fmt: skip
    made = steps.open_matter("ledger_notice", by=request.user, data=data, today=today, key=key_of(request))
    return redirect(PAGE, made.proceeding)


def _problem(line: standing.Line) -> str:
    said = _("第 %(n)s 项任务，完成时限 %(until)s：") % {
        "n": line.task.item,
        "until": line.task.deadline_text,
    }
    why = [_("已逾期 %s 个月") % line.standing.late_months] if line.standing.late_months else []
    if line.standing.silent:
        why.append(_("已 %s 日没有佐证") % line.standing.silent_days)
    return said + "，".join(why) + "。"
