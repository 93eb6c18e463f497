"""Who mediates: chosen by the parties or appointed, checked for conflicts, recused and replaced (人民调解法第十九条)."""

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.models import Party
from cases.models.repair import undone_acts
from cases.protection import Sealed
from cases.stepping import act

from .seen import Row

if TYPE_CHECKING:
    from cases.entry import Entry

OPEN = ("received", "in_mediation", "agreed")
CHOSEN_BY = {
    "appointed": _("由调解组织指定"), "parties": _("由双方当事人共同选定"), "self": _("由调解员领办"),
}  # fmt: skip


class Recusal(Row):
    """Somebody asks that a mediator withdraw; the committee or the court's body decides (特邀调解规定第十五条)."""

    class Ground(models.TextChoices):
        RELATIVE = "relative", _("是当事人或者其代理人的近亲属")
        INTEREST = "interest", _("与纠纷有利害关系")
        OTHER_RELATION = "other_relation", _("与当事人、代理人有其他关系，可能影响公正调解")
        PARTY_ASKS = "party_asks", _("当事人要求更换调解员")
        UNABLE = "unable", _("本人因故不能承办")

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="recusals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("调解员")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请人")
    )  # NULL: the mediator asks
    ground = models.CharField(_("事由"), max_length=15, choices=Ground.choices)
    reason_sealed = models.TextField(blank=True, default="", editable=False)
    asked_on = models.DateField(_("提出日期"))
    granted = models.BooleanField(_("是否回避"), null=True, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)

    reason = Sealed("reason")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("调解员回避")


def no_open_recusal(row: Any) -> DomainError | None:
    """What is refused while somebody who mediates here is asked to withdraw: nothing of weight before the decision."""
    waiting = row.recusals.filter(granted__isnull=True, cancelled=False)
    for recusal in waiting.select_related("user"):
        if row.mediates(recusal.user):
            return DomainError(
                "recusal_open",
                _("对调解员 %(name)s 的回避申请尚未决定，请先办理“决定回避”。") % {"name": recusal.user},
            )
    return None


def some_open_recusal(row: Any) -> DomainError | None:
    """What is refused where no recusal waits for its decision."""
    if row.recusals.filter(granted__isnull=True, cancelled=False).exists():
        return None
    return DomainError("no_recusal", _("没有尚未决定的回避申请。"))


def somebody_mediates(row: Any) -> DomainError | None:
    """What is refused before anybody has been appointed."""
    return None if row.mediators() else DomainError("no_mediator", _("本案尚未指定调解员。"))


