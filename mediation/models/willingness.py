"""Reaching both sides and asking whether they want mediation: contacts and consents.

Without the written consent of both nothing is accepted (人民调解法第十七条).
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.entry import Entry, Fact
from cases.errors import DomainError
from cases.models import Party, Right
from cases.stepping import act

from .rows import Consent, Contact


class Willingness:
    """Mixin of `Mediation`; `self` is the locked row."""

    def measure_sets(self: Any, rule: str, filed: date) -> bool:
        """Do the measures on patent disputes set this limit here (第六十五条、第六十六条; from 2025-02-01)?"""
        return (
            self.flavour == "administrative"
            and deadlines.has_limit(rule, filed)
            and self.case.rights.filter(kind__in=Right.PATENTS).exists()
        )

    @act(open_in=("received", "in_mediation", "agreed"), label=_("联系当事人"))
    def contact(self: Any, entry: Entry) -> None:
        """One attempt to reach a party, with its result. The served copy of a request starts the time to answer (AM-03)."""
        party, way, result = entry.data["party"], entry.data["way"], entry.data["result"]
        row = Contact(mediation=self, party=party, way=way, result=result, on=entry.on, by=entry.by)
        row.remark = entry.data["remark"]
        entry.save(row)
        if party.role == Party.Role.RESPONDENT and not self._answer_facts(entry, "contacted", party):
            entry.fact("contacted", value=way, subject=f"party:{party.pk}")
        served = way == Contact.Way.COPY and result == Contact.Result.REACHED
        if served and self.state == "received" and self.measure_sets("AM-03", self.received_on or entry.on):
            subject = f"party:{party.pk}"
            entry.finish("AM-02")
            if not self.deadlines.filter(rule="AM-03", subject=subject, cancelled=False).exists():
                entry.start("AM-03", subject=subject)

    @act(open_in="received", label=_("登记调解意愿"))
    def record_consent(self: Any, entry: Entry) -> None:
        """A party's answer. Each later answer of the same party replaces the earlier one (人民调解法第十七条、第二十三条)."""
        party, answer = entry.data["party"], entry.data["answer"]
        row = Consent(
            mediation=self, party=party, answer=answer, way=entry.data["way"], on=entry.on, by=entry.by
        )
        row.remark = entry.data["remark"]
        entry.save(row)
        if party.role != Party.Role.RESPONDENT:
            return
        if answer in (Consent.Answer.AGREE, Consent.Answer.REFUSE):
            self._state_answer(entry, party, answer)
        entry.finish("AM-03", subject=f"party:{party.pk}")
        following = {"agree": "AM-04", "refuse": "AM-05", "silent": "AM-05"}.get(answer, "")
        if following and self.measure_sets(following, self.received_on or entry.on):
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

    def consent_of(self: Any, on: date) -> dict[int, Consent]:
        """Each party's latest answer by that day."""
        return {row.party_id: row for row in self.consents.filter(on__lte=on).order_by("on", "pk")}

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
