"""Enterprises and partners: the list with its counters, and one page for an enterprise with what the house knows of it.

Of its cases the page shows those its reader may see anyway, and says nothing of others.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import access, kinds
from cases.identifiers import name_key
from cases.models import Activity, Case, Party, Proceeding
from stations import changes, policy
from stations.models import (
    Appointment,
    Area,
    Enterprise,
    InsurancePolicy,
    Pairing,
    Partner,
    Pilot,
    PilotReview,
    holds,
)
from stations.register_forms import (
    ContactForm,
    EnterpriseForm,
    InsuranceForm,
    PairingForm,
    PartnerForm,
    PilotForm,
    ReviewForm,
    RowForm,
)
from stations.views.places import row_page

from .pages import address, query, sheet, wants_sheet

PAGE = 50
SHOWN = 100  # cases on the page of an enterprise
PARTS: dict[str, tuple[type[RowForm], Any]] = {
    "contact": (ContactForm, _("联系人")),
    "pairing": (PairingForm, _("专员结对")),
    "pilot": (PilotForm, _("海外专利保护试点")),
    "review": (ReviewForm, _("试点年度评估")),
    "insurance": (InsuranceForm, _("知识产权保险")),
}
ENDING: dict[str, Any] = {"pairing": Pairing, "pilot": Pilot, "insurance": InsurancePolicy}
COLUMNS = [
    "企业",
    "统一社会信用代码",
    "区域",
    "行业",
    "民营",
    "重点联系",
    "出口国家或者地区",
    "保护专员",
    "试点",
    "走访次数",
]


def _rows(request: HttpRequest, today: Any) -> QuerySet[Enterprise]:
    said = request.GET
    pairing = Pairing.objects.filter(holds(today), holds(today, "commissioner__"))
    rows = Enterprise.objects.select_related("area").annotate(
        paired=Exists(pairing.filter(enterprise=OuterRef("pk"))),
        piloting=Exists(Pilot.objects.filter(holds(today), enterprise=OuterRef("pk"))),
        visited=Count("visits", filter=Q(visits__kind=Activity.Kind.VISIT, visits__cancelled_on__isnull=True)),
    ).prefetch_related(Prefetch("pairings", pairing.select_related("commissioner__person"), to_attr="present"))  # fmt: skip
    if words := said.get("q", "").strip()[:60]:
        rows = rows.filter(Q(name__icontains=words) | Q(credit_code__iexact=words))
    if said.get("area", "").isdecimal():
        rows = rows.filter(area=int(said["area"][:9]))
    if said.get("key") == "1":
        rows = rows.filter(is_key=True)
    if said.get("paired") in ("0", "1"):
        rows = rows.filter(paired=said["paired"] == "1")
    if said.get("pilot") == "1":
        rows = rows.filter(piloting=True)
    return rows.order_by("name", "pk")


def enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises, and how far 双百双促 and the pilots are."""
    today = timezone.localdate()
    rows = _rows(request, today)
    if wants_sheet(request):
        return sheet(request, "企业名录", COLUMNS, [_line(row) for row in rows[:20000]])
    place = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    start = (min(max(place, 1), 10_000) - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    pairing = Pairing.objects.filter(holds(today), holds(today, "commissioner__"))
    serving = Appointment.objects.in_force(today).filter(kind=Appointment.Kind.COMMISSIONER)
    context = {
        "rows": found[:PAGE], "said": request.GET, "areas": Area.objects.all(),
        "counters": [
            (_("结对企业"), pairing.values("enterprise").distinct().count(), 100),
            (_("保护专员"), serving.values("person").distinct().count(), 100),
            (_("海外试点"), Pilot.objects.in_force(today).values("enterprise").distinct().count(), 10),
        ],
        "download": query(request, download="xlsx", page=""),
        "prev": query(request, page=str(place - 1)) if place > 1 else "",
        "next": query(request, page=str(place + 1)) if len(found) > PAGE else "",
        "may_edit": policy.route_answer("enterprise_new", "GET", policy.standing(request.user, today)),
    }  # fmt: skip
    return render(request, "cases/enterprises.html", context)


def _line(row: Any) -> list[Any]:
    yes = {True: "是", False: ""}
    return [
        row.name, row.credit_code, str(row.area), str(row.get_industry_display()), yes[row.is_private], yes[row.is_key],
        row.exports_to, "、".join(one.commissioner.person.name for one in row.present), yes[row.piloting], row.visited,
    ]  # fmt: skip


def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Contacts, commissioner, visits with need and answer, pilots, insurance, activities, and its cases."""
    today = timezone.localdate()
    row = get_object_or_404(
        Enterprise.objects.select_related("area").prefetch_related(
            "contacts", "pairings__commissioner__person", "pilots__reviews", "policies"
        ),
        pk=pk,
    )
    held = policy.standing(request.user, today)
    known = Activity.objects.select_related("station", "body").filter(cancelled_on__isnull=True)
    context = {
        "row": row, "today": today, "cases": list(cases_of(row, request.user, today)[:SHOWN]),
        "visits": known.filter(enterprise=row, kind=Activity.Kind.VISIT)[:50],
        "activities": known.filter(participants__enterprise=row).distinct()[:50],
        "may_see_cases": policy.route_answer("cases", "GET", held),
        "may_edit": policy.route_answer("enterprise_edit", "GET", held),
        "may_end": policy.route_answer("enterprise_part_end", "POST", held),
    }  # fmt: skip
    return render(request, "cases/enterprise.html", context)


def cases_of(row: Enterprise, user: Any, today: Any) -> QuerySet[Proceeding]:
    """Proceedings of disputes in which the enterprise is a party, by its code or its name, as far as the user sees them."""
    same = Party.objects.filter(
        Q(**Party.id_number.matching(row.credit_code)) | Q(name_key=name_key(row.name))
    )
    seen = Proceeding.objects.visible_to(user, today).exclude(kind__in=kinds.apart())
    found = seen.filter(case__category=Case.Category.DISPUTE, case__in=same.values("case"))
    return found.select_related("case", "station").order_by("-pk")


def enterprise_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(Enterprise, pk=pk) if pk else None
    form = EnterpriseForm(request.POST or None, instance=row, today=timezone.localdate())
    if request.method == "POST" and form.is_valid() and form.keep():
        subject = f"enterprise:{form.instance.pk}"
        access.log_office(request.user, "register", subject, "kept", address(request), "")
        messages.success(request, _("企业已保存。"))
        return redirect("enterprise", form.instance.pk)
    return row_page(request, form, _("修改企业") if row else _("新增企业"), "")


def enterprise_part(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A contact, a pairing, a pilot or its review, a policy."""
    row = get_object_or_404(Enterprise, pk=pk)
    today = timezone.localdate()
    held = policy.standing(request.user, today)
    if name not in PARTS or (
        name != "contact" and not policy.route_answer("enterprise_part_end", "POST", held)
    ):
        raise Http404  # what has a term is kept by whoever may end it
    form_class, label = PARTS[name]
    new = PilotReview() if name == "review" else form_class._meta.model(enterprise=row)
    form = form_class(
        request.POST or None, instance=new, today=today, initial={"on": today, "valid_from": today}
    )
    if name == "review":
        form.fields["pilot"].queryset = row.pilots.all()  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and form.keep():
        subject = f"{name}:{form.instance.pk}"
        access.log_office(request.user, "register", subject, "kept", address(request), "")
        messages.success(request, _("%(what)s已登记。") % {"what": label})
        return redirect("enterprise", row.pk)
    return row_page(request, form, label, str(row))


def enterprise_part_end(request: HttpRequest, pk: int, name: str, seq: int) -> HttpResponse:
    """A pairing, pilot or policy ends today; the row stays."""
    today = timezone.localdate()
    if name not in ENDING:
        raise Http404
    term = get_object_or_404(ENDING[name], pk=seq, enterprise=pk)
    if term.is_in_force(today):
        term.end(today, today)
        changes.say()
        messages.success(request, _("已结束，记录保留。"))
    return redirect("enterprise", pk)


def partners(request: HttpRequest) -> HttpResponse:
    """Protection centres we work with, and members of the alliance."""
    today = timezone.localdate()
    rows = list(Partner.objects.all())
    if wants_sheet(request):
        columns = ["类别", "名称", "地区", "办公电话", "协议", "起始日期", "截止日期"]
        lines = [
            [
                str(r.get_kind_display()),
                r.name,
                r.region,
                r.office_phone,
                r.agreement,
                r.valid_from,
                r.valid_to,
            ]
            for r in rows
        ]
        return sheet(request, "协作单位", columns, lines)
    context = {
        "rows": [(r, r.is_in_force(today)) for r in rows],
        "may_edit": policy.route_answer("partner_new", "GET", policy.standing(request.user, today)),
    }
    return render(request, "cases/partners.html", context)


def partner_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(Partner, pk=pk) if pk else None
    form = PartnerForm(request.POST or None, instance=row, today=timezone.localdate())
    if request.method == "POST" and form.is_valid() and form.keep():
        subject = f"partner:{form.instance.pk}"
        access.log_office(request.user, "register", subject, "kept", address(request), "")
        messages.success(request, _("协作单位已保存。"))
        return redirect("partners")
    return row_page(request, form, _("修改协作单位") if row else _("新增协作单位"), "")
