"""What a step asks for, as data: the API's description of a form."""

from typing import Any

from django import forms
from django.db import models

from .forms import OfCase, StepForm, TableField, UserField
from .models import Evidence, Party

TYPES: list[tuple[type[forms.Field], str]] = [
    (UserField, "user"), (TableField, "table"), (forms.MultipleChoiceField, "multichoice"),
    (forms.ModelMultipleChoiceField, "multichoice"), (forms.ModelChoiceField, "choice"), (forms.ChoiceField, "choice"),
    (forms.DateTimeField, "datetime"), (forms.DateField, "date"), (forms.NullBooleanField, "boolean"),
    (forms.BooleanField, "boolean"), (forms.DecimalField, "money"), (forms.IntegerField, "integer"),
]  # fmt: skip
OF_CASE: dict[type[models.Model], str] = {Party: "party", Evidence: "file"}


def type_of(field: forms.Field) -> str:
    """The field's type in the API's words."""
    if isinstance(field, OfCase):
        return OF_CASE.get(field.model, "choice")
    for kind, name in TYPES:
        if isinstance(field, kind):
            return name
    return "longtext" if isinstance(field.widget, forms.Textarea) else "text"


def _choices(field: forms.Field) -> list[dict[str, str]]:
    if isinstance(field, forms.ModelChoiceField):
        key = field.to_field_name or "pk"
        return [
            {"value": str(getattr(row, key)), "label": str(field.label_from_instance(row))}
            for row in field.queryset.all()[:200]
        ]
    if isinstance(field, forms.ChoiceField):
        return [{"value": str(v), "label": str(label)} for v, label in field.choices if v != ""]  # type: ignore[misc]
    return []


def describe_field(name: str, field: forms.Field) -> dict[str, Any]:
    """One field: name, label, type, whether it is demanded, help, choices, columns."""
    columns = field.columns.items() if isinstance(field, TableField) else ()
    return {
        "name": name,
        "label": str(field.label or ""),
        "type": type_of(field),
        "required": field.required,
        "help": str(field.help_text or ""),
        "choices": _choices(field),
        "columns": [describe_field(key, column) for key, column in columns],
    }


def describe(form: StepForm) -> list[dict[str, Any]]:
    """Every field of a form."""
    return [describe_field(name, field) for name, field in form.fields.items()]
