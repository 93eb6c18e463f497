"""What every test may use. Factories and sample data live beside the tests of their app."""

import os
from collections.abc import Iterator

import pytest

from cases import guards
from tests import chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this machine or this run cannot do."""
    reasons = {}
    if os.environ.get("ZHIHENG_LONG") != "1":
        reasons["long"] = "large figures: run script/test --long"
    if chromium.executable() is None:
        reasons["browser"] = "no Chromium found: apt-get install chromium, or name one in CHROMIUM"
    if not os.environ.get("TEST_DATABASE_URL"):
        reasons["postgres"] = "no PostgreSQL: set TEST_DATABASE_URL"
    for item in items:
        for mark, reason in reasons.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def committing(transactional_db: None) -> Iterator[None]:
    """A test that really commits: threads, processes, on_commit.

    The guards refuse to empty the record, so they are taken down before the flush that follows; the flush
    ends with post_migrate, which puts them back.
    """
    yield
    guards.drop()
