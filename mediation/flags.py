"""关注提示: settled mediations that deserve a second look. A sign is no finding, and none says that anything is wrong.

Read from the record alone: times of entry, days, keyed digests of texts, names of parties. What counts: flags.toml.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import deadlines
from cases.calendar import office_calendar
from cases.models import Event, Party, Proceeding
from cases.models.visibility import shut_out_q
from stations import policy

from .models import Agreement, Mediation

FILE = Path(__file__).with_name("flags.toml")
READERS = "flag_readers"  # group of policy.toml
KINDS = {
    "quick": gettext_lazy("办结很快"), "month_end": gettext_lazy("集中在月末"), "same_text": gettext_lazy("文字相同"),
    "same_parties": gettext_lazy("当事人相同"), "late": gettext_lazy("补录较晚"),
}  # fmt: skip


@dataclass(frozen=True)
class Flag:
    """One sign of one mediation, with its reason in words."""

    row: Mediation
    kind: str
    reason: str

    @property
    def label(self) -> Any:
        return KINDS[self.kind]


@cache
def limits() -> dict[str, int]:
    """What counts, as data; a change of the file needs a restart."""
    return dict(tomllib.loads(FILE.read_text(encoding="utf-8")))


def settled(user: Any, today: date, first: date, last: date) -> QuerySet[Mediation]:
    """People's mediations settled in these days that this person may see, or reads signs of by the policy."""
    held = policy.standing(user, today)
    if set(policy.policy().groups.get(READERS, ())) & held.roles:
        seen = Proceeding.objects.exclude(shut_out_q(held))
    else:
        seen = Proceeding.objects.visible_to(user, today)
    rows = Mediation.objects.filter(
        pk__in=seen.filter(kind="mediation").values("pk"), flavour=Mediation.Flavour.PEOPLE, state="settled",
        closed_on__gte=first, closed_on__lte=last,
    )  # fmt: skip
    return rows.select_related("handler", "case").order_by("closed_on", "pk")


def found(user: Any, today: date, first: date, last: date) -> list[Flag]:
    """Every sign of the mediations settled in a month, in a constant number of queries, by day and number."""
    rows = list(settled(user, today, first, last))
    if not rows:
        return []
    flags = [
        *_by_entry(rows), *_month_end(rows, last), *_same_text(rows, first, last), *_same_parties(rows, first, last),
    ]  # fmt: skip
    order = list(KINDS)
    return sorted(flags, key=lambda flag: (flag.row.closed_on, flag.row.pk, order.index(flag.kind)))


