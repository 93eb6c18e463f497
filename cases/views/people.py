"""People: the list with its filters and counters, a person's page, rows of it, the sheet in and out, the certificate."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import access, people_sheet
from cases.documents import docx, pdf
from cases.documents.blocks import Block, Paragraph, Table, Title
from cases.imports import sheet as sheets_in
from cases.imports.problems import SheetRefused
from cases.models import Activity, Participation
from stations import policy
from stations.models import Appointment, Area, Person, ServiceHours
from stations.models.people import Appointments
from stations.register_forms import AppointmentForm, PersonForm, RowForm, ServiceForm, TrainingForm
from stations.views.places import row_page

from .pages import address, query, sheet, wants_sheet
from .sealed import handed_out

PAGE = 50
PARTS: dict[str, tuple[type[RowForm], Any]] = {
    "appointment": (AppointmentForm, _("聘任")),
    "training": (TrainingForm, _("培训")),
    "service": (ServiceForm, _("服务时长")),
}
WANTED = ((Appointment.Kind.TECHNICAL_INVESTIGATOR, 50), (Appointment.Kind.COMMISSIONER, 100))


def _terms(request: HttpRequest, today: Any) -> QuerySet[Appointment]:
    """The appointments the filters ask for."""
    rows = Appointment.objects.select_related("person__area").order_by("person__name", "person", "kind", "pk")
    said = request.GET
    if said.get("past") != "1":
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    if said.get("kind") in Appointment.Kind.values:
        rows = rows.filter(kind=said["kind"])
    if words := said.get("q", "").strip()[:40]:
        rows = rows.filter(Q(person__name__icontains=words) | Q(person__unit__icontains=words))
    if words := said.get("field", "").strip()[:40]:
        rows = rows.filter(field__icontains=words)
    if words := said.get("language", "").strip()[:20]:
        rows = rows.filter(languages__icontains=words)
    if said.get("area", "").isdigit():
        rows = rows.filter(person__area=int(said["area"][:9]))
    if said.get("ending") == "1":
        rows = rows.filter(pk__in=Appointment.objects.ending(today))
    return rows


def people(request: HttpRequest) -> HttpResponse:
    """One line an appointment; the counters say how far the two rosters of the plan are."""
    today = timezone.localdate()
    rows = _terms(request, today)
    if wants_sheet(request):
        return sheet(request, "人员名册", people_sheet.COLUMNS, people_sheet.lines(rows[:20000]))
    place = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    start = (min(max(place, 1), 10_000) - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    serving = Appointment.objects.in_force(today)
    counts = serving.aggregate(
        **{kind: Count("person", distinct=True, filter=Q(kind=kind)) for kind, _n in WANTED},
        ending=Count("pk", filter=Q(valid_to__lte=today + timedelta(days=Appointments.DAYS))),
    )
    context = {
        "rows": found[:PAGE], "today": today, "soon": today + timedelta(days=Appointments.DAYS), "said": request.GET,
        "counters": [(kind.label, counts[kind], wanted) for kind, wanted in WANTED], "ending": counts["ending"],
        "ending_link": query(request, ending="1", page=""),
        "kinds": Appointment.Kind.choices, "areas": Area.objects.all(), "download": query(request, download="xlsx"),
        "prev": query(request, page=str(place - 1)) if place > 1 else "",
        "next": query(request, page=str(place + 1)) if len(found) > PAGE else "",
        "may_edit": policy.route_answer("person_new", "GET", policy.standing(request.user, today)),
    }  # fmt: skip
    return render(request, "cases/people.html", context)


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody is appointed to, learned and gave; of cases only how many."""
    today = timezone.localdate()
    ordered = Appointment.objects.order_by("-valid_from", "pk").select_related("body")
    rows = Person.objects.select_related("area", "user").prefetch_related(
        Prefetch("appointments", ordered), "trainings", "services__station", "posts__station"
    )
    row = get_object_or_404(rows, pk=pk)
    parts = Participation.objects.filter(user=row.user_id, cancelled=False) if row.user_id else None
    context = {
        "row": row, "today": today, "soon": today + timedelta(days=Appointments.DAYS),
        "assignments": parts.values("proceeding").distinct().count() if parts is not None else 0,
        "open": parts.filter(to_on__isnull=True, proceeding__is_open=True).values("proceeding").distinct().count()
        if parts is not None
        else 0,
        "hours": _hours(row), "activities": Activity.objects.known(today).filter(participants__person=row).distinct()[:50],
        "may_edit": policy.route_answer("person_edit", "GET", policy.standing(request.user, today)),
    }  # fmt: skip
    return render(request, "cases/person.html", context)


def _hours(row: Person) -> Any:
    return ServiceHours.objects.filter(person=row).aggregate(sum=Sum("hours"))["sum"] or 0


