"""The API asks the same policy as the pages: one row per route, method and role."""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from . import policy


class PolicyPermission(BasePermission):
    """Allows what policy.toml declares for `api:<name>`; whatever is not declared is refused."""

    message = "您的角色不能使用该接口。"

    def has_permission(self, request: Request, view: Any) -> bool:
        match = request.resolver_match
        policy.remember(request.user)
        held = policy.standing(request.user, timezone.localdate())
        answer = policy.route_answer(match.view_name if match else "", request.method or "", held)
        if answer is None and request.method not in ("GET", "HEAD", "OPTIONS"):
            raise MethodNotAllowed(request.method or "")
        return bool(answer)
