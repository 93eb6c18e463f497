"""Links things into chains nobody can shorten or change unseen: case records, the ruling register, figures.

The order of locks ends here: case, proceeding, counter, chain, stamp.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stations import changes

from .models.record import Chain, Event, Seal, Stamp
from .protection import hmac_sm3, sm3

REFERENCE_DATA = "reference_data"  # the stamp of stations, people, holidays and targets
SEAL_CHAINS = 500  # chains named in one seal; a busy day makes several
AS_IT_IS = frozenset({type(None), bool, int, str})  # what JSON takes unchanged


def canonical(value: Mapping[str, Any]) -> str:
    """The one JSON text of a body: sorted keys, no spaces, no floats."""

    def plain(item: Any) -> Any:
        if type(item) in AS_IT_IS:
            return item
        match item:
            case float():
                raise TypeError("no float in a record")
            case bool() | int() | str():  # a member of an enumeration
                return item
            case datetime() | date():
                return item.isoformat()
            case Decimal():
                return format(item, "f")
            case Mapping():
                return {str(k): v if type(v) in AS_IT_IS else plain(v) for k, v in item.items()}
            case Iterable():
                return [plain(v) for v in item]
        return str(item)

    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link_hash(prev: str, seq: int, body: str, *, keyed: bool = True) -> str:
    """HMAC-SM3(record key, prev ‖ seq ‖ body); plain SM3 for what the public checks."""
    data = f"{prev}{seq}{body}".encode()
    return hmac_sm3(settings.RECORD_KEY, data) if keyed else sm3(data)


def locked(kind: str, key: object) -> Chain:
    """The chain's row, locked until the transaction ends; made on first use."""
    chain = Chain.objects.select_for_update().filter(kind=kind, key=str(key)).first()
    if chain is None:
        Chain.objects.get_or_create(kind=kind, key=str(key))
        chain = Chain.objects.select_for_update().get(kind=kind, key=str(key))
    return chain


def grow(chain: Chain, body: str, today: date, *, keyed: bool = True) -> tuple[int, str, str]:
    """Add a link in memory: (seq, prev, hash). The caller writes the link's row and saves the chain once."""
    seq, prev = chain.length + 1, chain.head
    chain.length, chain.head, chain.grown_on = seq, link_hash(prev, seq, body, keyed=keyed), today
    return seq, prev, chain.head


def raise_stamp(source: str) -> None:
    """Say that what figures read from this source may have changed; the last lock of a transaction."""
    from_value = Stamp.objects.select_for_update().filter(source=source).first()
    if from_value is None:
        Stamp.objects.get_or_create(source=source)
        from_value = Stamp.objects.select_for_update().get(source=source)
    from_value.value += 1
    from_value.save(update_fields=["value"])


@changes.heed
def reference_data_changed() -> None:
    """Stations, appointments, holidays or targets were edited: figures read them, too."""
    raise_stamp(REFERENCE_DATA)


def seal_day(day: date, at: datetime) -> list[Seal]:
    """Seal every chain that grew since its last seal, in chained rows of at most 500 chains each."""
    made: list[Seal] = []
    with transaction.atomic(durable=True):
        last = Seal.objects.select_for_update().order_by("-id").first()
        sealed = _sealed_lengths()
        grown = [
            (c.pk, c.length, c.head)
            for c in Chain.objects.filter(length__gt=0).order_by("pk")
            if sealed.get(c.pk) != c.length
        ]
        for start in range(0, len(grown), SEAL_CHAINS):
            body = canonical(
                {"day": day, "chains": [list(row) for row in grown[start : start + SEAL_CHAINS]]}
            )
            prev = last.hash if last else ""
            seq = (last.pk if last else 0) + 1
            last = Seal.objects.create(
                day=day, body=body, prev=prev, hash=link_hash(prev, seq, body), at=at, id=seq
            )
            made.append(last)
    return made


def _sealed_lengths() -> dict[int, int]:
    lengths: dict[int, int] = {}
    for body in Seal.objects.order_by("id").values_list("body", flat=True):
        lengths.update({pk: length for pk, length, _head in json.loads(body)["chains"]})
    return lengths


COLUMNS = tuple(
    f.attname for f in Event._meta.concrete_fields if f.name not in ("id", "seq", "body", "prev", "hash")
)
_NAMES = {f.attname: f.name for f in Event._meta.concrete_fields}


