"""Freezes a round of figures: value and rows as known on a day, kept for good and chained (cases/chain.py).

The front door for papers, meeting packs and returns that state figures: they name a round and read it. A later round
of the same period stands beside the first; neither changes.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import chain, verifying
from cases.errors import DomainError
from cases.models import Chain
from cases.protection import sm3
from reports import conditional
from reports.indicators import REGISTRY, Figure, Reading
from reports.models import Frozen, FrozenRows
from reports.periods import Period

CHAIN = "rounds"
BESIDE = ("text", "parts", "is_reference")  # kept with the keys of interfaces.md


def freeze(
    period: Period, *, by: Any, today: date, as_of: date, codes: Iterable[str] | None = None, why: str
) -> Frozen:
    """Freeze figures of a period as known on a day, all of them or those named; returns the round.

    Raises DomainError `not_yet` for a day or period still to come, `no_reason` where it is not said what for.
    """
    if as_of > today or not period.has_begun(as_of):
        raise DomainError("not_yet", _("截至日期不能晚于今天，也不能早于期间的起日，请改选日期。"))
    if not why.strip():
        raise DomainError("no_reason", _("请写明冻结数据的用途，例如“第三季度通报”。"))
    wanted = [code for code in REGISTRY if codes is None or code in set(codes)]
    stamps, found = conditional.stamps(), _told(wanted, period, as_of)
    with transaction.atomic():
        link = chain.locked(Chain.Kind.FIGURE, CHAIN)
        if conditional.stamps() != stamps:  # a fact came between two figures: once more, under the lock
            found = _told(wanted, period, as_of)
        row = Frozen(
            period=period.text, as_of=as_of, by=by, at=timezone.now(), why=" ".join(why.split())[:200]
        )
        row.body = chain.canonical(_said(row, found))
        row.seq, row.prev, row.hash = chain.grow(link, row.body, today)
        row.save(force_insert=True)
        FrozenRows.objects.bulk_create(
            FrozenRows(frozen=row, code=code, body=ids) for code, (_figure, ids) in found.items()
        )
        link.save()
    return row


def _told(codes: list[str], period: Period, as_of: date) -> dict[str, tuple[Figure, str]]:
    """Code -> figure, and its rows as the JSON that is kept; one reading for all."""
    reading = Reading(as_of)
    return {
        code: (
            REGISTRY[code].figures([period], reading)[0],
            chain.canonical(REGISTRY[code].ids(period, reading)),
        )
        for code in codes
    }


def _said(row: Frozen, found: dict[str, tuple[Figure, str]]) -> dict[str, Any]:
    """What the chain covers: who froze what for which use, every figure, and the digest of its rows."""
    figures = {
        code: figure.as_dict()
        | {name: getattr(figure, name) for name in BESIDE}
        | {"rows": sm3(ids.encode())}
        for code, (figure, ids) in found.items()
    }
    return {
        "period": row.period, "as_of": row.as_of, "by": row.by_id, "at": row.at, "why": row.why, "codes": list(found),
        "figures": figures,
    }  # fmt: skip


# does it still fit together ------------------------------------------------------------------------------------------


@verifying.check("frozen")
def rounds() -> list[verifying.Finding]:
    """Every round says what its link covers, its rows have their digest, and none was cut from the end."""
    broken: list[str] = []
    length, head = 0, ""
    for row in Frozen.objects.order_by("seq").iterator(20):
        if (row.seq, row.prev) != (length + 1, head):
            broken.append(f"round {row.seq} does not follow {length}")
        if chain.link_hash(row.prev, row.seq, row.body) != row.hash:
            broken.append(f"round {row.seq} was changed")
        elif _unlike(row):
            broken.append(f"round {row.seq} says other than its body")
        length, head = row.seq, row.hash
    kept = Chain.objects.filter(kind=Chain.Kind.FIGURE, key=CHAIN).first()
    if (length, head) != ((kept.length, kept.head) if kept else (0, "")):
        broken.append("the chain of frozen figures does not match its rounds")
    return [verifying.Finding("frozen", length, broken)]


def _unlike(row: Frozen) -> bool:
    """Do the columns or the lists of rows say other than the body, which the hash covers?"""
    columns = {"period": row.period, "as_of": row.as_of, "by": row.by_id, "at": row.at, "why": row.why}
    said = json.loads(row.body)
    kept = {one.code: sm3(one.body.encode()) for one in row.rows.all()}
    return chain.canonical(columns) != chain.canonical({name: said[name] for name in columns}) or kept != {
        code: told["rows"] for code, told in row.figures.items()
    }
