"""One step for many: what chosen proceedings of a batch all offer, one form for all of them, each through the door.

Nothing is all or nothing: every proceeding has its own transaction, record, approval and answer. Registering a
batch: batch_registration.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from stations import policy
from stations.models import Area, Body, Station, User

from . import attaching, kinds, steps
from .errors import Conflict, DomainError, KeyReused
from .forms import OfCase, StepForm, TableField, form_of
from .models import Approval, Case, Evidence, Idempotency, Party, Proceeding
from .permissions import approvers_of, can, foresee, may, role_names
from .stepping import Meta, steps_of
from .steps import Waiting

MOST = 200  # proceedings of one press
SECONDS = 20  # of one press, far below a server's patience: what is left is named and done by the next press
CODE = 40
ROLES = [(role.value, role.label) for role in Party.Role]
SHARED_ROWS = (User, Area, Station, Body)  # rows that mean the same in every case
NAMES_A_PARTY = ("who", "party")  # columns of a table that name a party of the case
DONE, WAITING, ALREADY, STALE, REFUSED, LATER = "done", "waiting", "already", "stale", "refused", "later"


def address(code: str) -> str:
    """The page of a batch; "" where the code was typed by hand and cannot stand in an address."""
    try:
        return reverse("batch", args=[code]) if code and "/" not in code else ""
    except NoReverseMatch:
        return ""


def cases_of(code: str, user: Any, today: date) -> QuerySet[Case]:
    """The cases of a batch this person may see; where every page of a batch begins."""
    return Case.objects.visible_to(user, today).filter(batch=code).exclude(batch="")


def rows_of(code: str, user: Any, today: date) -> QuerySet[Proceeding]:
    """The proceedings of a batch this person may see, the lead's first; not those with a page of their own."""
    rows = Proceeding.objects.visible_to(user, today).filter(case__batch=code).exclude(case__batch="")
    rows = rows.exclude(kind__in=kinds.apart())
    return (
        rows.select_related("case", "station", "handler", "body")
        .prefetch_related("case__parties", "case__rights")
        .order_by("case_id", "pk")
    )


# what can be done for many ---------------------------------------------------------------------------------------


@dataclass
class Offer:
    """A step or act of a kind that at least one of the rows is open to, for this person."""

    kind: str
    meta: Meta
    rows: list[Proceeding] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.meta.name}"


def batchable(model: type, meta: Meta) -> bool:
    """Can one form say it for many cases? A row of one case (a right, a paper, a sitting) cannot be meant for all."""
    if meta.revises:
        return False
    for one in form_of(model, meta.name).base_fields.values():
        columns = one.columns.values() if isinstance(one, TableField) else [one]
        if any(column.required and not _means_the_same(column) for column in columns):
            return False
    return True


def _means_the_same(one: forms.Field) -> bool:
    if isinstance(one, OfCase):
        return one.model in (Party, Evidence)
    return not isinstance(one, forms.ModelChoiceField) or one.queryset.model in SHARED_ROWS


def offers(rows: Sequence[Proceeding], user: Any, today: date) -> list[Offer]:
    """What the rows offer this person, by kind, in the order of the machine. Asks the database the same for any number.

    What only the row itself can tell (`ready`) is not asked here; the door asks it.
    """
    held = policy.standing(user, today)
    foresee(held, rows)
    asked = set(
        Approval.objects.filter(proceeding__in=rows, state=Approval.State.OPEN).values_list(
            "proceeding", flat=True
        )
    )
    found: dict[str, Offer] = {}
    answers: dict[Any, list[Meta]] = {}
    for row in rows:
        part = tuple(sorted(r for r in held.roles if held.memo["takes part", row.pk, *held.users_with(r)]))
        alike = (row.kind, row.state, row.station_id, row.body_id, row.handler_id, row.archived_on, row.accepted_on,
                 part, held.memo["judges", row.case_id])  # fmt: skip
        if alike not in answers:
            answers[alike] = _open_to(row, user, today)
        for meta in answers[alike]:
            if row.pk in asked and (meta.kind == "step" or approvers_of(row, meta.name)):
                continue
            offer = found.setdefault(f"{row.kind}.{meta.name}", Offer(row.kind, meta))
            offer.rows.append(row)
    return list(found.values())


def _open_to(row: Proceeding, user: Any, today: date) -> list[Meta]:
    model = row.facts.model
    return [
        meta
        for meta in steps_of(model).values()
        if meta.open_in(row.state) and row.archived_on is None and batchable(model, meta)
        and may(user, row, meta.name, today)
    ]  # fmt: skip


