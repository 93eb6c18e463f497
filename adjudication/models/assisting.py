"""Who helps the panel and has no vote: technical investigators, interpreters, experts; bodies that test and appraise."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.models import Event, Participation
from cases.readiness import paused, paused_not
from cases.stepping import act

from .rows import Appraisal, Assistant, TechnicalOpinion
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry


def nobody_assists(row: Any) -> DomainError | None:
    """What is refused where nobody helps the panel."""
    if row.assisting().exists():
        return None
    return DomainError("no_assistant", _("本案没有技术调查官、翻译人员等辅助人员，请先办理“指派辅助人员”。"))


def no_adviser(row: Any) -> DomainError | None:
    """What is refused where nobody is there whose opinion the panel may take."""
    if row.advisers().exists():
        return None
    return DomainError("no_adviser", _("本案没有技术调查官或者专家，请先办理“指派辅助人员”。"))


class AssistingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("指派辅助人员"), rare=True, undoable=True)
    def appoint_assistant(self: Any, entry: "Entry") -> None:
        """A technical investigator, interpreter, expert or appraiser; 回避 is asked of them as of the panel (办法第五条)."""
        data = entry.data
        person = data["person"]
        name = person.name if person else data["name"]
        if self.assisting().filter(capacity=data["capacity"], name=name).exists():
            raise DomainError("already_assists", _("%(name)s 已以该身份参加本案。") % {"name": name})
        if person is not None and person.user_id and any(p.user_id == person.user_id for p in self.team()):
            raise DomainError(
                "already_sits", _("%(name)s 在合议组或者任书记员，不能同时担任辅助人员。") % {"name": name}
            )
        entry.save(Assistant(
            case=self.case, proceeding=self, capacity=data["capacity"], person=person, name=name,
            unit=data["unit"] or (person.unit if person else ""), field=data["field"], from_on=entry.on,
        ))  # fmt: skip
        if data["capacity"] == Assistant.Capacity.INVESTIGATOR and person is not None and person.user_id:
            entry.join(person.user, Participation.Capacity.TECHNICAL_INVESTIGATOR)

    @act(open_in=EXAMINED, label=_("辅助人员退出"), rare=True, ready=nobody_assists)
    def release_assistant(self: Any, entry: "Entry") -> None:
        """Somebody helps the panel no longer; what he wrote stays."""
        row: Assistant = entry.data["assistant"]
        if row.to_on is not None:
            raise DomainError("already_released", _("该人员已经退出本案。"))
        if entry.on < row.from_on:
            raise DomainError("date_order", _("退出日期不能早于指派日期 %(day)s。") % {"day": row.from_on})
        self.let_go(entry, row)

    @act(open_in=EXAMINED, label=_("登记技术调查意见"), rare=True, undoable=True, ready=no_adviser)
    def record_opinion(self: Any, entry: "Entry") -> None:
        """What an investigator or expert tells the panel: closed volume, binds nobody, no vote."""
        assistant: Assistant = entry.data["assistant"]
        if self.recusals.filter(assistant=assistant, decided_on__isnull=True).exists():
            raise DomainError("recusal_open", _("对该人员的回避申请尚未决定，决定后再办理。"))
        row = TechnicalOpinion(
            case=self.case, proceeding=self, audience="sealed", assistant=assistant, on=entry.on
        )
        row.issues, row.opinion = entry.data["issues"], entry.data["opinion"]
        entry.audience = Event.Audience.SEALED
        entry.save(row)

    @act(
        open_in=EXAMINED,
        label=_("开始检验、鉴定"),
        rare=True,
        ready=paused_not("appraisal", code="already_paused", words=_("检验、鉴定正在进行。")),
    )
    def start_appraisal(self: Any, entry: "Entry") -> None:
        """检验、鉴定: entrusted in writing; its days do not count for closing (办法第三十七条)."""
        data = entry.data
        entry.save(Appraisal(
            case=self.case, proceeding=self, institution=data["institution"], matter=data["matter"],
            entrusted_on=entry.on,
        ))  # fmt: skip
        entry.pause("appraisal", ground=data["institution"])
        entry.paper(
            "appraisal_commission", addressee=data["institution"], asked=data["matter"], basis=self.cite("closing"),
            samples=[line["text"] for line in data["samples"]], due_on=data["due_on"],
        )  # fmt: skip

    @act(
        open_in=EXAMINED,
        label=_("检验、鉴定结束"),
        rare=True,
        ready=paused("appraisal", code="not_paused", words=_("没有正在进行的检验、鉴定。")),
    )
    def end_appraisal(self: Any, entry: "Entry") -> None:
        """The report is in, or there will be none; the time counts again."""
        entry.resume("appraisal")
        row = self.appraisals.filter(ended_on__isnull=True).last()
        if row is not None:  # history has the pause alone
            row.ended_on, row.result = entry.on, entry.data["result"]
            entry.save(row)

    def let_go(self: Any, entry: "Entry", row: Assistant) -> None:
        """Somebody helps the panel no longer, from this day on."""
        row.to_on = entry.on
        entry.save(row)
        if row.capacity == Assistant.Capacity.INVESTIGATOR and row.person is not None and row.person.user_id:
            entry.leave(row.person.user, Participation.Capacity.TECHNICAL_INVESTIGATOR)

    def assisting(self: Any) -> QuerySet[Assistant]:
        """Who helps the panel now."""
        found: QuerySet[Assistant] = self.assistants.filter(to_on__isnull=True)
        return found

    def advisers(self: Any) -> QuerySet[Assistant]:
        """Whose opinion the panel may take."""
        advising = (Assistant.Capacity.INVESTIGATOR, Assistant.Capacity.EXPERT)
        found: QuerySet[Assistant] = self.assisting().filter(capacity__in=advising)
        return found
