"""The house, its people and a browser for the journeys; the worker is played by draining the outbox between pages."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from cases import outbox
from cases.limiting import Limit
from cases.models import Outbox
from mediation import answering
from reports import house
from stations.models import User
from tests import chromium
from tests.laid import laid_once

from .people import PASSWORD, Person


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys; every person gets a context of their own."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright keeps a loop in this thread; nothing here is concurrent
    )
    with sync_playwright() as playwright:
        rights = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(
            executable_path=chromium.executable(), args=["--lang=zh-CN", *rights]
        )
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(autouse=True)
def own_limits() -> Iterator[None]:
    """Tries at the answer page count for this journey alone: a shared cache outlives it."""
    mark = uuid4().hex
    with pytest.MonkeyPatch.context() as own:  # no start state depends on it
        own.setattr(answering, "BY_ADDRESS", Limit(f"{mark}-address", 10, 600))
        own.setattr(answering, "BY_ALL", Limit(f"{mark}-all", 40, 600))
        yield


@pytest.fixture
def today(committing: None) -> date:
    """The day of the server."""
    return timezone.localdate()


@pytest.fixture
def base(today: date, live_server: LiveServer) -> str:
    """The demonstration's house with its people, at an address."""
    import_module("stations.migrations.0002_areas").load(
        apps, None
    )  # a test before this one emptied the tables
    seated()
    return str(live_server.url)


@laid_once
def seated() -> None:
    house.build()
    User.objects.filter(is_active=True).update(password=make_password(PASSWORD))


@pytest.fixture
def open_for(browser: Browser, base: str) -> Iterator[Callable[..., Person]]:
    """`open_for("clerk", screen=, script=)` seats somebody at a browser; "" is anybody, signed out.

    At the end nobody may have seen an error in the console, a refused script or style, or a missing part.
    """
    seated: list[Person] = []

    def seat(name: str = "", **how: Any) -> Person:
        person = Person(browser, base, **how)
        seated.append(person)
        return person.sign_in(name) if name else person

    yield seat
    complaints = [line for person in seated for line in person.complaints]
    for person in seated:
        person.context.close()  # closing twice does no harm
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def work() -> Callable[[], int]:
    """The worker's turn: everything promised so far is done, nothing failed."""

    def turn() -> int:
        done = outbox.drain()
        left = list(Outbox.objects.exclude(state=Outbox.State.DONE).values_list("name", "error"))
        assert not left, left
        return done

    return turn
