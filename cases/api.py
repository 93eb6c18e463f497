"""The API of cases and proceedings: thin views over the door. What may be seen or done is decided below."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stations.api_permissions import PolicyPermission
from stations.models import Station

from . import api_serializers as shapes
from . import approvals, attaching, kinds, steps
from .api_fields import describe
from .calendar import office_calendar
from .errors import Invalid
from .forms import form_of
from .models import Approval, Case, Deadline, Document, Interval, Proceeding
from .permissions import approvers_of, can
from .reading import open_document
from .stepping import Meta, steps_of
from .steps import Answer, Waiting

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description='已读到的版本号，如 "3"')
NOT_DESCRIBED = {"record_history", "merge", "unmerge", "open_call_back"}  # nobody is ever offered these
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="幂等键，24 小时内有效")


def idempotency_key(request: Request) -> str | None:
    """The caller's key; refused if it is too long to be kept."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= 255:
        raise Invalid("bad_key", _("幂等键的长度应为 1 至 255 个字符。"))
    return key


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request."""
    if not isinstance(request.data, dict):
        raise Invalid("not_an_object", _("请求内容应为一个 JSON 对象。"))
    return dict(request.data)


def seen_version(request: Request, data: dict[str, Any]) -> int | None:
    """The version the caller has seen, from If-Match or the body; None if neither says."""
    said = data.pop("version", None)
    header = request.headers.get("If-Match")
    text = (
        str(said if said is not None else header if header is not None else "")
        .strip()
        .removeprefix("W/")
        .strip('"')
    )
    if not text:
        return None
    if not text.isdigit() or len(text) > 9:
        raise Invalid("bad_version", _("版本号应为整数。"), fields={"version": [str(_("版本号应为整数。"))]})
    return int(text)


def answered(answer: Answer, *, made: int = status.HTTP_200_OK) -> Response:
    """An outcome, or 202 with the approval it waits for."""
    if isinstance(answer, Waiting):
        waiting = answer.approval
        body = {"id": waiting.pk, "name": waiting.name, "waiting_for": waiting.waiting_role}
        return Response({"approval": body}, status=status.HTTP_202_ACCEPTED)
    if answer.proceeding is None:
        return Response({"id": answer.case, "event": answer.event}, status=made)
    return Response(
        {
            "id": answer.proceeding,
            "state": answer.state,
            "version": answer.version,
            "number": answer.number,
            "event": answer.event,
        },
        status=made,
        headers={"ETag": f'"{answer.version}"'},
    )


class House(APIView):
    """Base of the case room's views: the policy decides, today is Shanghai's day."""

    permission_classes = [PolicyPermission]

    @property
    def today(self) -> Any:
        return timezone.localdate()

    def case(self, pk: int) -> Case:
        found = Case.objects.visible_to(self.request.user, self.today).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def proceeding(self, pk: int) -> Proceeding:
        found = Proceeding.objects.visible_to(self.request.user, self.today).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found.concrete()

    def described(self, row: Any, model: type, wanted: str) -> list[dict[str, Any]]:
        """Every step or act of a row: allowed or why not, and what it asks."""
        case = row.case if isinstance(row, Proceeding) else row
        proceeding = row if isinstance(row, Proceeding) else None
        found = []
        for name, meta in steps_of(model).items():
            if meta.kind == wanted and name not in NOT_DESCRIBED:
                answer = can(self.request.user, row, name, self.today)
                form = form_of(model, name)(
                    proceeding=proceeding, case=case, by=self.request.user, today=self.today
                )
                found.append(
                    {
                        "name": name,
                        "label": str(meta.label),
                        "allowed": answer.allowed,
                        "reason": answer.reason,
                        "needs_approval": list(needs(row, meta)),
                        "fields": describe(form),
                    }
                )
        return found


def needs(row: Any, meta: Meta) -> tuple[str, ...]:
    """The roles that must approve this step of this row."""
    if not isinstance(row, Proceeding):
        return ()
    return approvers_of(row, meta.name)


class Cases(House, generics.ListAPIView):
    serializer_class = shapes.CaseSerializer

    def get_queryset(self) -> QuerySet[Case]:
        if getattr(self, "swagger_fake_view", False):
            return Case.objects.none()
        seen = Proceeding.objects.visible_to(self.request.user, self.today).order_by("pk")
        return (
            Case.objects.visible_to(self.request.user, self.today)
            .select_related("station", "act_place")
            .prefetch_related("parties", "rights", Prefetch("proceedings", seen, to_attr="shown"))
        )

    @extend_schema(
        request=shapes.CaseInput,
        responses={201: shapes.RegisteredSerializer},
        parameters=[KEY],
        summary="收件登记",
    )
    def post(self, request: Request) -> Response:
        outcome = steps.register(
            by=request.user, data=body_of(request), today=self.today, key=idempotency_key(request)
        )
        case = Case.objects.get(pk=outcome.case)
        opened = Proceeding.objects.filter(pk=outcome.proceeding)
        return Response(
            {
                "id": case.pk,
                "registration_no": case.registration_no,
                "proceedings": shapes.OpenedSerializer(opened, many=True).data,
            },
            status=status.HTTP_201_CREATED,
            headers={"Location": f"/api/v1/cases/{case.pk}/"},
        )


class OneCase(House):
    @extend_schema(responses=shapes.CaseSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.CaseSerializer(self.case(pk), context={"request": request}).data)


class CaseActs(House):
    @extend_schema(responses=shapes.StepSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.described(self.case(pk), Case, "act"))


class CaseAct(House):
    @extend_schema(request=dict, responses=shapes.OutcomeSerializer, parameters=[KEY])
    def post(self, request: Request, pk: int, name: str) -> Response:
        data, key = body_of(request), idempotency_key(request)
        return answered(steps.case_act(pk, name, by=request.user, data=data, today=self.today, key=key))


class CaseFiles(House):
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
        responses={201: shapes.FileSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        case = self.case(pk)
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid(
                "file_missing",
                _("请选择要上传的文件（栏目名为 file）。"),
                fields={"file": [str(_("请选择文件。"))]},
            )
        evidence = attaching.attach(case, upload.name or "", upload, by=request.user, today=self.today)
        stored = evidence.file
        body = {
            "id": evidence.pk,
            "sm3": stored.sm3,
            "sha256": stored.sha256,
            "size": stored.size,
            "type": stored.type,
        }
        return Response(body, status=status.HTTP_201_CREATED)


class Proceedings(House, generics.ListAPIView):
    serializer_class = shapes.ProceedingSerializer
    filterset_fields = ["kind", "state", "case", "is_open"]

    def get_queryset(self) -> QuerySet[Proceeding]:
        if getattr(self, "swagger_fake_view", False):
            return Proceeding.objects.none()
        rows = Proceeding.objects.visible_to(self.request.user, self.today)
        return rows.select_related("station", "body", "handler").order_by("-pk")


class OneProceeding(House):
    @extend_schema(responses=shapes.ProceedingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        row = self.proceeding(pk)
        return Response(shapes.ProceedingSerializer(row).data, headers={"ETag": f'"{row.version}"'})


class Steps(House):
    wanted = "step"

    @extend_schema(responses=shapes.StepSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        row = self.proceeding(pk)
        return Response(self.described(row, kinds.get(row.kind).model, self.wanted))


class Acts(Steps):
    wanted = "act"


class Step(House):
    @extend_schema(
        request=dict,
        responses={200: shapes.OutcomeSerializer, 202: shapes.WaitingSerializer},
        parameters=[IF_MATCH, KEY],
    )
    def post(self, request: Request, pk: int, name: str) -> Response:
        data = body_of(request)
        version = seen_version(request, data)
        key = idempotency_key(request)
        return answered(
            steps.perform(pk, name, by=request.user, data=data, version=version, today=self.today, key=key)
        )


class Act(House):
    @extend_schema(
        request=dict,
        responses={200: shapes.OutcomeSerializer, 202: shapes.WaitingSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int, name: str) -> Response:
        data, key = body_of(request), idempotency_key(request)
        return answered(steps.act(pk, name, by=request.user, data=data, today=self.today, key=key))


class DocumentFile(House):
    @extend_schema(responses={200: bytes, 202: None})
    def get(self, request: Request, pk: int, ending: str) -> Any:
        document = Document.objects.visible_to(request.user, self.today).filter(pk=pk).first()
        if document is None:
            raise Http404
        content = open_document(document, ending, by=request.user)
        if content is None:
            return Response(
                {"state": "being_made"}, status=status.HTTP_202_ACCEPTED, headers={"Retry-After": "2"}
            )
        return FileResponse(
            content.file, as_attachment=True, filename=content.name, content_type=content.type
        )


class Approvals(House, generics.ListAPIView):
    serializer_class = shapes.ApprovalSerializer

    def get_queryset(self) -> QuerySet[Approval]:
        if getattr(self, "swagger_fake_view", False):
            return Approval.objects.none()
        return approvals.waiting_for(self.request.user, self.today).order_by("-pk")


class Decide(House):
    @extend_schema(request=shapes.DecisionSerializer, responses=shapes.ApprovalSerializer)
    def post(self, request: Request, pk: int, decision: str) -> Response:
        said = shapes.DecisionSerializer(data=body_of(request))
        said.is_valid(raise_exception=True)
        ended = approvals.decide(
            pk,
            decision,
            by=request.user,
            reason=said.validated_data.get("reason", ""),
            on=said.validated_data.get("on"),
            today=self.today,
        )
        return Response(shapes.ApprovalSerializer(ended).data)


class Deadlines(House, generics.ListAPIView):
    serializer_class = shapes.DeadlineSerializer
    filterset_fields = ["rule", "proceeding"]

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "calendar": office_calendar()}

    def get_queryset(self) -> QuerySet[Deadline]:
        if getattr(self, "swagger_fake_view", False):
            return Deadline.objects.none()
        seen = Proceeding.objects.visible_to(self.request.user, self.today)
        running = Deadline.objects.filter(proceeding__in=seen, met_on__isnull=True, cancelled=False)
        stops = Prefetch("proceeding__intervals", Interval.objects.filter(cancelled=False))
        return running.select_related("proceeding").prefetch_related(stops).order_by("-pk")


class Stations(House, generics.ListAPIView):
    serializer_class = shapes.StationSerializer
    queryset = Station.objects.select_related("area").prefetch_related("serves").order_by("-pk")
