"""A withheld ruling, and one taken down: no word of it in any public answer or in any index, only its number."""

import json
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.urls import NoReverseMatch, reverse

from adjudication import publication, searching
from adjudication.models.searching import SearchPart
from adjudication.redaction import texts
from adjudication.searching import index
from cases import outbox
from stations import policy
from tests.adjudication import public_story as story
from tests.adjudication.public_story import decide

pytestmark = pytest.mark.django_db
ARGUMENTS = {"year": 2026, "serial": 1, "pk": 1, "code": "none", "kind": "none", "name": "none"}
NEITHER = {"answer", "verify", "forms", "form", "form_file"}  # public, but not about rulings
WINDOW = 6  # characters in a row: enough to be nobody else's words


def addresses() -> dict[str, str]:
    """Every public address that speaks of rulings, by route; a new route that needs other arguments fails here."""
    found = {}
    for route in sorted(policy.policy().groups["public_routes"]):
        if route in NEITHER:
            continue
        for wanted in ((), ("year", "serial"), ("year",), ("pk",)):
            try:
                found[route] = reverse(route, kwargs={name: ARGUMENTS[name] for name in wanted})
                break
            except NoReverseMatch:  # the next shape of address
                continue
        assert route in found, route
    return found


def windows(words: str) -> set[str]:
    return {words[n : n + WINDOW] for n in range(len(words) - WINDOW + 1)}


def said_anywhere(client, asked: list[str]) -> str:
    """Everything anybody can be told: each public address, and the searches for each of these words."""
    paths = list(addresses().values())
    for word in asked:
        paths += [f"{reverse('rulings')}?q={quote(word)}", f"{reverse('api:rulings')}?q={quote(word)}"]
    said = []
    for path in paths:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said.append(publication.pdf_text(body) if body[:4] == b"%PDF" else body.decode())
        said += [f"{name}: {value}" for name, value in answer.headers.items()]
    return "\n".join(said)


@pytest.mark.parametrize("end", ["withhold", "withdraw"])
def test_no_word_of_it_is_public_only_its_number(client, end):
    before = said_anywhere(client, [])
    _adjudication, ruling, row = story.published() if end == "withdraw" else story.marked()
    words = {w for text in texts(json.loads(ruling.sections)) for w in windows(text)}
    words |= {w for line in row.candidate().text.split("\n") for w in windows(line)}
    # number and dates stand in the register
    mine = {w for w in words - windows(before) if not re.fullmatch(r"[\d年月日\-.〔〕津滨知裁字第号]+", w)}
    assert len(mine) > 150
    if end == "withdraw":
        searching.index_ruling(ruling.pk)
        assert len(mine & windows(said_anywhere(client, []))) > 100 and SearchPart.objects.exists()
    row = decide(row, end)
    outbox.drain()
    searching.index_ruling(ruling.pk)
    said = said_anywhere(client, ["阀门", "刘海燕", "ZL201010110210.8", "权利要求1"])
    for typed in ("阀门", "刘海燕", "ZL201010110210.8", "权利要求1"):  # the search box repeats what was typed
        said = said.replace(typed, "")
    assert not mine & windows(said)
    assert ruling.number in said
    assert not SearchPart.objects.exists() and not index.ids()
    assert not kept_for_search(mine)


def kept_for_search(words: set[str]) -> list[str]:
    """Tables made for the search, and what of these words stands in them, column by column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "search" in table and not table.endswith(("_config", "_idx", "_data", "_docsize", "_content")):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [table for line in cursor.fetchall() if any(w in str(line) for w in words)]
    return found
