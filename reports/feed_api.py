"""The feed: figures for other systems as JSON, JSON Lines, CSV and XLSX, and an Atom feed of what changed them.

Unchanged since the last reading: 304 without a question to facts. Who reads and what: reports/feeding.
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from cases import access
from cases.views.pages import address
from reports import asking, conditional, splits
from reports.api import AS_OF, CODE, MATCH, PERIOD
from reports.api_serializers import FeedShape
from reports.asking import Asked, BadQuestion
from reports.feeding import changes, composing, writing
from reports.feeding.composing import Question
from reports.feeding.tokens import FeedAuthentication, FeedPermission, ReceiverThrottle
from reports.models import FeedToken

BY = OpenApiParameter(
    "by", OpenApiTypes.STR, many=True, enum=list(splits.SPLITS), description="另附分组，可重复；仅计数指标"
)


class Feed(APIView):
    """读取指标数据。"""

    authentication_classes = [FeedAuthentication, SessionAuthentication]
    permission_classes = [FeedPermission]

    def get_throttles(self) -> list[Any]:
        """A receiver is counted as itself, wherever it asks from; people as everywhere."""
        return [ReceiverThrottle()] if isinstance(self.request.auth, FeedToken) else super().get_throttles()

    def question(self, request: Request) -> Question:
        """What is asked, cut to the token where one is held. Raises BadQuestion, Refused."""
        today, said, scope = timezone.localdate(), request.query_params, request.auth
        by = [name for name in said.getlist("by") if name]
        if unknown := [name for name in by if name not in splits.SPLITS]:
            raise BadQuestion(
                "unknown_split", _("没有分组“%s”，请核对。") % "、".join(n[:40] for n in unknown)
            )
        codes, period = asking.codes(said.getlist("code")), said.get("period", "")
        if isinstance(scope, FeedToken) and not period.strip():
            asked = Asked(composing.default_period(scope, today), today)
        else:
            asked = asking.asked(period, said.get("as_of", ""), today=today)
        found = Question(codes, by, asked)
        return composing.within(found, scope, today) if isinstance(scope, FeedToken) else found


class FeedFigures(Feed):
    """指标数据（JSON）。没有变化时以 304 应答，不重新计算。"""

    @extend_schema(parameters=[PERIOD, AS_OF, CODE, BY, MATCH], responses={200: FeedShape, 304: None})
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request, "json")

    def answer(self, request: Request, ending: str) -> HttpResponse:
        question, form = self.question(request), writing.FORMATS[ending]

        def make() -> tuple[str, HttpResponse]:
            rows = list(composing.rows(question))
            body = form.write(rows, question.asked.period, question.asked.as_of.isoformat())
            # a sheet bears the minute it was made in: its digest is that of the same rows as JSON
            same = (
                body
                if ending != "xlsx"
                else writing.FORMATS["jsonl"].write(rows, question.asked.period, ending)
            )
            return conditional.etag_of(same), HttpResponse(body, content_type=form.type)

        key = conditional.digest("feed", ending, conditional.stamps(), *question.parts())
        response = conditional.answer(request._request, key, make)
        if ending in ("csv", "xlsx"):
            name = f"figures-{question.asked.period.text}.{ending}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class FeedFile(FeedFigures):
    """同一数据的 JSON Lines、CSV、XLSX。"""

    @extend_schema(
        parameters=[PERIOD, AS_OF, CODE, BY, MATCH],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 304: None},
    )
    def get(self, request: Request, ending: str) -> HttpResponse:  # type: ignore[override]
        if ending not in writing.FORMATS:
            raise Http404
        if not isinstance(request.auth, FeedToken):
            access.log_export(request.user, f"feed/{ending}", rows=0, address=address(request._request))
        return self.answer(request, ending)


class FeedChanges(Feed):
    """指标变动：近三个月的更正、外部数据和冻结（Atom）。"""

    @extend_schema(
        operation_id="feed_changes", parameters=[CODE, MATCH],
        responses={(200, "application/atom+xml"): OpenApiTypes.STR, 304: None},
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        today, outside = timezone.localdate(), isinstance(request.auth, FeedToken)
        codes = self.question(request).codes

        def make() -> tuple[str, HttpResponse]:
            where = request.build_absolute_uri(request.path)
            text = changes.atom(changes.since(today, codes), codes, where, today, outside=outside)
            return conditional.etag_of(text), HttpResponse(
                text, content_type="application/atom+xml; charset=utf-8"
            )

        key = conditional.digest("changes", conditional.stamps(), today, outside, *codes)
        return conditional.answer(request._request, key, make)
