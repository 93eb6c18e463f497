"""The monthly draw of settled mediations for a call-back: who is in, with which seed, who is drawn.

The seed is the public record's own: the hash of the first daily seal made after the month had ended. Whoever has the
sorted numbers of the month and the seed can repeat the draw. Nobody of a case learns of it.
"""

import calendar
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import chain, outbox, steps
from cases.errors import DomainError
from cases.models import Event, Number, Outbox, Seal
from cases.models.record import Chain
from cases.protection import sm3
from cases.verifying import Finding, check
from stations.models import User

from .models import CallBack, Mediation, Sample

CHAIN = "draws"
SAMPLER = "sampling"  # in whose name a drawn case is opened
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


# the draw, pure: anybody can repeat it ------------------------------------------------------------------------


def drawn(seed: str, numbers: Iterable[str], size: int) -> list[str]:
    """The `size` numbers whose SM3(seed ‖ ":" ‖ number) is smallest, in that order."""
    return sorted(numbers, key=lambda number: (sm3(f"{seed}:{number}".encode()), number))[:size]


def digest_of(numbers: Iterable[str]) -> str:
    """SM3 of the sorted numbers, one a line."""
    return sm3("\n".join(sorted(numbers)).encode())


def size_of(population: int, *, least: int, percent: int) -> int:
    """So many percent, rounded up, at least `least`, at most all."""
    return min(population, max(least, -(-population * percent // 100)))


def month_of(text: str) -> tuple[date, date]:
    """First and last day of `2026-10`. Raises `bad_month`."""
    if not MONTH.fullmatch(text):
        raise DomainError("bad_month", _("请按 2026-10 的格式填写月份。"))
    year, month = int(text[:4]), int(text[5:])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def month_before(today: date) -> str:
    """The month that ended last."""
    return f"{today.replace(day=1) - timedelta(1):%Y-%m}"


# who is in, with which seed --------------------------------------------------------------------------------------


def _in_effect(as_of: date) -> Any:
    """Proceedings whose agreement was in effect as known at the end of a day."""
    later = Event.objects.filter(corrects=OuterRef("pk"), known_on__lte=as_of)
    stated = Event.objects.filter(fact="effective", known_on__lte=as_of).filter(~Exists(later))
    return stated.order_by().values("proceeding")


def population(month: str) -> dict[str, int]:
    """Number -> id of people's mediations whose agreement came into effect in the month, as the record knew at its end.

    By the day of entry: an agreement entered late is drawn from in the month of its entry, so none is entered past a
    draw. The answer is the same whenever it is asked.
    """
    first, last = month_of(month)
    rows = Mediation.objects.filter(flavour=Mediation.Flavour.PEOPLE, pk__in=_in_effect(last))
    rows = rows.exclude(pk__in=_in_effect(first - timedelta(1)))
    given = Number.objects.filter(proceeding__in=rows, given_on__lte=last).order_by("given_on", "pk")
    last_given = dict(
        given.values_list("proceeding", "text")
    )  # stays, also where acceptance was undone since
    return {number: pk for pk, number in sorted(last_given.items(), key=lambda one: one[1])}


def seal_after(last: date) -> Seal | None:
    """The last row of the first seal made after a day: its hash covers the heads of all chains that had grown."""
    first = Seal.objects.filter(day__gt=last).order_by("id").first()
    return Seal.objects.filter(at=first.at).order_by("-id").first() if first is not None else None


def draw(month: str, *, today: date, at: datetime) -> tuple[Sample, bool]:
    """Draw a month's sample, once: (the sample, was it drawn now). Raises `month_not_over`, `no_seal`, `bad_month`."""
    _first, last = month_of(month)
    if today <= last:
        raise DomainError("month_not_over", _("%(month)s 尚未结束，不能抽取。") % {"month": month})
    with transaction.atomic(durable=True):
        link = chain.locked(
            Chain.Kind.SAMPLE, CHAIN
        )  # two draws at once: the second finds the first one's row
        done = Sample.objects.filter(month=month).first()
        if done is not None:
            return done, False
        seal = seal_after(last)
        if seal is None:
            raise DomainError(
                "no_seal", _("%(month)s 结束后还没有每日封存，封存后才能抽取。") % {"month": month}
            )
        among = population(month)
        size = size_of(len(among), least=settings.SAMPLE_LEAST, percent=settings.SAMPLE_PERCENT)
        sample = Sample(
            month=month, seed=sm3(f"{seal.hash}:{month}".encode()), seal=seal, population=len(among), size=size,
            digest=digest_of(among), drawn_at=at,
        )  # fmt: skip
        chain.grow(link, _said(sample), today)
        sample.save(force_insert=True)
        link.save()
        for place, number in enumerate(drawn(sample.seed, among, size)):
            Outbox.objects.create(
                name="open_call_back", key=f"sample:{sample.pk}:{place}", not_before=at,
                payload=json.dumps({"mediation": among[number], "sample": sample.pk}, sort_keys=True),
            )  # fmt: skip
        transaction.on_commit(outbox.ring, robust=True)
    return sample, True


def _said(sample: Sample) -> str:
    """What the chain of draws says of one: no number, no id of a case."""
    return chain.canonical(
        {
            "month": sample.month, "seed": sample.seed, "seal": sample.seal.hash, "population": sample.population,
            "size": sample.size, "digest": sample.digest,
        }
    )  # fmt: skip


# opening what was drawn --------------------------------------------------------------------------------------------


@outbox.effect("open_call_back")
def open_call_back(mediation: int, sample: int, *, key: str = "") -> None:
    """Open the call-back in the drawn mediation's case, once; not where the agreement no longer stands."""
    row = Mediation.objects.get(pk=mediation)
    if row.state != "settled" or CallBack.objects.filter(parent=row.pk).exclude(state="void").exists():
        return
    data = {"proceeding": row.pk, "sample": sample}
    today = timezone.localdate()
    steps.case_act(row.case_id, "open_call_back", by=sampler(), data=data, today=today, key=key, told=True)


def sampler() -> User:
    """In whose name the draw opens a call-back: no person, without a password, unable to sign in."""
    made, new = User.objects.get_or_create(
        username=SAMPLER, defaults={"display_name": "抽样程序", "is_active": False}
    )
    if new:
        made.set_unusable_password()
        made.save(update_fields=["password"])
    return made


# does it still fit together ------------------------------------------------------------------------------------------


@check("samples")
def samples() -> list[Finding]:
    """Every draw repeats from the record: its seed from the seal, its list, its links; nothing else was called back."""
    broken: list[str] = []
    head, rows = "", list(Sample.objects.select_related("seal").order_by("id"))
    for length, sample in enumerate(rows, start=1):
        head = chain.link_hash(head, length, _said(sample))
        among = population(sample.month)
        mine = CallBack.objects.filter(sample=sample).values_list("parent", flat=True)
        wanted = [among[number] for number in drawn(sample.seed, among, sample.size)]
        if sample.seed != sm3(f"{sample.seal.hash}:{sample.month}".encode()):
            broken.append(f"sample {sample.month}: its seed is not that of its seal")
        if (len(among), digest_of(among)) != (sample.population, sample.digest):
            broken.append(f"sample {sample.month}: the list it was drawn from has changed")
        elif not set(mine) <= set(wanted):
            broken.append(f"sample {sample.month}: a call-back was not drawn")
    kept = Chain.objects.filter(kind=Chain.Kind.SAMPLE, key=CHAIN).first()
    if (kept.length, kept.head) != (len(rows), head) if kept is not None else bool(rows):
        broken.append("the chain of draws does not match its samples")
    return [Finding("samples", len(rows), broken)]


__all__: Sequence[str] = ("draw", "drawn", "month_before", "population", "size_of")
