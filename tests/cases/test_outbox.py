"""What was promised after a commit happens once: twice and in parallel, poisoned, killed in the middle, by either bell."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib import error, request

import pytest
from django.db import connections
from django.utils import timezone

from cases import chain, files, outbox, steps, tasks
from cases.errors import Invalid
from cases.models import Case, Document, Event, Idempotency, Outbox, Proceeding
from stations.models import Token
from tests.factories import TODAY, approve_all, body, clerk, first, register, registration, station, user
from tests.processes import outcomes, program, together, until

LONG = os.environ.get("ZHIHENG_LONG") == "1"
KILLS = 50 if LONG else 3
MANY = 60 if LONG else 12
DRAIN = "import django; django.setup()\nimport time\nfrom cases import outbox\nwhile True:\n    outbox.drain()\n    time.sleep(.02)"


def head_of_station():
    return user("boss", ("station_head", station("s1")))


def merged_pair() -> tuple[Case, Case]:
    """A case whose proceeding ended by 并案, and the case it was merged into, which has not learned of it yet."""
    into, gone = register(), register()
    row = first(gone)
    data = {"ground": "merged", "reason": "同一纠纷", "into": into.registration_no}
    steps.perform(row.pk, "void", by=head_of_station(), data=data, version=0, today=TODAY)
    return into, gone


def accepted() -> Proceeding:
    head = user("head", ("head", body("centre")))
    row = first(register())
    answer = steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    approve_all(answer, head)
    return first(row.case)


def learned(case: Case) -> int:
    return Event.objects.filter(case=case, name="merge").count()


def again() -> None:
    """As if the worker had died after the effect and before it could say so."""
    Outbox.objects.update(state="waiting", leased_until=None, done_at=None, not_before=timezone.now())


@pytest.fixture
def poisoned(monkeypatch):
    """Effects that fail, and a counter of their tries."""
    tried: list[str] = []

    def fails(**ids: int) -> None:
        tried.append("x")
        raise RuntimeError(f"诉求内容 {ids}")

    monkeypatch.setitem(outbox._effects, "poison", fails)
    return tried


def put(name: str, key: str, **ids: int) -> Outbox:
    return Outbox.objects.create(name=name, payload=json.dumps(ids), key=key, not_before=timezone.now())


# twice and in parallel ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_effect_run_twice_happens_once():
    into, gone = merged_pair()
    row = accepted()
    assert outbox.drain() == 2
    first_time = learned(into), row.documents.get().pdf_id, Event.objects.count()
    assert first_time[0] == 1 and first_time[1] is not None
    again()
    assert outbox.drain() == 2
    assert (learned(into), row.documents.get().pdf_id, Event.objects.count()) == first_time
    assert learned(gone) == 0
    note = json.loads(Event.objects.get(name="merge").body)["notes"]
    assert note["merged"] == gone.registration_no
    assert chain.broken_case_chains() == []


@pytest.mark.django_db
def test_a_merged_case_learns_even_if_the_one_who_merged_may_not_act_there():
    """Who may end the one case need have no part in the other, and may be gone when the worker comes."""
    into = register(clerk("clerk2", at="s2"), station="s2")
    gone = register()
    boss = user("boss", ("station_head", station("s1")), ("station_head", station("s2")))
    data = {"ground": "merged", "reason": "同一纠纷", "into": into.registration_no}
    steps.perform(first(gone).pk, "void", by=boss, data=data, version=0, today=TODAY)
    boss.grants.all().delete()
    type(boss).objects.filter(pk=boss.pk).update(is_active=False)
    assert outbox.drain() == 1 and learned(into) == 1


def test_the_same_effects_in_parallel_happen_once(committing):
    for _round in range(KILLS):
        into, _gone = merged_pair()
        row = accepted()
        again()
        rows = list(Outbox.objects.order_by("pk"))
        answers = together([lambda: outbox.drain() for _n in range(4)])
        assert outcomes(answers) == ["done"] * 4
        assert sum(a[1] for a in answers) == len(rows)  # nobody ran what another held
        assert learned(into) == 1
        assert row.documents.get().docx_id is not None


def test_an_effect_that_outlives_its_lease_still_happens_once(committing):
    """Two workers in the same effect at the same moment: the door's key decides."""
    for _round in range(KILLS):
        into, _gone = merged_pair()
        held = Outbox.objects.get(name="case_merged", state="waiting")
        answers = together([lambda h=held: outbox.run(h) for _n in range(3)])
        assert outcomes(answers) == ["done"] * 3
        assert learned(into) == 1
        assert Idempotency.objects.filter(key=held.key).count() == 1


