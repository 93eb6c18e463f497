"""The input of steps and acts: the base form and its fields. What every kind shares stands in repair_forms.py.

A form names its step (`step = Mediation.accept`); models know no forms.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from stations.models import User

from .calendar import office_calendar
from .models import Evidence, Party, Right

LATE_AFTER_WORKING_DAYS = 3
_forms: dict[Callable[..., Any], type["StepForm"]] = {}


def form_of(model: type, name: str) -> type["StepForm"]:
    """The form of a step or act of a model; KeyError if none was bound (a test forbids that)."""
    return _forms[getattr(model, name)]


def bound_forms() -> dict[Callable[..., Any], type["StepForm"]]:
    """Every method with its form, for the test that pairs them."""
    return dict(_forms)


class RowsWidget(forms.Widget):
    """Rows of a table: a list of objects from JSON, or `name-0-column` from a page."""

    template_name = "widgets/rows.html"

    def __init__(self, columns: Mapping[str, forms.Field], extra: int = 2):
        super().__init__()
        self.columns, self.extra = columns, extra

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if isinstance(data.get(name), list):
            return data[name]
        rows: dict[int, dict[str, Any]] = {}
        for key in data:
            head, _dash, rest = str(key).partition(f"{name}-")
            index, _dash, column = rest.partition("-")
            if head == "" and index.isdigit() and column in self.columns:
                field = self.columns[column]
                rows.setdefault(int(index), {})[column] = field.widget.value_from_datadict(data, files, key)
        return [
            row
            for _index, row in sorted(rows.items())
            if any(v not in (None, "", False) for v in row.values())
        ]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = list(value or [])
        blank: list[dict[str, Any]] = [{} for _ in range(self.extra if not rows else 1)]
        context["columns"] = [(key, field.label) for key, field in self.columns.items()]
        context["pattern"] = [
            (field.label, field.widget.render(f"{name}-__i__-{key}", None, {"aria-label": str(field.label)}))
            for key, field in self.columns.items()
        ]
        context["rows"] = [
            [
                (
                    field.label,
                    field.widget.render(f"{name}-{i}-{key}", row.get(key), {"aria-label": str(field.label)}),
                )
                for key, field in self.columns.items()
            ]
            for i, row in enumerate([*rows, *blank])
        ]
        return context


class TableField(forms.Field):
    """Several rows of the same columns; cleaned to a list of dicts."""

    def __init__(self, *, columns: Mapping[str, forms.Field], extra: int = 2, **kwargs: Any):
        self.columns = columns
        kwargs["widget"] = RowsWidget(columns, extra)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows = value or []
        if not isinstance(rows, list) or not all(isinstance(r, Mapping) for r in rows):
            raise forms.ValidationError(_("应为多行内容。"), code="not_rows")
        if self.required and not rows:
            raise forms.ValidationError(_("请至少填写一行。"), code="required")
        cleaned = []
        for number, row in enumerate(rows, start=1):
            unknown = set(row) - set(self.columns)
            if unknown:
                raise forms.ValidationError(
                    _("第 %(n)s 行有未知栏目。") % {"n": number}, code="unknown_column"
                )
            line = {}
            for key, field in self.columns.items():
                try:
                    line[key] = field.clean(row.get(key))
                except forms.ValidationError as error:
                    text = _("第 %(n)s 行“%(label)s”：%(why)s") % {
                        "n": number, "label": field.label, "why": " ".join(error.messages),
                    }  # fmt: skip
                    raise forms.ValidationError(text, code="row") from error
            cleaned.append(line)
        return cleaned


def nothing_chosen(options: Mapping[str, Any]) -> Any:
    """What a list shows before anything is chosen."""
    return _("请选择") if options.get("required", True) else "—"


class UserField(forms.ModelChoiceField):
    """A person of the house, by user name. `roles` narrows the choice to holders of a role."""

    def __init__(self, *, roles: Sequence[str] = (), **kwargs: Any):
        self.roles = tuple(roles)
        kwargs.setdefault("to_field_name", "username")
        kwargs.setdefault("empty_label", nothing_chosen(kwargs))
        super().__init__(User.objects.filter(is_active=True), **kwargs)

    def narrow(self, today: date) -> None:
        if self.roles:
            held = User.objects.filter(
                is_active=True, grants__role__in=self.roles, grants__valid_from__lte=today
            )
            self.queryset = held.exclude(grants__valid_to__lt=today).distinct()

    def label_from_instance(self, user: Any) -> str:
        return f"{user.display_name}（{user.title}）" if user.title else user.display_name


class DayField(forms.DateField):
    """A day of this world: a slip in the year is told, instead of being counted with."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not 1900 <= value.year <= 2099:
            raise forms.ValidationError(_("请核对年份：%(day)s。") % {"day": value}, code="year")


class LongField(forms.CharField):
    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        kwargs.setdefault("max_length", 20000)
        super().__init__(**kwargs)


class OfCase(forms.ModelChoiceField):
    """A row of this case: a party, a right, a file."""

    def __init__(self, model: type, **kwargs: Any):
        self.model = model
        kwargs.setdefault("empty_label", nothing_chosen(kwargs))
        super().__init__(model.objects.none(), **kwargs)


