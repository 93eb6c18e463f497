"""Search over what a person may see: numbers, parties, identity numbers, rights, court cases. Terms never stand in an address."""

import re
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from cases.identifiers import check_court_number, check_own_number, name_key, right_key
from cases.models import Case, Party, Proceeding, Right

from .pages import sheet

MOST = 50
COLUMNS = ["登记号", "案号", "事项", "当事人", "权利", "环节"]


@sensitive_post_parameters("q")
def search(request: HttpRequest) -> HttpResponse:
    """Up to 50 cases, newest first, each with the proceedings this person may see."""
    today = timezone.localdate()
    q = request.POST.get("q", "").strip()[:100]
    ids, more = find(q, request.user, today) if q else ([], False)
    found = (
        Case.objects.filter(pk__in=ids)
        .select_related("station")
        .prefetch_related("parties", "rights")
        .order_by("-id")
    )
    rows: dict[int, list[Proceeding]] = {pk: [] for pk in ids}
    for row in Proceeding.objects.visible_to(request.user, today).filter(case__in=ids).order_by("pk"):
        rows[row.case_id].append(row)
    results = [{"case": case, "rows": rows[case.pk]} for case in found]
    if request.POST.get("download") == "xlsx":
        return sheet(request, "搜索结果", COLUMNS, [_line(one) for one in results])
    count_text = f"前 {MOST} 件，请补充条件" if more else f"共 {len(ids)} 件"
    return render(
        request, "cases/search.html", {"q": q, "results": results, "count_text": count_text, "today": today}
    )


def find(q: str, user: Any, today: date) -> tuple[list[int], bool]:
    """Ids of visible cases that fit, newest first, and whether there are more."""
    cases = Case.objects.visible_to(user, today)
    ids: set[int] = set()
    for criterion in criteria(q):
        ids |= set(cases.filter(criterion).order_by("-id").values_list("pk", flat=True)[: MOST + 1])
    numbers = {q, check_own_number(q).normalised}
    rows = Proceeding.objects.visible_to(user, today).filter(number__in=numbers)
    ids |= set(rows.values_list("case_id", flat=True)[: MOST + 1])
    return sorted(ids, reverse=True)[:MOST], len(ids) > MOST


def criteria(q: str) -> list[Q]:
    """The ways to read a term, each answered along its own index where there is one."""
    court = check_court_number(q)
    found = [Q(registration_no=q) | Q(source_no=q) | Q(external_no=q)]
    if court.normalised:
        found[0] |= Q(court_case_no__in={q, court.normalised})
    keys = {right_key(kind, q) for kind in Right.Kind.values} - {""}
    if keys:
        found.append(Q(Exists(Right.objects.filter(case=OuterRef("pk"), number_key__in=keys))))
    key = name_key(q)
    if len(key) >= 2 or re.search("[\u4e00-\u9fff]", key):
        found.append(Q(Exists(Party.objects.filter(case=OuterRef("pk"), name_key__contains=key))))
    if re.fullmatch(r"[0-9A-Za-z\s\-转+()（）]{7,30}", q) and re.search("[0-9]", q):
        sealed = Q(**Party.id_number.matching(q)) | Q(**Party.phone.matching(q))
        found.append(Q(Exists(Party.objects.filter(sealed, case=OuterRef("pk")))))
    return found


def _line(one: dict[str, Any]) -> list[Any]:
    case, rows = one["case"], one["rows"]
    return [
        str(case), "、".join(r.number for r in rows if r.number), case.cause or case.summary[:60],
        "、".join(f"{p.get_role_display()} {p.name}" for p in case.parties.all()),
        "、".join(str(r) for r in case.rights.all()), "、".join(f"{r.kind_label} {r.state_label}" for r in rows),
    ]  # fmt: skip
