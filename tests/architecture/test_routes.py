"""Every address stands in policy.toml, and role by role it answers as the policy says: allowed, refused, signed out."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cases.models import Case, Event
from stations import policy
from stations.models import Role, User
from tests.factories import user
from tests.house import _grants

pytestmark = pytest.mark.django_db
NOWHERE = {"slug": "nowhere", "pk": 987654321, "seq": 987654321, "year": 2999, "serial": 987654321, "ending": "pdf", "name": "none",
           "decision": "approve",
           "code": "NONE", "kind": "none", "uid": "00000000-0000-4000-8000-000000000000",
           "app_label": "stations", "object_id": "987654321", "content_type_id": "987654321"}  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
# Whoever signs in meets these before any role is known; they are no public pages.
AT_THE_DOOR = {"login", "healthz", "readyz"}
# Public forms without a session: their authority stands in the body, so there is nothing to forge (the view says why).
WITHOUT_SESSION = {"answer", "tip_new", "tip_status"}
UNREADY = {"readyz": {503}}  # the test run has no worker's broker to be ready with


def walk(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*spaces, entry.name or ""]), entry
        else:
            yield from walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


@cache
def addresses() -> dict[str, str]:
    """View name -> an address of it; ids are of nothing that exists."""
    found = {}
    for name, pattern in walk(get_resolver()):
        if name.endswith(":"):  # the admin's catch-all has no name
            continue
        names = (
            pattern.pattern.regex.groupindex
            if hasattr(pattern.pattern, "_regex")
            else pattern.pattern.converters
        )
        found[name] = reverse(name, kwargs={word: NOWHERE[word] for word in names})
    return found


ROUTES = sorted(addresses())
ALL = [*Role.values, "nobody", ""]  # nobody: signed in without a grant; "": signed out


def person(role: str) -> User | None:
    return user(f"one-{role}", *(_grants(role) if role in Role.values else ())) if role else None


def client_of(role: str, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    someone = person(role)
    if someone is not None:
        client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(route: str, method: str, role: str, client: Client | None = None, **options: Any) -> Any:
    client = client or client_of(role, **options)
    words = (
        {"content_type": "application/json", "data": "{}"}
        if route.startswith("api:") and method not in ("GET", "HEAD")
        else {}
    )
    return client.generic(method, addresses()[route], **words)


def allowed(route: str, method: str, role: str) -> bool:
    """The policy read once more, without the code that is tested."""
    row = policy.policy().routes["admin:*" if route.startswith("admin:") else route]
    roles = row.get("GET" if method == "HEAD" else method, frozenset())
    return bool("anyone" in roles or (role and ("signed_in" in roles or role in roles)))


# declared -----------------------------------------------------------------------------------------------------------


def test_there_are_many_routes_and_each_has_an_address():
    assert len(ROUTES) > 60
    assert len(set(addresses().values())) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_stands_in_the_policy(route):
    assert policy.route_methods(route) is not None, f'"{route}" is missing under [routes]'


def test_every_row_is_a_route():
    rows = set(policy.policy().routes) - {"admin:*"}
    assert rows - set(ROUTES) == set()


def test_rows_name_roles_and_methods():
    for route, methods in policy.policy().routes.items():
        assert methods and set(methods) <= set(METHODS) - {"HEAD", "OPTIONS"}, route
        for roles in methods.values():
            assert roles and roles <= {*Role.values, "anyone", "signed_in"}, route


def test_only_public_pages_and_the_door_are_open_to_anyone():
    open_to_all = {
        r for r, methods in policy.policy().routes.items() if any("anyone" in who for who in methods.values())
    }
    public = set(policy.policy().groups["public_routes"])
    assert open_to_all - AT_THE_DOOR == public
    assert all(set(policy.policy().routes[route]) == {"GET"} for route in public - WITHOUT_SESSION)


def test_an_unknown_address_answers_404_to_everyone():
    for role in ("", "nobody", "clerk", "district"):
        assert client_of(role).get("/no/such/address/").status_code == 404


# the matrix ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ALL, ids=[role or "signed out" for role in ALL])
def test_matrix(role):
    """Route × method, for one role. Ids are of nothing: who is allowed gets 404 or is told what is missing, never 403."""
    wrong = []
    before = Event.objects.count(), Case.objects.count()
    client = client_of(role)
    for route in ROUTES:
        declared = policy.route_methods(route)
        for method in METHODS if role in ("", "clerk", "district") else ("GET", "POST"):
            answer = ask(route, method, role, client)
            if not fits(route, method, role, answer, declared):
                wrong.append((route, method, answer.status_code))
        if route.endswith("logout"):
            client = client_of(role)
    assert wrong == []
    assert (Event.objects.count(), Case.objects.count()) == before


def fits(route: str, method: str, role: str, answer: Any, declared: Any) -> bool:
    code = answer.status_code
    if code >= 500:
        return code in UNREADY.get(route, ())
    if method == "OPTIONS" and route.startswith("api:"):
        return code in (200, 401, 403)  # what the API says of itself
    if ("GET" if method == "HEAD" else method) not in declared:
        return code in (401, 403, 405)
    if route.startswith("admin:") and role and allowed(route, method, role):
        return True  # the admin site refuses more than the policy: what is never deleted, say
    if allowed(route, method, role):
        return code not in (401, 403, 405) and not to_sign_in(answer)
    if role:
        return code == 403
    return code == 401 if route.startswith("api:") else to_sign_in(answer)


def to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(f"{settings.LOGIN_URL}?next=")


def test_htmx_is_sent_to_sign_in_without_a_page():
    for route in ROUTES:
        if (
            "GET" in (policy.route_methods(route) or {})
            and not allowed(route, "GET", "")
            and ":" not in route
        ):
            answer = Client().get(addresses()[route], headers={"HX-Request": "true"})
            assert (answer.status_code, answer.get("HX-Redirect")) == (401, settings.LOGIN_URL), route


# cross-site, headers ------------------------------------------------------------------------------------------------

UNSAFE = [
    (r, m) for r in ROUTES if r not in WITHOUT_SESSION for m in (policy.route_methods(r) or {}) if m != "GET"
]


@pytest.mark.parametrize(("route", "method"), UNSAFE, ids=[f"{m} {r}" for r, m in UNSAFE])
def test_a_write_without_the_csrf_token_is_refused(route, method):
    role = next((r for r in [*Role.values, ""] if allowed(route, method, r)), "clerk")
    answer = ask(route, method, role, enforce_csrf_checks=True)
    assert answer.status_code == 403, f"{role} {method} {route}: {answer.status_code}"


READ = [r for r in ROUTES if "GET" in (policy.route_methods(r) or {})]


@pytest.mark.parametrize("route", READ)
def test_headers(route):
    for role in (r for r in [*Role.values, ""] if allowed(route, "GET", r)):
        answer = ask(route, "GET", role)
        assert answer["X-Content-Type-Options"] == "nosniff"
        rules = answer["Content-Security-Policy"]
        assert (
            "default-src 'none'" in rules and "frame-ancestors 'none'" in rules and "base-uri 'none'" in rules
        )
        assert "unsafe" not in rules and "http" not in rules and "*" not in rules
        assert answer["X-Frame-Options"] == "DENY" and answer["Referrer-Policy"] == "same-origin"
        if route in policy.policy().groups["public_routes"]:
            assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
        else:
            assert {"no-store", "private"} <= set(re.split(r",\s*", answer["Cache-Control"]))
        break


@pytest.mark.parametrize("route", sorted(policy.policy().groups["public_routes"]))
def test_a_public_page_is_the_same_for_whoever_is_signed_in(route):
    _grants("clerk")  # the clerk's station stands before either looks
    signed_out, signed_in = ask(route, "GET", ""), ask(route, "GET", "clerk")
    assert (signed_out.status_code, signed_out.getvalue()) == (signed_in.status_code, signed_in.getvalue())
    assert not signed_in.cookies


# a session alone is not enough --------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", [r for r in ROUTES if "GET" in (policy.route_methods(r) or {})])
def test_without_the_second_factor_a_session_reaches_nothing(route, settings):
    settings.SECOND_FACTOR = "totp"
    if allowed(route, "GET", ""):
        return
    role = next(r for r in Role.values if allowed(route, "GET", r))
    answer = ask(route, "GET", role)
    if route in ("second_factor", "password_change"):
        assert answer.status_code in (200, 302)
    elif route.startswith("api:"):
        assert answer.status_code == 403
    else:
        assert answer.status_code == 302 and answer["Location"] == reverse("second_factor")


@pytest.mark.parametrize("path", ["/", "/api/v1/stations/"])
@pytest.mark.parametrize(("began", "seen"), [(13, 0), (1, 0.51), (13, 13)])
def test_an_idle_or_old_session_is_ended_on_the_server(path, began, seen, time_machine):
    time_machine.move_to("2026-11-20T10:00:00+08:00", tick=False)
    client = client_of("clerk")
    assert client.get(path).status_code == 200
    session = client.session
    now = session["began_at"]
    session["began_at"], session["seen_at"] = now - int(began * 3600), now - int(seen * 3600)
    session.save()
    old = client.cookies["session"].value
    answer = client.get(path)
    assert answer.status_code in (302, 401)
    assert not Session.objects.filter(session_key=old).exists()