def _by_entry(rows: Sequence[Mediation]) -> Iterable[Flag]:
    """Entered within minutes of acceptance; entered long after the day it speaks of."""
    facts: dict[int, dict[str, tuple[datetime, date | None, date]]] = defaultdict(dict)
    live = Event.objects.filter(proceeding__in=rows, fact__in=("accepted", "effective")).filter(
        ~Exists(Event.objects.filter(corrects=OuterRef("pk")))
    )
    live = live.exclude(origin=Event.Origin.IMPORTED).order_by("pk")
    for pk, fact, at, on, known in live.values_list("proceeding", "fact", "at", "occurred_on", "known_on"):
        facts[pk][fact] = at, on, known
    office = office_calendar()
    for row in rows:
        said = facts[row.pk]
        if len(said) == 2:
            minutes = int((said["effective"][0] - said["accepted"][0]).total_seconds() // 60)
            if 0 <= minutes < limits()["quick_minutes"]:
                yield Flag(row, "quick", _("登记受理后 %(n)d 分钟即登记达成协议") % {"n": minutes})
        if "effective" in said and said["effective"][1]:
            on, known = said["effective"][1], said["effective"][2]
            days = sum(office.is_working(on + timedelta(n)) for n in range(1, min((known - on).days, 90) + 1))
            if days > limits()["late_working_days"]:
                words = _("协议 %(on)s 生效，%(known)s 才登记，相隔 %(n)d 个工作日")
                yield Flag(row, "late", words % {"on": on, "known": known, "n": days})


def _month_end(rows: Sequence[Mediation], last: date) -> Iterable[Flag]:
    """Many of one mediator's agreements fall on the last days of the month."""
    mine: dict[int | None, list[Mediation]] = defaultdict(list)
    for row in rows:
        mine[row.handler_id].append(row)
    begin = last - timedelta(limits()["month_end_days"] - 1)
    for every in mine.values():
        at_end = [row for row in every if row.closed_on >= begin]
        enough = len(at_end) >= limits()["month_end_least"]
        if enough and 100 * len(at_end) >= limits()["month_end_percent"] * len(every):
            words = _("调解员当月达成 %(all)d 件，其中 %(n)d 件在最后 %(days)d 日") % {
                "all": len(every), "n": len(at_end), "days": limits()["month_end_days"],
            }  # fmt: skip
            yield from (Flag(row, "month_end", words) for row in at_end)


def _same_text(rows: Sequence[Mediation], first: date, last: date) -> Iterable[Flag]:
    """The words of the agreement, without names and figures, are those of another one. A batch is expected to repeat."""
    mine = {
        one.mediation_id: one.text_index
        for one in Agreement.objects.filter(mediation__in=rows, cancelled=False).exclude(text_index="")
    }
    others: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    same = Agreement.objects.filter(
        text_index__in=set(mine.values()), cancelled=False, effective_on__lte=last,
        effective_on__gte=deadlines.add_months(first, -limits()["same_months"]),
    ).order_by("effective_on", "pk")  # fmt: skip
    columns = ("text_index", "mediation", "mediation__number", "mediation__case__batch")
    for index, pk, number, batch in same.values_list(*columns):
        others[index].append((pk, number or "", batch))
    for row in rows:
        batch = row.case.batch
        like = [n for pk, n, b in others[mine.get(row.pk, "")] if pk != row.pk and not (batch and b == batch)]
        if like:
            yield Flag(
                row, "same_text", _("除姓名、数字外，协议文字与%(numbers)s相同") % {"numbers": _few(like)}
            )


def _same_parties(rows: Sequence[Mediation], first: date, last: date) -> Iterable[Flag]:
    """The same two sides settled before, whoever was the applicant then."""
    keys = set(
        Party.objects.filter(case__in=[row.case_id for row in rows]).values_list("name_key", flat=True)
    )
    since = deadlines.add_months(first, -limits()["same_months"])
    before = Mediation.objects.filter(
        state="settled", closed_on__gte=since, closed_on__lte=last, flavour=Mediation.Flavour.PEOPLE
    )
    people = Party.objects.filter(case__in=before.values("case"), name_key__in=keys - {""})
    sides: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for case, role, key in people.values_list("case", "role", "name_key"):
        sides[case][role].add(key)
    pairs: dict[frozenset[str], list[tuple[date, int, int, str]]] = defaultdict(list)
    for pk, case, number, day in before.filter(case__in=list(sides)).values_list(
        "pk", "case", "number", "closed_on"
    ):
        for pair in _pairs(sides[case]):
            pairs[pair].append((day, pk, case, number or ""))
    for row in rows:
        earlier = {
            (day, pk): number
            for pair in _pairs(sides[row.case_id])
            for day, pk, case, number in pairs[pair]
            if (day, pk) < (row.closed_on, row.pk) and case != row.case_id
        }
        if earlier:
            listed = _few([earlier[key] for key in sorted(earlier)])
            words = _("%(months)d 个月内相同的双方曾达成协议：%(numbers)s")
            yield Flag(row, "same_parties", words % {"months": limits()["same_months"], "numbers": listed})


def _pairs(sides: dict[str, set[str]]) -> set[frozenset[str]]:
    return {
        frozenset((one, other))
        for one in sides.get(Party.Role.APPLICANT, ())
        for other in sides.get(Party.Role.RESPONDENT, ())
    }


def _few(numbers: Sequence[str]) -> str:
    """The first three by name, the others counted."""
    more = _("等 %(n)d 件") % {"n": len(numbers)} if len(numbers) > 3 else ""
    return "、".join(numbers[:3]) + more