@pytest.mark.django_db
def test_the_key_of_an_effect_that_may_be_tried_again_is_not_forgotten():
    into, _gone = merged_pair()
    outbox.drain()
    again()
    Idempotency.objects.update(at=timezone.now() - timedelta(hours=25))
    assert tasks.purge() == 0
    outbox.drain()
    assert learned(into) == 1
    assert tasks.purge() == 1


# poison --------------------------------------------------------------------------------------------------------------


def later(**by: int) -> None:
    Outbox.objects.filter(state="waiting").update(not_before=timezone.now() - timedelta(seconds=1))
    if by:
        Outbox.objects.filter(leased_until__isnull=False).update(
            leased_until=timezone.now() - timedelta(**by)
        )


@pytest.mark.django_db
def test_a_poisoned_effect_ends_dead_after_five_and_blocks_nobody(poisoned):
    bad = put("poison", "1:0:poison")
    row = accepted()
    assert outbox.drain() == 1 and row.documents.get().pdf_id is not None
    waits = []
    for _try in range(6):
        bad = Outbox.objects.get(pk=bad.pk)
        waits.append(bad.not_before)
        later()
        outbox.drain()
    bad = Outbox.objects.get(pk=bad.pk)
    assert (bad.state, bad.tries, len(poisoned), bad.error) == ("dead", 5, 5, "RuntimeError")
    assert "诉求" not in bad.error and waits[0] > bad.at
    later()
    assert outbox.drain() == 0 and len(poisoned) == 5


@pytest.mark.django_db
def test_an_unknown_effect_and_a_missing_row_end_dead_too():
    for name, ids in (("no_such_effect", {}), ("render_document", {"document": 987654321})):
        put(name, f"1:0:{name}", **ids)
    for _try in range(6):
        later()
        outbox.drain()
    assert set(Outbox.objects.values_list("state", "tries")) == {("dead", 5)}


@pytest.mark.django_db
def test_an_effect_that_kills_its_worker_ends_dead_too():
    bad = put("render_document", "1:0:deadly", document=1)
    for _try in range(outbox.TRIES):
        assert outbox.lease(timezone.now()).pk == bad.pk  # the worker dies here: nobody says anything
        assert outbox.lease(timezone.now()) is None
        later(seconds=1)
    assert outbox.lease(timezone.now()) is None
    bad = Outbox.objects.get(pk=bad.pk)
    assert (bad.state, bad.error) == ("dead", "WorkerLost")


@pytest.mark.django_db
def test_a_refused_or_a_merely_proposed_step_promises_nothing():
    body("centre")
    row = first(register())
    with pytest.raises(Invalid):
        steps.perform(row.pk, "accept", by=clerk(), data={}, version=0, today=TODAY)
    steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    assert Outbox.objects.count() == 0 and Document.objects.count() == 0


@pytest.mark.django_db
def test_the_outbox_holds_ids_only():
    merged_pair(), accepted()
    for payload in Outbox.objects.values_list("payload", flat=True):
        assert all(isinstance(value, int) for value in json.loads(payload).values())


# killed in the middle ------------------------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(committing):
    for _round in range(KILLS):
        pairs = [merged_pair()[0] for _n in range(MANY)]
        rows = [accepted() for _n in range(3)]
        before = Outbox.objects.filter(state="done").count()
        with program("-c", DRAIN) as worker:
            until(lambda b=before: Outbox.objects.filter(state="done").count() > b + 2, every=0.01)
            worker.kill()
            worker.wait()
        assert Outbox.objects.filter(state="waiting").exists(), "killed too late to prove anything"
        Outbox.objects.filter(state="waiting").update(leased_until=None)  # the lease runs out
        later()
        outbox.drain()
        assert not Outbox.objects.exclude(state="done").exists()
        assert [learned(case) for case in pairs] == [1] * MANY
        for row in rows:
            document = row.documents.get()
            for kept in (document.pdf, document.docx):
                with files.open(kept.sm3) as stored:
                    assert len(stored.read()) == kept.size
    assert chain.broken_case_chains() == []


