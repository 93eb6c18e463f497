"""Signing in: lock-out without a tell-tale, limits of a session, second factor once, passwords, separated roles."""

import time
from datetime import date, timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from cases.models import AccessLog
from stations.models import Grant, StandIn, Token
from stations.passwords import StrengthValidator
from tests.factories import clerk, station, user

pytestmark = pytest.mark.django_db
PASSWORD = "Bohai-Sea-2026"


@pytest.fixture
def staff():
    made = clerk()
    made.set_password(PASSWORD)
    made.save()
    return made


def sign_in(client, password=PASSWORD, name="clerk", **more):
    return client.post(reverse("login"), {"username": name, "password": password, **more})


def code_of(device, at=None):
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = at or time.time()
    return f"{totp.token():06d}"


def test_signing_in_gives_a_new_session_and_writes_the_log(client, staff):
    client.get(reverse("login"))
    before = client.session.session_key
    answer = sign_in(client, next="/cases/")
    assert answer.status_code == 302 and answer.url == "/cases/"
    assert client.session.session_key != before
    assert AccessLog.objects.get(act="sign_in").user == staff


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_no_way_out_of_the_house(client, staff, target):
    assert sign_in(client, next=target).url == "/"


def test_user_name_is_read_in_one_form(client, staff):
    assert sign_in(client, name=" ＣＬＥＲＫ ").status_code == 302


def test_five_failures_lock_and_the_answer_stays_the_same(client, staff):
    wrong = [sign_in(client, "wrong") for _ in range(5)]
    locked = sign_in(client)  # even the right password
    unknown = sign_in(Client(), "wrong", name="nobody")

    def told(answer):
        return [str(e) for e in answer.context["form"].non_field_errors()]

    assert {a.status_code for a in [*wrong, locked, unknown]} == {200}
    assert told(wrong[0]) == told(locked) == told(unknown) != []
    assert AccessAttempt.objects.get(username="clerk").failures_since_start >= 5
    assert "_auth_user_id" not in client.session
    assert AccessLog.objects.filter(act="sign_in", outcome="locked").exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        assert sign_in(Client()).status_code == 302


def test_what_was_typed_as_user_name_is_not_logged(client, staff):
    sign_in(client, "x", name="Bohai-Sea-2026")
    assert AccessLog.objects.get().subject == "user:unknown"


@pytest.mark.parametrize(
    ("steps", "alive"),
    [
        ([29 * 60], True),
        ([31 * 60], False),
        ([25 * 60] * 28, True),  # 11 h 40 min, never idle
        ([25 * 60] * 30, False),  # beyond 12 h
    ],
)
def test_idle_and_absolute_limits_end_the_session_on_the_server(client, staff, steps, alive):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in(client)
        assert client.get(reverse("stations")).status_code == 200
        cookie = client.cookies["session"].value
        answer = None
        for seconds in steps:
            clock.shift(seconds)
            answer = client.get(reverse("stations"))
        assert (answer.status_code == 200) is alive
        if not alive:
            replayed = Client()
            replayed.cookies["session"] = cookie
            assert replayed.get(reverse("stations")).status_code == 302
            assert not Session.objects.filter(session_key=cookie).exists()


def test_logout_is_a_post_and_ends_the_session_on_the_server(client, staff):
    sign_in(client)
    cookie = client.cookies["session"].value
    assert client.get(reverse("logout")).status_code == 405
    answer = client.post(reverse("logout"))
    assert answer.status_code == 302 and "storage" in answer["Clear-Site-Data"]
    replayed = Client()
    replayed.cookies["session"] = cookie
    assert replayed.get("/").status_code == 302


# second factor -------------------------------------------------------------------------------------------------


@pytest.fixture
def totp(settings):
    settings.SECOND_FACTOR = "totp"


