"""Acts that stop or lengthen the time for closing: objection, stay, appraisal, settlement, extension."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime
from cases import deadlines
from cases.errors import DomainError
from cases.models import Interval, Right
from cases.readiness import all_of, begun, paused, paused_not, runs
from cases.stepping import act

from .stages import DEFENCE, EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry

# 办法第二十八条第一款
STAY_GROUNDS = [
    ("1", _("实用新型、外观设计专利权被请求宣告无效并已受理")), ("2", _("一方当事人死亡，等待继承人表明是否参加处理")),
    ("3", _("一方当事人丧失行为能力，尚未确定法定代理人")), ("4", _("一方当事人终止，尚未确定权利义务承受人")),
    ("5", _("因不可抗力不能参加处理")), ("6", _("须以另一案的审理结果为依据，而该案尚未审结")),
    ("7", _("涉及法律适用问题，需要报请上级机关解释或者确认")),
]  # fmt: skip
# 办法第二十九条
STAY_REFUSALS = [
    ("1", _("涉案专利为发明专利")), ("2", _("专利权评价报告未发现不符合授予专利权条件的缺陷")),
    ("3", _("被请求人撤回无效宣告请求、恢复处理后再次请求宣告无效")), ("4", _("专利权已经生效决定维持有效")),
    ("5", _("其他不必中止的情形")),
]  # fmt: skip
NUMERALS = dict(zip("1234567", "一二三四五六七", strict=True))


class TimingActs:
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
        entry.resume("jurisdiction_objection")
        entry.finish("T-10")

    @act(
        open_in=EXAMINED,
        label=_("中止处理"),
        ready=paused_not("stay", code="already_paused", words=_("本案已经中止，请先恢复。")),
    )
    def stay(self: Any, entry: "Entry") -> None:
        """中止: on one of the seven grounds; what article 29 lets the bureau weigh is recorded with it."""
        ground = entry.data["ground"]
        invention = self.case.rights.filter(kind=Right.Kind.INVENTION).exists()
        if ground == "1" and invention and not entry.data["weighed"]:
            raise DomainError(
                "weigh_first",
                _("发明专利被请求宣告无效的，可以不中止（%(source)s第一项），请先记录权衡的情形和理由。")
                % {"source": self.cite("stay_refusal")},
            )
        text = str(dict(STAY_GROUNDS)[ground])
        entry.pause("stay", ground=f"{ground} {text}")
        basis = f"{self.cite('stay')}第一款第{NUMERALS[ground]}项"
        if not regime.is_new(self.filed):  # its own list of grounds the house has not read
            basis = f"{regime.patent_rules(entry.on)}和{regime.OLD}" if ground == "1" else regime.OLD
        entry.paper("stay_notice", addressee=self.both_sides(), ground=text, basis=basis, stayed_on=entry.on)

    @act(open_in=EXAMINED, label=_("不予中止"), rare=True)
    def refuse_stay(self: Any, entry: "Entry") -> None:
        """不予中止: asked for and refused, on an item of article 29."""
        item = entry.data["item"]
        entry.note(item=item)
        article = f"第{NUMERALS[item]}项" if regime.is_new(self.filed) else ""
        entry.paper(
            "stay_refusal", addressee=entry.data["party"].name, ground=str(dict(STAY_REFUSALS)[item]),
            reason=entry.data["reason"], basis=f"{self.cite('stay_refusal')}{article}",
        )  # fmt: skip

    @act(
        open_in=EXAMINED,
        label=_("恢复处理"),
        ready=paused("stay", code="not_paused", words=_("本案没有中止，无需恢复。")),
    )
    def resume(self: Any, entry: "Entry") -> None:
        """恢复: the cause is gone; the time counts again from this day."""
        open_stay = self.open_interval("stay")
        if open_stay is None:
            raise DomainError("not_paused", _("本案没有中止，无需恢复。"))
        entry.resume("stay")
        entry.paper(
            "resume_notice", addressee=self.both_sides(), stayed_on=open_stay.from_on, ground=entry.data["reason"],
            resumed_on=entry.on, basis=self.cite("resumption"),
        )  # fmt: skip

    @act(
        open_in=EXAMINED,
        label=_("延长办案期限"),
        rare=True,
        ready=runs("T-18", code="nothing_to_extend", words=_("没有正在计算的办案期限，无法延长。")),
    )
    def extend_closing(self: Any, entry: "Entry") -> None:
        """First by the head (one month), then by the superior department (two months), whose paper is named."""
        running = self.open_deadline("T-18")
        if running is not None and running.extended and not entry.data["superior_document"]:
            raise DomainError(
                "superior_missing",
                _("本案已延长一次，再次延长须经上一级部门批准（%(source)s），请填写批准文号。")
                % {"source": self.cite("closing")},
            )
        entry.extend("T-18", entry.data["amount"])

    @act(
        open_in=EXAMINED,
        label=_("开始检验、鉴定"),
        rare=True,
        ready=paused_not("appraisal", code="already_paused", words=_("检验、鉴定正在进行。")),
    )
    def start_appraisal(self: Any, entry: "Entry") -> None:
        """检验、鉴定: its days do not count for closing."""
        entry.pause("appraisal", ground=entry.data["institution"])

    @act(
        open_in=EXAMINED,
        label=_("检验、鉴定结束"),
        rare=True,
        ready=paused("appraisal", code="not_paused", words=_("没有正在进行的检验、鉴定。")),
    )
    def end_appraisal(self: Any, entry: "Entry") -> None:
        """The report is in; the time counts again."""
        entry.resume("appraisal")

    @act(
        open_in=EXAMINED,
        label=_("开始和解"),
        rare=True,
        ready=paused_not("settlement", code="already_paused", words=_("和解正在进行。")),
    )
    def start_settlement(self: Any, entry: "Entry") -> None:
        """和解: the parties talk; since 2025 these days do not count for closing (办法第三十七条)."""
        self.demand_new("closing", _("和解期间不从办案期限中扣除"))
        entry.pause("settlement", ground=str(_("当事人和解")))

    @act(
        open_in=EXAMINED,
        label=_("和解结束"),
        rare=True,
        ready=paused("settlement", code="not_paused", words=_("没有正在进行的和解。")),
    )
    def end_settlement(self: Any, entry: "Entry") -> None:
        """Settled or not, the time counts again."""
        entry.resume("settlement")

    def open_interval(self: Any, kind: str) -> Interval | None:
        """The interval of this kind that still runs."""
        found: Interval | None = self.intervals.filter(kind=kind, to_on__isnull=True, cancelled=False).first()
        return found

    def both_sides(self: Any) -> list[str]:
        """The names a paper to both sides is addressed to."""
        return [party.name for party in self.case.parties.all()]
