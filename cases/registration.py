"""收件登记: one page or one API call in, a case with parties, rights, number and first proceeding out.

Four things suffice: a party's name, the matter in a line, a right's kind, the date. The rest is 待补充.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stations import policy
from stations.models import Area, Station

from . import deadlines, kinds, numbering, writing
from .entry import Entry, Fact
from .forms import DayField, LongField, StepForm, TableField
from .identifiers import (
    check_court_number,
    check_id_number,
    check_phone,
    check_right_number,
    name_key,
    right_key,
)
from .models import Case, Event, Party, Proceeding, Right

PARTY = {
    "role": forms.ChoiceField(label=_("地位"), choices=Party.Role.choices),
    "kind": forms.ChoiceField(label=_("类型"), choices=Party.Kind.choices, required=False),
    "name": forms.CharField(label=_("姓名或名称"), max_length=120),
    "id_number": forms.CharField(label=_("证件号"), max_length=30, required=False),
    "phone": forms.CharField(label=_("电话"), max_length=30, required=False),
    "address": forms.CharField(label=_("地址"), max_length=200, required=False),
    "service_address": forms.CharField(label=_("送达地址"), max_length=200, required=False),
    "legal_representative": forms.CharField(label=_("法定代表人"), max_length=40, required=False),
    "agent_name": forms.CharField(label=_("代理人"), max_length=40, required=False),
    "agent_firm": forms.CharField(label=_("代理机构"), max_length=80, required=False),
    "agent_authority": forms.ChoiceField(
        label=_("代理权限"), choices=[("", "—"), *Party.Authority.choices], required=False
    ),
}
RIGHT = {
    "kind": forms.ChoiceField(label=_("类型"), choices=Right.Kind.choices),
    "number": forms.CharField(label=_("权利号"), max_length=80, required=False),
    "title": forms.CharField(label=_("名称"), max_length=200, required=False),
}
KINDS = [
    ("assistance", _("维权援助")),
    ("mediation", _("调解")),
    ("adjudication", _("行政裁决（仅专利侵权）")),
]
MEDIATION_KINDS = [
    ("people", _("人民调解")),
    ("administrative", _("行政调解")),
    ("commercial", _("商事调解")),
]


@dataclass(frozen=True)
class OfBatch:
    """A case registered as one of many. Without a code it is the lead: its own number becomes the code."""

    code: str
    digest: str  # of the list and the line, kept with the case: the line is known again after any time


class RegistrationForm(StepForm):
    """The body of `POST /api/v1/cases/`; a page posts the same names."""

    dated = False

    proceeding = forms.ChoiceField(label=_("办理方式"), choices=KINDS)
    mediation_kind = forms.ChoiceField(
        label=_("调解种类"), choices=[("", "—"), *MEDIATION_KINDS], required=False
    )
    station = forms.ModelChoiceField(
        Station.objects.all(),
        label=_("工作站"),
        to_field_name="code",
        required=False,
        empty_label=_("请选择"),
    )
    source = forms.ChoiceField(label=_("案源"), choices=Case.Source.choices, required=False)
    received_on = DayField(label=_("收件日期"))
    late_reason = forms.CharField(label=_("补录原因"), required=False, max_length=200)
    cause = forms.CharField(label=_("案由"), max_length=120, required=False)
    summary = LongField(label=_("简要情况"), required=False)
    claim_amount = forms.DecimalField(
        label=_("标的额（元）"), max_digits=16, decimal_places=2, min_value=0, required=False
    )
    foreign = forms.ChoiceField(label=_("涉外"), choices=Case.Foreign.choices, required=False)
    court_case_no = forms.CharField(label=_("法院案号"), max_length=60, required=False)
    external_no = forms.CharField(
        label=_("外部编号"), max_length=60, required=False, help_text=_("12345 工单号、移送机关编号等")
    )
    act_place = forms.ModelChoiceField(
        Area.objects.all(), label=_("侵权行为地"), to_field_name="code", required=False, empty_label="—"
    )
    act_platform = forms.CharField(label=_("电商平台"), max_length=80, required=False)
    handled_elsewhere = forms.NullBooleanField(label=_("是否已起诉、仲裁或由其他机关处理"), required=False)
    batch = forms.CharField(label=_("批量"), max_length=40, required=False)
    receipt = forms.BooleanField(label=_("打印收件回执"), required=False)
    parties = TableField(label=_("当事人"), columns=PARTY)
    rights = TableField(label=_("权利"), columns=RIGHT)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any):
        if data is not None:
            data = {**data, "parties": _flat_agents(data.get("parties"))} if "parties" in data else data
        super().__init__(data, **kwargs)
        held = policy.standing(self.by, self.today)
        mine = sorted({s for role in ("clerk", "station_head") for s in held.stations(role)})
        self.fields["station"].queryset = Station.objects.filter(pk__in=mine, closed_on__isnull=True)  # type: ignore[attr-defined]

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > self.today:
            raise ValidationError(_("收件日期不能晚于今天。"), code="in_future")
        return day

    def clean_parties(self) -> list[dict[str, Any]]:
        problems = []
        for n, row in enumerate(self.cleaned_data["parties"], start=1):
            for value, check in (
                (row["id_number"], lambda v, r=row: check_id_number(v, r["kind"] or Party.Kind.LEGAL)),
                (row["phone"], check_phone),
            ):
                answer = check(value) if value else None
                if answer is not None and answer.level == "error":
                    problems.append(f"第 {n} 行：{answer.message}")
        if problems:
            raise ValidationError(problems, code="identifier")
        return list(self.cleaned_data["parties"])

    def clean_rights(self) -> list[dict[str, Any]]:
        problems = []
        for n, row in enumerate(self.cleaned_data["rights"], start=1):
            answer = check_right_number(row["kind"], row["number"]) if row["number"] else None
            if answer is not None and answer.level == "error":
                problems.append(f"第 {n} 行：{answer.message}")
            elif answer is not None:
                row["number"] = answer.normalised
        if problems:
            raise ValidationError(problems, code="identifier")
        return list(self.cleaned_data["rights"])

    def clean_court_case_no(self) -> str:
        value: str = self.cleaned_data.get("court_case_no") or ""
        answer = check_court_number(value) if value else None
        if answer is not None and answer.level == "error":
            raise ValidationError(answer.message, code="identifier")
        return answer.normalised if answer else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day = cleaned.get("received_on")
        if day and not cleaned.get("late_reason") and day < self.today and self._beyond_late(day):
            self.add_error(
                "late_reason", ValidationError(_("补录超过 3 个工作日，请填写补录原因。"), code="late_reason")
            )
        if not cleaned.get("summary") and not cleaned.get("cause"):
            self.add_error("summary", ValidationError(_("请用一句话写明事项。"), code="required"))
        rights = {row["kind"] for row in cleaned.get("rights", [])}
        if cleaned.get("proceeding") == "adjudication" and rights and not rights & set(Right.PATENTS):
            text = _("行政裁决仅适用于专利侵权纠纷，请选择维权援助或调解，或更正权利类型。")
            self.add_error("proceeding", ValidationError(text, code="patent_only"))
        choices = self.fields["station"].queryset  # type: ignore[attr-defined]
        if not cleaned.get("station") and "station" not in self.errors:
            if choices.count() == 1:
                cleaned["station"] = choices.get()
            else:
                self.add_error("station", ValidationError(_("请选择工作站。"), code="required"))
        return cleaned

    def make(self, at: datetime, of: OfBatch | None = None) -> tuple[Case, Event, Proceeding]:
        """Write it all: case, parties, rights, number, `registered`, first proceeding. Inside the door's transaction."""
        data = self.cleaned_data
        case = Case(
            station=data["station"], source=data["source"] or Case.Source.APPLICATION, received_on=data["received_on"],
            cause=data["cause"], summary=data["summary"], claim_amount=data["claim_amount"],
            foreign=data["foreign"] or Case.Foreign.NONE, court_case_no=data["court_case_no"],
            external_no=data["external_no"],
            act_place=data["act_place"], act_platform=data["act_platform"],
            handled_elsewhere=data["handled_elsewhere"], batch=data["batch"],
        )  # fmt: skip
        case.registration_no = numbering.take("registration", self.today.year).text
        if of is not None:
            case.batch, case.row_digest = of.code or case.registration_no, of.digest
        case.save()
        add_parties(case, data["parties"])
        add_rights(case, data["rights"])
        entry = Entry(
            by=self.by, approved_by=None, on=data["received_on"], today=self.today, at=at, data=data, case=case,
            proceeding=None, name="registered", audience=Event.Audience.CASE,
        )  # fmt: skip
        if data["received_on"] < self.today:
            entry.origin = Event.Origin.LATE
            entry.note(late_reason=data["late_reason"])
        entry.note(number=case.registration_no, batch=case.batch)
        entry.facts.append(Fact("registered", None, None, entry.on))
        if data["receipt"]:
            entry.paper(
                "receipt", submitter=submitter(data["parties"]), way=str(dict(KINDS)[data["proceeding"]])
            )
        event = writing.write(entry, kind=Event.Kind.ACT)
        slug = data["proceeding"]
        extra = {"flavour": data["mediation_kind"] or "people"} if slug == "mediation" else {}
        first = writing.open_proceeding(entry, slug, {**extra, "parent": None})
        return case, event, first