@contextmanager
def redis_server():
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    process = subprocess.Popen(
        [found, "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers_at(port), seconds=10)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers_at(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


WORKER = ("-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "WARNING")
RING = """
import django; django.setup()
from django.conf import settings
settings.RING_WORKER = True
from cases import outbox
outbox.ring()
"""


def ring_until_done(**env: str) -> None:
    def done() -> bool:
        with program("-c", RING, **env) as bell:
            bell.wait(30)
        return not Outbox.objects.exclude(state="done").exists()

    until(done, seconds=60, every=0.5)


@pytest.mark.parametrize("bell", ["filesystem", "redis"])
def test_either_bell_wakes_a_real_worker_that_may_be_killed(committing, bell):
    with redis_server() if bell == "redis" else _no_server() as address:
        env = {"TEST_REDIS_URL": address}
        into, _gone = merged_pair()
        row = accepted()
        with program(*WORKER, **env):
            ring_until_done(**env)
        assert learned(into) == 1 and row.documents.get().pdf_id is not None
        more = [merged_pair()[0] for _n in range(5)]
        with program(*WORKER, **env):  # killed with whatever it holds; the next one starts from the outbox
            time.sleep(1)
        Outbox.objects.filter(state="waiting").update(leased_until=None)
        with program(*WORKER, **env):
            ring_until_done(**env)
        assert [learned(case) for case in more] == [1] * 5
    assert chain.broken_case_chains() == []


@contextmanager
def _no_server():
    yield ""


def test_a_dead_broker_is_no_reason_to_refuse(committing, settings, monkeypatch):
    settings.RING_WORKER = True

    def refuses(*_words, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr(outbox.current_app, "send_task", refuses)
    row = accepted()
    assert row.state == "accepted" and Outbox.objects.filter(state="waiting").count() == 1


# the web server killed during writes --------------------------------------------------------------------------------


class Client(threading.Thread):
    """Registers cases over HTTP, each under a key of its own, and keeps a ledger of what was acknowledged."""

    def __init__(self, port: int, token: str, name: str):
        super().__init__(daemon=True)
        self.port, self.token, self.label = port, token, name
        self.acknowledged: dict[str, str] = {}
        self.unsure: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        n = 0
        while not self.over.is_set():
            key = f"{self.label}-{n}"
            n += 1
            try:
                self.acknowledged[key] = send(self.port, self.token, key)
            except (OSError, error.URLError, ValueError):
                self.unsure.append(key)
                time.sleep(0.02)


def send(port: int, token: str, key: str) -> str:
    """Register one case under a key; its registration number. Raises OSError if the answer did not come."""
    asked = request.Request(
        f"http://127.0.0.1:{port}/api/v1/cases/",
        data=json.dumps(registration(summary=key, received_on=timezone.localdate().isoformat())).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        },
    )
    try:
        with request.urlopen(asked, timeout=60) as answer:  # noqa: S310  our own server  # noqa: S310  our own server on loopback
            return str(json.load(answer)["registration_no"])
    except error.HTTPError as refused:
        raise AssertionError(f"{refused.code}: {refused.read()[:300]!r}") from refused


def test_a_web_server_killed_during_writes_loses_no_acknowledged_case(committing):
    body("centre")
    token = Token.issue(clerk(), timezone.now() + timedelta(hours=1))
    ledger: dict[str, str] = {}
    for kill_round in range(KILLS):
        port = free_port()
        words = (
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
            "--threads",
            "2",
        )
        clients = [Client(port, token, f"{kill_round}-{n}") for n in range(4)]
        with program(*words):
            until(lambda p=port: answers_at(p), seconds=60)
            for client in clients:
                client.start()
            until(lambda c=clients: sum(len(one.acknowledged) for one in c) >= MANY, seconds=120, every=0.01)
        for client in clients:
            client.over.set()
            client.join(90)
        unsure = [key for client in clients for key in client.unsure]
        for client in clients:
            ledger |= client.acknowledged
        connections.close_all()
        kept = dict(Case.objects.values_list("summary", "registration_no"))
        assert {key: kept.get(key) for key in ledger} == ledger
        port = free_port()
        words = (*words[:4], f"127.0.0.1:{port}", *words[5:])
        with program(*words):  # whoever got no answer asks again under the same key
            until(lambda p=port: answers_at(p), seconds=60)
            for key in unsure[:10]:
                ledger[key] = send(port, token, key)
    assert Case.objects.count() == len(set(Case.objects.values_list("summary", flat=True)))
    whole()
    assert {case.summary: case.registration_no for case in Case.objects.all()}.items() >= ledger.items()


def whole() -> None:
    """No half-written case: every one has its parties, right, number, first proceeding and an unbroken record."""
    for case in Case.objects.all():
        assert case.parties.count() == 2 and case.rights.count() == 1 and case.proceedings.count() == 1
        assert list(case.events.order_by("seq").values_list("name", flat=True)) == ["registered", "opened"]
        assert case.proceedings.get().due_rule == "W-03"
    numbers = sorted(Case.objects.values_list("registration_no", flat=True))
    assert [int(n[5:]) for n in numbers] == list(range(1, len(numbers) + 1))
    assert chain.broken_case_chains() == []
