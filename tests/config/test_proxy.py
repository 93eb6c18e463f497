"""The caller's address: what our proxies appended is believed, what the caller wrote is not."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from config.proxy import ClientAddress


def seen(forwarded: str | None) -> tuple[str, str]:
    """The address and the header that a view finds."""
    found = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append((request.META["REMOTE_ADDR"], request.META.get("HTTP_X_FORWARDED_FOR", "")))
        return HttpResponse()

    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    ClientAddress(view)(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers))
    return found[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "<script>", "10.0.0.1"),
        (1, None, "10.0.0.1"),
    ],
)
def test_address_behind_proxies(
    settings: Settings, proxies: int, forwarded: str | None, address: str
) -> None:
    settings.PROXIES = proxies
    assert seen(forwarded) == (address, "")
