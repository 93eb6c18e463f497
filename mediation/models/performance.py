"""Performance of the agreement: each term is an obligation with a day, followed up to the end (人民调解法第三十一条).

A dated term is watched by a deadline of the house (OB-01) and states `obligation_due`; what is done states `performed`,
what the other side lets go `released`. Figures read these facts alone.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.documents.template import chinese_date
from cases.errors import DomainError
from cases.protection import Sealed
from cases.stepping import act

from .agreement import Term
from .confirmation import note_file
from .seen import Recorded, RowsOfMediation

if TYPE_CHECKING:
    from cases.entry import Entry
    from cases.models import Event, Visit

DUE = "OB-01"  # the day the parties set themselves


class PerformanceQuerySet(RowsOfMediation):
    owner = "term__agreement__mediation"


class Performance(Recorded):
    """Something done towards a term: a payment, goods destroyed, an apology; with its proof."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="performances")
    on = models.DateField(_("履行日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    completes = models.BooleanField(_("履行完毕"), default=True)
    proof = models.ForeignKey("cases.Evidence", models.PROTECT, null=True, blank=True, related_name="+")
    remark_sealed = models.TextField(blank=True, default="", editable=False)

    remark = Sealed("remark")
    objects = PerformanceQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("履行记录")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0),
                name="performed_amount_positive",
            )
        ]


def paid(term: Term) -> Decimal:
    """What has been paid towards a term so far, in yuan."""
    given = term.performances.filter(cancelled=False).aggregate(whole=models.Sum("amount"))["whole"]
    return given or Decimal(0)


def nothing_owed(row: Any) -> DomainError | None:
    """What is refused where every obligation is performed or released, or none is on record."""
    if row.obligations.filter(performed_on__isnull=True, released_on__isnull=True).exists():
        return None
    return DomainError("nothing_owed", _("本案没有尚未履行的协议事项。"))


def _on_paper(term: Term) -> dict[str, Any]:
    done = _("尚未登记履行")
    if term.performed_on is not None:
        done = _("%(day)s履行完毕") % {"day": chinese_date(term.performed_on)}
    elif term.released_on is not None:
        done = _("%(day)s免除") % {"day": chinese_date(term.released_on)}
    elif sum_paid := paid(term):
        done = _("已付%(n)s元") % {"n": f"{sum_paid:,.2f}"}
    return {
        "what": f"{term.get_kind_display()}（{term.who.name}）", "due": term.due_on, "amount": term.amount, "done": str(done),
    }  # fmt: skip


