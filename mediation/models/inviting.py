"""Inviting one side to mediate: the letter with its code, the answer by that code, a message to a telephone.

Nothing goes out by itself: each letter and message is released by whoever handles the mediation.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import codes
from cases.entry import Entry
from cases.errors import Conflict, DomainError
from cases.models import Case, Document, Event, Party
from cases.stepping import act

from .seen import Row
from .willingness import Consent, Contact

REACHING = ("received", "in_mediation")  # states in which a side is still asked
DAYS_TO_ANSWER = 15
PAPER = "mediation_invitation"
MONTHS = ("January February March April May June July August September October November December").split()
FREE_OF_CHARGE = ("people", "administrative")  # 人民调解法第四条; 行政机关办理专利纠纷不收费


class Invitation(Row):
    """One released invitation to mediate: a code for one party, good until a day, spent by its first answer.

    Only a keyed digest of the code is kept; the code itself stands on the letter alone. One that is withdrawn, or
    replaced by a later one, is `cancelled`.
    """

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="invitations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="invitations", verbose_name=_("当事人"))
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="invitation")
    document = models.ForeignKey("cases.Document", models.PROTECT, null=True, related_name="+")
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    released_on = models.DateField(_("发出日期"))
    expires_on = models.DateField(_("答复截止日期"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("调解邀请")

    @staticmethod
    def digest_of(code: str) -> str:
        """What is kept of a code."""
        return codes.digest(code, "invitation_code")

    def open_on(self, day: date) -> bool:
        """May its code still be used on this day?"""
        return not self.cancelled and self.answered_at is None and day <= self.expires_on


class Message(Row):
    """What became of one short message: it is handed to the gateway at most once, then nobody sends it again.

    Its `uid` is the gateway's reference.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        UNKNOWN = "unknown", _("发送结果不明，请电话核实，勿重复发送")
        HANDED = "handed", _("已交短信网关")
        NOT_SENT = "not_sent", _("未发出")

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="messages")
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="message")
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(_("交付时间"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("短信")


def no_mediator(row: Any) -> DomainError | None:
    """A letter names who mediates, and only those who take part may print its code."""
    if row.handler_id is not None:
        return None
    return DomainError(
        "no_mediator", _("邀请函由承办调解员发出：请先办理“指定调解员”（调解员可以领办本案）。")
    )


def no_open_invitation(row: Any) -> DomainError | None:
    """There is nothing to withdraw."""
    if row.invitations.filter(cancelled=False, answered_at__isnull=True).exists():
        return None
    return DomainError("no_invitation", _("没有尚待答复的调解邀请。"))


def no_gateway(_row: Any) -> DomainError | None:
    """Without a gateway no message can go out; the act is then not shown."""
    if settings.SMS_GATEWAY:
        return None
    return DomainError(
        "not_configured", _("本系统没有配置短信网关，不能发送短信；请改用电话、邀请函或者上门联系。")
    )


class Inviting:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in=REACHING, label=_("发出调解邀请函"), undoable=True, ready=no_mediator)
    def invite(self: Any, entry: Entry) -> None:
        """调解邀请函：每次发出生成新的邀请码，只印在函上；同一当事人先前未答复的邀请码随即失效。"""
        party = entry.data["party"]
        for earlier in self.invitations.filter(party=party, cancelled=False, answered_at__isnull=True):
            earlier.cancelled = True
            entry.save(earlier)
        contact = Contact(
            mediation=self, party=party, way=Contact.Way.INVITATION, result=Contact.Result.SENT, on=entry.on,
            by=entry.by,
        )  # fmt: skip
        code = codes.new_code()
        entry.save(contact)
        entry.save(
            Invitation(
                mediation=self, party=party, contact=contact, code_digest=Invitation.digest_of(code), released_on=entry.on,
                expires_on=entry.data["expires_on"],
            )
        )  # fmt: skip
        self.state_contact(entry, party, contact.way)
        entry.paper(PAPER, **self._letter(party, code, entry.data["expires_on"]))

    def _letter(self: Any, party: Party, code: str, expires_on: date) -> dict[str, Any]:
        """What the invitation says: who asks whom about what, until when, and how to answer. Never an amount."""
        case, station = self.case, self.case.station
        others = case.parties.exclude(role__in=(party.role, Party.Role.THIRD))
        phone = (
            (station.phone if station else "") or (self.body.phone if self.body else "") or self.handler.phone
        )
        said: dict[str, Any] = {
            "addressee": party.name, "others": [p.name for p in others], "cause": case.cause or None,
            "way": str(self.get_flavour_display()), "expires_on": expires_on, "code": codes.grouped(code),
            "answer_address": f"{settings.BASE_URL}/answer/", "free": self.flavour in FREE_OF_CHARGE,
            "station": station.name if station else "", "phone": phone,
            "address": (station.address if station else "") or (self.body.address if self.body else ""),
        }  # fmt: skip
        if case.foreign == Case.Foreign.FOREIGN:  # 涉外, never 涉港澳台
            day = f"{expires_on.day} {MONTHS[expires_on.month - 1]} {expires_on.year}"
            said |= {"english": True, "expires_on_english": day}
        return said

    @act(open_in=REACHING, label=_("撤回调解邀请"), rare=True, ready=no_open_invitation)
    def withdraw_invitation(self: Any, entry: Entry) -> None:
        """撤回邀请：邀请码即日失效，联系记录保留；误登记的请办“撤回误登记的事项”。"""
        for one in self.invitations.filter(
            party=entry.data["party"], cancelled=False, answered_at__isnull=True
        ):
            one.cancelled = True
            entry.save(one)

    @act(open_in=REACHING, label=_("当事人网上答复"))
    def answer_invitation(self: Any, entry: Entry) -> None:
        """The party's own answer by the code of the letter; only the answer page says so. A code answers once."""
        invitation: Invitation = entry.data["invitation"]
        if not invitation.open_on(entry.today):
            raise Conflict("code_spent", _("邀请码已经使用、失效或者过期。"))
        invitation.answered_at = entry.at
        entry.save(invitation)
        self.take_answer(entry, invitation.party, entry.data["answer"], Consent.Way.PAGE)

    @act(open_in=REACHING, label=_("发送短信"), ready=no_gateway)
    def send_message(self: Any, entry: Entry) -> None:
        """发送短信：内容固定，只请对方回电，不含姓名、案由和金额；每条至多发送一次，结果不明的不自动重发。"""
        party = entry.data["party"]
        if self.messages.filter(contact__party=party, contact__on=entry.on, cancelled=False).exists():
            raise DomainError("sent_today", _("今天已向该当事人发送过短信，请明天再发或者改用电话。"))
        contact = Contact(
            mediation=self, party=party, way=Contact.Way.MESSAGE, result=Contact.Result.SENT, on=entry.on, by=entry.by
        )  # fmt: skip
        message = Message(mediation=self, contact=contact)
        entry.save(contact)
        entry.save(message)
        self.state_contact(entry, party, contact.way)
        entry.effect("send_message", reference=str(message.uid))

    # what the door asks back ---------------------------------------------------------------------------------

    def issued(self: Any, entry: Entry, document: Document) -> None:
        """The invitation keeps hold of its letter."""
        super().issued(entry, document)  # type: ignore[misc]
        for row in entry.rows if document.kind == PAPER else ():
            if isinstance(row, Invitation) and not row.cancelled:
                row.document = document
                row.save(update_fields=["document"])

    def act_undone(self: Any, entry: Entry, event: Event) -> None:
        """An invitation that was answered stays."""
        mine = [row for row in entry.rows_of(event) if isinstance(row, Invitation)]
        if event.name == "invite" and any(row.answered_at for row in mine):
            raise DomainError("built_upon", _("当事人已凭该邀请码答复，不能撤回。"))
        super().act_undone(entry, event)  # type: ignore[misc]


def default_expiry(on: date) -> date:
    """The last day to answer unless another is given."""
    return on + timedelta(days=DAYS_TO_ANSWER)


__all__ = ["REACHING", "Invitation", "Inviting", "Message", "default_expiry"]
