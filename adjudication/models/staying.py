"""The stay of an adjudication: on which ground, refused on which item, when its cause went, resumed (办法第二十八条、第二十九条)."""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime
from adjudication.grounds import grounds, refusals
from cases.documents.template import chinese_date
from cases.errors import DomainError
from cases.models import Right
from cases.models.repair import undone_acts
from cases.readiness import paused, paused_not
from cases.stepping import act

from .rows_request import EvaluationReport
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry

INVALIDITY = "1"  # the ground that rests on an attack upon the patent
ALREADY = paused_not("stay", code="already_paused", words=_("本案已经中止，请先恢复。"))
STAYED_NOW = paused("stay", code="not_paused", words=_("本案没有中止，无需恢复。"))


class StayActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("中止处理"), ready=ALREADY, undoable=True)
    def stay(self: Any, entry: "Entry") -> None:
        """中止: on one of the seven grounds, asked for or ex officio; what article 29 lets the bureau weigh is recorded with it."""
        data = entry.data
        ground = grounds()[data["ground"]]
        new = regime.is_new(self.filed)
        invention = self.case.rights.filter(kind=Right.Kind.INVENTION).exists()
        if new and ground.code == INVALIDITY and not data["weighed"] and (known := self.refusals_known()):
            raise DomainError(
                "weigh_first",
                _("本案有可以不中止的情形：%(words)s（%(source)s%(item)s），请先记录权衡的情形和理由。")
                % {
                    "words": refusals()[known[0]].words, "item": refusals()[known[0]].item,
                    "source": self.cite("stay_refusal"),
                },
            )  # fmt: skip
        entry.pause("stay", ground=f"{ground.code} {ground.words}")
        basis = f"{self.cite('stay')}第一款{ground.item}"
        if not new or (
            ground.code == INVALIDITY and invention
        ):  # article 28 names utility models and designs
            basis = regime.patent_rules(entry.on) if ground.code == INVALIDITY else ""
            basis = "和".join(filter(None, [basis, "" if new else regime.OLD]))
        entry.paper(
            "stay_notice",
            addressee=self.both_sides(),
            ground=self._said(entry),
            basis=basis,
            stayed_on=entry.on,
        )

    def _said(self: Any, entry: "Entry") -> str:
        """The ground as the notice states it: the patent by its kind, the attack by its number."""
        data = entry.data
        ground = grounds()[data["ground"]]
        if ground.code != INVALIDITY:
            return ground.words
        patent = self.case.rights.filter(kind__in=Right.PATENTS).first()
        kind = patent.get_kind_display().removesuffix("专利") if patent is not None else ""
        words = f"涉案{kind}专利权被请求宣告无效并已受理"
        if data["invalidation_no"]:
            words += f"（案件编号{data['invalidation_no']}，{chinese_date(data['invalidation_on'])}受理）"
        return words

    @act(open_in=EXAMINED, label=_("不予中止"), rare=True, ready=ALREADY, undoable=True)
    def refuse_stay(self: Any, entry: "Entry") -> None:
        """不予中止: asked for and refused, on an item of article 29."""
        item = refusals()[entry.data["item"]]
        new = regime.is_new(self.filed)
        if new and self._contradicted(item.known):
            raise DomainError(
                "item_not_met",
                _("案件记录与该情形不符：%(words)s（%(source)s%(item)s），请核对专利类型和评价报告的结论。")
                % {"words": item.words, "source": self.cite("stay_refusal"), "item": item.item},
            )
        entry.note(item=item.code)
        entry.paper(
            "stay_refusal", addressee=entry.data["party"].name, ground=item.words, reason=entry.data["reason"],
            basis=f"{self.cite('stay_refusal')}{item.item if new else ''}",
        )  # fmt: skip

    @act(open_in=EXAMINED, label=_("登记中止原因消除"), rare=True, ready=STAYED_NOW, undoable=True)
    def end_stay_cause(self: Any, entry: "Entry") -> None:
        """The cause is gone: from this day on the bureau is to resume without delay (T-19); the time still does not count."""
        if self.stay_cause_gone():
            raise DomainError("cause_gone", _("本次中止的原因已登记消除，请恢复处理。"))
        self._refuse_before_stay(entry)

    @act(open_in=EXAMINED, label=_("恢复处理"), ready=STAYED_NOW, undoable=True)
    def resume(self: Any, entry: "Entry") -> None:
        """恢复: the cause is gone; the time counts again from this day."""
        data = entry.data
        open_stay = self._refuse_before_stay(entry)
        code = open_stay.ground.partition(" ")[0]
        cause = grounds()[code].ends.get(data["cause"], "") if code in grounds() else ""
        entry.resume("stay")
        entry.paper(
            "resume_notice", addressee=self.both_sides(), stayed_on=open_stay.from_on,
            ground=data["reason"] or cause, resumed_on=entry.on, basis=self.cite("resumption"),
        )  # fmt: skip

    def _refuse_before_stay(self: Any, entry: "Entry") -> Any:
        """The open stay; refused where there is none, or on a day before it began."""
        found = self.open_interval("stay")
        if found is None:
            raise DomainError("not_paused", _("本案没有中止，无需恢复。"))
        if entry.on < found.from_on:
            raise DomainError(
                "before_stay", _("本案自 %(day)s 起中止，请核对日期。") % {"day": found.from_on}
            )
        return found

    # reading ---------------------------------------------------------------------------------------------------

    def refusals_known(self: Any) -> list[str]:
        """Codes of the items of article 29 that the record itself shows, in the order of the article."""
        shown = {
            "invention": self.case.rights.filter(kind=Right.Kind.INVENTION).exists(),
            "report_clear": self.evaluation_result() == EvaluationReport.Result.CLEAR,
        }
        ended = self._ended_stays()
        shown |= {"withdrawn_before": "withdrawn" in ended, "upheld_before": "upheld" in ended}
        return [one.code for one in refusals().values() if shown.get(one.known)]

    def _contradicted(self: Any, known: str) -> bool:
        if known == "invention":
            return not self.case.rights.filter(kind=Right.Kind.INVENTION).exists()
        return known == "report_clear" and self.evaluation_result() == EvaluationReport.Result.DEFECTS

    def _ended_stays(self: Any) -> list[str]:
        """How the causes of earlier stays ended, as codes."""
        told = self.events.filter(name="resume").exclude(pk__in=undone_acts(self))
        bodies = told.values_list("body", flat=True)
        return [json.loads(body)["notes"].get("cause", "") for body in bodies]

    def stay_cause_gone(self: Any) -> dict[str, Any] | None:
        """What was entered of the end of the running stay's cause: `on`, `cause`, `reason`."""
        since = self.open_interval("stay")
        if since is None or since.opened_by_id is None:
            return None
        entered = self.events.filter(name="end_stay_cause", seq__gt=since.opened_by.seq)
        told = entered.exclude(pk__in=undone_acts(self)).order_by("seq").last()
        if told is None:
            return None
        notes = json.loads(told.body)["notes"]
        return {"on": told.occurred_on, "cause": notes.get("cause", ""), "reason": notes.get("reason", "")}
