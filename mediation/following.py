"""What is owed under agreements and how far it is done: for the case page, the list and the sheet of a return visit.

The words of a term are sealed: shown to those who take part; everybody else sees kind, debtor, day and amount.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import deadlines, navigation
from cases.calendar import office_calendar
from cases.models import Evidence, Proceeding
from cases.models.proceeding import NEVER
from cases.panels import Panel, Table, panel

from .models import JudicialConfirmation, Mediation, Performance, Term
from .packet import may_pack
from .sealed import may_read

ENFORCEMENT = "J-06"
navigation.add("案件", "obligations", gettext_lazy("协议履行"), order=35)
CHOICES = {
    "late": gettext_lazy("逾期未履行"), "open": gettext_lazy("待履行"), "done": gettext_lazy("已履行"),
    "released": gettext_lazy("已免除"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One obligation in words."""

    term: Term
    owed: Decimal | None  # None: no amount was agreed
    words: str
    tone: str
    late_days: int

    @property
    def amount(self) -> str:
        """The amount agreed, in yuan; "" where there is none."""
        return f"{self.term.amount:,.2f}" if self.term.amount is not None else ""


def with_paid(terms: QuerySet[Term]) -> QuerySet[Term]:
    """The terms with the sum recorded so far (`paid_so_far`) and the day they sort by (`by_day`), in one query."""
    given = Performance.objects.filter(term=OuterRef("pk"), cancelled=False).order_by().values("term")
    money: DecimalField[Any, Any] = DecimalField(max_digits=16, decimal_places=2)
    return terms.annotate(
        paid_so_far=Coalesce(Subquery(given.annotate(n=Sum("amount")).values("n")), Value(Decimal(0)), output_field=money),
        by_day=Coalesce(F("due_on"), Value(NEVER)),
    )  # fmt: skip


def owing(user: Any, today: date) -> QuerySet[Term]:
    """Every obligation of agreements in effect that this person may see."""
    seen = Term.objects.visible_to(user, today)  # type: ignore[attr-defined]
    in_effect = Q(agreement__cancelled=False, agreement__effective_on__isnull=False)
    return with_paid(seen.filter(in_effect))


def chosen(terms: QuerySet[Term], which: str, today: date) -> QuerySet[Term]:
    """Those of one choice of CHOICES; "" = all."""
    still = Q(performed_on__isnull=True, released_on__isnull=True)
    match which:
        case "late":
            return terms.filter(still, due_on__lt=today)
        case "open":
            return terms.filter(still).exclude(due_on__lt=today)
        case "done":
            return terms.filter(performed_on__isnull=False)
        case "released":
            return terms.filter(released_on__isnull=False)
        case _:
            return terms


def line(term: Any, today: date) -> Line:
    """Done, late by so many days, or still to come."""
    owed = term.amount - term.paid_so_far if term.amount is not None else None
    due = term.due_on
    if term.performed_on is not None:
        late = max((term.performed_on - due).days, 0) if due else 0
        words = _("%(day)s 履行完毕") % {"day": term.performed_on}
        words += _("，逾期 %(n)d 日") % {"n": late} if late else ""
        return Line(term, owed, words, "warn" if late else "done", late)
    if term.released_on is not None:
        return Line(term, owed, _("%(day)s 免除") % {"day": term.released_on}, "", 0)
    part = _("已付 %(n)s 元，") % {"n": f"{term.paid_so_far:,.2f}"} if term.paid_so_far else ""
    if due is None:
        return Line(term, owed, part + _("未登记履行"), "", 0)
    late = (today - due).days
    if late > 0:
        return Line(term, owed, part + _("逾期 %(n)d 日") % {"n": late}, "hot", late)
    soon = _("今日到期") if late == 0 else _("剩 %(n)d 日") % {"n": -late}
    return Line(term, owed, part + soon, "warn" if late > -4 else "", 0)


def lines(row: Mediation, today: date) -> list[Line]:
    """The obligations of one mediation, in the order of the agreement."""
    return [line(term, today) for term in with_paid(row.obligations).select_related("who")]


@panel("mediation")
def obligations(row: Mediation, user: Any, today: date) -> Panel:
    """What is owed, done or late, with the proofs; and whether this dispute had been settled before."""
    found = lines(row, today)
    tables = [_table(row, found, user, today)] if found else []
    facts = _check_facts(row) + _back(row, user, today)
    if row.children.filter(kind="judicial_confirmation", state="confirmed").exists():
        facts += enforcement(row, today)
    return Panel(facts=facts, tables=tables)


def _check_facts(row: Mediation) -> list[dict[str, Any]]:
    check = row.last_check
    if check is None:
        return []
    words = (
        _("可以申请") if check.confirmable else _("不能申请：%(why)s") % {"why": "；".join(check.lacking())}
    )
    return [
        {
            "label": _("司法确认审查"), "value": f"{words}（{check.on:%Y-%m-%d}）",
            "tone": "" if check.confirmable else "warn",
        }
    ]  # fmt: skip


