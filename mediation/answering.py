"""Answering an invitation by the code of its letter: who may try how often, what a code opens, and the answer itself.

A wrong, used, withdrawn or expired code finds nothing, by the same work. What the page shows: mediation/public_views.py.
"""

from datetime import date
from typing import Any

from cases import steps
from cases.errors import DomainError
from cases.limiting import Limit, network
from stations.models import User

from .models import Invitation
from .models.inviting import REACHING

# Wrong codes within ten minutes: from one address, and from all together. A guess hits one of 2^80.
BY_ADDRESS = Limit("answer-address", 10, 600)
BY_ALL = Limit("answer-all", 600, 600)
PAGE_USER = "respondent_page"  # who the record names: the holder of the code


def allowed(address: str) -> bool:
    """May this address try a code now? The try counts until `forget` takes it back."""
    mine, everybody = BY_ADDRESS.take(network(address)), BY_ALL.take()
    return mine and everybody


def forget(address: str) -> None:
    """The code was good: the try does not count."""
    BY_ADDRESS.give_back(network(address))
    BY_ALL.give_back()


def find(code: str, today: date) -> Invitation | None:
    """The invitation this code opens today. One digest and one query, whatever was typed.

    The lookup is by a keyed digest: how near a guess came to a code changes nothing that could be measured.
    """
    found: Invitation | None = (
        Invitation.objects.filter(
            code_digest=Invitation.digest_of(code), answered_at__isnull=True, cancelled=False, expires_on__gte=today,
            mediation__state__in=REACHING,
        )
        .select_related("mediation__case__station", "mediation__body", "mediation__handler")
        .first()
    )  # fmt: skip
    return found


def answer(invitation: Invitation, *, answer: str, remark: str, today: date) -> bool:
    """Enter the party's answer by the door; False if the code was spent meanwhile. The code is the permission."""
    data: dict[str, Any] = {
        "invitation": invitation.pk, "party": invitation.party_id, "answer": answer, "remark": remark,
    }  # fmt: skip
    try:
        steps.act(
            invitation.mediation_id, "answer_invitation", by=page_user(), data=data, today=today, told=True
        )
    except DomainError:
        return False
    return True


def page_user() -> User:
    """In whose name the page enters answers: no person, without a password, unable to sign in."""
    made, new = User.objects.get_or_create(
        username=PAGE_USER, defaults={"display_name": "当事人（凭邀请码网上答复）", "is_active": False}
    )
    if new:
        made.set_unusable_password()
        made.save(update_fields=["password"])
    return made
