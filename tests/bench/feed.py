"""The feed of last year as a receiver outside reads it: made anew, and unchanged since the last reading.

Whole requests through middleware, token and throttle, in this process, on the history of `figures`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports import indicators, periods, splits
from reports.feeding import composing, tokens
from reports.models import FeedToken
from stations.models import User

from . import figures, ground
from .ratios import Ratio, side_by_side

WANTED = 0.002  # seconds of a 304
RECEIVER = "模拟接收单位"


def measure(*, rounds: int, cases: int) -> Ratio:
    """The rows with every part, against the figures alone: what parts and keeping back small cells cost."""
    today = timezone.localdate()
    period = periods.year(today.year - 1)
    asked = composing.Asked(period, composing.cut(period, today))
    question = composing.Question(list(indicators.REGISTRY), list(splits.SPLITS), asked, outside=True)
    with ground.database(figures.HISTORY):
        figures.fill(cases)
        rows = list(composing.rows(question))
        return side_by_side(
            f"feed of {period.text} with its parts, against the figures alone", lambda: list(composing.rows(question)),
            lambda: indicators.figures(indicators.REGISTRY, [period], asked.as_of), rounds=rounds,
            notes=f"{len(rows)} rows, {sum(row.suppressed for row in rows)} kept back",
        )  # fmt: skip


def unchanged(*, rounds: int, calls: int, cases: int) -> Ratio:
    """A 304 to the receiver, against the same answer made anew."""
    with ground.database(figures.HISTORY):
        figures.fill(cases)
        read, etag = _reader(timezone.localdate().year - 1)
        with CaptureQueriesContext(connection) as asked:
            read(etag)
        queries = len(asked)
        if facts := [query["sql"] for query in asked if "cases_event" in query["sql"]]:
            raise SystemExit(f"a 304 asked the facts: {facts[0]}")

        def anew() -> None:
            cache.clear()
            read("")

        found = side_by_side(
            "feed unchanged (304), against the same answer made anew",
            lambda: read(etag),
            anew,
            rounds=rounds,
            calls=calls,
        )
    notes = f"{queries} queries, no question to facts; at most {WANTED * 1000:.0f} ms wanted"
    return Ratio(found.subject, found.ours, found.beneath, notes)


def _reader(year: int) -> tuple[Callable[[str], Any], str]:
    """What reads the feed with an ETag, and the ETag it has."""
    tokens.READS = type(tokens.READS)(tokens.READS.name, 10**9, 60)  # the limit is not what is measured
    FeedToken.objects.filter(receiver=RECEIVER).delete()
    maker, _new = User.objects.get_or_create(username="sim_bench", defaults={"is_active": False})
    _row, text = FeedToken.issue(
        receiver=RECEIVER, document="模拟文件", codes=list(indicators.REGISTRY), splits=["station"], grain="year",
        made_by=maker, expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    browser = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    address = f"{reverse('api:feed')}?period={year}"

    def read(etag: str) -> Any:
        answer = browser.get(address, headers={"Authorization": f"Bearer {text}", "If-None-Match": etag})
        if answer.status_code != (304 if etag else 200):
            raise SystemExit(f"{address} answered {answer.status_code}")
        return answer

    return read, read("")["ETag"]