# one form for many -------------------------------------------------------------------------------------------------


def pattern(
    model: type, name: str, row: Any, *, by: Any, today: date, data: Mapping[str, Any] | None = None
) -> StepForm:
    """The form as all of them share it, drawn with one of the rows. It shows what was typed; the door checks it.

    A party is chosen by its role, a file is uploaded once, what belongs to a single case is not asked.
    """
    form = form_of(model, name)(data, proceeding=row, case=row.case, by=by, today=today)
    form.initial = {}  # what one of the cases says of itself is not meant for the others
    if data is not None:
        form._errors, form.cleaned_data = ErrorDict(), {}  # type: ignore[attr-defined]
    for key, one in list(form.fields.items()):
        if isinstance(one, OfCase) and one.model is Party:
            form.fields[key] = _role(one)
        elif isinstance(one, OfCase) and one.model is Evidence:
            form.fields[key] = _file(one)
        elif not _means_the_same(one):
            del form.fields[key]
        elif isinstance(one, TableField):
            named = {k: _role(c) if k in NAMES_A_PARTY else c for k, c in one.columns.items()}
            one.columns = one.widget.columns = {k: c for k, c in named.items() if _means_the_same(c)}
    return form


def _role(one: forms.Field) -> forms.ChoiceField:
    blank = [("", _("请选择") if one.required else "—")]
    return forms.ChoiceField(
        label=one.label, choices=[*blank, *ROLES], required=one.required,
        help_text=_("按地位选择，各件填入自己的当事人；同一地位有多名的，逐名办理。"),
    )  # fmt: skip


def _file(one: forms.Field) -> forms.FileField:
    return forms.FileField(
        label=one.label,
        required=one.required,
        help_text=_("上传一次，各件分别存入一份。PDF、图片、Word、Excel、WPS，不超过 50 MB。"),
    )


def parties_asked(model: type, name: str) -> list[str]:
    """Fields of the form that name a party."""
    base = form_of(model, name).base_fields
    return [key for key, one in base.items() if isinstance(one, OfCase) and one.model is Party]


def files_asked(model: type, name: str) -> list[str]:
    """Fields of the form that name a file."""
    base = form_of(model, name).base_fields
    return [key for key, one in base.items() if isinstance(one, OfCase) and one.model is Evidence]


def said_of(
    row: Proceeding, data: Mapping[str, Any], model: type, name: str
) -> list[tuple[str, dict[str, Any]]]:
    """(mark, data) of each call for this row: its own parties in place of roles. Raises DomainError if it has none."""
    parties: dict[str, list[Party]] = {}
    for party in row.case.parties.all():
        parties.setdefault(party.role, []).append(party)
    words = {f"【{label}】": "、".join(p.name for p in parties.get(role, [])) for role, label in ROLES}
    said = {key: _worded(value, words, parties) for key, value in data.items()}
    asked = [key for key in parties_asked(model, name) if said.get(key)]
    if not asked:
        return [("", said)]
    key = asked[0]
    mine = parties.get(str(said[key]), [])
    if not mine:
        raise DomainError("no_such_party", _("本案没有这一地位的当事人，请逐件办理。"))
    if any(said[other] not in parties or len(parties[said[other]]) > 1 for other in asked[1:]):
        raise DomainError("several_parties", _("本案这一地位的当事人不止一名，请逐件办理。"))
    others = {other: parties[said[other]][0].pk for other in asked[1:]}
    return [(f"-{party.pk}", {**said, **others, key: party.pk}) for party in mine]


def _worded(value: Any, words: Mapping[str, str], parties: Mapping[str, list[Party]]) -> Any:
    """Text with 【被申请人】 and the like filled in; a role in a table becomes the name of the one who has it."""
    if isinstance(value, str):
        for token, names in words.items():
            value = value.replace(token, names)
        return value
    if not isinstance(value, list):
        return value
    return [
        _cells(one, words, parties) if isinstance(one, Mapping) else _worded(one, words, parties)
        for one in value
    ]


def _cells(
    line: Mapping[str, Any], words: Mapping[str, str], parties: Mapping[str, list[Party]]
) -> dict[str, Any]:
    told = {}
    for key, value in line.items():
        if key in NAMES_A_PARTY and value in dict(ROLES):
            mine = parties.get(value, [])
            if len(mine) != 1:
                text = _("本案的%(role)s有 %(n)d 名，不能按地位填写，请逐件办理。")
                raise DomainError("several_parties", text % {"role": dict(ROLES)[value], "n": len(mine)})
            told[key] = mine[0].name
        else:
            told[key] = _worded(value, words, parties)
    return told


