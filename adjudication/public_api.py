"""Public rulings for machines: list with the filters of the page, detail as published. Nobody signs in."""

import json

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api_errors import document

from . import publication, searching
from .list_views import PAGE, following
from .models import PublicPage, PublishedRuling
from .public_views import MAX_AGE

CACHED = f"public, max-age={MAX_AGE}"


class RulingRow(serializers.ModelSerializer):
    right_kind = serializers.CharField()
    outcome = serializers.CharField()
    outcome_label = serializers.CharField(source="get_outcome_display")
    legal_status = serializers.CharField(source="status")
    legal_status_label = serializers.CharField(source="get_status_display")
    url = serializers.CharField(source="path")

    class Meta:
        model = PublishedRuling
        fields = [
            "number", "title", "cause", "right_kind", "outcome", "outcome_label", "legal_status",
            "legal_status_label", "summary", "made_on", "published_on", "url", "digest",
        ]  # fmt: skip


class RulingsFound(serializers.Serializer):
    """A page of results. With `more` there are more than `count`, and no facet is counted."""

    count = serializers.IntegerField()
    more = serializers.BooleanField()
    facets = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    next = serializers.CharField(allow_null=True)
    results = RulingRow(many=True)


class Rulings(APIView):
    """Search of public rulings, newest first, as the page does it.

    `q`: words that must all occur (one character suffices; case and patent numbers in any writing).
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="rulings_list",
        parameters=[
            OpenApiParameter("q", str, description="词语、案号、专利号，以空格分开，须同时出现"),
            OpenApiParameter(
                "in", str, enum=[name for name in searching.FIELDS if name], description="只在此栏中检索"
            ),
            OpenApiParameter("year", int, description="案号年份"),
            *(
                OpenApiParameter(facet, str, enum=[value for value, _label in values])
                for facet, values in searching.FACETS.items()
                if values
            ),
            OpenApiParameter("after", str, description="上一页最后一件的位置，取自 next"),
            OpenApiParameter("page_size", int, description="每页件数，1 至 100，默认 20"),
        ],
        responses={200: RulingsFound},
    )
    def get(self, request: Request) -> Response:
        query = request.query_params
        publication.turn(timezone.localdate())
        size = query.get("page_size", "")
        page = min(max(int(size), 1), 100) if size.isascii() and size.isdecimal() and len(size) < 9 else PAGE
        found = searching.find(searching.read(query), after=query.get("after", ""), page=page)
        said = {
            "count": found.total,
            "more": found.more,
            "facets": found.counts,
            "next": request.build_absolute_uri(following(query, found.after)) if found.after else None,
            "results": RulingRow(found.rows, many=True).data,
        }
        return Response(said, headers={"Cache-Control": CACHED})


class OneRuling(APIView):
    """The same JSON as at the ruling's permanent address, with the day of publishing."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses={200: RulingRow})
    def get(self, request: Request, year: int, serial: int) -> Response:
        today = timezone.localdate()
        page = PublicPage.at(f"/rulings/{year}/{serial}.json", today)
        page = page or PublicPage.at(
            f"/rulings/{year}/{serial}/", today
        )  # a joined number has no JSON of its own
        if page is None:
            raise Http404
        text = page.published
        if text.state == PublishedRuling.State.WITHDRAWN:
            return document(410, "withdrawn", f"该文书已依法撤下。依据：{text.gone_ground}")
        if page.moved_to:
            target = "/".join(request.path.split("/")[:-3]) + page.moved_to.removeprefix("/rulings")
            return Response(status=301, headers={"Location": target})
        said = json.loads(bytes(page.content))
        said["published_on"] = text.published_on
        told = {"X-Robots-Tag": "noindex"} if text.unindexed else {}
        return Response(said, headers={"Cache-Control": CACHED, "ETag": f'"{page.digest}"', **told})
