"""Generated histories: the same seed the same cases, every kind replayed through the door says the same, all marked."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from adjudication import register
from adjudication.models import Litigation, PublishedRuling, RegisterLine
from cases import approvals, guards, steps, verifying
from cases.models import Case, Event, Forwarding, Party, Proceeding
from mediation.models import Agreement, Term
from reports import house
from reports.generating import running
from stations.models import Area, User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
ROUTE = {"head": "head", "committee": "committee", "legal": "legal", "reviewer": "reviewer2"}


@pytest.fixture
def home():
    if not Area.objects.exists():
        for _code, _name, area, *_rest in house.STATIONS:
            Area.objects.get_or_create(code=area, defaults={"name": area, "kind": "subdistrict"})
    return house.build()


def make(
    home: house.House, count: int, seed: int = 3, pages: int = 0, years: range = range(2026, 2027)
) -> Any:
    return running.generate(count, years, seed, home, TODAY, pages=pages)


def told() -> list[tuple]:
    return list(
        Event.objects.order_by("case", "seq").values_list("name", "fact", "value", "occurred_on", "by")
    )


def test_plausible_marked_and_whole(home):
    make(home, 500, years=range(2025, 2027))
    assert Case.objects.count() == 500 == Case.objects.filter(simulated=True).count()
    assert set(Event.objects.values_list("origin", flat=True)) == {"generated"}
    assert not [f for f in verifying.run_all() if f.broken] and guards.missing() == []
    by_station = Counter(Case.objects.values_list("station", flat=True))
    assert len(by_station) >= 18 and max(by_station.values()) > 10 * min(by_station.values())
    states = Counter(Proceeding.objects.values_list("kind", "state"))
    for seen in (
        ("assistance", "refused"),
        ("mediation", "not_accepted"),
        ("mediation", "failed"),
        ("disclosure", "published"),
    ):
        assert states[seen], seen
    assert Case.objects.exclude(batch="").values("batch").distinct().count() >= 1
    closed = Event.objects.filter(fact="closed", proceeding__mediation__flavour="people")
    started = closed.filter(proceeding__accepted_on__isnull=False).exclude(value="transferred")
    agreed = started.filter(value__in=["written_agreement", "oral_agreement", "withdrawn_settled"])
    assert 0.55 < agreed.count() / started.count() < 0.80
    assert Event.objects.filter(name="registered").exclude(occurred_on=None).count() == 500
    late = [e for e in Event.objects.filter(name="registered") if e.known_on > e.occurred_on]
    assert 15 < len(late) < 90
    assert not Event.objects.filter(occurred_on__gt=TODAY).exclude(fact="obligation_due").exists()
    assert not Party.objects.exclude(name__startswith="模拟").exists()
    filed = Event.objects.filter(fact="accepted", proceeding__kind="adjudication").count()
    assert 6 <= filed <= 30 and Litigation.objects.exists()


def test_the_register_agrees_and_runs_in_the_order_of_days(home):
    make(home, 300)
    assert register.broken() == []
    days = list(RegisterLine.objects.order_by("seq").values_list("on", flat=True))
    assert days == sorted(days) != []
    numbers = set(
        Proceeding.objects.filter(kind="adjudication", number__isnull=False).values_list("number", flat=True)
    )
    assert numbers == set(RegisterLine.objects.values_list("number", flat=True))


def test_the_same_seed_tells_the_same(home):
    make(home, 60, seed=5)
    first = told()
    assert first
    pks = list(Case.objects.values_list("pk", flat=True))
    make(home, 60, seed=5)
    again = Event.objects.exclude(case__in=pks).order_by("case", "seq")
    assert [
        row[:4] for row in again.values_list("name", "fact", "value", "occurred_on") if row[0] == "registered"
    ] == [row[:4] for row in first if row[0] == "registered"]


def test_public_pages_pass_the_check_and_bear_the_registers_digest(home):
    make(home, 120, pages=1)
    text = PublishedRuling.objects.get()
    assert text.state == "live" and text.passed and text.pages.count() == 3
    assert "模拟路" not in text.text
    line = RegisterLine.objects.filter(number=text.number).order_by("-seq").first()
    assert line is not None and line.digest == text.digest


# replayed through the door -----------------------------------------------------------------------------------


def again_at_the_door(history: Any) -> Case:
    """The same case registered and taken the same way by the door, on the same days."""
    case = history.case
    first = history.histories[0]
    data = {
        "station": case.station.code, "source": case.source, "received_on": case.received_on.isoformat(),
        "summary": case.summary, "proceeding": first.row.kind, "late_reason": "模拟补录",
        "parties": [
            {"role": p.role, "kind": p.kind, "name": p.name, "id_number": p.id_number, "address": p.address}
            for p in history.parties
        ],
        "rights": [{"kind": r.kind, "number": r.number} for r in history.rights],
    }  # fmt: skip
    if first.row.kind == "mediation":
        data["mediation_kind"] = first.row.flavour
    done = steps.register(by=history.registered.by, data=data, today=history.entered_on)
    twin = Case.objects.get(pk=done.case)
    rows = {0: done.proceeding}
    parties = {old.pk: new.pk for old, new in zip(history.parties, twin.parties.all(), strict=True)}
    for one, call in history.told:
        n = history.histories.index(one)
        if n not in rows:
            known = list(rows.values())
            rows[n] = (
                twin.proceedings.filter(kind=history.histories[n].row.kind).exclude(pk__in=known).get().pk
            )
        if call.name in ("redact", "publish"):
            continue  # the worker stands between them: tested with the pages
        said = {k: parties[v.pk] if isinstance(v, Party) else v for k, v in call.data.items()}
        if isinstance(said.get("forwarding"), Forwarding):
            said["forwarding"] = Forwarding.objects.get(assistance=rows[n]).pk
        if isinstance(said.get("term"), Term):
            terms = Term.objects.filter(agreement__mediation=rows[n], agreement__cancelled=False)
            said["term"] = terms.get(position=said["term"].position).pk
        take(rows[n], call, said)
    return twin


def take(pk: int, call: Any, data: dict[str, Any]) -> None:
    if call.kind == "act":
        answer = steps.act(pk, call.name, by=call.by, data=data, today=call.today)
    else:
        row = Proceeding.objects.get(pk=pk)
        answer = steps.perform(pk, call.name, by=call.by, data=data, version=row.version, today=call.today)
    if isinstance(answer, steps.Waiting):
        approval = answer.approval
        for role in approval.roles.split(","):
            approval = approvals.decide(
                approval.pk, "approve", by=User.objects.get(username=ROUTE[role]), today=call.today
            )
        assert approval.state == "granted", (call.name, approval.reason)


def facts(case: Case, parties: list[int]) -> list[tuple]:
    """What figures and lists read of a case, free of ids."""
    found = case.events.filter(fact__isnull=False).values_list(
        "proceeding__kind", "fact", "value", "subject", "occurred_on", "known_on"
    )
    places = {f"party:{pk}": f"party:{n}" for n, pk in enumerate(parties)}
    kept = [(*row[:3], places.get(row[3], (row[3] or "").partition(":")[0]), *row[4:]) for row in found]
    return sorted(row for row in map(str_row, kept) if row[1] not in ("published", "withheld"))


def str_row(row: tuple) -> tuple:
    return tuple(str(v) for v in row)


def columns(case: Case) -> list[tuple]:
    names = ("kind", "state", "version", "is_open", "received_on", "accepted_on", "closed_on", "outcome")
    names += ("due_on", "due_rule", "handler", "body")
    rows = case.proceedings.exclude(kind="disclosure").order_by("kind", "pk")
    return [str_row(row) for row in rows.values_list(*names)]


def limits(case: Case) -> list[tuple]:
    rows = [d for p in case.proceedings.exclude(kind="disclosure") for d in p.deadlines.all()]
    return sorted(str_row((d.rule, d.starts_on, d.due_on, d.met_on, d.cancelled)) for d in rows)


def test_a_sample_replayed_through_the_door_says_the_same(home):
    User.objects.filter(username__startswith="sim_").update(is_active=True)
    home = house.build()
    histories = make(home, 70, seed=11)
    seen: Counter[tuple[str, str]] = Counter()
    for history in histories:
        bulk = Case.objects.get(pk=history.case.pk)
        twin = again_at_the_door(history)
        ours, theirs = [list(c.parties.values_list("pk", flat=True)) for c in (bulk, twin)]
        assert facts(bulk, ours) == facts(twin, theirs)
        assert columns(bulk) == columns(twin)
        assert limits(bulk) == limits(twin)
        seen.update((p.kind, p.state) for p in twin.proceedings.all())
    assert len(seen) >= 9 and {"assistance", "mediation", "adjudication"} <= {kind for kind, _state in seen}
    assert Agreement.objects.exists()
    assert not [f for f in verifying.run_all() if f.broken]


def test_the_command_is_refused_in_production(settings):
    settings.PRODUCTION = True
    for command in (["generate", "5"], ["demo"]):
        with pytest.raises(CommandError):
            call_command(*command)


def test_years_of_the_future_are_refused():
    with pytest.raises(CommandError):
        call_command("generate", "5", "--years", "2098")