def ask(field: forms.Field) -> None:
    """What must be chosen is chosen by somebody: a list without a default begins with nothing chosen."""
    if not (field.required and field.initial is None and isinstance(field.widget, forms.Select)):
        return
    if isinstance(field, forms.ChoiceField) and not isinstance(
        field, forms.ModelChoiceField | forms.MultipleChoiceField
    ):
        listed = list(field.choices)
        if len(listed) > 1 and all(key not in ("", None) for key, _label in listed):
            field.choices = [("", _("请选择")), *listed]


class StepForm(forms.Form):
    """Base of every step's and act's form.

    `on` is the day of the act in law (today if blank); an earlier day is 补录 and needs a reason beyond three
    working days. Fields named in `recorded` go into the record as they are; the others do not.
    """

    step: ClassVar[Any] = None
    recorded: ClassVar[tuple[str, ...]] = ()
    dated: ClassVar[bool] = True
    shown_if: ClassVar[
        Mapping[str, str]
    ] = {}  # field -> "other=value|value": out of sight while it is not so

    on = DayField(label=_("办理日期"), required=False, help_text=_("不填为今天；补录请填写实际日期。"))
    late_reason = forms.CharField(label=_("补录原因"), required=False, max_length=200)

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if "step" in vars(cls):
            _forms[cls.step] = cls

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        proceeding: Any = None,
        case: Any = None,
        by: Any = None,
        today: date,
        **kwargs: Any,
    ):
        self.proceeding, self.case, self.by, self.today = proceeding, case, by, today
        kwargs.setdefault("label_suffix", "")
        super().__init__(data, **kwargs)
        if not self.dated:  # a form that declares one of the two itself keeps it
            for name in ("on", "late_reason"):
                if self.base_fields[name] is StepForm.base_fields[name]:
                    del self.fields[name]
        for name, rule in self.shown_if.items():
            if name in self.fields:
                self.fields[name].shown_if = rule  # type: ignore[attr-defined]
        for field in self.fields.values():
            ask(field)
            if isinstance(field, UserField):
                field.narrow(today)
            if isinstance(field, OfCase) and case is not None:
                field.queryset = field.model.objects.filter(case=case)
            if isinstance(field, OfCase) and field.model is Evidence:
                field.label_from_instance = lambda one: one.title or one.name  # type: ignore[method-assign]
            if isinstance(field, OfCase) and field.model is Evidence and case is not None:
                field.queryset = Evidence.objects.visible_to(by, today, case.pk)

    @property
    def is_late(self) -> bool:
        on = self.cleaned_data.get("on")
        return bool(on and on < self.today)

    def clean_on(self) -> date:
        on: date = self.cleaned_data.get("on") or self.today
        if on > self.today:
            raise forms.ValidationError(_("办理日期不能晚于今天，请改为实际日期。"), code="in_future")
        received = getattr(self.proceeding, "received_on", None)
        if received and on < received:
            raise forms.ValidationError(
                _("办理日期不能早于收到日期 %(day)s。") % {"day": received}, code="date_order"
            )
        accepted = getattr(self.proceeding, "accepted_on", None)
        if accepted and on < accepted and type(self).step._step.kind == "step":
            raise forms.ValidationError(
                _("办理日期不能早于受理（立案）日期 %(day)s。") % {"day": accepted}, code="date_order"
            )
        return on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        unknown = set(self.data) - set(self.fields) - {"revision"}
        unknown = {k for k in unknown if not any(k.startswith(f"{name}-") for name in self.fields)}
        if unknown:
            text = _("有未知的栏目：%(names)s。") % {"names": "、".join(sorted(map(str, unknown)))}
            raise forms.ValidationError(text, code="unknown_field")
        on = cleaned.get("on")
        if on and on < self.today and not cleaned.get("late_reason") and self._beyond_late(on):
            self.add_error(
                "late_reason",
                forms.ValidationError(_("补录超过 3 个工作日，请填写补录原因。"), code="late_reason"),
            )
        return cleaned

    def _beyond_late(self, on: date) -> bool:
        calendar = office_calendar()
        days = sum(
            calendar.is_working(on + timedelta(n)) for n in range(1, min((self.today - on).days, 60) + 1)
        )
        return days > LATE_AFTER_WORKING_DAYS

    def messages(self) -> dict[str, list[str]]:
        """Errors by field, as people read them; `__all__` for the form as a whole."""
        return {name: [str(m) for m in errors] for name, errors in self.errors.items()}

    def recorded_data(self) -> dict[str, Any]:
        """What of the input goes into the record."""
        out: dict[str, Any] = {}
        for name in self.recorded:
            value = self.cleaned_data.get(name)
            if isinstance(value, Evidence):
                value = value.file.sm3  # its title may repeat what is sealed
            out[name] = getattr(value, "username", value) if not hasattr(value, "pk") else str(value)
        return out


__all__ = [
    "DayField", "Evidence", "LongField", "OfCase", "Party", "Right", "StepForm", "TableField", "UserField", "ask",
    "bound_forms", "form_of",
]  # fmt: skip