def submitter(parties: list[dict[str, Any]]) -> str:
    """Who handed the papers in: the applicants, else whoever is named first."""
    names = [p["name"] for p in parties if p["role"] == Party.Role.APPLICANT]
    return "、".join(names or [p["name"] for p in parties][:1])


def _flat_agents(rows: Any) -> Any:
    """The API nests an agent; a page and the table have it flat."""
    if not isinstance(rows, list):
        return rows
    flat = []
    for row in rows:
        if isinstance(row, Mapping) and isinstance(row.get("agent"), Mapping):
            agent = row["agent"]
            row = {k: v for k, v in row.items() if k != "agent"}
            row |= {f"agent_{k}": v for k, v in agent.items()}
        elif isinstance(row, Mapping) and "agent" in row and row["agent"] is None:
            row = {k: v for k, v in row.items() if k != "agent"}
        flat.append(row)
    return flat


def fill_party(party: Party, row: Mapping[str, Any]) -> Party:
    """Put a row's values on a party, with its keys."""
    for name, value in row.items():
        setattr(party, name, value)
    party.name_key = name_key(party.name)
    party.kind = party.kind or Party.Kind.LEGAL
    return party


def add_parties(case: Case, rows: list[dict[str, Any]]) -> None:
    for position, row in enumerate(rows):
        fill_party(Party(case=case, position=position), row).save()


