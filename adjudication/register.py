"""The only writer of the public register of rulings, and its reading as a file.

Called by steps, inside the door; a line stands or falls with the step that wrote it.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from cases import deadlines, verifying
from cases.calendar import office_calendar
from cases.models import Chain
from cases.protection import sm3

from .models.register import CHAIN_KEY, COLUMNS, RegisterLine

if TYPE_CHECKING:
    from cases.entry import Entry


def line(
    entry: "Entry",
    number: str | None,
    status: str,
    on: date,
    due_on: date | None = None,
    ground: str = "",
    digest: str = "",
) -> RegisterLine:
    """Add a line for an adjudication's number; written with the step's other rows, in the order of calls.

    `number` None: the number this very step gives to its proceeding (filing). `ground` is the article and its
    words, never a protected value: everyone reads it. `digest` is that of the page published.
    """
    row = RegisterLine(
        number=number or "",
        status=RegisterLine.Status(status),
        on=on,
        due_on=due_on,
        ground=" ".join(ground.split())[:300],
        digest=digest,
    )
    row.grown_on = entry.today
    if number is None:
        row.number_of = entry.proceeding
    entry.save(row)
    return row


def before(number: str, status: str) -> str:
    """What held of a number before its last line of this status: for undoing the step that wrote it."""
    earlier = line_before(number, status)
    return earlier.status if earlier else RegisterLine.Status.PENDING


def line_before(number: str, status: str) -> RegisterLine | None:
    """The line of a number before its last one of this status."""
    lines = RegisterLine.objects.filter(number=number).order_by("-seq")
    last = lines.filter(status=status).first()
    return lines.filter(seq__lt=last.seq).first() if last else None


def publish_by(start: date, rule: str = "T-27") -> date:
    """Last day of publishing: 20 working days from the ruling (T-27) or from a court's change of it (T-28)."""
    return deadlines.due(rule, start, filed=start, calendar=office_calendar()).due


def csv_lines() -> Iterator[str]:
    """The file as everyone downloads it: heading, then one line per change, each ended by a line feed."""
    yield ",".join(COLUMNS) + "\n"
    for row in RegisterLine.objects.order_by("seq").iterator(2000):
        yield row.csv_line + "\n"


def broken() -> list[str]:
    """Every contradiction in the register: a line changed, missing, out of order, or cut from the end."""
    found: list[str] = []
    length, head = 0, ""
    for row in RegisterLine.objects.order_by("seq").iterator(2000):
        if row.seq != length + 1 or row.prev != head:
            found.append(f"register: line {row.seq} does not follow {length}")
        if sm3(row.bytes_before_hash) != row.hash:
            found.append(f"register: line {row.seq} was changed")
        length, head = row.seq, row.hash
    link = Chain.objects.filter(kind=Chain.Kind.REGISTER, key=CHAIN_KEY).first()
    if (length, head) != ((link.length, link.head) if link else (0, "")):
        found.append("register: the chain's end does not match its lines")
    return found


@verifying.check("register")
def check() -> list[verifying.Finding]:
    """The public register, for `manage.py verify`."""
    return [verifying.Finding("register", RegisterLine.objects.count(), broken())]
