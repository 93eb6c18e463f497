"""Every request passes here: the session's limits, then the policy's answer for its route."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control

from . import policy

Handler = Callable[[HttpRequest], HttpResponse]
SECOND_FACTOR_ROUTES = {"second_factor", "logout", "password_change", "healthz", "readyz"}


def end_if_over(request: HttpRequest) -> None:
    """End a session idle for 30 minutes or older than 12 hours, on the server."""
    now = int(time.time())
    began = request.session.setdefault("began_at", now)
    seen = request.session.get("seen_at", now)
    if now - began > settings.SESSION_ABSOLUTE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif now - seen > 60 or "seen_at" not in request.session:
        request.session["seen_at"] = now


class RoutePolicy:
    """Lets a request through only if policy.toml declares its route and method for one of the user's roles."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_public", False):
            return self._checked_public(response)
        patch_cache_control(response, private=True, no_store=True)
        return response

    @staticmethod
    def _checked_public(response: HttpResponse) -> HttpResponse:
        """A public answer carries nothing personal: no cookie, no variation by cookie."""
        if response.cookies or "Cookie" in response.get("Vary", ""):
            raise RuntimeError("a public response carries a cookie or varies by it")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        methods = policy.route_methods(route)
        if methods is None:
            raise PermissionDenied(f"route not in the policy: {route}")
        method = "GET" if request.method == "HEAD" else (request.method or "")
        if method not in methods:
            if method == "OPTIONS" and route.startswith("api:"):
                return None
            return HttpResponseNotAllowed(sorted(methods))
        if policy.ANYONE in methods[method]:
            request.is_public = route in _public_routes()  # type: ignore[attr-defined]
            return None
        if request.user.is_authenticated:
            end_if_over(request)
        user = request.user
        if route.startswith(
            "api:"
        ):  # the API authenticates by token too; its permission class asks the policy
            if user.is_authenticated and settings.SECOND_FACTOR and not user.is_verified():  # type: ignore[union-attr]
                return JsonResponse(
                    {"code": "second_factor", "status": 403, "detail": "请先完成二次验证。"},
                    status=403, content_type="application/problem+json",
                )  # fmt: skip
            return None
        if not user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"HX-Redirect": settings.LOGIN_URL})
            return redirect_to_login(request.get_full_path())
        policy.remember(user)
        if settings.SECOND_FACTOR and not user.is_verified() and route not in SECOND_FACTOR_ROUTES:  # type: ignore[union-attr]
            return redirect("second_factor")
        if not policy.route_answer(route, method, policy.standing(user, timezone.localdate())):
            if request.headers.get("Accept", "").startswith("application/json"):
                return JsonResponse({"code": "forbidden"}, status=403)
            raise PermissionDenied
        return None


def _public_routes() -> frozenset[str]:
    return frozenset(policy.policy().groups.get("public_routes", ()))