class Performing:
    """Mixin of `Mediation`; `self` is the locked row."""

    @property
    def obligations(self: Any) -> "models.QuerySet[Term]":
        """The terms of the agreement in effect."""
        return Term.objects.filter(
            agreement__mediation=self.pk, agreement__cancelled=False, agreement__effective_on__isnull=False
        ).order_by("position")

    def owe(self: Any, entry: "Entry", terms: list[Term]) -> None:
        """The agreement takes effect: from now on each dated term has its deadline and is looked for."""
        for term in terms:
            if term.due_on is not None:
                entry.fact("obligation_due", value=term.kind, subject=term.subject, on=term.due_on)
                entry.start(DUE, on=min(entry.on, term.due_on), due=term.due_on, subject=term.subject)

    @act(open_in="settled", label=_("登记履行"), undoable=True, ready=nothing_owed)
    def record_performance(self: Any, entry: "Entry") -> None:
        """登记履行：付款按笔登记，累计达到约定金额即为履行完毕；其他事项做完即为履行完毕。"""
        data = entry.data
        term: Term = data["term"]
        self._still_owed(term)
        row = Performance(
            term=term, on=entry.on, amount=data["amount"], completes=data["completes"], proof=data["proof"],
            by=entry.by,
        )  # fmt: skip
        row.remark = data["remark"]
        if term.amount is not None:
            row.completes = self._pay(term, data, entry.on)
        entry.save(row)
        entry.note(term=term.position, amount=str(data["amount"]) if data["amount"] else None)
        note_file(entry, data["proof"])
        if row.completes:
            days = term.performances.filter(cancelled=False).values_list("on", flat=True)
            term.performed_on = max([entry.on, *days])
            entry.save(term)
            entry.finish(DUE, on=term.performed_on, subject=term.subject)
            entry.fact("performed", value=term.kind, subject=term.subject, on=term.performed_on)

    @staticmethod
    def _pay(term: Term, data: Any, on: date) -> bool:
        """Does this payment complete the term? Refused beyond what is owed, or if the same was just recorded."""
        owed = (term.amount or Decimal(0)) - paid(term)
        amount: Decimal = data["amount"]
        if amount > owed:
            raise DomainError(
                "overpaid",
                _("超出尚未支付的金额：约定 %(whole)s 元，尚欠 %(owed)s 元，请核对金额。")
                % {"whole": f"{term.amount:,.2f}", "owed": f"{owed:,.2f}"},
                fields={"amount": [str(_("尚欠 %(owed)s 元，请核对金额。") % {"owed": f"{owed:,.2f}"})]},
            )
        if data["completes"] and amount < owed:
            left = f"{owed - amount:,.2f}"
            raise DomainError(
                "not_complete",
                _("付款后尚欠 %(left)s 元，不是履行完毕；对方同意免除余额的，请先登记付款，再办理“免除”。") % {"left": left},
                fields={"completes": [str(_("付款后尚欠 %(left)s 元。") % {"left": left})]},
            )  # fmt: skip
        twin = term.performances.filter(on=on, amount=amount, cancelled=False).select_related("by").first()
        if twin is not None and not data["another"]:
            raise DomainError(
                "same_payment",
                _("%(who)s 已登记同日同额的一笔付款；确为另一笔的，请勾选“确为另一笔”。") % {"who": twin.by},
                fields={"another": [str(_("同日同额的付款已经登记，确为另一笔的请勾选。"))]},
            )
        return amount == owed

    @act(open_in="settled", label=_("登记免除"), undoable=True, rare=True, ready=nothing_owed)
    def release_term(self: Any, entry: "Entry") -> None:
        """登记免除：对方当事人同意不再要求履行的，不再催促，也不计入按期履行率。"""
        term: Term = entry.data["term"]
        self._still_owed(term)
        term.released_on = entry.on
        entry.save(term)
        entry.note(term=term.position)
        note_file(entry, entry.data["proof"])
        entry.finish(DUE, subject=term.subject)
        entry.fact("released", value=entry.data["ground"], subject=term.subject)

    @act(open_in="settled", label=_("督促履行"), undoable=True, ready=nothing_owed)
    def remind(self: Any, entry: "Entry") -> None:
        """督促履行：记下何时以何种方式提醒了谁；本系统不会自行发出任何通知。"""
        self._still_owed(entry.data["term"])
        entry.note(term=entry.data["term"].position)

    def _still_owed(self: Any, term: Term) -> None:
        held = self.obligations.filter(pk=term.pk).first()
        if held is None:
            raise DomainError("not_a_term", _("该事项不属于本案生效的协议，请刷新后重新选择。"))
        for day, words in ((held.performed_on, _("履行完毕")), (held.released_on, _("免除"))):
            if day is not None:
                raise DomainError(
                    "not_owed",
                    _("该事项已于 %(day)s 登记为%(what)s，无需再办；登记有误的，请先撤回误登记的事项。")
                    % {"day": day, "what": words},
                )

    def visited(self: Any, entry: "Entry", visit: "Visit") -> None:
        """履行情况回访记录: who was asked and how far the agreement is kept; what was said is not on it (第三十一条)."""
        entry.paper(
            "performance_visit", visited_on=visit.on, party=visit.party.name if visit.party else "",
            way=str(visit.get_way_display()), reached=str(_("已联系上") if visit.reached else _("未联系上")),
            satisfaction=str(visit.get_satisfaction_display() or ""), visitor=entry.by.display_name,
            obligations=[_on_paper(term) for term in self.obligations.select_related("who")],
        )  # fmt: skip

    def act_undone(self: Any, entry: "Entry", event: "Event") -> None:
        """A term whose performance or release is taken back is owed again."""
        if (
            event.name == "check_agreement"
            and self.agreement is not None
            and self.agreement.form != "settlement"
        ):
            raise DomainError("built_upon", _("协议已经签署，审查记录不能撤回；需要时请重新审查。"))  # fmt: skip
        if event.name not in ("record_performance", "release_term"):
            super().act_undone(entry, event)  # type: ignore[misc]
            return
        rows = entry.rows_of(event)
        done = [row for row in rows if isinstance(row, Performance)]
        terms = [row for row in rows if isinstance(row, Term)]
        for row in done:
            if not row.completes and row.term.performed_on is not None:
                raise DomainError("built_upon", _("该事项之后已登记履行完毕，请先撤回最后一笔履行。"))
            row.cancelled = True
            entry.save(row)
        for term in terms:
            if done:
                term.performed_on = None
            else:
                term.released_on = None
            entry.save(term)

    def refuse_if_performed(self: Any) -> None:
        """Raise if something was recorded towards the agreement: it is taken back first."""
        terms = self.obligations
        begun = models.Q(performed_on__isnull=False) | models.Q(released_on__isnull=False)
        begun |= models.Q(performances__cancelled=False)
        if terms.filter(begun).exists():
            raise DomainError("built_upon", _("协议的履行情况已经登记，请先撤回履行、免除的登记，再撤回协议生效。"))  # fmt: skip
