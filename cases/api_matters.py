"""Matters over the API: those of a kind, and opening one. Their steps and acts are those of any proceeding."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from . import api_serializers as shapes
from . import kinds, matters, steps
from .api import KEY, House, body_of, idempotency_key
from .models import Proceeding
from .models.matter import PAGE
from .views.pages import posted
from .views.uploading import kept_of, without_tokens


class Matters(House, generics.ListAPIView):
    """没有纠纷的事项：按类别列出，以及建立一项；附文件的用 multipart/form-data，文件栏目与页面相同。"""

    serializer_class = shapes.ProceedingSerializer

    def get_queryset(self) -> QuerySet[Proceeding]:
        if getattr(self, "swagger_fake_view", False):
            return Proceeding.objects.none()
        slug = _kind(self.kwargs["slug"])
        if not matters.may_view(slug, self.request.user, self.today):
            raise Http404
        rows = Proceeding.objects.visible_to(self.request.user, self.today).filter(kind=slug)
        return rows.select_related("station", "body", "handler").order_by("-pk")

    @extend_schema(
        request=dict, responses={201: shapes.OpenedSerializer}, parameters=[KEY], summary="建立事项"
    )
    def post(self, request: Request, slug: str) -> Response:
        kind, by = _kind(slug), request.user
        data, files = body_of(request), {}
        if request.content_type.startswith("multipart/") and matters.may_open(kind, by, self.today):
            form_class = matters.opening_form(kind)
            data, files = without_tokens(posted(request, form_class)), kept_of(request, form_class)
        made: Any = steps.open_matter(
            kind, by=by, data=data, today=self.today, key=idempotency_key(request), files=files
        )
        row = Proceeding.objects.get(pk=made.proceeding)
        return Response(shapes.OpenedSerializer(row).data, status=status.HTTP_201_CREATED)


def _kind(slug: str) -> str:
    found = kinds.all_kinds().get(slug)
    if found is None or found.page != PAGE:
        raise Http404
    return slug
