"""Invitations of the tests: a mediation with its mediator, the code as it stands on the letter, a gateway that keeps."""

import json
from datetime import date
from typing import Any

from mediation.models import Invitation, Mediation
from tests.mediation.stage import again, committee, do, mediator, party, received


def assigned(today: date, **changes: Any) -> Mediation:
    """Received, with a mediator who may release letters."""
    row = received(today=today, **changes)
    do(row, "assign_mediator", by=committee(), today=today, user=mediator().username, chosen_by="appointed")
    return again(row)


def invited(today: date, **changes: Any) -> tuple[Mediation, Invitation, str]:
    """The respondent was invited: the mediation, the invitation, the code of the letter."""
    row = assigned(today, **changes)
    do(row, "invite", today=today, party=party(row).pk)
    made = row.invitations.get(cancelled=False)
    return again(row), made, code_on(made)


def code_on(invitation: Invitation) -> str:
    """What the letter prints beside 邀请码."""
    tables = [block["rows"] for block in json.loads(invitation.document.blocks) if block["type"] == "facts"]
    return next(value for rows in tables for label, value in rows if label == "邀请码")


class Kept:
    """A gateway that keeps what it is given; `fails` is raised in place of sending."""

    sent: list[tuple[str, str, str]] = []
    fails: Exception | None = None

    def send(self, phone: str, text: str, reference: str) -> None:
        Kept.sent.append((phone, text, reference))
        if Kept.fails is not None:
            raise Kept.fails
