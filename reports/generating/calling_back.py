"""Call-backs of the last months: drawn, opened and answered by the door itself, for a draw needs the record's seals.

Which mediations are drawn depends on the installation's key, not on the generator's seed.
"""

from datetime import date, datetime, timedelta
from random import Random

from cases import outbox, steps
from mediation import sampling
from mediation.models import CallBack
from reports.house import House

WAITING = 2  # left for whoever looks at the demonstration
ANSWERS = (("confirmed", 86), ("denied", 5), ("unreachable", 9))


def call_back(house: House, today: date, at: datetime, *, months: int, seed: int) -> int:
    """Draw and answer the samples of so many months that are over; how many call-backs. The day is sealed before."""
    last = today
    for _n in range(months):
        month = sampling.month_before(last)
        sampling.draw(month, today=today, at=at)
        last = last.replace(day=1) - timedelta(1)
    outbox.drain()
    waiting = list(CallBack.objects.filter(state="received").order_by("pk"))
    chance = Random(seed)
    for row in waiting[: max(len(waiting) - WAITING, 0)]:
        _answer(house, row, chance.choices([a for a, _w in ANSWERS], [w for _a, w in ANSWERS])[0], today)
    return len(waiting)


def _answer(house: House, row: CallBack, outcome: str, today: date) -> None:
    party = row.case.parties.filter(role="applicant").first()
    by, version = house.users["office"], row.version
    if outcome == "unreachable":
        data = {"remark": "模拟：三次联系未果"}
        steps.perform(row.pk, "give_up", by=by, data=data, version=version, today=today)
        return
    said = {"party": party.pk if party else None, "outcome": outcome}
    if outcome == "denied":
        said["remark"] = "模拟：当事人否认"
    steps.perform(row.pk, "answer", by=by, data=said, version=version, today=today)
