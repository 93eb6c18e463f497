"""Shapes of the indicators API, for its description; numbers are integers or decimals as text, never floats."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class NumberField(serializers.Field):
    """An integer for counts, a decimal as text for rates and means, null where there is nothing."""

    def to_representation(self, value: object) -> object:
        return value


class FigureShape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    target = NumberField(help_text="目标值；2025 年以后为参照目标")
    direction = serializers.ChoiceField(choices=["min", "max"], help_text="min 不低于，max 不高于")
    value = NumberField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    excluded = serializers.DictField(child=serializers.IntegerField(), help_text="不计的数量，按原因")
    low = NumberField(allow_null=True, help_text="其他公认口径下的较低值")
    high = NumberField(allow_null=True, help_text="其他公认口径下的较高值")
    source = serializers.ChoiceField(choices=["computed", "imported", "manual"])
    status = serializers.ChoiceField(
        choices=["ahead", "on_pace", "behind", "met", "not_met", "small_sample", "no_data"], allow_null=True
    )
    formula = serializers.CharField(help_text="计量口径，含版本")


class PartShape(serializers.Serializer):
    name = serializers.CharField(help_text="可作为 cases/ 的 set 参数")
    label = serializers.CharField()
    number = serializers.IntegerField()


class VersionShape(serializers.Serializer):
    number = serializers.IntegerField()
    valid_from = serializers.DateField()
    text = serializers.CharField()
    why = serializers.CharField(help_text="为何修改")


class CardShape(FigureShape):
    period = serializers.CharField()
    as_of = serializers.DateField()
    basis = serializers.CharField(help_text="数据来源")
    versions = VersionShape(many=True)
    numerator_parts = PartShape(many=True)
    denominator_parts = PartShape(many=True)
    excluded_parts = PartShape(many=True)
    low_is = serializers.CharField(help_text="较低口径的说明")
    high_is = serializers.CharField(help_text="较高口径的说明")
    target_document = serializers.CharField(allow_null=True)
    target_is_reference = serializers.BooleanField(help_text="目标是上一期的，仅作参照")
    papers = serializers.ListField(child=serializers.CharField(), help_text="所据外单位数据")


class FiguresShape(serializers.Serializer):
    period = serializers.CharField()
    as_of = serializers.DateField()
    figures = FigureShape(many=True)


class FeedRowShape(serializers.Serializer):
    """A figure (`split` empty), or one part of it."""

    code = serializers.CharField()
    name = serializers.CharField()
    period = serializers.CharField()
    as_of = serializers.DateField()
    split = serializers.CharField(help_text="station、area、right、source、industry；空为合计")
    cell = serializers.CharField(allow_null=True)
    value = NumberField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField()
    target = NumberField(allow_null=True)
    status = serializers.CharField(allow_null=True)
    source = serializers.ChoiceField(choices=["computed", "imported", "manual"])
    suppressed = serializers.BooleanField(help_text="数量较小，数值为空")
    shown = serializers.CharField(help_text="供显示的文字，例如 <5")


class FeedShape(serializers.Serializer):
    period = serializers.CharField()
    as_of = serializers.DateField()
    figures = FeedRowShape(many=True)


class LineShape(serializers.Serializer):
    """One row behind a number; registers of stations and people have `name`, `place`, `from`, `to` instead."""

    id = serializers.IntegerField()
    masked = serializers.BooleanField()
    case = serializers.IntegerField(allow_null=True)
    number = serializers.CharField()
    kind = serializers.CharField()
    right = serializers.CharField()
    station = serializers.CharField()
    on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    parties = serializers.CharField()
    reason = serializers.CharField()
