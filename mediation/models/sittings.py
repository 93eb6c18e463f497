"""Sittings of a mediation: planned, held or called off, with minutes and private notes that stay sealed.

What was said is ciphertext here and stands in no event, queue or log (特邀调解规定第二条第五项).
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases import access
from cases.errors import DomainError, NotFound
from cases.models import Participation, Party
from cases.protection import Sealed
from cases.stepping import act
from stations import policy

from .seen import Recorded, RowsOfMediation

if TYPE_CHECKING:
    from cases.entry import Entry


class SessionQuerySet(RowsOfMediation):
    """That a session took place is seen with the mediation; its minutes only by those who take part."""

    def readable_by(self, user: Any, today: date) -> "SessionQuerySet":
        """The sessions whose minutes this person may read: handler or taking part now, or standing in for one."""
        users = policy.standing(user, today).users
        part = Participation.objects.filter(
            proceeding=OuterRef("mediation"), user__in=users, cancelled=False, to_on__isnull=True
        )
        seen: SessionQuerySet = self.visible_to(user, today).filter(cancelled=False)  # type: ignore[assignment]
        return seen.filter(Q(mediation__handler__in=users) | Exists(part))


class Session(Recorded):
    """One sitting. The minutes and who attended are sealed; the timeline says only that it took place."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("现场")
        PHONE = "phone", _("电话")
        VIDEO = "video", _("视频")
        SEPARATE = "separate", _("背对背")

    class Status(models.TextChoices):
        PLANNED = "planned", _("已安排")
        HELD = "held", _("已召开")
        CALLED_OFF = "called_off", _("已取消")

    class Result(models.TextChoices):
        REACHED = "reached", _("达成")
        NOT_REACHED = "not_reached", _("未达成")
        CONTINUES = "continues", _("待续")

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="sessions")
    on = models.DateField(_("日期"))
    starts = models.TimeField(_("开始时间"), null=True, blank=True)
    ends = models.TimeField(_("结束时间"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.HELD)
    mode = models.CharField(_("方式"), max_length=10, choices=Mode.choices)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    link_sealed = models.TextField(blank=True, default="", editable=False)
    result = models.CharField(_("结果"), max_length=12, choices=Result.choices, blank=True)
    attendance_sealed = models.TextField(blank=True, default="", editable=False)
    minutes_sealed = models.TextField(blank=True, default="", editable=False)

    link = Sealed("link")  # the video room: whoever knows it can listen
    attendance = Sealed("attendance")  # JSON rows of who came; of a planned one, who is invited
    minutes = Sealed("minutes")
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("调解会议")

    def begins(self) -> datetime:
        """Day and hour, as printed; midnight where no hour is known."""
        return datetime.combine(self.on, self.starts or time.min)

    def invited(self) -> set[int]:
        """Ids of the parties invited to a planned sitting."""
        return {line["party_id"] for line in json.loads(self.attendance or "[]") if line.get("party_id")}


def read_minutes(session_id: int, *, by: Any, today: date, reason: str, address: str = "") -> dict[str, Any]:
    """The minutes of a session and who attended, for those who take part; the reading is logged first.

    Raises NotFound for everybody else: a foreign session answers like one that does not exist.
    """
    session = Session.objects.filter(pk=session_id).readable_by(by, today).first()
    if session is None:
        raise NotFound("not_found", _("没有这次调解会议的记录，或您无权查看。"))
    access.log_read(by, f"session/{session.pk}", reason=reason, address=address)
    return {"minutes": session.minutes, "attendance": json.loads(session.attendance or "[]")}


class Note(Recorded):
    """What one side told the mediator alone. Read by the mediators taking part, never by the other side or anybody above."""

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="notes")
    side = models.CharField(_("一方"), max_length=12, choices=Party.Role.choices)
    on = models.DateField(_("日期"))
    text_sealed = models.TextField(blank=True, default="", editable=False)

    text = Sealed("text")

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("单方谈话记录")


def some_planned(row: Any) -> DomainError | None:
    """What is refused where no sitting has been planned."""
    if row.planned_sessions().exists():
        return None
    return DomainError("no_planned_session", _("没有已安排、尚未召开的调解会议。"))


