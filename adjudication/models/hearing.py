"""The oral hearing: told in time, answered, held, who came, what was said (办法第二十六条、第二十七条)."""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.models import Party
from cases.readiness import all_of
from cases.stepping import act

from .joinder import heard_with_lead
from .rows import Hearing, HearingRecord, ReplySlip
from .stages import EXAMINED, NOT_STAYED, STAYED

if TYPE_CHECKING:
    from cases.entry import Entry

# 办法第二十七条: heard in public but for these; a trade secret closes it on request
CLOSED = [
    ("state_secret", _("涉及国家秘密")), ("privacy", _("涉及个人隐私")), ("trade_secret", _("涉及商业秘密，当事人申请不公开")),
    ("law", _("法律另有规定")),
]  # fmt: skip


def no_hearing(row: Any) -> DomainError | None:
    """What is refused while no hearing is planned."""
    if row.planned_hearing() is not None:
        return None
    return DomainError("no_hearing", _("没有已通知、尚未举行的口头审理，请先安排口头审理。"))


def put_off(row: Any) -> DomainError | None:
    """What is refused once another day was granted and not yet fixed."""
    planned = row.planned_hearing()
    if planned is None or not planned.replies.filter(granted=True).exists():
        return None
    return DomainError("put_off", _("已准许延期，请先重新安排口头审理。"))


def no_request_for_another_day(row: Any) -> DomainError | None:
    """What is refused where nobody waits for an answer about the day."""
    if row.replyslips.filter(asks_later=True, granted__isnull=True).exists():
        return None
    return DomainError("no_postponement", _("没有尚未决定的延期申请。"))


def none_held(row: Any) -> DomainError | None:
    """What is refused before a hearing was held."""
    if row.hearings.filter(held_on__isnull=False).exists():
        return None
    return DomainError("no_hearing_held", _("尚未举行口头审理，请先登记口头审理。"))


class HearingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("安排口头审理"), undoable=True, ready=heard_with_lead)
    def plan_hearing(self: Any, entry: "Entry") -> None:
        """口头审理: both sides are told at least three working days before; the stricter reading is enforced.

        Shared: each case heard with this one plans the same hearing by its own door and tells its own sides.
        """
        data = entry.data
        notice = deadlines.due("T-14", data["day"], filed=self.filed, calendar=office_calendar())
        if entry.on > notice.due:
            strict, lenient = notice.readings
            raise DomainError(
                "notice_too_late",
                _("至少应在口头审理三个工作日前通知（%(source)s）：从严计算最迟 %(strict)s，从宽计算 %(lenient)s。请改期。")
                % {"source": notice.source, "strict": strict.due, "lenient": lenient.due},
                strict=strict.due, lenient=lenient.due,
            )  # fmt: skip
        entry.note(notice_by=notice.due, lenient=notice.readings[1].due)
        members = self.members() if data["shared"] else []
        if data["shared"] and not members:
            raise DomainError("not_joined", _("没有与本案合并审理的案件，无需勾选“合并进行”。"))
        self.put_hearing(entry, data, [member.other.number for member in members])
        for member in members:
            entry.effect("share_hearing", lead=self.pk, member=member.other_id, by=entry.by.pk)

    def drop_hearing(self: Any, entry: "Entry") -> None:
        """The hearing told before is not held: another day takes its place, or it was another case's."""
        earlier = self.planned_hearing()
        if earlier is not None:
            earlier.dropped = True
            entry.save(earlier)
            entry.finish("T-14")
            entry.finish("T-15a")

    def put_hearing(self: Any, entry: "Entry", data: Any, shared_with: list[str]) -> None:
        """A hearing of this case, in place of the one told before; its notice to both sides."""
        self.drop_hearing(entry)
        row = Hearing(
            case=self.case, proceeding=self, planned_on=entry.on, mode=data["mode"], place=data["place"],
            day=data["day"], time=data["time"], is_public=data["is_public"], closed_ground=data["closed_ground"],
            shared_with="、".join(shared_with),
        )  # fmt: skip
        entry.save(row)
        entry.start("T-14", on=data["day"])
        entry.paper(
            "hearing_notice", addressee=self.both_sides(), basis=self.cite("hearing"), place=data["place"],
            hearing_at=row.begins, mode=str(row.get_mode_display()), openness=openness(row),
            shared_with=row.shared_with,
        )  # fmt: skip

    @act(open_in=EXAMINED, label=_("登记口头审理回执"), undoable=True, ready=no_hearing)
    def record_reply(self: Any, entry: "Entry") -> None:
        """口头审理回执 (T-15): a side comes, with whom, or does not; or asks for another day, which the panel decides."""
        data, hearing = entry.data, self.planned_hearing()
        if hearing.replies.filter(party=data["party"], asks_later=True, granted__isnull=True).exists():
            raise DomainError("already_asked", _("该当事人的延期申请尚未决定，请先办理“决定延期申请”。"))
        row = ReplySlip(
            case=self.case, proceeding=self, hearing=hearing, party=data["party"], received_on=entry.on,
            attends=data["attends"], reason=data["reason"], asks_later=data["asks_later"],
        )  # fmt: skip
        row.people = json.dumps(data["people"], ensure_ascii=False) if data["people"] else ""
        entry.save(row)
        entry.finish("T-15a", subject=f"party:{data['party'].pk}")
        if data["asks_later"]:
            until = deadlines.due("T-15b", hearing.day, filed=self.filed, calendar=office_calendar()).due
            entry.note(asked_late=entry.on > until)

    @act(open_in=EXAMINED, label=_("决定延期申请"), ready=no_request_for_another_day)
    def decide_postponement(self: Any, entry: "Entry") -> None:
        """The panel grants another day, which is then fixed anew, or refuses; who asked is told (办法第二十六条)."""
        row: ReplySlip = entry.data["reply"]
        if row.granted is not None:
            raise DomainError("already_decided", _("该延期申请已经决定。"))
        row.granted = entry.data["granted"]
        entry.save(row)
        entry.paper(
            "postponement_notice", addressee=row.party.name, asked_on=row.received_on, hearing_at=row.hearing.begins,
            granted=row.granted, rejected=not row.granted, reason=entry.data["reason"], basis=self.cite("hearing"),
        )  # fmt: skip

    @act(open_in=EXAMINED, label=_("登记口头审理"), ready=all_of(no_hearing, put_off, NOT_STAYED))
    def record_hearing(self: Any, entry: "Entry") -> None:
        """Who came. An absent requester is taken to have withdrawn; an absent respondent stops nothing (缺席审理)."""
        row: Hearing = self.planned_hearing()  # there is one: `no_hearing`
        if entry.on < row.day:
            raise DomainError("hearing_to_come", _("口头审理定于 %(day)s，届时再登记。") % {"day": row.day})
        self.refuse_while_stopped(entry)
        row.held_on = entry.on
        row.attendance = json.dumps(
            [{"party": line["party"].pk, "attended": line["attended"], "people": line["people"]}
             for line in entry.data["attendance"]], ensure_ascii=False,
        )  # fmt: skip
        entry.save(row)
        entry.finish("T-14")
        entry.finish("T-15a")
        if nobody_requests(self, row):
            entry.note(hint=str(_("请求人无正当理由不参加或者中途退出的，按撤回请求处理，可以撤销案件。")))
        elif defaulting(self, row):
            entry.note(hint=str(_("被请求人无正当理由不参加或者中途退出的，缺席审理。")))

    @act(open_in=EXAMINED, label=_("记录口头审理笔录"), undoable=True, ready=none_held)
    def write_minutes(self: Any, entry: "Entry") -> None:
        """口头审理笔录: what was said, sealed at rest and printed for signature; written again it stands in place of the last."""
        hearing: Hearing = entry.data["hearing"]
        if hearing.records.filter(scan__isnull=False).exists():
            raise DomainError(
                "minutes_signed",
                _("该次口头审理的签名笔录已经归入本案，不能再修改；录错的请先撤回签名笔录。"),
            )
        row = HearingRecord(case=self.case, proceeding=self, hearing=hearing, on=hearing.held_on)
        row.text = entry.data["text"]
        entry.save(row)

    @act(open_in=EXAMINED, label=_("归入签名笔录"), undoable=True, ready=none_held)
    def file_signed_minutes(self: Any, entry: "Entry") -> None:
        """The minutes as signed by the panel, each party and agent, scanned (办法第二十七条)."""
        hearing: Hearing = entry.data["hearing"]
        if hearing.records.filter(scan__isnull=False).exists():
            raise DomainError("minutes_signed", _("该次口头审理的签名笔录已经归入本案。"))
        entry.save(HearingRecord(
            case=self.case, proceeding=self, hearing=hearing, on=hearing.held_on, scan=entry.data["scan"],
        ))  # fmt: skip

    # reading ---------------------------------------------------------------------------------------------------

    def planned_hearing(self: Any) -> Hearing | None:
        """The hearing told and not yet held."""
        found: Hearing | None = self.hearings.filter(held_on__isnull=True, dropped=False).last()
        return found

    def refuse_while_stopped(self: Any, entry: "Entry") -> None:
        """Neither hearing nor decision while the case is stayed or somebody who takes part is challenged."""
        if self.open_interval("stay"):
            raise DomainError("stayed", STAYED)
        if self.recusals.filter(decided_on__isnull=True).exists():
            raise DomainError("recusal_open", _("回避申请尚未决定，决定后再办理。"))


def openness(row: Hearing) -> str:
    """In public or not, and why not, as the notice says it."""
    if row.is_public:
        return str(_("公开进行"))
    ground = dict(CLOSED).get(row.closed_ground)
    return f"{_('不公开进行')}（{ground}）" if ground else str(_("不公开进行"))


def nobody_requests(row: Any, hearing: Hearing) -> bool:
    """Did every requester stay away or leave? One of several is enough to go on."""
    came = [line["attended"] == "attended" for line in attendance_of(row, hearing, Party.Role.APPLICANT)]
    return bool(came) and not any(came)


def defaulting(row: Any, hearing: Hearing) -> list[int]:
    """Ids of the respondents heard in default: away or gone without leave."""
    lines = attendance_of(row, hearing, Party.Role.RESPONDENT)
    return [line["party"] for line in lines if line["attended"] != "attended"]


def attendance_of(row: Any, hearing: Hearing, role: str) -> list[dict[str, Any]]:
    """The lines of those who came or should have, of one side."""
    side = {party.pk for party in row.case.parties.all() if party.role == role}
    return [line for line in json.loads(hearing.attendance or "[]") if line["party"] in side]
