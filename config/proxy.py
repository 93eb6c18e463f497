"""The caller's address behind reverse proxies, put in REMOTE_ADDR once, for everything after."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ClientAddress:
    """Believes as many entries of X-Forwarded-For, from the right, as there are proxies of ours.

    What a caller wrote into the header himself stands further left and is never read. The header is
    removed afterwards, so nobody else can be misled by it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if settings.PROXIES:
            hops = [hop.strip() for hop in forwarded.split(",")]
            if len(hops) >= settings.PROXIES:
                request.META["REMOTE_ADDR"] = _plain(hops[-settings.PROXIES], request.META["REMOTE_ADDR"])
        return self.get_response(request)


def _plain(value: str, otherwise: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        return otherwise