def _table(row: Mediation, found: Sequence[Line], user: Any, today: date) -> Table:
    reads = may_read(row, user, today)
    proofs: dict[int, list[dict[str, str]]] = {}
    done = Performance.objects.filter(
        term__in=[one.term.pk for one in found], cancelled=False, proof__isnull=False
    )
    files = dict.fromkeys(
        Evidence.objects.visible_to(user, today).filter(pk__in=done.values("proof")).values_list("pk", flat=True)
    )  # fmt: skip
    for one in done:
        if one.proof_id in files:
            link = {"url": reverse("file", args=[one.proof_id]), "label": f"{one.on:%m-%d} " + _("凭证")}
            proofs.setdefault(one.term_id, []).append(link)
    rows = []
    for one in found:
        term = one.term
        what = f"{term.position}. {term.get_kind_display()}" + (f"：{term.what}" if reads else "")
        rows.append(
            [
                {"text": what}, {"text": term.who.name}, {"text": f"{term.due_on:%Y-%m-%d}" if term.due_on else "—", "num": True},
                {"text": one.amount or "—", "num": True},
                {"text": one.words, "tone": one.tone, "links": proofs.get(term.pk, [])},
            ]
        )  # fmt: skip
    columns = [_("协议事项"), _("履行人"), _("履行期限"), _("金额（元）"), _("履行情况")]
    return Table(title=_("协议履行"), columns=columns, rows=rows)


def _back(row: Mediation, user: Any, today: date) -> list[dict[str, Any]]:
    """The earlier settled mediation, for whoever may see that one too; for others nothing is said."""
    said = (
        row.events.filter(fact="came_back", corrections__isnull=True)
        .values_list("subject", flat=True)
        .first()
    )
    if not said:
        return []
    seen = Proceeding.objects.visible_to(user, today).filter(pk=int(said.partition(":")[2]))
    before = seen.select_related("case").first()
    if before is None:
        return []
    return [
        {
            "label": _("十二个月内曾调解"), "value": f"{before}（{before.closed_on:%Y-%m-%d}）",
            "url": f"{reverse('case', args=[before.case_id])}?p={before.pk}", "tone": "warn",
        }
    ]  # fmt: skip


def enforcement(row: Mediation, today: date) -> list[dict[str, Any]]:
    """Until when a confirmed agreement can be taken to enforcement, while something is owed (民事诉讼法第二百五十条)."""
    terms = list(row.obligations)
    still = [t for t in terms if t.performed_on is None and t.released_on is None]
    if not still:
        return []
    days = [t.due_on for t in terms if t.due_on is not None]
    last = max(days) if days else row.closed_on
    if last is None or last >= today:
        return []
    until = deadlines.due(ENFORCEMENT, last, calendar=office_calendar()).due
    left = (until - today).days
    words = _("剩 %(n)d 日") % {"n": left} if left >= 0 else _("已届满")
    return [
        {
            "label": _("申请执行期限"), "value": f"{until:%Y-%m-%d}（{words}）", "num": True,
            "tone": "warn" if left < 90 else "",
        }
    ]  # fmt: skip


def _courts_paper(row: JudicialConfirmation, user: Any, today: date) -> list[dict[str, Any]]:
    """The ruling or notice of the court as it was filed, or that it is still missing."""
    decided = (
        row.events.filter(name__in=("confirm", "refuse"))
        .order_by("-seq")
        .values_list("body", flat=True)
        .first()
    )
    if row.is_open or decided is None:
        return []
    file = json.loads(decided)["notes"].get("file")
    seen = Evidence.objects.visible_to(user, today).filter(pk=file).first() if file else None
    fact = {"label": _("法院文书"), "value": "", "missing": _("未入卷")}
    if seen is not None:
        fact |= {"value": seen.title or seen.name, "url": reverse("file", args=[seen.pk])}
    return [fact]


NEXT = {
    "not_accepted": gettext_lazy(
        "可以在协议生效之日起三十日内另向有管辖权的法院共同申请，也可以通过调解变更原协议、达成新的协议，或者向人民法院起诉"
    ),
    "refused": gettext_lazy(
        "可以通过调解变更原协议或者达成新的协议，也可以向人民法院起诉（人民调解法第三十三条）"
    ),
}


@panel("judicial_confirmation")
def confirming(row: JudicialConfirmation, user: Any, today: date) -> Panel:
    """The court and its number, the packet to hand in, and after a refusal what can still be done."""
    facts: list[dict[str, Any]] = [
        {"label": _("协议生效"), "value": f"{row.effective_on:%Y-%m-%d}", "num": True},
        {"label": _("法院"), "value": row.court, "missing": _("未申请")},
    ]
    if row.court_case_no:
        facts.append({"label": _("法院案号"), "value": row.court_case_no})
    facts += _courts_paper(row, user, today)
    if row.outcome in NEXT:
        facts.append({"label": _("当事人还可以"), "value": NEXT[row.outcome]})
    if row.state == "confirmed" and row.parent is not None:
        facts += enforcement(row.parent.concrete(), today)  # type: ignore[arg-type]
    links = []
    if may_pack(row, user, today):
        links.append({"url": reverse("confirmation_packet", args=[row.pk]), "label": _("申请材料（ZIP）")})
    return Panel(facts=facts, links=links)
