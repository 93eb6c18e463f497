"""The printer has an end to its time and memory; whoever asks gets an answer, a reason, and a fresh printer."""

import multiprocessing
import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from cases import outbox, steps
from cases.documents import press
from cases.models import Document, Outbox
from tests.factories import TODAY, clerk, registration
from tests.processes import until


@pytest.fixture
def printer():
    made = press.Press("tests.cases.a_printer", seconds=1.0, memory=256 * 1024 * 1024)
    yield made
    made.close()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_printer_prints_many_papers_and_ends_with_its_press(printer):
    first = printer.print(b"paper")
    assert printer.print(b"chatter") == printer.print(b"paper") == first
    printer.close()
    assert not alive(int(first))
    assert printer.print(b"paper") != first


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (b"sleep", press.PaperTooSlow),
        (b"eat", press.PaperTooHeavy),
        (b"die", press.PaperTooHeavy),
        (b"fail", press.PaperError),
    ],
)
def test_a_failed_print_is_ended_cleanly_and_the_next_one_succeeds(printer, order, refusal):
    first = int(printer.print(b"paper"))
    begun = time.monotonic()
    with pytest.raises(refusal) as refused:
        printer.print(order)
    assert time.monotonic() - begun < 10 and type(refused.value) is refusal
    assert "李某" not in str(refused.value) and refused.value.code == "not_printable"
    assert not alive(first)
    assert int(printer.print(b"paper")) != first


def test_the_printer_knows_no_key(printer, monkeypatch):
    monkeypatch.setenv("ZHIHENG_RECORD_KEY", "secret")
    assert printer.print(b"keys") == b""


def test_a_fresh_printer_follows_after_many_papers(printer, monkeypatch):
    monkeypatch.setattr(press, "SHEETS", 2)
    pids = [printer.print(b"paper") for _n in range(5)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


def test_a_forked_process_does_not_use_the_printer_of_its_parent(printer):
    mine = printer.print(b"paper")
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=lambda: answers.put(printer.print(b"paper")))
    child.start()
    other = answers.get(timeout=20)
    child.join(20)
    assert other != mine == printer.print(b"paper")
    until(lambda: not alive(int(other)), seconds=10)  # its input ended with the fork


@pytest.mark.django_db
def test_a_paper_that_outlasts_its_time_is_tried_again_and_then_dead(monkeypatch):
    made = steps.register(by=clerk(), data=registration(receipt=True), today=TODAY)
    monkeypatch.setattr(press, "SECONDS", 0.001)
    for tries in range(1, outbox.TRIES + 1):
        Outbox.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        assert outbox.drain() == 0
        row = Outbox.objects.get(name="render_document")
        assert (row.tries, row.error) == (tries, "PaperTooSlow")
    assert row.state == "dead"
    assert Document.objects.get(case=made.case).pdf is None
    monkeypatch.undo()
    Outbox.objects.update(state="waiting", tries=0, not_before=timezone.now())  # as docs/operations says
    assert outbox.drain() == 1
    assert Document.objects.get(case=made.case).pdf is not None
