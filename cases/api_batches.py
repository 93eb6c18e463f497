"""The API of batches: a list of respondents goes in once, how far it is can be asked."""

import json
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from . import api_serializers as shapes
from .api import House, body_of
from .batch_registration import cases_of, from_body
from .models import BatchRun, Case


class RespondentInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    kind = serializers.CharField(required=False)
    id_number = serializers.CharField(required=False, max_length=30)
    phone = serializers.CharField(required=False, max_length=30)
    address = serializers.CharField(required=False, max_length=200)
    act_place = serializers.CharField(required=False)
    act_platform = serializers.CharField(required=False, max_length=80)
    claim_amount = serializers.DecimalField(16, 2, required=False)


class BatchInput(shapes.CaseInput):
    """A registration whose parties are the right holder's side, with the respondents as a list of their own."""

    batch = serializers.CharField(required=False, max_length=40, help_text="补登到已有批次时填批号")
    respondents = RespondentInput(many=True)


class BatchCase(serializers.ModelSerializer[Case]):
    class Meta:
        model = Case
        fields = ["id", "registration_no"]


class BatchSerializer(serializers.ModelSerializer[BatchRun]):
    failed = serializers.SerializerMethodField()
    cases = serializers.SerializerMethodField()

    class Meta:
        model = BatchRun
        fields = ["id", "state", "code", "rows", "done", "added", "unchanged", "failed", "message", "cases"]

    def get_failed(self, run: BatchRun) -> list[dict[str, Any]]:
        return list(json.loads(run.failed))

    def get_cases(self, run: BatchRun) -> list[dict[str, Any]]:
        request, view = self.context["request"], self.context["view"]
        return list(BatchCase(cases_of(run, request.user, view.today), many=True).data)


class Batches(House):
    @extend_schema(request=BatchInput, responses={202: BatchSerializer}, summary="批量登记")
    def post(self, request: Request) -> Response:
        """The same list again is the same run; its cases are never registered twice."""
        run = from_body(body_of(request), by=request.user, today=self.today)
        body = BatchSerializer(run, context={"request": request, "view": self}).data
        return Response(
            body, status=status.HTTP_202_ACCEPTED, headers={"Location": f"/api/v1/batches/{run.pk}/"}
        )


class OneBatch(House):
    @extend_schema(responses=BatchSerializer, summary="批量登记的进度和结果")
    def get(self, request: Request, pk: int) -> Response:
        run = BatchRun.objects.filter(pk=pk, by=request.user).first()  # type: ignore[misc]
        if run is None:
            raise Http404
        return Response(BatchSerializer(run, context={"request": request, "view": self}).data)
