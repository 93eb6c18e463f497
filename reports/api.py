"""Indicators over the API: the figures with an ETag, and the list behind each number by cursor."""

import json
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api_pages import CursorPages
from reports import asking, cards, conditional, lists
from reports.api_serializers import CardShape, FiguresShape, LineShape
from reports.indicators import REGISTRY, figures
from stations.api_permissions import PolicyPermission

PERIOD = OpenApiParameter("period", OpenApiTypes.STR, description="2026、2026Q3、2026-07 或 A..B；默认本年")
AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description="截至日期：此后登记的内容不计；默认今天")
CODE = OpenApiParameter("code", OpenApiTypes.STR, many=True, description="只取这些指标，可重复")
SET = OpenApiParameter(
    "set",
    OpenApiTypes.STR,
    description="numerator（计入）、denominator（分母）、excluded（不计）或者其中一类；默认 numerator",
)
MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="上次响应的 ETag"
)


class Indicators(APIView):
    """各项指标。没有变化时以 304 应答，不重新计算。"""

    permission_classes = [PolicyPermission]

    @extend_schema(parameters=[PERIOD, AS_OF, CODE, MATCH], responses={200: FiguresShape, 304: None})
    def get(self, request: Request) -> HttpResponse:
        today = timezone.localdate()
        asked = asking.asked(
            request.query_params.get("period", ""), request.query_params.get("as_of", ""), today=today
        )
        codes = asking.codes(request.query_params.getlist("code"))

        def make() -> tuple[str, HttpResponse]:
            found = figures(codes, [asked.period], asked.as_of)
            body = {
                "period": asked.period.text,
                "as_of": asked.as_of.isoformat(),
                "figures": [one[0].as_dict() for one in found.values()],
            }
            text = json.dumps(body, ensure_ascii=False)
            return conditional.etag_of(text), HttpResponse(text, content_type="application/json")

        key = conditional.digest("api", conditional.stamps(), asked.period.text, asked.as_of, *codes)
        return conditional.answer(request._request, key, make)


class IndicatorCard(APIView):
    """一项指标的口径卡：公式及其各版、分子、分母、不计及原因、来源、目标依据。"""

    permission_classes = [PolicyPermission]

    @extend_schema(operation_id="indicator_card", parameters=[PERIOD, AS_OF], responses=CardShape)
    def get(self, request: Request, code: str) -> Response:
        today = timezone.localdate()
        asked = asking.asked(
            request.query_params.get("period", ""), request.query_params.get("as_of", ""), today=today
        )
        if code not in REGISTRY:
            raise Http404
        return Response(cards.compose(code, asked.period, asked.as_of).as_dict())


class IndicatorCases(GenericAPIView):
    """一个数字背后的案件清单，与看板上的数字一致；当事人隐名，无权查看的行遮蔽。"""

    permission_classes = [PolicyPermission]
    pagination_class = CursorPages
    filter_backends = ()
    serializer_class = LineShape

    @extend_schema(parameters=[PERIOD, AS_OF, SET], responses=LineShape(many=True))
    def get(self, request: Request, code: str) -> Response:
        today = timezone.localdate()
        asked = asking.asked(
            request.query_params.get("period", ""), request.query_params.get("as_of", ""), today=today
        )
        indicator, which = REGISTRY.get(code), request.query_params.get("set", "numerator")
        if indicator is None or not lists.known_set(indicator, which):
            raise Http404
        page: list[Any] = (
            self.paginate_queryset(lists.rows(indicator, which, asked.period, asked.as_of)) or []
        )
        return self.get_paginated_response(
            [line.as_dict() for line in lists.lines(indicator, page, request.user, today)]
        )