class Appointing:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in=OPEN, label=_("指定调解员"), undoable=True)
    def assign_mediator(self: Any, entry: "Entry") -> None:
        """Chosen by the parties or appointed (人民调解法第十九条); who judges in this dispute is refused by the door."""
        user, replaced = entry.data["user"], entry.data["replaces"]
        entry.join(user, self.handler_capacity)
        if replaced is not None:
            entry.leave(replaced, self.handler_capacity)
        if self.handler is None or self.handler == replaced:
            self.handler = user
        entry.note(cleared=entry.data["cleared"])
        kept = [one.display_name for one in self.mediators() if one != replaced]
        self._tell_who_mediates(entry, [*kept, user.display_name], replaced)

    @act(label=_("移交"), daily=False)
    def hand_over(self: Any, entry: "Entry") -> None:
        """移交: another mediator takes the mediation on; who should withdraw does not."""
        super().hand_over(entry)  # type: ignore[misc]

    @act(open_in=OPEN, label=_("提出回避"), rare=True, ready=somebody_mediates, undoable=True)
    def ask_recusal(self: Any, entry: "Entry") -> None:
        """A party asks that the mediator be changed, or the mediator himself asks (特邀调解规定第十五条; M-24)."""
        user, party = entry.data["user"], entry.data["party"]
        if not self.mediates(user):
            raise DomainError("not_mediator", _("%(name)s 不是本案调解员，请核对。") % {"name": user})
        if party is None and entry.by != user:
            raise DomainError("whose_wish", _("请选择提出回避的当事人；调解员自行回避的，由本人办理。"))
        if self.recusals.filter(user=user, granted__isnull=True, cancelled=False).exists():
            raise DomainError("already_asked", _("对该调解员的回避申请尚未决定，无需重复提出。"))
        row = Recusal(mediation=self, user=user, party=party, ground=entry.data["ground"], asked_on=entry.on)
        row.reason = entry.data["reason"]
        entry.save(row)

    @act(open_in=OPEN, label=_("决定回避"), ready=some_open_recusal, undoable=True)
    def decide_recusal(self: Any, entry: "Entry") -> None:
        """The body decides, never the mediator concerned: he leaves and another takes his place, or he stays."""
        row, granted, replacement = (entry.data[name] for name in ("recusal", "granted", "replacement"))
        if entry.by.pk == row.user_id:
            raise DomainError("own_cause", _("不能决定对自己的回避申请，请由其他有权人员办理。"))
        if entry.on < row.asked_on:
            raise DomainError(
                "date_order", _("决定日期不能早于提出回避的日期 %(day)s。") % {"day": row.asked_on}
            )
        if granted:
            self._withdraw(entry, row.user, replacement)
        row.granted, row.decided_on = granted, entry.on
        entry.save(row)
        entry.note(mediator=row.user.username, cleared=entry.data["cleared"])
        entry.paper(
            "recusal_decision", mediator=row.user.display_name, asked_by=self._asked_by(row),
            asked_on=row.asked_on, ground=row.get_ground_display(), granted=granted, rejected=not granted,
            reason=entry.data["reason"], replacement=replacement.display_name if replacement else None,
            addressee=self._sides(),
        )  # fmt: skip

    def _withdraw(self: Any, entry: "Entry", user: Any, replacement: Any) -> None:
        """The one concerned leaves; the proceeding goes to who replaces him, else to who is left, else to nobody."""
        left = [one for one in self.mediators() if one != user]
        entry.leave(user, self.handler_capacity)
        if replacement is not None:
            entry.join(replacement, self.handler_capacity)
        if self.handler_id == user.pk:
            self.handler = replacement or (left[0] if left else None)

    def _tell_who_mediates(self: Any, entry: "Entry", names: list[str], replaced: Any) -> None:
        entry.paper(
            "mediator_assignment", mediators=names, chosen_by=str(CHOSEN_BY[entry.data["chosen_by"]]),
            replaced=replaced.display_name if replaced else None, addressee=self._sides(),
        )  # fmt: skip

    def act_undone(self: Any, entry: "Entry", event: Any) -> None:
        """A decision taken back leaves its question open again."""
        if event.name != "decide_recusal":
            super().act_undone(entry, event)  # type: ignore[misc]
            return
        for row in self.recusals.filter(pk__in=[one.pk for one in entry.rows_of(event)]):
            if self.recusals.filter(user=row.user_id, granted__isnull=True, cancelled=False).exists():
                raise DomainError("built_upon", _("之后又对该调解员提出了回避，请先办理该申请。"))
            row.granted = row.decided_on = None
            entry.save(row)

    # who takes part ----------------------------------------------------------------------------------------

    def mediators(self: Any) -> list[Any]:
        """Who mediates here now, in the order in which they came; the handler where nobody is entered."""
        parts = self.participations.filter(
            capacity=self.handler_capacity, to_on__isnull=True, cancelled=False
        )
        users = [part.user for part in parts.select_related("user").order_by("pk")]
        return users or ([self.handler] if self.handler else [])

    def mediates(self: Any, user: Any) -> bool:
        """Does this person mediate here now?"""
        return any(one.pk == user.pk for one in self.mediators())

    def cleared(self: Any, user: Any) -> set[str]:
        """Keys of the conflicts that were accepted when this person was appointed here."""
        undone, keys = undone_acts(self), set()
        for event in self.events.filter(name__in=("assign_mediator", "decide_recusal")):
            notes = json.loads(event.body)["notes"]
            if event.pk not in undone and user.username in (notes.get("user"), notes.get("replacement")):
                keys |= set(notes.get("cleared", ()))
        return keys

    def _mediators(self: Any) -> list[str]:
        return [one.display_name for one in self.mediators()]

    def _sides(self: Any) -> list[str]:
        return [one.name for one in self.case.parties.exclude(role=Party.Role.THIRD)]

    @staticmethod
    def _asked_by(row: Recusal) -> str:
        return row.party.name if row.party is not None else str(_("调解员本人"))
