"""`manage.py token USER`: printed once, kept as a digest only, works until it expires, is withdrawn or its user leaves."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from stations.models import Token
from tests.factories import TODAY, clerk, register

pytestmark = pytest.mark.django_db
LIST = "/api/v1/cases/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(f"{TODAY}T10:00:00+08:00", tick=False)
    return time_machine


def issued(*args, **options):
    out = StringIO()
    call_command("token", *args, stdout=out, **options)
    return out.getvalue().strip()


def ask(text):
    return APIClient().get(LIST, HTTP_AUTHORIZATION=f"Bearer {text}")


def test_a_token_is_printed_once_and_kept_as_a_digest():
    clerk()
    text = issued("clerk")
    row = Token.objects.get()
    assert "\n" not in text and len(text) >= 43
    assert row.digest == Token.digest_of(text) and text not in str(vars(row))
    assert row.user.username == "clerk" and row.expires_at == timezone.now() + timedelta(days=90)


def test_a_token_opens_what_its_user_may_see_and_nothing_else():
    clerk()
    case = register()
    clerk("clerk2", at="s2")
    assert [one["id"] for one in ask(issued("clerk")).json()["results"]] == [case.pk]
    assert ask(issued("clerk2")).json()["results"] == []
    assert ask("x" * 43).status_code == 401


def test_a_token_ends_on_its_day_when_withdrawn_or_when_its_user_leaves(clock):
    person = clerk()
    text = issued("clerk", days=3)
    clock.move_to(timezone.now() + timedelta(days=3, seconds=-1))
    assert ask(text).status_code == 200
    clock.move_to(timezone.now() + timedelta(seconds=1))
    assert ask(text).status_code == 401
    again = issued("clerk")
    Token.objects.filter(digest=Token.digest_of(again)).update(revoked_at=timezone.now())
    assert ask(again).status_code == 401
    third = issued("clerk")
    person.is_active = False
    person.save()
    assert ask(third).status_code == 401


@pytest.mark.parametrize(("name", "days", "code"), [("nobody", 90, 1), ("clerk", 0, 2), ("clerk", 367, 2)])
def test_a_token_for_nobody_or_for_too_long_is_refused(name, days, code):
    clerk()
    with pytest.raises(CommandError) as refusal:
        issued(name, days=days)
    assert refusal.value.returncode == code
    assert not Token.objects.exists()


def test_a_token_for_someone_who_left_is_refused():
    person = clerk()
    person.is_active = False
    person.save()
    with pytest.raises(CommandError, match="停用"):
        issued("clerk")
