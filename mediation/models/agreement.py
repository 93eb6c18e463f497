"""The agreement: what was agreed, written or oral, and when it takes effect (人民调解法第二十八条至第三十条).

Looked at before it is signed, because a court confirms only some. What is owed under it: performance.py.
"""

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.models import Party
from cases.protection import Sealed
from cases.stepping import act, step
from mediation import confirmable, sameness

from .appointing import no_open_recusal
from .confirmation import LIMIT as CONFIRMATION_LIMIT
from .seen import Recorded, Row, RowsOfMediation

if TYPE_CHECKING:
    from cases.entry import Entry


class TermQuerySet(RowsOfMediation):
    owner = "agreement__mediation"


class Agreement(Row):
    """What was agreed: written (signed, then sealed), oral (recorded), or the settlement behind a withdrawal."""

    class Form(models.TextChoices):
        WRITTEN = "written", _("书面协议")
        ORAL = "oral", _("口头协议")
        SETTLEMENT = "settlement", _("自行和解")

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="agreements")
    form = models.CharField(_("形式"), max_length=10, choices=Form.choices)
    facts_sealed = models.TextField(blank=True, default="", editable=False)
    performance_sealed = models.TextField(blank=True, default="", editable=False)
    signed_on = models.DateField(_("当事人签署日期"), null=True, blank=True)
    mediator_signed_on = models.DateField(_("调解员签名日期"), null=True, blank=True)
    sealed_on = models.DateField(_("用印日期"), null=True, blank=True)
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)
    text_index = (
        models.CharField(  # keyed digest of the words without names and figures (mediation/sameness.py)
            max_length=64, blank=True, default="", editable=False, db_index=True
        )
    )

    facts = Sealed("facts")  # main facts, issues, responsibilities (人民调解法第二十九条)
    performance = Sealed("performance")  # manner, place and time; the whole text of a settlement

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("调解协议")
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"], condition=models.Q(cancelled=False), name="one_agreement_per_mediation"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_on__isnull=True)
                | models.Q(form="oral")
                | models.Q(
                    signed_on__isnull=False, mediator_signed_on__isnull=False, sealed_on__isnull=False
                ),
                name="written_agreement_effective_when_signed_and_sealed",
            ),
        ]


class AgreementCheck(Recorded):
    """The look at an agreement before it is signed: would a court confirm it (民诉法解释第三百五十五条、第三百五十八条)?

    `answers` is JSON: `items` {key of mediation/confirmable.py: bool}, `remark`, `court`, and the words looked at:
    `terms`, `facts`, `performance`, so that they are not typed again when the agreement is signed.
    """

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="checks")
    on = models.DateField(_("日期"))
    confirmable = models.BooleanField(_("可以申请司法确认"))
    court_level = models.CharField(_("法院层级"), max_length=12, blank=True)  # confirmable.LEVELS (J-02)
    answers_sealed = models.TextField(blank=True, default="", editable=False)

    answers = Sealed("answers")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("签署前审查")

    def said(self) -> dict[str, Any]:
        """What was looked at and answered."""
        return dict(json.loads(self.answers or "{}"))

    def lacking(self) -> list[str]:
        """What stands against a confirmation, in words."""
        return confirmable.lacking(self.said().get("items", {}))


class Term(models.Model):
    """One thing somebody has to do under the agreement: an obligation to be."""

    class Kind(models.TextChoices):
        PAY = "pay", _("付款")
        STOP = "stop", _("停止侵权")
        DESTROY = "destroy", _("销毁或者下架")
        LICENSE = "license", _("许可")
        APOLOGISE = "apologise", _("道歉")
        OTHER = "other", _("其他")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="terms")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    what_sealed = models.TextField(blank=True, default="", editable=False)
    who = models.ForeignKey(Party, models.PROTECT, related_name="terms", verbose_name=_("履行人"))
    due_on = models.DateField(_("履行期限"), null=True, blank=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    performed_on = models.DateField(_("履行完毕日期"), null=True, blank=True)
    released_on = models.DateField(_("免除日期"), null=True, blank=True)  # the other side let it go

    what = Sealed("what")
    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "position"]
        verbose_name = verbose_name_plural = _("协议事项")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="term_amount_positive"
            )
        ]

    @property
    def subject(self) -> str:
        """How facts and deadlines name the obligation; known before the row has an id."""
        return f"term:{self.uid}"

    def sentence(self) -> str:
        """The term as it stands on paper."""
        text = f"{self.who.name}：{self.what.rstrip('。；，')}"
        if self.amount is not None:
            text += f"，金额{self.amount:,.2f}元"
        if self.due_on is not None:
            text += f"，于{self.due_on.year}年{self.due_on.month}月{self.due_on.day}日前履行"
        return text + "。"


