"""Generated histories: the same seed the same cases, every kind replayed through the door says the same, all marked."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from adjudication import register
from adjudication.models import Litigation, PublishedRuling, RegisterLine
from cases import approvals, archiving, guards, kinds, steps, verifying
from cases.filing_forms import REASON
from cases.models import (
    Assistance,
    Case,
    Event,
    Forwarding,
    Overseas,
    Participation,
    Party,
    Proceeding,
    Visit,
)
from mediation import paying
from mediation.models import (
    Agreement,
    AgreementCheck,
    CallBack,
    Consent,
    Contact,
    Invitation,
    JudicialConfirmation,
    Performance,
    Recusal,
    Sample,
    Session,
    Subsidy,
    Term,
)
from mediation.models.referral import Referral
from mediation.suggesting import candidates
from reports import house
from reports.generating import files, running
from reports.generating.calling_back import WAITING
from stations.models import Appointment, Area, User
from tests import factories

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
        "summary": case.summary, "cause": case.cause,
        "court_case_no": case.court_case_no, "proceeding": first.row.kind, "late_reason": "模拟补录",
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
        said = {name: at_the_twin(value, rows[n], parties) for name, value in call.data.items()}
        if call.name == "archive":  # what is missing there: the door has printed its papers
            row = kinds.get(one.row.kind).model.objects.get(pk=rows[n])
            said |= {REASON + item.code: files.REASON for item in archiving.missing(row)}
        take(rows[n], call, said)
    return twin


OWNERS: dict[type[Model], str] = {
    Term: "agreement__mediation", Forwarding: "assistance", Session: "mediation", Invitation: "mediation",
    Recusal: "mediation",
}  # fmt: skip


def at_the_twin(value: Any, pk: int, parties: dict[int, int]) -> Any:
    """A row named in a call: the twin's party, or its row of the same place."""
    if isinstance(value, list):
        return [at_the_twin(one, pk, parties) for one in value]
    if isinstance(value, Party):
        return parties[value.pk]
    owner = OWNERS.get(type(value))
    if owner is None:
        return value
    model, found = type(value), value
    for name in owner.split("__"):
        found = getattr(found, f"{name}_id") if name == owner.split("__")[-1] else getattr(found, name)
    ours = list(model.objects.filter(**{owner: found}).order_by("pk").values_list("pk", flat=True))
    theirs = list(model.objects.filter(**{owner: pk}).order_by("pk").values_list("pk", flat=True))
    return theirs[ours.index(value.pk)]


def take(pk: int, call: Any, data: dict[str, Any]) -> None:
    if call.kind == "act":
        told = call.name == "answer_invitation"  # the code is the permission
        answer = steps.act(pk, call.name, by=call.by, data=data, today=call.today, told=told)
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
    names += ("due_on", "due_rule", "handler", "body", "archived_on")
    rows = case.proceedings.exclude(kind="disclosure").order_by("kind", "pk")
    return [str_row(row) for row in rows.values_list(*names)]


ROWS: dict[type[Model], tuple[str, ...]] = {
    Participation: ("proceeding__case", "user", "capacity", "from_on", "to_on", "cancelled"),
    Visit: ("proceeding__case", "on", "way", "reached", "satisfaction", "by"),
    Contact: ("mediation__case", "way", "result", "on", "by"),
    Consent: ("mediation__case", "answer", "way", "on", "by"),
    Invitation: ("mediation__case", "released_on", "expires_on", "cancelled"),
    Session: ("mediation__case", "on", "starts", "status", "mode", "place", "result", "by"),
    Recusal: ("mediation__case", "user", "asked_on", "granted", "decided_on"),
    Referral: ("mediation__case", "court", "online", "pushed_on", "returned_on"),
    AgreementCheck: ("mediation__case", "on", "confirmable", "court_level"),
    Agreement: ("mediation__case", "form", "signed_on", "sealed_on", "effective_on", "cancelled"),
    Term: ("agreement__mediation__case", "position", "kind", "due_on", "amount", "performed_on", "released_on"),
    Subsidy: ("mediation__case", "mediator", "grade", "amount", "rules", "graded_on", "month", "paid_on", "cancelled"),
    Performance: ("term__agreement__mediation__case", "on", "amount", "completes", "by"),
    JudicialConfirmation: ("case", "effective_on", "court", "applied_on", "admitted_on"),
    Assistance: ("case", "help_kind", "applicant_type", "channel", "competence", "review"),
    Overseas: ("assistance__case", "on", "country", "foreign_due_on", "loss_avoided"),
    Forwarding: ("assistance__case", "to", "sent_on", "receipt_on"),
}  # fmt: skip


