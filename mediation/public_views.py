"""The page on which whoever holds an invitation answers it. Public: no account, no session, no cookie, no script.

The code travels in the body of a POST only: never in an address, a log or a Referer.
"""

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from cases.views.pages import address

from . import answering
from .answer_words import words_of
from .models import Invitation

log = structlog.get_logger()
LONGEST_REMARK = 2000
REASONED = ("refuse", "propose")


# Exempt: a forged request would need the code, and with the code it needs no forging. There is no session whose
# authority another site could borrow, and a CSRF cookie would be the only cookie of this page.
@csrf_exempt
@sensitive_post_parameters()
@sensitive_variables()
def answer(request: HttpRequest) -> HttpResponse:
    """GET asks for the code. POST with a good code shows what the letter said and takes one of three answers."""
    if request.method != "POST":
        return _page(request, words_of(request.GET.get("lang", "")), "code")
    words = words_of(request.POST.get("lang", ""))
    caller = address(request)
    if not answering.allowed(caller):
        log.warning("answer_page_busy")
        return _page(request, words, "code", status=429, problem=words["busy"])
    today = timezone.localdate()
    code = request.POST.get("code", "")
    invitation = answering.find(code, today)
    if invitation is None:
        return _wrong(request, words)
    answering.forget(caller)
    if "step" not in request.POST:
        return _asked(request, words, invitation, code)
    chosen = request.POST.get("answer", "")
    remark = request.POST.get("remark", "").replace("\r\n", "\n").strip()
    problems = _problems(words, chosen, remark)
    if problems:
        said = {"chosen": chosen, "remark": remark[: LONGEST_REMARK * 2]}
        return _asked(
            request, words, invitation, code, status=400, problem=words["mend"], errors=problems, **said
        )
    if not answering.answer(invitation, answer=chosen, remark=remark, today=today):
        return _wrong(request, words)
    label = next(label for value, label, _hint in words["choices"] if value == chosen)
    return _page(request, words, "done", answered=label)


def _problems(words: dict[str, Any], chosen: str, remark: str) -> dict[str, Any]:
    """What is missing, by field."""
    found = {}
    if chosen not in {value for value, _label, _hint in words["choices"]}:
        found["answer"] = words["no_answer"]
    if chosen in REASONED and not remark:
        found["remark"] = words["no_remark"]
    if len(remark) > LONGEST_REMARK:
        found["remark"] = words["too_long"]
    return found


def _wrong(request: HttpRequest, words: dict[str, Any]) -> HttpResponse:
    """One answer to every code that opens nothing; it repeats nothing of what was typed."""
    log.info("answer_code_refused")
    return _page(request, words, "code", status=404, problem=words["wrong"])


def _asked(
    request: HttpRequest,
    words: dict[str, Any],
    invitation: Invitation,
    code: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """What the letter said, as little of it as tells the matter apart, and the three answers."""
    row = invitation.mediation
    station = row.case.station
    kind = words.get("flavours", {}).get(row.flavour) or row.get_flavour_display()
    phone = (station.phone if station else "") or (row.body.phone if row.body else "") or row.handler.phone
    facts = [
        (words["matter"], str(row.case)), (words["kind"], kind), (words["phone"], phone),
        (words["until"], f"{invitation.expires_on:%Y-%m-%d}"),
    ]  # fmt: skip
    return _page(request, words, "ask", status=status, facts=[f for f in facts if f[1]], code=code, **more)


def _page(
    request: HttpRequest, words: dict[str, Any], part: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    response = render(request, "mediation/answer.html", {"words": words, "part": part, **more}, status=status)
    response["Cache-Control"] = "no-store"
    if status == 429:
        response["Retry-After"] = str(answering.BY_ADDRESS.seconds)
    return response