class Sittings:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in="in_mediation", label=_("安排调解会议"), undoable=True)
    def plan_session(self: Any, entry: "Entry") -> None:
        """A sitting to come: those invited get a notice; the way into a video room is sealed and told apart."""
        data = entry.data
        row = Session(mediation=self, status=Session.Status.PLANNED, by=entry.by)
        _put(row, data, data["invited"])
        entry.save(row)
        self._notice(entry, row, data["invited"])

    @act(open_in="in_mediation", label=_("调解会议改期"), rare=True, ready=some_planned)
    def move_session(self: Any, entry: "Entry") -> None:
        """Another day, hour or place; those invited get a new notice. Moved by mistake, it is moved again."""
        row = entry.data["session"]
        was = row.begins()
        invited = [one for one in self.case.parties.all() if one.pk in row.invited()]
        _put(row, {**entry.data, "link": entry.data["link"] or row.link}, invited)
        entry.save(row)
        self._notice(entry, row, invited, was_at=was)

    @act(open_in="in_mediation", label=_("取消调解会议"), rare=True, ready=some_planned, undoable=True)
    def call_off_session(self: Any, entry: "Entry") -> None:
        """It does not take place; those invited are told."""
        row = entry.data["session"]
        row.status = Session.Status.CALLED_OFF
        entry.save(row)
        self._notice(
            entry, row, [one for one in self.case.parties.all() if one.pk in row.invited()], called_off=True
        )

    @act(open_in="in_mediation", label=_("登记调解会议"), undoable=True)
    def session(self: Any, entry: "Entry") -> None:
        """A sitting with its minutes, sealed (人民调解法第二十七条): the record says that it took place, no more."""
        data = entry.data
        row = data["planned"]
        if row is None:
            row = Session(mediation=self)
        else:
            entry.note(planned=_plan(row))  # so that the plan stands again if this was a mistake
        row.status, row.by = Session.Status.HELD, entry.by
        row.on, row.starts, row.ends, row.mode, row.place, row.result = (
            entry.on, data["starts"], data["ends"], data["mode"], data["place"], data["result"],
        )  # fmt: skip
        row.minutes = data["minutes"]
        row.attendance = json.dumps(data["attendance"], ensure_ascii=False) if data["attendance"] else ""
        entry.save(row)
        if (scan := data["scan"]) is not None:
            scan.proceeding, scan.audience = self, scan.Audience.SEALED
            entry.save(scan)

    @act(open_in=("received", "in_mediation", "agreed"), label=_("单方沟通"), undoable=True)
    def note_side(self: Any, entry: "Entry") -> None:
        """What one side says to the mediator alone, sealed: the record says that there was a talk, not with whom."""
        row = Note(mediation=self, side=entry.data["side"], on=entry.on, by=entry.by)
        row.text = entry.data["text"]
        entry.save(row)

    def planned_sessions(self: Any) -> Any:
        """The sittings to come (or that nobody has yet said were held)."""
        return self.sessions.filter(status=Session.Status.PLANNED, cancelled=False)

    def _notice(self: Any, entry: "Entry", row: Session, invited: list[Party], **words: Any) -> None:
        entry.paper(
            "session_notice", addressee=[one.name for one in invited], mode=row.get_mode_display(),
            session_at=row.begins(), place=row.place, mediators=self._mediators(),
            video=row.mode == Session.Mode.VIDEO, phone_call=row.mode == Session.Mode.PHONE, **words,
        )  # fmt: skip

    def act_undone(self: Any, entry: "Entry", event: Any) -> None:
        """A plan called off or held by mistake stands again; a scan stays filed, and sealed."""
        if event.name not in ("plan_session", "call_off_session", "session"):
            super().act_undone(entry, event)  # type: ignore[misc]
            return
        plan = json.loads(event.body)["notes"].get("planned")
        for row in entry.rows_of(event):
            if not isinstance(row, Session):
                continue
            if event.name == "plan_session" and row.status != Session.Status.PLANNED:
                raise DomainError("built_upon", _("该次调解会议已经召开或者取消，请先撤回之后的登记。"))
            if event.name == "call_off_session" or plan:
                _stand_again(row, plan)
            else:
                row.cancelled = True
            entry.save(row)


def _put(row: Session, data: Mapping[str, Any], invited: list[Party]) -> None:
    row.on, row.starts, row.ends = data["day"], data["starts"], data["ends"]
    row.mode, row.place, row.link = data["mode"], data["place"], data["link"]
    row.attendance = json.dumps([{"party_id": one.pk} for one in invited])


def _plan(row: Session) -> dict[str, Any]:
    """The plan as the record keeps it: when and where, never the way in."""
    return {
        "on": row.on.isoformat(), "starts": f"{row.starts:%H:%M}" if row.starts else "",
        "ends": f"{row.ends:%H:%M}" if row.ends else "", "mode": row.mode, "place": row.place,
        "invited": sorted(row.invited()),
    }  # fmt: skip


def _stand_again(row: Session, plan: dict[str, Any] | None) -> None:
    row.status = Session.Status.PLANNED
    if plan is None:
        return
    row.on, row.mode, row.place = date.fromisoformat(plan["on"]), plan["mode"], plan["place"]
    row.starts = time.fromisoformat(plan["starts"]) if plan["starts"] else None
    row.ends = time.fromisoformat(plan["ends"]) if plan["ends"] else None
    row.result = row.minutes = ""
    row.attendance = json.dumps([{"party_id": pk} for pk in plan["invited"]])
