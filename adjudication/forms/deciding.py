"""Forms of the panel's decision: deliberation, and the table of findings that it shares with the ruling."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import catalogue
from adjudication.models import Adjudication, Outcome
from adjudication.models.deciding import CONCLUSIONS
from cases.forms import LongField, OfCase, StepForm, TableField, UserField
from cases.models import Party
from stations import policy
from stations.models import User

from .filing import own_column

VOTES = [*CONCLUSIONS.items()]


class ActsField(forms.MultipleChoiceField):
    """Acts of the measures' catalogue: ticked on the page; a caller of the API may also write them (制造、销售)."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, catalogue_of: Any = catalogue.ACTS, **kwargs: Any):
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "error_messages",
            {"invalid_choice": _("“%(value)s”不在侵权行为的目录中，请改选或者选“其他行为”。")},
        )
        super().__init__(choices=list(catalogue_of.items()), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        return super().to_python(catalogue.codes(value))


class RespondentColumn(OfCase):
    """A respondent of the case, in a row of a table; with one respondent it need not be chosen."""

    def __init__(self, **kwargs: Any):
        super().__init__(Party, label=_("被请求人"), required=False, **kwargs)

    def of(self, form: StepForm) -> "RespondentColumn":
        """This column for one form."""
        mine = RespondentColumn()
        respondents = (
            form.case.parties.filter(role=Party.Role.RESPONDENT) if form.case else Party.objects.none()
        )
        mine.queryset = respondents
        mine.label_from_instance = lambda party: party.name  # type: ignore[method-assign]
        return mine


class FindingsForm(StepForm):
    """Base of what carries findings: one row for each claim and respondent, none if the whole is alike."""

    findings = TableField(
        label=_("逐项认定"),
        required=False,
        help_text=_("各被请求人、各项权利要求认定相同的，可以不填；认定不同的逐项填写。"),
        columns={
            "respondent": RespondentColumn(),
            "claim": forms.CharField(label=_("权利要求"), max_length=60, required=False),
            "outcome": forms.ChoiceField(
                label=_("认定"), choices=[("", _("请选择")), *Outcome.choices], required=False
            ),
            "acts": ActsField(label=_("侵权行为")),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own_column(self, "findings", "respondent", RespondentColumn().of(self))

    def clean_findings(self) -> list[dict[str, Any]]:
        rows = self.touched(self.cleaned_data["findings"])
        for number, row in enumerate(rows, start=1):
            for lacks, code, words in (
                (row["respondent"] is None, "respondent_missing", _("逐项认定第 %(n)s 行请选择被请求人。")),
                (not row["outcome"], "outcome_missing", _("逐项认定第 %(n)s 行请选择认定。")),
                (
                    row["outcome"] != Outcome.NOT_ESTABLISHED and not row["acts"],
                    "acts_missing",
                    _("逐项认定第 %(n)s 行请选择侵权行为。"),
                ),
            ):
                if lacks:
                    raise ValidationError(words % {"n": number}, code=code)
            if row["outcome"] == Outcome.NOT_ESTABLISHED:
                row["acts"] = []
        return rows

    def touched(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with their respondent and claim; none if all of them stand as the page offered them."""
        respondents = self.respondents()
        for row in rows:
            row["respondent"] = row["respondent"] or (respondents[0] if len(respondents) == 1 else None)
            row["claim"] = catalogue.claims_of(row["claim"])[0]
        return rows if any(row["outcome"] or row["acts"] for row in rows) else []

    def respondents(self) -> list[Party]:
        return [p for p in self.case.parties.all() if p.role == Party.Role.RESPONDENT]

    def every_claim(self) -> list[dict[str, Any]]:
        """A row for each respondent and claim relied on, where there is more than one to find about."""
        claims = catalogue.claims_of(self.proceeding.claims_relied)
        rows = [{"respondent": p.pk, "claim": claim} for p in self.respondents() for claim in claims]
        return rows if len(rows) > 1 else []

    def of_the_panel(self) -> bool:
        """Does whoever opens the form take part in the case? To others nothing of the closed volume is filled in."""
        held = policy.standing(self.by, self.today).users
        row = self.proceeding
        return row.handler_id in held or bool({part.user_id for part in row.participants()} & held)


class RecordDeliberation(FindingsForm):
    step = Adjudication.record_deliberation
    field_order = ("votes", "findings", "minutes")
    votes = TableField(
        label=_("各成员意见"),
        columns={
            "member": UserField(label=_("成员")),
            "vote": forms.ChoiceField(label=_("意见"), choices=[("", _("请选择")), *VOTES]),
            "words": forms.CharField(label=_("理由"), max_length=2000, required=False),
        },
        extra=3,
    )
    minutes = LongField(label=_("合议笔录"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        member = UserField(label=_("成员"))
        member.queryset = User.objects.filter(pk__in=[part.user_id for part in self.proceeding.panel()])
        own_column(self, "votes", "member", member)
        if not self.is_bound:
            self.initial.setdefault("findings", self.every_claim())
            panel = [part.user.username for part in self.proceeding.panel()]
            self.initial.setdefault("votes", [{"member": name} for name in panel])
