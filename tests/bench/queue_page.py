"""The queue page `/` of a station's clerk at whose desk all open cases of the house stand.

A whole request through the middleware and the template, in this process; the same person, two databases.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from . import bulk, ground
from .ratios import Ratio, per_call


def measure(*, rounds: int, calls: int, small: int, large: int) -> Ratio:
    """Our own page is the yardstick: with many open cases against with few."""
    desks = {number: _filled(number) for number in (small, large)}
    taken: dict[int, list[float]] = {number: [] for number in desks}
    queries = {}
    for turn in range(rounds):
        for number in (small, large) if turn % 2 == 0 else (large, small):
            with ground.database(f"queue{number}"):
                desks[number]()  # opens the connection
                taken[number].append(per_call(desks[number], calls))
                with CaptureQueriesContext(connection) as counted:
                    desks[number]()
                queries[number] = len(counted)
    notes = f"{queries[large]} and {queries[small]} queries (at most 15 wanted)"
    return Ratio(
        f"queue page `/` with {large:,} open cases, against the same with {small:,}",
        taken[large],
        taken[small],
        notes,
    )


def _filled(number: int) -> Callable[[], None]:
    """A database with so many open cases; what it returns reads the page."""
    with ground.database(f"queue{number}"):
        person = bulk.open_cases(number, timezone.localdate())
        ground.settle()
        browser = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
        browser.force_login(person)
    address = reverse("home")

    def read() -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")

    return read