PAPERS = {
    "people": "mediation_agreement", "administrative": "administrative_agreement", "commercial": "commercial_agreement",
}  # fmt: skip


def not_confirmable(row: Any) -> DomainError | None:
    """What is refused where it was asked before, or the look before signing found a ground on which a court refuses."""
    asked = row.children.filter(kind="judicial_confirmation")
    if asked.filter(state="confirmed").exists():
        return DomainError("already_confirmed", _("本案协议已经司法确认。"))
    if asked.filter(is_open=True).exists():
        return DomainError("already_open", _("本案已有正在办理的司法确认。"))
    check = row.last_check
    if check is None or check.confirmable:
        return None
    why = "；".join(check.lacking())
    return DomainError(
        "not_confirmable",
        _("签署前审查认为本协议不能申请司法确认：%(why)s。可以变更协议后重新审查，或者告知当事人向人民法院起诉。") % {"why": why},
    )  # fmt: skip


class Agreeing:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in=("in_mediation", "agreed", "settled"), label=_("签署前审查（司法确认）"), undoable=True)
    def check_agreement(self: Any, entry: "Entry") -> None:
        """签署前审查：逐项核对人民法院不予确认的情形，形成审查清单；涉及知识产权确权的协议可以签署，但不能申请司法确认。"""
        data = entry.data
        court = confirmable.court_for(self.case, data["court"] or self._referring_court())
        check = AgreementCheck(
            mediation=self, on=entry.on, by=entry.by, court_level=court.level, confirmable=all(data["items"].values()),
        )  # fmt: skip
        name = data["court"] or court.name
        check.answers = json.dumps(
            {
                "items": data["items"], "remark": data["remark"], "court": name, "facts": data["facts"],
                "performance": data["performance"], "terms": confirmable.stored_terms(data["terms"]),
            },
            ensure_ascii=False,
        )  # fmt: skip
        entry.save(check)
        lacking = check.lacking()
        result = (
            _("未发现不能申请司法确认的情形")
            if check.confirmable
            else _("不能申请司法确认：%(why)s") % {"why": "；".join(lacking)}
        )
        entry.paper(
            "confirmation_checklist", checked_on=entry.on, checker=entry.by.display_name, result=str(result),
            items=[
                {
                    "label": str(item.label), "article": str(item.article).removeprefix("民诉法解释"),
                    "answer": str(_("符合") if data["items"][item.key] else _("不符合")),
                }
                for item in confirmable.ITEMS
            ],
            court_level=str(confirmable.LEVELS[court.level]), court_name=name, court_why=court.why,
        )  # fmt: skip

    @step(source="in_mediation", target="agreed", label=_("签署调解协议"), ready=no_open_recusal)
    def sign_agreement(self: Any, entry: "Entry") -> None:
        """Parties and mediator have signed; it takes effect only with the seal (人民调解法第二十九条)."""
        agreement = self._agreement(entry, Agreement.Form.WRITTEN)
        agreement.signed_on = entry.data["parties_signed_on"]
        agreement.mediator_signed_on = entry.data["mediator_signed_on"]
        terms = self._terms(entry, agreement)
        paper = {
            "facts": agreement.facts, "performance": agreement.performance, "copies": entry.data["copies"],
            "terms": [term.sentence() for term in terms], "mediators": self._mediators(),
        }  # fmt: skip
        check = self.last_check
        if check is not None and not check.confirmable:
            paper["confirmation"] = str(
                _("经签署前审查，本协议%(why)s，不属于人民法院可以司法确认的范围，双方当事人知悉。")
                % {"why": "、".join(check.lacking())}
            )
        entry.paper(PAPERS[self.flavour], **paper)

    @step(source="agreed", target="settled", label=_("协议用印生效"), ready=no_open_recusal)
    def seal_agreement(self: Any, entry: "Entry") -> None:
        """The body's seal completes it: in effect from this day, thirty days for judicial confirmation (第二十九条、第三十三条)."""
        agreement = self.agreement
        if agreement is None:
            raise DomainError("no_agreement", _("没有已签署的协议，请先签署调解协议。"))
        if entry.on < max(agreement.signed_on, agreement.mediator_signed_on):
            raise DomainError("date_order", _("用印日期不能早于当事人、调解员签名的日期，请核对。"))
        agreement.sealed_on = agreement.effective_on = entry.on
        entry.save(agreement)
        self._settle(entry, "written_agreement", list(agreement.terms.all()))

    @step(source="in_mediation", target="settled", label=_("登记口头协议"), ready=no_open_recusal)
    def record_oral(self: Any, entry: "Entry") -> None:
        """An oral agreement, recorded by the mediator, in effect the day it was reached (人民调解法第二十八条、第三十条)."""
        if self.flavour != self.Flavour.PEOPLE:
            raise DomainError("written_only", _("口头协议仅适用于人民调解，请签署书面协议。"))
        agreement = self._agreement(entry, Agreement.Form.ORAL)
        agreement.effective_on = entry.on
        terms = self._terms(entry, agreement)
        self._settle(entry, "oral_agreement", terms)
        entry.paper(
            "oral_agreement", facts=agreement.facts, performance=agreement.performance, reached_on=entry.on,
            terms=[term.sentence() for term in terms], mediators=self._mediators(),
        )  # fmt: skip

    @property
    def agreement(self: Any) -> Agreement | None:
        """The agreement that holds, or None."""
        return self.agreements.filter(cancelled=False).first()

    @property
    def last_check(self: Any) -> AgreementCheck | None:
        """The latest look at what is to be signed, or None."""
        return self.checks.filter(cancelled=False).last()

    def _referring_court(self: Any) -> str:
        referral = getattr(self, "referral", None)
        return referral.court if referral is not None else ""

    def _agreement(self: Any, entry: "Entry", form: str) -> Agreement:
        agreement = Agreement(mediation=self, form=form)
        agreement.facts, agreement.performance = entry.data["facts"], entry.data["performance"]
        words = [agreement.facts, agreement.performance, *(row["what"] for row in entry.data["terms"])]
        agreement.text_index = sameness.index_of(words, [party.name for party in self.case.parties.all()])
        entry.save(agreement)
        return agreement

    def _terms(self: Any, entry: "Entry", agreement: Agreement) -> list[Term]:
        made = []
        for position, row in enumerate(entry.data["terms"], start=1):
            term = Term(
                agreement=agreement, position=position, kind=row["kind"], who=row["who"], due_on=row["due_on"],
                amount=row["amount"],
            )  # fmt: skip
            term.what = row["what"]
            entry.save(term)
            made.append(term)
        return made

    def _settle(self: Any, entry: "Entry", outcome: str, terms: list[Term]) -> None:
        self.closed_on, self.outcome = entry.on, outcome
        entry.fact("closed", value=outcome)
        entry.finish_all()
        self.start_archiving(entry)
        self.owe(entry, terms)
        entry.fact("effective", value=outcome)
        entry.start(CONFIRMATION_LIMIT, on=self._counts_from(entry))

    def _counts_from(self: Any, entry: "Entry") -> date:
        """The day from which a court counts the thirty days. What a court assigned binds from the parties' signatures.

        特邀调解规定第二十四条 beside 人民调解法第二十九条: the earlier day is the safe one (docs/decisions/0007).
        """
        assigned = self.case.source == self.case.Source.COURT_ASSIGNED
        written = next(
            (row for row in entry.rows if isinstance(row, Agreement) and row.signed_on), self.agreement
        )
        return written.signed_on if assigned and written is not None and written.signed_on else entry.on

    @act(open_in="settled", label=_("开启司法确认"), ready=not_confirmable)
    def open_confirmation(self: Any, entry: "Entry") -> None:
        """The parties want the court's confirmation: a proceeding of its own, which takes the thirty days over."""
        agreement = self.agreement
        if agreement is None or agreement.effective_on is None:
            raise DomainError("no_agreement", _("本案没有在本系统登记的生效协议，不能开启司法确认。"))
        entry.finish(CONFIRMATION_LIMIT)
        running = self.deadlines.filter(rule=CONFIRMATION_LIMIT, cancelled=False).order_by("pk").last()
        start = running.starts_on if running is not None else agreement.effective_on
        entry.open("judicial_confirmation", effective_on=start, handler=self.handler)
