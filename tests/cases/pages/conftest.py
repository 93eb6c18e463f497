"""What the tests of the staff pages share: one day, the head of the centre, a case with values to protect."""

import pytest

from tests.cases.pages.desks import ADDRESS
from tests.factories import TODAY, body, register, registration, user


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """Every page is asked on the factories' day."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: TODAY)


@pytest.fixture
def head():
    return user("head", ("head", body("centre")))


@pytest.fixture
def case(head):
    parties = [
        {**registration()["parties"][0], "address": ADDRESS, "service_address": ADDRESS},
        {"role": "respondent", "kind": "person", "name": "李四", "phone": "13900139000"},
    ]
    return register(parties=parties)
