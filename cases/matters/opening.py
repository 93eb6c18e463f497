"""Opening a matter: the form a kind binds, who may, and the writing of its first rows.

The door that opens one is `cases.steps.open_matter`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import kinds, writing
from cases.entry import Entry
from cases.errors import Invalid, Refused
from cases.forms import ask
from cases.models import Case, Event, Evidence, Proceeding
from cases.permissions import role_names
from stations import policy

from .files import FilesField, Kept


class OpeningForm(forms.Form):
    """Input with which a matter is opened: its words for the list (`title`), and columns of its proceeding.

    `file_audience`: who may see the files handed in with it.
    """

    file_audience: ClassVar[str] = Evidence.Audience.PROCEEDING

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, list[Kept]] | None = None,
        *,
        by: Any,
        today: date,
        **kwargs: Any,
    ):
        super().__init__(data, files, **kwargs)  # type: ignore[arg-type]
        self.by, self.today = by, today
        for field in self.fields.values():
            ask(field)

    def title(self) -> str:
        """What the matter is called."""
        raise NotImplementedError

    def columns(self) -> dict[str, Any]:
        """Columns of the proceeding as it is inserted."""
        files = [name for name, field in self.fields.items() if isinstance(field, FilesField)]
        return {name: value for name, value in self.cleaned_data.items() if name not in files}

    def kept(self) -> list[Kept]:
        """The files handed in, in order."""
        fields = [name for name, field in self.fields.items() if isinstance(field, FilesField)]
        return [one for name in fields for one in self.cleaned_data[name]]


_forms: dict[str, type[OpeningForm]] = {}
_told: dict[str, type[OpeningForm]] = {}


def opens(slug: str, *, told: bool = False) -> Callable[[type[OpeningForm]], type[OpeningForm]]:
    """Class decorator: this form opens matters of that kind; `told`: the form that the public fills in."""

    def bind(form: type[OpeningForm]) -> type[OpeningForm]:
        (_told if told else _forms)[slug] = form
        return form

    return bind


def opening_form(slug: str, *, told: bool = False) -> type[OpeningForm]:
    """The form of a kind. Raises KeyError where matters of this kind are not opened by hand."""
    return (_told if told else _forms)[slug]


def may_open(slug: str, by: Any, today: date) -> bool:
    """Does the policy let this person open a matter of the kind?"""
    rule = policy.step_rule(slug, "open")
    held = policy.standing(by, today).roles
    return slug in _forms and rule is not None and bool(set(rule.roles) & set(held))


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
    slug: str,
    *,
    by: Any,
    data: Mapping[str, Any],
    files: Mapping[str, list[Kept]],
    today: date,
    at: datetime,
    told: bool = False,
) -> tuple[Case, Event, Proceeding]:
    """Write it: the case, its first event, the proceeding. Inside the door's transaction."""
    form = opening_form(slug, told=told)(data, files, by=by, today=today)
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
    for one in form.kept():
        _file(one, row, entry, form.file_audience)
    return case, event, row


def _file(one: Kept, row: Proceeding, opening: Entry, audience: str) -> None:
    """A file handed in with the opening stands on the record as one added later does: by its digest."""
    evidence = Evidence(
        case=row.case, proceeding=row, file=one.stored, name=one.name, title=one.name, audience=audience,
        uploaded_by=opening.by,
    )  # fmt: skip
    evidence.save()
    entry = Entry(
        by=opening.by, approved_by=None, on=opening.on, today=opening.today, at=opening.at, data={}, case=row.case,
        proceeding=row, name="add_evidence", audience=audience,
    )  # fmt: skip
    entry.note(file=evidence.pk, sm3=one.stored.sm3)
    writing.write(entry, kind=Event.Kind.ACT, before=writing.snapshot(row))