def broken_case_chains(case_ids: Iterable[int] | None = None) -> list[str]:
    """Every contradiction in the record: changed, missing, reordered or cut events, and seals that disagree."""
    wanted = None if case_ids is None else {int(pk) for pk in case_ids}
    chains = {int(c.key): c for c in Chain.objects.filter(kind=Chain.Kind.CASE)}
    found, state, hashes = _broken_links(wanted)
    unequal = [
        pk
        for pk in ({*chains, *state} if wanted is None else wanted)
        if pk not in chains or (chains[pk].length, chains[pk].head) != state.get(pk, (0, ""))
    ]
    return (
        found
        + _broken_ends(unequal)
        + broken_seals({c.pk: pk for pk, c in chains.items()}, hashes, whole=wanted is None)
    )


def _broken_links(
    case_ids: set[int] | None,
) -> tuple[list[str], dict[int, tuple[int, str]], dict[tuple[int, int], str]]:
    """Events that do not follow, or whose body or columns were changed; the ends and hashes as read."""
    found: list[str] = []
    hashes: dict[tuple[int, int], str] = {}
    state: dict[int, tuple[int, str]] = {}
    events = Event.objects.order_by("case_id", "seq")
    if case_ids is not None:
        events = events.filter(case__in=case_ids)
    rows = events.values_list("case_id", "seq", "body", "prev", "hash", *COLUMNS)
    for case_id, seq, body, prev, digest, *columns in rows.iterator(5000):
        length, head = state.get(case_id, (0, ""))
        if seq != length + 1 or prev != head:
            found.append(f"case {case_id}: event {seq} does not follow {length}")
        if not hmac.compare_digest(link_hash(prev, seq, body), digest):
            found.append(f"case {case_id}: event {seq} was changed")
        elif _unlike(columns, body):
            found.append(f"case {case_id}: event {seq} says other than its body")
        state[case_id] = (seq, digest)
        hashes[(case_id, seq)] = digest
    return found, state, hashes


def _unlike(columns: list[Any], body: str) -> bool:
    """Do the columns, which figures read, say other than the body, which the hash covers?"""
    said = json.loads(body)
    for attname, value in zip(COLUMNS, columns, strict=True):
        if isinstance(value, datetime):
            value = timezone.localtime(value, timezone.get_default_timezone())
        plain = value.isoformat() if isinstance(value, date) else value
        if said.get(_NAMES[attname]) != plain:
            return True
    return False


def _broken_ends(case_ids: Iterable[int]) -> list[str]:
    """Chains whose end is not that of their events; asked again under the lock, for the record may be growing."""
    found: list[str] = []
    for pk in sorted(case_ids):
        with transaction.atomic():
            chain = Chain.objects.select_for_update().filter(kind=Chain.Kind.CASE, key=str(pk)).first()
            last = Event.objects.filter(case=pk).order_by("-seq").values_list("seq", "hash").first()
            if chain is None and last is not None:
                found.append(f"case {pk}: its chain is missing")
            elif chain is not None and (chain.length, chain.head) != (last or (0, "")):
                found.append(f"case {pk}: the chain's end does not match its events")
    return found


def broken_seals(
    case_of: Mapping[int, int], hashes: Mapping[tuple[int, int], str], *, whole: bool
) -> list[str]:
    """Seals that do not follow each other, or name an end the record no longer has."""
    found: list[str] = []
    prev = ""
    others = {c.pk: c for c in Chain.objects.exclude(kind=Chain.Kind.CASE)}
    for number, seal in enumerate(Seal.objects.order_by("id"), start=1):
        if seal.pk != number or seal.prev != prev or seal.hash != link_hash(prev, number, seal.body):
            found.append(f"seal {seal.pk} was changed or a seal before it is missing")
        prev = seal.hash
        for pk, length, head in json.loads(seal.body)["chains"] if whole else ():
            if pk in case_of:
                if hashes.get((case_of[pk], length)) != head:
                    found.append(f"seal {seal.pk}: case {case_of[pk]} had another event {length}")
            elif pk not in others:
                found.append(f"seal {seal.pk}: chain {pk} is missing")
            elif others[pk].length < length:
                found.append(f"seal {seal.pk}: chain {pk} was cut")
    return found
