"""Refusals as RFC 9457 problem documents with a stable `code` and a Chinese `detail`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from .errors import DomainError

TITLES = {
    400: "请求有误", 401: "未登录", 403: "无权办理", 404: "没有找到", 405: "不支持的方法", 409: "与现状冲突",
    413: "内容过大", 415: "不支持的格式", 422: "无法处理", 428: "缺少前提", 429: "请求过于频繁",
}  # fmt: skip


def document(
    status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None, **facts: Any
) -> Response:
    """A problem document."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": TITLES.get(status, "错误"), "status": status, "code": code, "detail": detail,
    }  # fmt: skip
    if errors:
        body["errors"] = errors
    body.update({k: v for k, v in facts.items() if isinstance(v, str | int)})
    return Response(body, status=status, content_type="application/problem+json")


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal of the house in one shape."""
    if isinstance(error, DomainError):
        set_rollback()
        errors = [
            {"field": name, "code": error.code, "detail": text}
            for name, texts in error.fields.items()
            for text in texts
        ]
        return document(error.status, error.code, str(error.message), errors, **error.facts)
    if isinstance(error, Http404):
        return document(404, "not_found", "没有找到，或您无权查看。")
    if isinstance(error, PermissionDenied):
        return document(403, "forbidden", "您无权办理该操作。")
    plain = exception_handler(error, context)
    if plain is None:
        return None
    code = error.default_code if isinstance(error, exceptions.APIException) else "error"
    detail = error.detail if isinstance(error, exceptions.APIException) else ""
    errors = []
    if isinstance(detail, dict):
        errors = [{"field": str(k), "code": code, "detail": str(v)} for k, v in detail.items()]
        detail = "请按提示修改后再提交。"
    made = document(plain.status_code, code, str(detail), errors)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in plain.headers:
            made[header] = plain.headers[header]
    return made