def in_general(text: str, case: Case) -> str:
    """Words of a case with its parties named by what they are, as they were before `said_of`."""
    labels = dict(ROLES)
    for party in sorted(case.parties.all(), key=lambda one: -len(one.name)):
        if len(party.name) > 1 and not (
            party.name.isascii() and party.name.isidentifier()
        ):  # it could be a key
            text = text.replace(party.name, f"【{labels[party.role]}】")
    return text


# each through its own door -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What became of one proceeding: done, waiting, already (an earlier press), stale, refused, later; with words."""

    row: Proceeding
    end: str
    text: str
    fields: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        return self.end in (DONE, WAITING, ALREADY)


def apply(
    meta: Meta,
    chosen: Sequence[tuple[Proceeding, int | None]],
    data: Mapping[str, Any],
    *,
    by: Any,
    today: date,
    key: str,
    uploads: Mapping[str, Any] | None = None,
) -> list[Result]:
    """The step or act for each (row, version seen), one after the other in the order of their ids.

    Each has a key of its own below `key`: pressing again does what is left. Raises only what concerns the upload.
    """
    kept = {name: attaching.keep(upload.name or "", upload) for name, upload in (uploads or {}).items()}
    answered = _answered(by, key)
    results: list[Result] = []
    begun = monotonic()
    for row, version in sorted(chosen, key=lambda one: one[0].pk):
        if monotonic() - begun > SECONDS:
            results.append(Result(row, LATER, str(_("本次时间已到，请再次提交，接着办理"))))
            continue
        results.append(_one(meta, row, version, data, kept, by=by, today=today, key=key, answered=answered))
    return results


def _answered(by: Any, key: str) -> set[str]:
    return set(Idempotency.objects.filter(user=by, key__startswith=f"{key}-").values_list("key", flat=True))


def _one(
    meta: Meta, row: Proceeding, version: int | None, data: Mapping[str, Any], kept: Mapping[str, Any], *, by: Any,
    today: date, key: str, answered: Iterable[str],
) -> Result:  # fmt: skip
    model, told, number = row.facts.model, [], ""
    try:
        calls = said_of(row, data, model, meta.name)
        for mark, said in calls:
            own = f"{key}-{row.pk}{mark}"
            if own in answered:
                told.append(ALREADY)
                continue
            answer = _call(meta, row, version, said, kept, by=by, today=today, key=own)
            if isinstance(answer, Waiting):
                return Result(
                    row,
                    WAITING,
                    str(_("等待%(who)s审批") % {"who": role_names([answer.approval.waiting_role])}),
                )
            told.append(DONE)
            number = answer.number or ""
    except KeyReused:
        return Result(row, ALREADY, "")
    except Conflict as conflict:
        if conflict.code == "twin_running":
            return Result(row, ALREADY, str(_("正在由同一次提交办理")))
        end = STALE if conflict.code == "stale_version" else REFUSED
        text = _("已被其他人办理到下一步，未办理") if end == STALE else conflict.message
        return Result(row, end, str(text))
    except DomainError as refusal:
        texts = [text for several in refusal.fields.values() for text in several] or [str(refusal.message)]
        return Result(row, REFUSED, "；".join(dict.fromkeys(map(str, texts))), refusal.fields)
    if DONE not in told:
        return Result(row, ALREADY, "")
    return Result(row, DONE, str(_("案号 %(number)s") % {"number": number}) if number else "")


def _call(
    meta: Meta, row: Proceeding, version: int | None, said: dict[str, Any], kept: Mapping[str, Any], *, by: Any,
    today: date, key: str,
) -> steps.Answer:  # fmt: skip
    filed: list[Evidence] = []
    if kept:
        allowed = can(by, row, meta.name, today)
        if not allowed:
            steps.demand(by, row.concrete(), meta.name, today)
        audience = getattr(
            form_of(row.facts.model, meta.name), "upload_audience", Evidence.Audience.PROCEEDING
        )
        for name, (stored, safe_name) in kept.items():
            evidence = Evidence(
                case=row.case, proceeding_id=row.pk, file=stored, name=safe_name, title=safe_name
            )
            evidence.audience, evidence.uploaded_by = audience, by
            evidence.save()
            filed.append(evidence)
            said = {**said, name: evidence.pk}
    try:
        if meta.kind == "act":
            return steps.act(row.pk, meta.name, by=by, data=said, today=today, key=key)
        return steps.perform(row.pk, meta.name, by=by, data=said, version=version, today=today, key=key)
    except DomainError:
        for evidence in filed:
            evidence.delete()
        raise
