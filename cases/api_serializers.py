"""What the API shows of a case: protected values masked, only what the reader may see."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from stations.models import Station

from .clock import Clock, filed, stopping
from .clock_words import explained
from .models import Approval, Case, Deadline, Interval, Party, Proceeding, Right
from .models.proceeding import NEVER
from .protection import masked_id, masked_phone


class PartySerializer(serializers.ModelSerializer[Party]):
    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields = [
            "id", "role", "kind", "name", "id_number", "phone", "legal_representative", "agent_name", "agent_firm",
            "agent_authority", "revision",
        ]  # fmt: skip

    def get_id_number(self, party: Party) -> str:
        return masked_id(party.id_number) if party.id_number else ""

    def get_phone(self, party: Party) -> str:
        return masked_phone(party.phone) if party.phone else ""


class RightSerializer(serializers.ModelSerializer[Right]):
    class Meta:
        model = Right
        fields = ["id", "kind", "number", "title", "holder", "revision"]


class ProceedingSerializer(serializers.ModelSerializer[Proceeding]):
    label = serializers.CharField(source="kind_label", read_only=True)
    state_label = serializers.CharField(read_only=True)
    outcome_label = serializers.CharField(read_only=True)
    station = serializers.SlugRelatedField("code", read_only=True)
    body = serializers.SlugRelatedField("code", read_only=True)
    handler = serializers.SlugRelatedField("username", read_only=True)
    due_on = serializers.SerializerMethodField()

    class Meta:
        model = Proceeding
        fields = [
            "id", "case", "kind", "label", "state", "state_label", "version", "number", "parent", "body", "station",
            "handler", "received_on", "accepted_on", "closed_on", "outcome", "outcome_label", "due_on", "due_rule",
        ]  # fmt: skip

    def get_due_on(self, row: Proceeding) -> str | None:
        return None if row.due_on == NEVER else row.due_on.isoformat()


class OpenedSerializer(serializers.ModelSerializer[Proceeding]):
    class Meta:
        model = Proceeding
        fields = ["id", "kind", "state", "version", "number"]


class CaseSerializer(serializers.ModelSerializer[Case]):
    station = serializers.SlugRelatedField("code", read_only=True)
    act_place = serializers.SlugRelatedField("code", read_only=True)
    parties = PartySerializer(many=True, read_only=True)
    rights = RightSerializer(many=True, read_only=True)
    proceedings = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "id", "registration_no", "category", "station", "source", "cause", "summary", "claim_amount", "foreign",
            "received_on", "act_place", "act_platform", "court_case_no", "counted", "simulated", "revision", "parties",
            "rights", "proceedings",
        ]  # fmt: skip

    def get_proceedings(self, case: Case) -> list[dict[str, Any]]:
        rows = getattr(case, "shown", None)
        if rows is None:
            user = self.context["request"].user
            rows = Proceeding.objects.visible_to(user, timezone.localdate()).filter(case=case).order_by("pk")
        return list(OpenedSerializer(rows, many=True).data)


class StationSerializer(serializers.ModelSerializer[Station]):
    area = serializers.SlugRelatedField("code", read_only=True)
    serves = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Station
        fields = [
            "code", "name", "kind", "area", "serves", "address", "postcode", "phone", "contact", "hours", "timezone", "tag",
            "opened_on", "closed_on",
        ]  # fmt: skip


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    proposer = serializers.SlugRelatedField("username", read_only=True)
    waiting_for = serializers.CharField(source="waiting_role", read_only=True)

    class Meta:
        model = Approval
        fields = [
            "id",
            "case",
            "proceeding",
            "name",
            "proposer",
            "waiting_for",
            "state",
            "reason",
            "asked_on",
            "ended_on",
        ]


class StretchSerializer(serializers.ModelSerializer[Interval]):
    """A stretch that does not count: its first day, and the day from which the time runs again."""

    class Meta:
        model = Interval
        fields = ["kind", "from_on", "to_on"]


class ExplanationSerializer(serializers.Serializer[Any]):
    """One line of the way to the date."""

    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    stretches = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()

    class Meta:
        model = Deadline
        fields = [
            "id",
            "proceeding",
            "rule",
            "subject",
            "starts_on",
            "due_on",
            "provisional",
            "met_on",
            "stretches",
            "explanation",
        ]

    @extend_schema_field(ExplanationSerializer(many=True))
    def get_explanation(self, row: Deadline) -> list[dict[str, str]]:
        """How the date came about, line by line."""
        stops = list(row.proceeding.intervals.all())
        return explained(
            Clock(row.proceeding, self.context["calendar"], [row], stops), row, self.context["calendar"]
        )

    @extend_schema_field(StretchSerializer(many=True))
    def get_stretches(self, row: Deadline) -> list[dict[str, Any]]:
        """Those its rule leaves out, in order."""
        return list(
            StretchSerializer(
                stopping(row, filed(row.proceeding, row), row.proceeding.intervals.all()), many=True
            ).data
        )


class DecisionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    on = serializers.DateField(required=False, allow_null=True)


class PartyInput(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Party.Role.choices)
    kind = serializers.ChoiceField(Party.Kind.choices, required=False)
    name = serializers.CharField(max_length=120)
    id_number = serializers.CharField(required=False, max_length=30)
    phone = serializers.CharField(required=False, max_length=30)
    address = serializers.CharField(required=False, max_length=200)
    service_address = serializers.CharField(required=False, max_length=200)
    legal_representative = serializers.CharField(required=False, max_length=40)
    agent = serializers.DictField(required=False)


class RightInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(Right.Kind.choices)
    number = serializers.CharField(required=False, max_length=80)


class CaseInput(serializers.Serializer[Any]):
    """The body of a registration; checked by the form of the door, described here."""

    station = serializers.CharField(required=False)
    source = serializers.ChoiceField(Case.Source.choices, required=False)
    cause = serializers.CharField(required=False, max_length=120)
    summary = serializers.CharField(required=False)
    claim_amount = serializers.DecimalField(16, 2, required=False)
    foreign = serializers.ChoiceField(Case.Foreign.choices, required=False)
    received_on = serializers.DateField()
    court_case_no = serializers.CharField(required=False, max_length=60)
    external_no = serializers.CharField(required=False, max_length=60)
    act_place = serializers.CharField(required=False)
    act_platform = serializers.CharField(required=False, max_length=80)
    proceeding = serializers.ChoiceField(["assistance", "mediation", "adjudication"])
    mediation_kind = serializers.ChoiceField(["people", "administrative", "commercial"], required=False)
    parties = PartyInput(many=True)
    rights = RightInput(many=True)


class RegisteredSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    registration_no = serializers.CharField()
    proceedings = OpenedSerializer(many=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.CharField(required=False)
    version = serializers.IntegerField(required=False)
    number = serializers.CharField(allow_null=True, required=False)
    event = serializers.IntegerField()


class WaitingFor(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    waiting_for = serializers.CharField()


class WaitingSerializer(serializers.Serializer[Any]):
    approval = WaitingFor()


class FieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    help = serializers.CharField()
    choices = serializers.ListField(child=serializers.DictField())
    columns = serializers.ListField(child=serializers.DictField())


class StepSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    reason = serializers.CharField()
    needs_approval = serializers.ListField(child=serializers.CharField())
    fields = FieldSerializer(many=True)  # type: ignore[assignment]


class FileSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sm3 = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    type = serializers.CharField()
