"""What stands between a caller and us: his address behind reverse proxies, and the path of a portal around us."""

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


class PortalPath:
    """Takes the portal's path off what is public, for a portal that passes it on; one that strips it is served as well.

    Nothing else answers below that path: staff do not work under the portal.
    """

    UNDER = ("/rulings/", "/static/", "/verify/", "/robots.txt")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        base = settings.SITE["base"]
        rest = request.path_info.removeprefix(base)
        if base and rest != request.path_info and rest.startswith(self.UNDER):
            request.path_info = rest
        return self.get_response(request)
