"""Acts that stop or lengthen the time for closing: objection, settlement, extension; the stay in staying.py."""

import json
from copy import copy
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.clock import Clock, due_of
from cases.documents.template import chinese_number
from cases.errors import DomainError
from cases.models import Deadline, Interval
from cases.readiness import all_of, begun, paused, paused_not, runs
from cases.stepping import act

from .stages import DEFENCE, EXAMINED, NOTHING_TO_EXTEND
from .staying import StayActs

if TYPE_CHECKING:
    from cases.entry import Entry

SETTLEMENTS = {"parties": _("当事人自行和解"), "panel": _("合议组主持调解")}


class TimingActs(StayActs):
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(
        open_in=EXAMINED,
        label=_("收到管辖异议"),
        rare=True,
        ready=all_of(
            begun(*DEFENCE, code="not_served", words=_("请求书副本尚未送达被请求人，请先登记送达。")),
            paused_not(
                "jurisdiction_objection", code="already_paused", words=_("管辖异议尚未决定，请先决定。")
            ),
        ),
    )
    def object_jurisdiction(self: Any, entry: "Entry") -> None:
        """管辖异议: within the defence period; the time for closing does not count until it is decided."""
        party = entry.data["party"]
        defence = self.deadlines.filter(rule__in=DEFENCE, subject=f"party:{party.pk}", cancelled=False).last()
        if defence is None:
            raise DomainError("not_served", _("请求书副本尚未送达该被请求人，请先登记送达。"))
        if entry.on > defence.due_on:
            raise DomainError(
                "objection_late",
                _("管辖异议应当在答辩期内（%(day)s 前）提出（%(source)s），逾期不予审查。")
                % {"day": defence.due_on, "source": self.cite("jurisdiction")},
            )
        entry.pause("jurisdiction_objection", ground=str(_("管辖异议")))
        if deadlines.has_limit("T-10", self.filed):
            entry.start("T-10")

    @act(
        open_in=EXAMINED,
        label=_("决定管辖异议"),
        rare=True,
        ready=paused("jurisdiction_objection", code="not_paused", words=_("没有尚未决定的管辖异议。")),
    )
    def decide_jurisdiction(self: Any, entry: "Entry") -> None:
        """Sustained, the case is handed over next; rejected, it goes on. The time counts again."""
        objected = self.open_interval("jurisdiction_objection")
        entry.resume("jurisdiction_objection")
        entry.finish("T-10")
        sustained = entry.data["sustained"]
        entry.paper(
            "jurisdiction_decision", addressee=self.both_sides(), objector=self._objector(), reason=entry.data["reason"],
            objected_on=objected.from_on if objected is not None else entry.on, basis=self.cite("jurisdiction"),
            sustained=sustained, rejected=not sustained,
        )  # fmt: skip

    def _objector(self: Any) -> str:
        """The party whose objection waits."""
        told = self.events.filter(name="object_jurisdiction").order_by("seq").last()
        said = json.loads(told.body)["notes"].get("party", "") if told is not None else ""
        party = self.case.parties.filter(pk=said.removeprefix("party:") or None).first()
        return party.name if party is not None else str(_("被请求人"))

    @act(
        open_in=EXAMINED,
        label=_("延长办案期限"),
        rare=True,
        ready=runs("T-18", code="nothing_to_extend", words=_("没有正在计算的办案期限，无法延长。")),
    )
    def extend_closing(self: Any, entry: "Entry") -> None:
        """First by the head (one month), then by the superior department (two months), whose paper is named and filed."""
        data, running = entry.data, self.open_deadline("T-18")
        again = running is not None and bool(running.extended)
        if again:
            self.demand_new("closing", _("办案期限只能延长一次"))
            if not (data["superior_document"] and data["superior_on"] and data["superior_scan"]):
                raise DomainError(
                    "superior_missing",
                    _(
                        "本案已延长一次，再次延长须经上一级部门批准（%(source)s），请填写批准文号、批准日期并上传批准文件。"
                    )
                    % {"source": self.cite("closing")},
                )
        elif data["superior_document"] or data["superior_on"] or data["superior_scan"]:
            raise DomainError(
                "head_first",
                _("本案尚未延长，第一次延长由部门负责人批准（%(source)s），不填写上一级部门的批准。")
                % {"source": self.cite("closing")},
            )
        until = self._extended_until(running, data["amount"])
        entry.extend("T-18", data["amount"])
        if again:
            data["superior_scan"].title = str(
                _("延长办案期限批准文件：%(no)s") % {"no": data["superior_document"]}
            )
            entry.save(data["superior_scan"])
            entry.note(scan=data["superior_scan"].pk)
        by = (
            _("上一级部门批准（%(no)s）") % {"no": data["superior_document"]}
            if again
            else _("本局负责人批准")
        )
        entry.paper(
            "extension_notice", addressee=self.both_sides(), ground=data["reason"], months=chinese_number(data["amount"]),
            approved=str(by), until=until, basis=self.cite("closing"),
        )  # fmt: skip

    def _extended_until(self: Any, running: Deadline | None, months: int) -> date | None:
        """The last day as extended; None while something stops the time. Raises `extend_refused` beyond the caps."""
        if running is None:
            raise DomainError("nothing_to_extend", NOTHING_TO_EXTEND)
        clock = Clock.load(self, office_calendar())
        stops = clock.excluding(running)
        ended = [(one.from_on, one.to_on) for one in stops if one.to_on is not None]
        longer = copy(running)
        longer.extended = ",".join(filter(None, [running.extended, str(months)]))
        found = due_of(longer, ended, self.filed, clock.calendar)
        return found.due if len(ended) == len(stops) else None

    @act(
        open_in=EXAMINED,
        label=_("开始和解、调解"),
        rare=True,
        ready=paused_not("settlement", code="already_paused", words=_("和解、调解正在进行。")),
    )
    def start_settlement(self: Any, entry: "Entry") -> None:
        """和解: the parties talk, or the panel mediates where both agree (办法第三十五条); since 2025 no day of it counts.

        It stays inside the adjudication: no mediation is opened, none is counted. Before 2025 the panel may mediate too,
        but the time runs on (its rule leaves no such stretch out).
        """
        if entry.data["kind"] == "parties":
            self.demand_new("closing", _("和解期间不从办案期限中扣除"))
        entry.pause("settlement", ground=str(SETTLEMENTS[entry.data["kind"]]))

    @act(
        open_in=EXAMINED,
        label=_("和解、调解结束"),
        rare=True,
        ready=paused("settlement", code="not_paused", words=_("没有正在进行的和解、调解。")),
    )
    def end_settlement(self: Any, entry: "Entry") -> None:
        """Reached, the page offers 调解结案 next; failed, the panel goes on and decides promptly (办法第三十五条)."""
        entry.resume("settlement")
        if entry.data["result"] == "failed":
            entry.note(
                hint=str(
                    _("未能达成协议的，应当及时作出裁决（%(source)s）。") % {"source": self.cite("mediation")}
                )
            )

    def settled_in_talks(self: Any) -> bool:
        """Did the last talks end in an agreement that waits to be signed?"""
        told = self.events.filter(name="end_settlement").order_by("seq").last()
        reached = told is not None and json.loads(told.body)["notes"].get("result") == "settled"
        return reached and self.open_interval("settlement") is None

    def objection_sustained(self: Any) -> bool:
        """Was the last objection to jurisdiction upheld, so that the case is to be handed over?"""
        told = self.events.filter(name="decide_jurisdiction").order_by("seq").last()
        return told is not None and bool(json.loads(told.body)["notes"].get("sustained"))

    def open_interval(self: Any, kind: str) -> Interval | None:
        """The interval of this kind that still runs."""
        found: Interval | None = self.intervals.filter(kind=kind, to_on__isnull=True, cancelled=False).first()
        return found

    def both_sides(self: Any) -> list[str]:
        """The names a paper to both sides is addressed to."""
        return [party.name for party in self.case.parties.all()]
