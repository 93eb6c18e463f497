"""Opening a matter: the form a kind binds, who may, and the writing of its first rows.

The door that opens one is `cases.steps.open_matter`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import kinds, writing
from cases.entry import Entry
from cases.errors import Invalid, Refused
from cases.models import Case, Event, Proceeding
from cases.permissions import role_names
from stations import policy


class OpeningForm(forms.Form):
    """Input with which a matter is opened: its words for the list (`title`), and columns of its proceeding."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: Any, today: date):
        super().__init__(data)
        self.by, self.today = by, today

    def title(self) -> str:
        """What the matter is called."""
        raise NotImplementedError

    def columns(self) -> dict[str, Any]:
        """Columns of the proceeding as it is inserted."""
        return dict(self.cleaned_data)


_forms: dict[str, type[OpeningForm]] = {}


def opens(slug: str) -> Callable[[type[OpeningForm]], type[OpeningForm]]:
    """Class decorator: this form opens matters of that kind."""

    def bind(form: type[OpeningForm]) -> type[OpeningForm]:
        _forms[slug] = form
        return form

    return bind


def opening_form(slug: str) -> type[OpeningForm]:
    """The form of a kind. Raises KeyError where matters of this kind are not opened by hand."""
    return _forms[slug]


def may_open(slug: str, by: Any, today: date) -> bool:
    """Does the policy let this person open a matter of the kind?"""
    rule = policy.step_rule(slug, "open")
    return rule is not None and bool(set(rule.roles) & set(policy.standing(by, today).roles))


def may_view(slug: str, by: Any, today: date) -> bool:
    """Does the policy let this person see matters of the kind at all?"""
    rule = policy.step_rule(slug, "view")
    return rule is not None and bool(set(rule.roles) & set(policy.standing(by, today).roles))


def demand_opener(slug: str, by: Any, today: date) -> None:
    """Refuse whom the policy does not name, and say who does it."""
    if slug not in _forms or not may_open(slug, by, today):
        rule = policy.step_rule(slug, "open")
        words = (
            _("该事项由%(roles)s办理。") % {"roles": role_names(rule.roles)} if rule else _("该操作未开放。")
        )
        raise Refused("role", words)


def make(
    slug: str, *, by: Any, data: Mapping[str, Any], today: date, at: datetime
) -> tuple[Case, Event, Proceeding]:
    """Write it: the case, its first event, the proceeding. Inside the door's transaction."""
    form = opening_form(slug)(data, by=by, today=today)
    if not form.is_valid():
        fields = {name: [str(m) for m in errors] for name, errors in form.errors.items()}
        raise Invalid("invalid", _("请按提示修改后再提交。"), fields=fields)
    case = Case(
        category=Case.Category.MATTER, source="", summary=form.title(), received_on=today, counted=False
    )
    case.save()
    entry = Entry(
        by=by, approved_by=None, on=today, today=today, at=at, data=form.cleaned_data, case=case, proceeding=None,
        name="matter_opened", audience=Event.Audience.CASE,
    )  # fmt: skip
    entry.note(kind=slug, label=str(kinds.get(slug).label))
    event = writing.write(entry, kind=Event.Kind.ACT)
    row = writing.open_proceeding(entry, slug, {**form.columns(), "parent": None})
    return case, event, row
