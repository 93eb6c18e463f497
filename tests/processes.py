"""Real processes against one test database: started together, answers collected, killed where a test says so."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from cases.errors import DomainError

ROOT = Path(__file__).resolve().parents[1]
_fork = multiprocessing.get_context("fork")


def _run(job: Callable[[], Any], start: Any, answers: Any, place: int) -> None:
    connections.close_all()
    start.wait(30)
    try:
        answer: Any = ("done", job())
    except DomainError as refusal:
        answer = ("refused", refusal.code, refusal.status)
    except Exception as error:
        answer = ("failed", type(error).__name__, str(error)[:300])
    answers.put((place, answer))
    answers.close()
    answers.join_thread()
    connections.close_all()


def together(jobs: Sequence[Callable[[], Any]], *, wait: float = 120) -> list[Any]:
    """Run each job in a process of its own, all from one signal; their answers in the order of the jobs.

    An answer is ("done", value), ("refused", code, status) or ("failed", exception, text).
    """
    connections.close_all()  # a connection does not survive a fork
    start, answers = _fork.Barrier(len(jobs)), _fork.Queue()
    started = [
        _fork.Process(target=_run, args=(job, start, answers, n), daemon=True) for n, job in enumerate(jobs)
    ]
    for process in started:
        process.start()
    try:
        return [answer for _n, answer in sorted(answers.get(timeout=wait) for _job in jobs)]
    finally:
        for process in started:
            process.join(5)
            if process.is_alive():
                process.kill()


def outcomes(answers: Sequence[Any]) -> list[str]:
    """Answers as words: `done`, or the code of the refusal, or the failure."""
    return sorted(
        "done" if a[0] == "done" else a[1] if a[0] == "refused" else f"{a[1]}: {a[2]}" for a in answers
    )


def database_url() -> str:
    """The address of the database this test runs on, for a process that is started, not forked."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that shares this run's folder and database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": database_url(),
        "ZHIHENG_TEST_HOME": str(settings.HOME),
        "PYTHONPATH": str(ROOT),
        **more,
    }


@contextmanager
def program(*words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the project, ended with all it started when the test is over."""
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment(**more), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of a program and all its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(10)


def until(true: Callable[[], Any], *, seconds: float = 30, every: float = 0.1) -> Any:
    """Wait until something holds; its value. Fails the test if it does not come true in time."""
    ends = time.monotonic() + seconds
    while True:
        value = true()
        if value:
            return value
        if time.monotonic() > ends:
            raise AssertionError(f"not within {seconds} s: {getattr(true, '__name__', true)}")
        time.sleep(every)
