"""Public rulings for machines: list with the filters of the page, detail as published. Nobody signs in."""

import json
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api_errors import document

from .list_views import found
from .models import PublicPage, PublishedRuling
from .public_views import MAX_AGE

CACHED = f"public, max-age={MAX_AGE}"


class NewestFirst(CursorPagination):
    """By place in the register, newest first."""

    ordering = ("-year", "-serial", "-id")
    page_size_query_param = "page_size"
    max_page_size = 100


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


class Rulings(ListAPIView):
    """`q`, `year`, `right`, `outcome`."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = RulingRow
    pagination_class = NewestFirst
    filter_backends = ()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return PublishedRuling.objects.none()
        return found(self.request.query_params).defer("text", "sections")

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        done: Response = super().finalize_response(request, response, *args, **kwargs)
        done["Cache-Control"] = CACHED
        return done


class OneRuling(APIView):
    """The same JSON as at the ruling's permanent address, with the day of publishing."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses={200: RulingRow})
    def get(self, request: Request, year: int, serial: int) -> Response:
        page = PublicPage.at(f"/rulings/{year}/{serial}.json") or PublicPage.at(f"/rulings/{year}/{serial}/")
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
        return Response(said, headers={"Cache-Control": CACHED, "ETag": f'"{page.digest}"'})
