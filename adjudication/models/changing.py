"""What becomes of a ruling later: clerical errors put right, change or annulment after invalidation (办法第三十三条)."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import catalogue, register, ruling_text
from cases.documents import making
from cases.errors import DomainError
from cases.stepping import act

from .rows_decision import Finding
from .ruling import Outcome, Ruling

if TYPE_CHECKING:
    from cases.entry import Entry

ASKED = {
    "ex_officio": _("依职权"), "applicant": _("根据请求人的申请"), "respondent": _("根据被请求人的申请"),
}  # fmt: skip


def no_ruling(row: Any) -> DomainError | None:
    """Why nothing can be changed in history that was brought in without its ruling, or that is annulled."""
    found = row.rulings.filter(void=False).first()
    if found is None:
        return DomainError("no_ruling", _("本案没有在本系统签发的裁决书。"))
    if found.kind == Ruling.Kind.ANNULMENT:
        return DomainError("ruling_annulled", _("本案裁决已经撤销，不能再变更或者补正。"))
    return None


class ChangingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in="ruled", label=_("补正裁决书笔误"), ready=no_ruling)
    def correct_ruling(self: Any, entry: "Entry") -> None:
        """Clerical errors only, by a later paper; the ruling itself stays as signed (办法第三十三条)."""
        ruling = self.current_ruling()
        entry.note(ruling=ruling.subject)
        entry.paper(
            "ruling_correction", ruling_on=ruling.made_on, wrong=entry.data["wrong"], right=entry.data["right"],
            panel=self._panel_lines(), basis=self.cite("ruling_correction"),
        )  # fmt: skip

    @act(open_in="ruled", label=_("变更或者撤销裁决"), rare=True, grave=True, ready=no_ruling)
    def change_ruling(self: Any, entry: "Entry") -> None:
        """变更或者撤销裁决：涉案专利权被宣告无效的审查决定生效后，由本局变更或者撤销原裁决；已经履行的部分不具有追溯力。"""
        data, ruling = entry.data, self.current_ruling()
        if data["effective_on"] < data["decision_on"]:
            raise DomainError("date_order", _("审查决定的生效日期不能早于作出日期，请核对。"))
        if data["decision_on"] < ruling.made_on and data["effective_on"] < ruling.made_on:
            raise DomainError(
                "before_ruling",
                _("该审查决定在裁决作出前已经生效，不属于裁决后的变更或者撤销，请核对日期。"),
            )
        annuls = data["kind"] == Ruling.Kind.ANNULMENT
        findings = [] if annuls else self._left(data)
        paper = {
            **{name: data[name] for name in ("decision_no", "decision_on", "effective_on", "scope")},
            "reasoning": [row["text"] for row in data["reasoning"]], "asked": str(ASKED[data["asked"]]),
            "ruling_on": ruling.made_on, "panel": self._panel_lines(), "basis": self.cite("change"),
            "sue_within": str(_("十五日")), "stop_ordered": not annuls and data["outcome"] != Outcome.NOT_ESTABLISHED,
        }  # fmt: skip
        if not annuls:
            sections = {**ruling_text.plain(data), "kind": ""}
            rows = [
                {"name": one.respondent.name, "claim": one.claim, "outcome": one.outcome, "acts": one.acts.split(",")}
                for one in findings
            ]  # fmt: skip
            paper["findings"] = catalogue.lines(rows)
            paper["orders"] = ruling_text.orders_of(sections, self.ruling_case())
        self._make_change(entry, ruling, paper, findings)

    def _make_change(
        self: Any, entry: "Entry", ruling: Ruling, paper: dict[str, Any], findings: list[Finding]
    ) -> None:
        """The row, its paper, the register's line and the disclosure that follow (T-28)."""
        kind = entry.data["kind"]
        outcome = Outcome.NOT_ESTABLISHED if kind == Ruling.Kind.ANNULMENT else entry.data["outcome"]
        change = Ruling(
            number=self.number or "", made_on=entry.on, outcome=outcome, kind=kind, changes=ruling
        )
        filled = {**making.context(self.case, self, entry, self.body), **paper}
        change.sections = Ruling.sections_of(filled, change.paper)
        change.save()
        change.adjudications.set(ruling.adjudications.all())
        entry.save(change)
        for finding in findings:
            finding.ruling = change
            entry.save(finding)
        entry.note(ruling=ruling.subject, kind=str(change.get_kind_display()))
        entry.fact("ruling_changed", value=kind, subject=ruling.subject)
        entry.paper(change.paper, **paper)
        due = register.publish_by(entry.on, "T-28")
        for number in ruling.numbers():
            register.line(
                entry, number, "due", entry.on, due_on=due,
                ground=str(_("专利权被宣告无效：%(what)s") % {"what": change.get_kind_display()}),
            )  # fmt: skip
        entry.open("disclosure", ruling=ruling, rule="T-28")
        entry.effect("refresh_ruling_status", ruling=ruling.pk)

    def _left(self: Any, data: Any) -> list[Finding]:
        """What holds of each claim from now on."""
        rows = data["findings"]
        if rows:
            self._require_every_claim(rows)
            if catalogue.overall(row["outcome"] for row in rows) != data["outcome"]:
                raise DomainError("findings_outcome", _("逐项认定与变更后的结果不一致，请核对。"))
        return [
            Finding(
                case=self.case, proceeding=self, respondent=row["respondent"], claim=row["claim"],
                outcome=row["outcome"], acts=",".join(row["acts"]),
            )
            for row in rows
        ]  # fmt: skip