def person_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Somebody new, or a change of name, unit, title."""
    row = get_object_or_404(Person, pk=pk) if pk else None
    form = PersonForm(request.POST or None, instance=row, today=timezone.localdate())
    if request.method == "POST" and form.is_valid() and form.keep():
        access.log_office(
            request.user, "register", f"person:{form.instance.pk}", "kept", address(request), ""
        )
        messages.success(request, _("人员已保存。"))
        return redirect("person", form.instance.pk)
    return row_page(request, form, _("修改人员") if row else _("新增人员"), "")


def person_part(request: HttpRequest, pk: int, name: str, seq: int | None = None) -> HttpResponse:
    """A new row of a person's page, or the change of an appointment; the rest is only added to."""
    row = get_object_or_404(Person, pk=pk)
    if name not in PARTS or (seq and name != "appointment"):
        raise Http404
    form_class, label = PARTS[name]
    today = timezone.localdate()
    kept = get_object_or_404(Appointment, pk=seq, person=row) if seq else form_class._meta.model(person=row)
    form = form_class(request.POST or None, instance=kept, today=today, initial={} if seq else {"on": today})
    if request.method == "POST" and form.is_valid() and form.keep():
        access.log_office(
            request.user, "register", f"{name}:{form.instance.pk}", "kept", address(request), ""
        )
        messages.success(request, _("%(what)s已登记。") % {"what": label})
        return redirect("person", row.pk)
    return row_page(request, form, label, str(row))


class PeopleSheetForm(forms.Form):
    """A sheet in the columns of the export."""

    sheet = forms.FileField(label=_("表格文件"), help_text=_("CSV 或 XLSX；可先下载名册，按同样栏目填写。"))
    dry_run = forms.BooleanField(label=_("只检查，不写入"), required=False)


def people_import(request: HttpRequest) -> HttpResponse:
    """The sheet, and what became of each line."""
    form = PeopleSheetForm(request.POST or None, request.FILES or None, label_suffix="")
    told: list[people_sheet.Told] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["sheet"]
        try:
            read = sheets_in.read(given.read(), given.name, titled=True)
            if lacking := people_sheet.missing(read):
                words = _("表格缺少栏目：%(names)s。第一行应为栏目名称。") % {"names": "、".join(lacking)}
                form.add_error("sheet", str(words))
            else:
                told = people_sheet.take(read, dry_run=form.cleaned_data["dry_run"])
                count = sum(t.outcome in (people_sheet.ADDED, people_sheet.APPOINTED) for t in told)
                access.log_office(
                    request.user, "register", "people/sheet", f"{count} rows", address(request), ""
                )
        except SheetRefused as refused:
            form.add_error("sheet", str(refused.message))
    counted = {words: sum(t.outcome == key for t in told) for key, words in people_sheet.SAID.items()}
    context = {
        "form": form, "told": [t for t in told if t.outcome != people_sheet.ADDED], "counted": counted if told else {},
        "columns": people_sheet.COLUMNS, "needed": people_sheet.NEEDED,
    }  # fmt: skip
    return render(request, "cases/people_import.html", context, status=400 if form.errors else 200)


def person_certificate(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """志愿服务时长证明, to be sealed by hand: as PDF or for Word; printed, not kept."""
    row = get_object_or_404(Person, pk=pk)
    printer, type_ = {
        "pdf": (pdf.render, "application/pdf"),
        "docx": (docx.render, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    }[ending]
    access.log_export(request.user, f"person/{pk}/certificate", rows=1, address=address(request))
    name = f"志愿服务时长证明-{row.name}.{ending}"
    return handed_out(printer(certificate(row, timezone.localdate()), "form"), name, type_)


def certificate(row: Person, today: Any) -> list[Block]:
    """The words of the certificate and the hours behind its sum."""
    services = list(row.services.select_related("station").order_by("on", "pk"))
    total = sum((one.hours for one in services), start=Decimal(0))
    words = _("%(name)s（%(unit)s）参加知识产权志愿服务 %(times)d 次，共 %(hours)s 小时，特此证明。") % {
        "name": row.name, "unit": row.unit or "—", "times": len(services), "hours": total,
    }  # fmt: skip
    return [
        Title("志愿服务时长证明"),
        Paragraph(str(words)),
        Table(
            columns=("日期", "服务内容", "工作站", "小时"),
            rows=tuple(
                (f"{one.on:%Y-%m-%d}", one.what, str(one.station or "—"), str(one.hours)) for one in services
            ),
        ),
        Paragraph(
            f"出具单位（盖章）：　　　　　　　　　出具日期：{today.year}年{today.month}月{today.day}日"
        ),
    ]
