"""The embedded database as it really runs: asked of a live connection, not of the settings."""

import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="on PostgreSQL")


def pragma(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 20000),
        ("recursive_triggers", 1),
    ],
)
def test_live_connection_runs_with(name: str, value: object) -> None:
    assert pragma(name) == value


@pytest.mark.django_db
def test_the_tests_use_a_file() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        file = next(row[2] for row in cursor.fetchall() if row[1] == "main")
    assert Path(file).is_file()


def test_a_request_is_no_transaction() -> None:
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


def test_a_second_writer_waits_before_it_reads(committing: None) -> None:
    """IMMEDIATE: the lock is taken when the transaction begins, so nobody reads what is about to change."""
    began, order = threading.Event(), []

    def second() -> None:
        try:
            began.wait(10)
            with transaction.atomic():
                order.append("second reads")
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():  # reads only, and holds the lock all the same
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        began.set()
        time.sleep(0.3)
        order.append("first ends")
    thread.join(30)
    assert order == ["first ends", "second reads"]


def test_whoever_waits_long_asks_often(committing: None) -> None:
    """A lock that is free for a moment only, ten times a second apart from SQLite's own tries, is still got."""
    held, over = threading.Event(), threading.Event()

    def hog() -> None:
        while not over.is_set():
            with transaction.atomic():
                held.set()
                time.sleep(0.05)
            time.sleep(0.004)  # the moment
        connection.close()

    hogs = [threading.Thread(target=hog) for _n in range(3)]
    for one in hogs:
        one.start()
    held.wait(5)
    waits = []
    for _n in range(3):
        began = time.monotonic()
        with transaction.atomic():
            waits.append(time.monotonic() - began)
    over.set()
    for one in hogs:
        one.join()
    assert max(waits) < 10
    assert pragma("busy_timeout") == 20000