def rows_of(case: Case) -> list[list[tuple]]:
    """The rows both ways write beside the record, without what is sealed or random."""
    return [
        sorted(str_row(row) for row in model.objects.filter(**{owner: case}).values_list(*names))
        for model, (owner, *names) in ROWS.items()
    ]


def limits(case: Case) -> list[tuple]:
    rows = [d for p in case.proceedings.exclude(kind="disclosure") for d in p.deadlines.all()]
    return sorted(str_row((d.rule, d.starts_on, d.due_on, d.met_on, d.cancelled)) for d in rows)


def covering(histories: list[Any], each: int = 1) -> list[Any]:
    """A few histories in which every call of every kind occurs, so many times at least where it occurs so often."""
    calls = {id(h): {(one.row.kind, call.name, one.row.state) for one, call in h.told} for h in histories}
    seen: Counter[tuple[str, str, str]] = Counter()
    chosen = []
    for history in sorted(histories, key=lambda h: -len(calls[id(h)])):
        if any(seen[call] < each for call in calls[id(history)]):
            seen.update(calls[id(history)])
            chosen.append(history)
    return chosen


TOLD = {
    "invite", "answer_invitation", "contact", "assign_mediator", "record_referral", "confirm_platform", "hand_back",
    "ask_recusal", "decide_recusal", "plan_session", "call_off_session", "session", "note_side", "extend",
    "check_agreement", "sign_agreement", "seal_agreement", "record_oral", "record_performance", "release_term", "remind",
    "return_visit", "open_confirmation", "apply", "admit", "confirm", "refuse", "withdraw", "archive", "ask_correction",
    "receive_correction", "record_review", "reinstate", "record_overseas", "pass_on", "record_receipt", "issue_opinion",
    "decline", "fail", "terminate", "transfer", "convert", "complete", "file", "sign_ruling", "record_suit",
    "grade_subsidy", "pay_subsidy",
}  # fmt: skip


def test_histories_replayed_through_the_door_say_the_same(home, monkeypatch):
    monkeypatch.setattr(paying, "_lacking", lambda *_args: [])  # no paper is printed for a simulated history
    User.objects.filter(username__startswith="sim_").update(is_active=True)
    home = house.build()
    chosen = covering(make(home, 900, seed=11))
    seen: Counter[tuple[str, str]] = Counter()
    names: set[str] = set()
    for history in chosen:
        bulk = Case.objects.get(pk=history.case.pk)
        twin = again_at_the_door(history)
        ours, theirs = [list(c.parties.values_list("pk", flat=True)) for c in (bulk, twin)]
        assert facts(bulk, ours) == facts(twin, theirs)
        assert columns(bulk) == columns(twin)
        assert limits(bulk) == limits(twin)
        assert rows_of(bulk) == rows_of(twin)
        seen.update((p.kind, p.state) for p in twin.proceedings.all())
        names |= {call.name for _one, call in history.told}
    assert len(seen) >= 14 and TOLD <= names, TOLD - names
    assert not [f for f in verifying.run_all() if f.broken]


def test_the_demonstration_has_mediators_to_choose_among_by_field(home):
    house.build()  # again: nobody is appointed twice
    assert Appointment.objects.filter(kind="mediator").count() == 4
    clerk, committee = home.users["clerk"], home.users["committee"]
    case = factories.register(
        clerk, station="s01", proceeding="mediation", mediation_kind="people", act_place=home.stations[0].area.code,
        rights=[{"kind": "utility_model", "number": ""}],
    )  # fmt: skip
    listed = candidates(factories.first(case), TODAY, viewer=committee)
    assert [one.user.username for one in listed] == ["mediator2", "mediator", "mediator3"]
    assert listed[0].reasons.startswith("领域相符：实用新型")
    assert not any(one.fields for one in listed[1:])


def test_samples_of_generated_months_are_drawn_and_called_back(home):
    call_command("generate", "500", "--seed", "4", "--pages", "0", "--sampled", "4")
    states = Counter(CallBack.objects.values_list("state", flat=True))
    assert states["received"] == WAITING and states["answered"] > WAITING
    assert Sample.objects.count() == 4
    assert set(Event.objects.filter(fact="verified").values_list("value", flat=True)) & {"confirmed"}
    assert not [f for f in verifying.run_all() if f.broken]


def test_the_command_is_refused_in_production(settings):
    settings.PRODUCTION = True
    for command in (["generate", "5"], ["demo"]):
        with pytest.raises(CommandError):
            call_command(*command)


def test_years_of_the_future_are_refused():
    with pytest.raises(CommandError):
        call_command("generate", "5", "--years", "2098")
