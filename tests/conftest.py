"""What every test may use. Factories and sample data live beside the tests of their app."""

import importlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate  # noqa: TID251  of the test run only
from hypothesis import settings

from cases import guards
from tests import chromium
from tests.laid import laid_in_the_common_world  # noqa: F401  a fixture of every test

# the same examples on every run; the long one looks for others
settings.register_profile("every run", derandomize=True)
if os.environ.get("ZHIHENG_LONG") != "1":
    settings.load_profile("every run")


LONG_FILES = ("test_machine.py", "test_generate.py", "test_closed_volume.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long first; skip, with the reason, what this machine or this run cannot do."""
    # a file goes to one worker as a whole: none of the long ones may be last
    items.sort(
        key=lambda item: (item.get_closest_marker("browser") is None, item.path.name not in LONG_FILES)
    )
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


def put_back_reference_data(**signal: Any) -> None:
    """What migrations load (areas, targets of the plan) and the flush after a committing test empties; and what it leaves."""
    if signal["app_config"].name != "reports":  # the last room: every table is there
        return
    if connection.vendor == "sqlite":  # numbers begin anew, as in a fresh database; all but these is empty
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM sqlite_sequence WHERE name NOT LIKE 'django_%' AND name NOT LIKE 'auth_%'"
            )
    for module, function in REFERENCE_DATA:
        getattr(importlib.import_module(module), function)(apps, None)
    index = importlib.import_module("adjudication.searching.index")  # no model, so no flush knows it
    index.remove({part // index.SLOT for part in index.ids()})


REFERENCE_DATA = (
    ("stations.migrations.0002_areas", "load"),
    ("reports.migrations.0002_plan_targets", "put_in"),
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """From here on every flush puts the reference data back."""
    post_migrate.connect(put_back_reference_data, dispatch_uid="tests.reference_data")


@pytest.fixture
def committing(transactional_db: None) -> Iterator[None]:
    """A test that really commits: threads, processes, on_commit.

    The guards refuse to empty the record, so they are taken down before the flush that follows; the flush
    ends with post_migrate, which puts them back.
    """
    yield
    guards.drop()
