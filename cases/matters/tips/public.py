"""The public pages of 举报: telling, and asking by code. No account, no session, no cookie, no script.

The code stands in the body of a POST only, and on the page that answers the telling; nothing typed reaches an address
or a log.
"""

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from cases import codes
from cases.errors import DomainError
from cases.matters import Kept
from cases.views.pages import address, messages_of, new_key, posted
from cases.views.uploading import kept_of, without_tokens

from . import asking
from .forms import PublicTip

log = structlog.get_logger()
BUSY = _("提交过于频繁，请稍后再试，或者拨打 12315、12345。")
UNKNOWN = _("没有查到。请核对查询码；多次输错需要等待十分钟。")


# Exempt, both: whoever forges the request could as well send his own. There is no session whose authority another site
# could borrow, and a CSRF cookie would be the only cookie of these pages.
@csrf_exempt
@sensitive_post_parameters()
@sensitive_variables()
def tip_new(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST takes the tip and shows its code once. Closed until the office opens it."""
    today = timezone.localdate()
    if not asking.is_open(today):
        return _page(request, "closed", status=404)
    blank = {"by": None, "today": today}
    if request.method != "POST":
        return _page(request, "form", form=PublicTip(**blank))
    if not asking.may_tell(address(request)):
        log.warning("tip_page_busy")
        return _page(request, "form", form=PublicTip(**blank), problem=BUSY, status=429)
    data = without_tokens(posted(request, PublicTip))
    data.pop("code", None)
    files: dict[str, list[Kept]] = {}
    try:
        files = kept_of(request, PublicTip)
        code = asking.tell(data, files, code=codes.new_code(), today=today, key=new_key())
    except DomainError as error:
        form = PublicTip({**data, "code": "0" * codes.LENGTH}, files, **blank)
        messages_of(error, form)
        return _page(request, "form", form=form, status=error.status)
    return _page(request, "done", code=code)


@csrf_exempt
@sensitive_post_parameters()
@sensitive_variables()
def tip_status(request: HttpRequest) -> HttpResponse:
    """GET asks for the code, POST tells the stage, and nothing else of the tip."""
    if request.method != "POST":
        return _page(request, "ask")
    caller = address(request)
    if not asking.may_ask(caller):
        log.warning("tip_status_busy")
        return _page(request, "ask", problem=BUSY, status=429)
    stage = asking.stage(request.POST.get("code", ""))
    if stage is None:
        log.info("tip_code_refused")
        return _page(request, "ask", problem=UNKNOWN, status=404)
    asking.forget(caller)
    return _page(request, "stage", stage=stage)


def _page(request: HttpRequest, part: str, *, status: int = 200, **more: Any) -> HttpResponse:
    response = render(request, "cases/tip_public.html", {"part": part, **more}, status=status)
    response["Cache-Control"] = "no-store"
    if status == 429:
        response["Retry-After"] = str(asking.ASKING.seconds)
    return response
