"""Reaching both sides and asking whether they want mediation: contacts and consents. Invitations: inviting.py.

Without the written consent of both nothing is accepted (人民调解法第十七条).
"""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.entry import Entry, Fact
from cases.errors import DomainError
from cases.models import Event, Party, Right
from cases.protection import Sealed
from cases.stepping import act

from .seen import Recorded


class Consent(Recorded):
    """One party's answer to the question whether to mediate. The latest one of each party holds."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("同意调解")
        REFUSE = "refuse", _("不同意调解")
        PROPOSE = "propose", _("提出方案，愿意进一步协商")
        SILENT = "silent", _("逾期未答复")
        LEFT_OUT = "left_out", _("不参加，其他当事人同意继续调解")

    class Way(models.TextChoices):
        SIGNED = "signed", _("签署同意调解书")
        APPLICATION = "application", _("书面调解申请（请求）")
        STATEMENT = "statement", _("书面意见陈述")
        PLATFORM = "platform", _("在线平台确认")
        PAGE = "page", _("凭邀请码网上答复")
        PHONE = "phone", _("电话答复")
        COUNTER = "counter", _("当面口头答复")
        NONE = "none", _("无")

    WRITTEN = (Way.SIGNED, Way.APPLICATION, Way.STATEMENT, Way.PLATFORM, Way.PAGE)

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="consents")
    party = models.ForeignKey(Party, models.PROTECT, related_name="consents", verbose_name=_("当事人"))
    answer = models.CharField(_("意见"), max_length=10, choices=Answer.choices)
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    on = models.DateField(_("日期"))
    remark_sealed = models.TextField(blank=True, default="", editable=False)

    remark = Sealed("remark")

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("调解意愿")

    @property
    def in_writing(self) -> bool:
        """Is it written consent (民法典第四百六十九条: data messages count as writing)?"""
        return self.answer == self.Answer.AGREE and self.way in self.WRITTEN


class Contact(Recorded):
    """One attempt to reach a party: an invitation, a call, the copy of the request."""

    class Way(models.TextChoices):
        INVITATION = "invitation", _("调解邀请函")
        COPY = "copy", _("送达调解请求书副本")
        CALL = "call", _("电话")
        VISIT = "visit", _("上门")
        MESSAGE = "message", _("短信或者网络消息")

    class Result(models.TextChoices):
        REACHED = "reached", _("已联系上（已收到）")
        UNANSWERED = "unanswered", _("无人应答")
        SENT = "sent", _("已发出，待答复")
        RETURNED = "returned", _("退回")
        UNREACHABLE = "unreachable", _("无法联系")

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="contacts")
    party = models.ForeignKey(Party, models.PROTECT, related_name="contacts", verbose_name=_("当事人"))
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    result = models.CharField(_("结果"), max_length=12, choices=Result.choices)
    on = models.DateField(_("日期"))
    remark_sealed = models.TextField(blank=True, default="", editable=False)

    remark = Sealed("remark")

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("联系记录")


class Willingness:
    """Mixin of `Mediation`; `self` is the locked row."""

    def measure_sets(self: Any, rule: str, filed: date) -> bool:
        """Do the measures on patent disputes set this limit here (第六十五条、第六十六条; from 2025-02-01)?"""
        return (
            self.flavour == "administrative"
            and deadlines.has_limit(rule, filed)
            and self.case.rights.filter(kind__in=Right.PATENTS).exists()
        )

    @act(open_in=("received", "in_mediation", "agreed"), label=_("联系当事人"), undoable=True)
    def contact(self: Any, entry: Entry) -> None:
        """One attempt to reach a party, with its result. The served copy of a request starts the time to answer (AM-03)."""
        party, way, result = entry.data["party"], entry.data["way"], entry.data["result"]
        row = Contact(mediation=self, party=party, way=way, result=result, on=entry.on, by=entry.by)
        row.remark = entry.data["remark"]
        entry.save(row)
        self.state_contact(entry, party, way)
        served = way == Contact.Way.COPY and result == Contact.Result.REACHED
        if served and self.state == "received" and self.measure_sets("AM-03", self.received_on or entry.on):
            subject = f"party:{party.pk}"
            entry.finish("AM-02")
            if not self.deadlines.filter(rule="AM-03", subject=subject, cancelled=False).exists():
                entry.start("AM-03", subject=subject)

    def state_contact(self: Any, entry: Entry, party: Party, way: str) -> None:
        """The first attempt to reach a respondent is a fact: the denominator of the answering rate.

        It also ends the three days in which an online mediator seeks the other side (在线调解规则第十五条, C-09d).
        """
        if party.role != Party.Role.RESPONDENT:
            return
        entry.finish("C-09d")
        if not self._answer_facts(entry, "contacted", party):
            entry.fact("contacted", value=way, subject=f"party:{party.pk}")

    @act(open_in="received", label=_("登记调解意愿"), undoable=True)
    def record_consent(self: Any, entry: Entry) -> None:
        """A party's answer. Each later answer of the same party replaces the earlier one (人民调解法第十七条、第二十三条)."""
        self.take_answer(entry, entry.data["party"], entry.data["answer"], entry.data["way"])

    def take_answer(self: Any, entry: Entry, party: Party, answer: str, way: str) -> None:
        """An answer in whatever way: its row, its fact, and what it does to the time of a request on a patent.

        The answering rate counts who agreed or refused; a proposal is no such answer and states nothing
        (indicators.md, respondent_answered), though its row stands and an earlier answer's fact stays.
        """
        row = Consent(mediation=self, party=party, answer=answer, way=way, on=entry.on, by=entry.by)
        row.remark = entry.data["remark"]
        entry.save(row)
        if party.role != Party.Role.RESPONDENT:
            return
        if answer in (Consent.Answer.AGREE, Consent.Answer.REFUSE):
            self._state_answer(entry, party, answer)
        entry.finish("AM-03", subject=f"party:{party.pk}")
        following = {"agree": "AM-04", "refuse": "AM-05", "silent": "AM-05"}.get(answer, "")
        if (
            following
            and self.state == "received"
            and self.measure_sets(following, self.received_on or entry.on)
        ):
            entry.finish("AM-04")
            entry.finish("AM-05")
            entry.start(following)

    def _state_answer(self: Any, entry: Entry, party: Party, answer: str) -> None:
        known = self._answer_facts(entry, "answered", party)
        if not known:
            entry.fact("answered", value=answer, subject=f"party:{party.pk}")
        for old in known:
            entry.facts.append(Fact("answered", answer, old.subject, entry.on, old))

    @staticmethod
    def _answer_facts(entry: Entry, name: str, party: Party) -> list[Any]:
        return [fact for fact in entry.live_facts(name) if fact.subject == f"party:{party.pk}"]

    def act_undone(self: Any, entry: Entry, event: Event) -> None:
        """A consent somebody has relied on stays; a respondent still tried in another way still counts as contacted."""
        if event.name == "record_consent" and self.state != "received":
            raise DomainError("built_upon", _("本案已不在受理前，此前登记的调解意愿不能撤回。"))
        super().act_undone(entry, event)  # type: ignore[misc]
        gone = [row for row in entry.rows_of(event) if isinstance(row, Contact)]
        for row in gone:
            subject = f"party:{row.party_id}"
            if not any(fact.name is None and fact.subject == subject for fact in entry.facts):
                continue
            left = self.contacts.filter(party=row.party_id, cancelled=False).exclude(pk=row.pk).first()
            if left is not None:
                entry.fact("contacted", value=left.way, subject=subject, on=left.on)

    def consent_of(self: Any, on: date) -> dict[int, Consent]:
        """Each party's latest answer by that day."""
        return {row.party_id: row for row in self.consents.filter(on__lte=on, cancelled=False)}

    def require_consent(self: Any, on: date) -> None:
        """Every party of both sides agreed in writing by that day; one clear refusal ends the matter (第十七条)."""
        answers = self.consent_of(on)
        missing, joined = [], set()
        for party in self.case.parties.exclude(role=Party.Role.THIRD):
            answer = answers.get(party.pk)
            if answer is not None and answer.answer == Consent.Answer.REFUSE:
                raise DomainError(
                    "consent_refused",
                    _("%(name)s 不同意调解，不能受理；请办理不予受理并告知其他途径。") % {"name": party.name},
                )
            if answer is not None and answer.answer == Consent.Answer.LEFT_OUT:
                continue
            if answer is None or not answer.in_writing:
                missing.append(party.name)
            joined.add(party.role)
        for side in (Party.Role.APPLICANT, Party.Role.RESPONDENT):
            if side not in joined:
                missing.append(str(side.label))
        if missing:
            raise DomainError(
                "consent_missing",
                _("受理须有双方的书面同意，尚缺：%(names)s。请先登记调解意愿（口头同意的，补签同意调解书）。")
                % {"names": "、".join(missing)},
            )
