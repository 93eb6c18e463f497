"""The exchange of papers: defence, its copy, periods for evidence (办法第二十二条、第五十四条)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.errors import DomainError
from cases.readiness import runs, runs_not
from cases.stepping import act

from .stages import DEFENCE, EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry


EVIDENCE_RUNS = _("举证期限正在计算，需要调整请办理延长举证期限。")
DEFENCE_RUNS = runs(*DEFENCE, code="no_defence_period", words=_("没有正在计算的答辩期限。"))


class ExchangeActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("收到答辩书"), undoable=True)
    def receive_defence(self: Any, entry: "Entry") -> None:
        """答辩: in time or late, it is taken; its copy goes to the requester within five working days."""
        subject = f"party:{entry.data['party'].pk}"
        for rule in DEFENCE:
            entry.finish(rule, subject=subject)
        entry.start("T-08", subject=subject)

    @act(open_in=EXAMINED, label=_("延长答辩期限"), rare=True, ready=DEFENCE_RUNS)
    def extend_defence(self: Any, entry: "Entry") -> None:
        """Asked by the respondent, decided by the panel (办法第二十二条); no maximum."""
        found = self.open_deadline(*DEFENCE, subject=f"party:{entry.data['party'].pk}")
        if found is None:
            raise DomainError("nothing_to_extend", _("该当事人没有正在计算的答辩期限。"))
        self.demand_new("defence", _("答辩期限不能延长"))
        due = entry.data["due_on"]
        if due <= found.due_on:
            raise DomainError("not_later", _("延长后的日期应当晚于 %(day)s。") % {"day": found.due_on})
        entry.finish(found.rule, subject=found.subject)
        entry.start(found.rule, found.starts_on, due=due, subject=found.subject)

    @act(open_in=EXAMINED, label=_("登记逾期未答辩"), undoable=True, ready=DEFENCE_RUNS)
    def record_no_defence(self: Any, entry: "Entry") -> None:
        """The period has run out: no defence does not stop the case (办法第二十二条)."""
        found = self.open_deadline(*DEFENCE, subject=f"party:{entry.data['party'].pk}")
        if found is None:
            raise DomainError("no_defence_period", _("该当事人没有正在计算的答辩期限。"))
        if entry.on <= found.due_on:
            raise DomainError("defence_period_runs", _("答辩期至 %(day)s 届满。") % {"day": found.due_on})
        entry.finish(found.rule, subject=found.subject)

    @act(
        open_in=EXAMINED,
        label=_("送达答辩书副本"),
        undoable=True,
        ready=runs("T-08", code="no_defence", words=_("尚未收到被请求人的答辩书，或其副本已经送达。")),
    )
    def serve_defence_copy(self: Any, entry: "Entry") -> None:
        """The requester has the copy of the defence (T-08)."""
        found = self.open_deadline("T-08", subject=f"party:{entry.data['party'].pk}")
        if found is None:
            raise DomainError("no_defence", _("尚未收到该被请求人的答辩书，或其副本已经送达。"))
        entry.finish("T-08", subject=found.subject)

    @act(
        open_in=EXAMINED,
        label=_("指定举证期限"),
        undoable=True,
        ready=runs_not("T-13", code="evidence_period_runs", words=EVIDENCE_RUNS),
    )
    def set_evidence_period(self: Any, entry: "Entry") -> None:
        """举证期限: not under fifteen days from receipt of the notice (办法第五十四条)."""
        self.demand_new("evidence", _("没有举证期限的规定"))
        if self.open_deadline("T-13"):
            raise DomainError("evidence_period_runs", EVIDENCE_RUNS)
        rule = deadlines.rule_of("T-13", self.filed)
        least = entry.on + timedelta(days=rule.number or 0)
        if entry.data["due_on"] < least:
            raise DomainError(
                "evidence_period_short",
                _("举证期限不得少于%(limit)s（%(source)s），最早为 %(day)s。")
                % {"limit": rule.limit, "source": rule.source, "day": least},
            )
        entry.start("T-13", due=entry.data["due_on"])
        entry.paper(
            "evidence_notice", addressee=self.both_sides(), due_on=entry.data["due_on"],
            basis=self.cite("evidence"), agreed=bool(entry.data["agreed"]),
        )  # fmt: skip

    @act(
        open_in=EXAMINED,
        label=_("延长举证期限"),
        rare=True,
        undoable=True,
        ready=runs("T-13", code="nothing_to_extend", words=_("没有正在计算的举证期限。")),
    )
    def extend_evidence(self: Any, entry: "Entry") -> None:
        """Longer for evidence, the same day for everyone; days a party asked for do not count for closing (第三十七条)."""
        running = self.deadlines.filter(rule="T-13", met_on__isnull=True, cancelled=False)
        found = running.order_by("due_on").last()
        if found is None:
            raise DomainError("nothing_to_extend", _("没有正在计算的举证期限。"))
        due = entry.data["due_on"]
        if due <= found.due_on:
            raise DomainError("not_later", _("延长后的日期应当晚于 %(day)s。") % {"day": found.due_on})
        entry.finish("T-13")
        entry.start("T-13", due=due)
        if entry.data["asked_by"] == "party":
            entry.pause("evidence_extension", on=found.due_on + timedelta(1))
            entry.resume("evidence_extension", on=due + timedelta(1))