def test_a_password_alone_opens_nothing(client, staff, totp):
    sign_in(client)
    for name in ("home", "cases", "stations", "case_new"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302 and answer.url == reverse("second_factor")


def test_enrolment_then_a_code_works_once_in_any_spelling(client, staff, totp):
    sign_in(client)
    page = client.get(reverse("second_factor"))
    device = TOTPDevice.objects.get(user=staff)
    assert not device.confirmed and "<svg" in page.content.decode()
    with time_machine.travel(timezone.now(), tick=False):
        code = code_of(device)
        assert client.post(reverse("second_factor"), {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
        assert client.get(reverse("home")).status_code == 200
        other = Client()
        sign_in(other)
        assert "二维码" not in other.get(reverse("second_factor")).content.decode()
        wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        for spelling in (code, f"  {code}", wide):
            answer = other.post(reverse("second_factor"), {"code": spelling})
            assert answer.status_code == 200 and answer.context["form"].errors
        assert other.get(reverse("home")).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        other = Client()
        sign_in(other)
        device.refresh_from_db()
        assert other.post(reverse("second_factor"), {"code": code_of(device)}).status_code == 302


def test_verifying_gives_a_new_session(client, staff, totp):
    sign_in(client)
    client.get(reverse("second_factor"))
    before = client.session.session_key
    client.post(reverse("second_factor"), {"code": code_of(TOTPDevice.objects.get(user=staff))})
    assert client.session.session_key != before


# passwords -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["Short-1a", "alllowercaseletters", "ABCDEFGHIJKLmnop", PASSWORD])
def test_weak_or_same_password_is_refused(staff, bad):
    with pytest.raises(ValidationError):
        StrengthValidator().validate(bad, staff)


def test_changing_the_password_ends_other_sessions_and_tokens(client, staff):
    Token.issue(staff, timezone.now() + timedelta(days=1))
    other = Client()
    sign_in(client)
    sign_in(other)
    new = "Haihe-River-77"
    answer = client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert answer.status_code == 200 and "密码已修改" in answer.content.decode()
    assert client.get(reverse("stations")).status_code == 200
    assert other.get(reverse("stations")).status_code == 302
    assert Token.objects.get().revoked_at is not None


# grants --------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(client):
    made = user("security", ("security", None))
    client.force_login(made)
    return made


def grant(client, who, role, **more):
    data = {"user": who.pk, "role": role, "valid_from": "2026-01-01", **more}
    return client.post(reverse("grants"), data)


def test_two_of_the_separated_roles_are_refused(client, officer):
    someone = user("someone", ("auditor", None))
    assert grant(client, someone, "sysadmin").status_code == 400
    assert grant(client, someone, "clerk", station=station().pk).status_code == 302
    assert set(someone.grants.values_list("role", flat=True)) == {"auditor", "clerk"}


def test_a_grant_ends_at_once_and_is_logged(client, officer):
    someone = clerk()
    theirs = Client()
    theirs.force_login(someone)
    assert theirs.get(reverse("case_new")).status_code == 200
    client.post(reverse("grant_end", args=[someone.grants.get().pk]))
    assert theirs.get(reverse("case_new")).status_code == 403
    assert AccessLog.objects.get(act="grant").user == officer


def test_nobody_grants_to_himself(client, officer):
    assert grant(client, officer, "clerk", station=station().pk).status_code == 400
    assert Grant.objects.filter(user=officer).count() == 1


def test_a_stand_in_for_oneself_and_never_by_taking_it(client, officer):
    absent, other = clerk(), user("other")
    theirs = Client()
    theirs.force_login(other)
    today = timezone.localdate()
    said = {
        "absent": absent.pk,
        "substitute": other.pk,
        "valid_from": today,
        "valid_to": today,
        "reason": "出差",
    }
    assert theirs.post(reverse("stand_ins"), said).status_code == 400
    assert theirs.post(reverse("stand_ins_others"), said).status_code == 403
    theirs.force_login(absent)
    assert theirs.post(reverse("stand_ins"), said).status_code == 302
    assert StandIn.objects.get().substitute == other
    theirs.force_login(other)
    assert theirs.get(reverse("case_new")).status_code == 200
    assert client.post(reverse("stand_ins_others"), {**said, "substitute": officer.pk}).status_code == 400


def test_a_grant_of_yesterday_gives_nothing(client):
    someone = user("former")
    Grant.objects.create(
        user=someone, role="clerk", station=station(), valid_from=date(2020, 1, 1), valid_to=date(2020, 2, 1)
    )
    client.force_login(someone)
    assert client.get(reverse("cases")).status_code == 403
