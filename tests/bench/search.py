"""The search page of the public rulings over a hundred thousand of them, against the bare query of its index.

A whole request through the middleware and the template, in this process; beneath it the index is asked for the twenty
newest hits and their rows are read, nothing counted, marked or written as HTML.
"""

import random
import time
from statistics import median, quantiles

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from adjudication import searching
from adjudication.models import PublishedRuling
from adjudication.searching import index
from adjudication.searching.words import mark, wanted

from . import ground, rulings
from .ratios import Ratio, per_call

YEARS = 10


def measure(*, rounds: int, calls: int, number: int) -> Ratio:
    """Typical questions in turn; `notes` says how long each took and the ninety-fifth of a hundred."""
    with ground.database("rulings"):
        rulings.fill(number, timezone.localdate().year, YEARS)
        ground.settle()
        browser = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
        asked = questions()
        taken: dict[str, list[float]] = {name: [] for name in asked}
        ours, beneath, queries = [], [], 0
        for query in asked.values():
            with CaptureQueriesContext(connection) as counted:
                read(browser, query)
            queries = max(queries, len(counted))
            bare(query)
        for _round in range(rounds):
            for name, query in asked.items():
                for _call in range(calls):
                    begin = time.perf_counter()
                    read(browser, query)
                    taken[name].append(time.perf_counter() - begin)
            ours.append(per_call(lambda: [read(browser, one) for one in asked.values()], 1) / len(asked))
            beneath.append(per_call(lambda: [bare(one) for one in asked.values()], 1) / len(asked))
    everything = [one for times in taken.values() for one in times]
    each = "; ".join(
        f"{name} {median(times) * 1000:.0f}/{_p95(times):.0f} ms" for name, times in taken.items()
    )
    return Ratio(
        f"search page over {number:,} rulings, against the bare query of the index", ours, beneath,
        f"p95 of all {_p95(everything):.0f} ms, at most {queries} queries; median/p95: {each}",
    )  # fmt: skip


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else times[0] * 1000


def questions() -> dict[str, dict[str, str]]:
    """What people ask, with words taken from the texts themselves."""
    some = PublishedRuling.objects.order_by("pk")
    one = some[random.Random(5).randrange(some.count())]
    party = one.data()["parties"][0]["name"]
    patent = one.text.partition("涉案专利：")[2].partition("；")[0]
    return {
        "rare word": {"q": party[:2]},
        "party": {"q": party, "in": "party"},
        "common word": {"q": "事实"},
        "long common word": {"q": "落入涉案专利权利要求"},
        "two words": {"q": "缓释阀门 公证购买"},
        "common and rare": {"q": f"事实 {party}"},
        "word and facets": {"q": "缓释阀门", "right": "invention", "outcome": "established"},
        "common word, rare facet": {"q": "事实", "status": "annulled"},
        "common word of a year": {"q": "事实", "year": str(one.year)},
        "case number": {"q": f"{one.year}年{one.serial}号"},
        "patent number": {"q": patent},
        "one character": {"q": "的"},
        "nothing": {"q": "不存在的词语"},
        "no words": {},
        "facets alone": {"right": "design", "status": "sued"},
    }


def read(browser: Client, query: dict[str, str]) -> bytes:
    answer = browser.get("/rulings/", query)
    if answer.status_code != 200:
        raise SystemExit(f"search answered {answer.status_code}")
    return bytes(answer.content)


def bare(query: dict[str, str]) -> int:
    """The twenty newest that have all tokens, by one SQL statement."""
    words = searching.read(query).words
    tokens = [token for word in words for token in wanted(word)] or [mark("part", "text")]
    if connection.vendor == "sqlite":
        found, match = (
            f"SELECT rowid FROM {index.TABLE} WHERE {index.TABLE} MATCH %s ORDER BY rowid DESC",
            " AND ",
        )
    else:
        found, match = f"SELECT id FROM {index.TABLE} WHERE words @@ %s::tsquery ORDER BY id DESC", " & "
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.number, p.title, p.cause, p.text FROM adjudication_publishedruling p JOIN "
            f"adjudication_searchpart s ON s.published_id = p.id WHERE s.id IN ({found} LIMIT 20)",
            [match.join(tokens)],
        )
        return len(cursor.fetchall())