def add_rights(case: Case, rows: list[dict[str, Any]]) -> None:
    for position, row in enumerate(rows):
        number = row.get("number") or ""
        key = right_key(row["kind"], number) if number else ""
        Right.objects.create(case=case, position=position, number_key=key, **{**row, "number": number})


def duplicates(
    *, names: list[str], numbers: list[tuple[str, str]], by: Any, today: Any, limit: int = 5
) -> list[Case]:
    """Cases the person may see with the same party or the same right; shown, never decided here.

    `settled_lately`: an agreement of the last twelve months stands in it, so the dispute may be the same one coming back.
    """
    keys = [name_key(n) for n in names if n.strip()]
    rights = [right_key(kind, number) for kind, number in numbers if number.strip()]
    found = Case.objects.visible_to(by, today).filter(category=Case.Category.DISPUTE)
    same = found.filter(parties__name_key__in=keys) | found.filter(rights__number_key__in=rights)
    likely: list[Any] = (
        list(same.distinct().prefetch_related("parties", "rights", "proceedings")[:limit])
        if keys or rights
        else []
    )
    agreed = Event.objects.visible_to(by, today).filter(
        case__in=likely,
        fact="effective",
        corrections__isnull=True,
        occurred_on__gte=deadlines.add_months(today, -12),
    )
    lately = set(agreed.values_list("case_id", flat=True)) if likely else set()
    for case in likely:
        case.settled_lately = case.pk in lately
    return likely


def kinds_to_choose() -> list[str]:
    """Kinds that may be chosen at registration."""
    return [slug for slug, known in kinds.all_kinds().items() if known.opens_from_case]


__all__ = ["RegistrationForm", "add_parties", "add_rights", "duplicates", "fill_party", "kinds_to_choose"]
