"""What one adjudication tells another through the outbox: joined, split, heard together. Each enters by its own door.

The effects may run twice and in any order; each looks at what stands now and does nothing where nothing is left to do.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import steps
from cases.errors import Conflict
from cases.models import Outbox
from cases.outbox import effect

from .models import Adjudication, Hearing, JoinedCase
from .models.joinder import OF_HEARING

LATE = str(_("随主案登记"))


def tell(pk: int, name: str, data: dict[str, Any], by: int, key: str) -> None:
    """Enter the other case by its door, as whoever acted in the first; once per key."""
    user = get_user_model().objects.get(pk=by)
    steps.act(pk, name, by=user, data=data, today=timezone.localdate(), key=key, told=True)


def _follows(member: int, lead: int) -> JoinedCase | None:
    """That the one is heard with the other, as the one that follows has it now."""
    rows = JoinedCase.objects.filter(proceeding=member, other=lead, leads=False, to_on__isnull=True)
    found: JoinedCase | None = rows.last()
    return found


def _leads(lead: int, member: int) -> bool:
    """Does the one that leads know of it?"""
    rows = JoinedCase.objects.filter(proceeding=lead, other=member, leads=True, to_on__isnull=True)
    return bool(rows.exists())


@effect("case_joined")
def case_joined(lead: int, member: int, by: int, *, key: str = "") -> None:
    """合并审理: the case that leads learns of it; one split again meanwhile is not told of."""
    row = _follows(member, lead)
    if row is not None and not _leads(lead, member):
        tell(lead, "joined", {"member": member, "ground": row.ground}, by, key)


@effect("join_turned_down")
def join_turned_down(lead: int, member: int, by: int, *, key: str = "") -> None:
    """The case named could not lead: the one that joined it stands alone again."""
    if _follows(member, lead) is not None:
        tell(member, "split_off", {"other": lead}, by, key)


@effect("case_split")
def case_split(lead: int, member: int, by: int, *, key: str = "") -> None:
    """分案: the case that led learns of it, after it was told of the joinder and not before."""
    if _leads(lead, member):
        if _follows(member, lead) is None:  # joined anew meanwhile: it leads on
            tell(lead, "split_off", {"other": member}, by, key)
        return
    told = Outbox.objects.filter(
        name="case_joined", payload__contains=f'"lead": {lead}, "member": {member}}}'
    )
    if told.filter(state=Outbox.State.WAITING).exists():  # perhaps telling it this moment
        raise Conflict("not_told_yet", _("合并审理尚未告知主案，稍后再试。"))


@effect("share_hearing")
def share_hearing(lead: int, member: int, by: int, *, key: str = "") -> None:
    """The hearing now planned in the case that leads is planned in the other; nothing where it is, or they were split."""
    hearing = Adjudication.objects.get(pk=lead).planned_hearing()
    if hearing is None or _follows(member, lead) is None:
        return
    own = Adjudication.objects.get(pk=member).planned_hearing()
    if own is not None and same(own, hearing):
        return
    data: dict[str, Any] = {"hearing": hearing.pk, "on": hearing.planned_on.isoformat()}
    if hearing.planned_on < timezone.localdate() - timedelta(1):
        data["late_reason"] = LATE
    try:
        tell(member, "share_hearing", data, by, key)
    except Conflict as error:  # it has ended meanwhile
        if error.code != "wrong_state":
            raise


def same(one: Hearing, other: Hearing) -> bool:
    """The same day, hour, place and way?"""
    return all(getattr(one, name) == getattr(other, name) for name in OF_HEARING)
