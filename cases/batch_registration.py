"""批量登记: what one right holder's cases share is told once, each respondent becomes a case with a number of its own.

The list is read here and run by the worker as an import is; each line enters by the door under a key of its own.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import chain, steps
from .errors import DomainError, Invalid
from .forms import LongField, TableField
from .identifiers import check_id_number, check_phone, name_key, right_key
from .imports import sheet, uploaded
from .imports.problems import Problem, SheetRefused
from .imports.rows import Places
from .imports.running import Result
from .models import BatchRun, Case, Party
from .outbox import effect
from .protection import keyed_digest, masked_id, masked_phone
from .registration import OfBatch, RegistrationForm

MOST = 1_000  # respondents of one list
NAME, ID, PHONE, ADDRESS, PLACE, PLATFORM, AMOUNT, KIND = (
    "名称", "证件号", "电话", "地址", "侵权行为地", "电商平台", "标的额", "类型",
)  # fmt: skip
HEADINGS = (NAME, ID, PHONE, ADDRESS, PLACE, PLATFORM, AMOUNT, KIND)
LONGEST = {NAME: 120, ID: 30, PHONE: 30, ADDRESS: 200, PLATFORM: 80}
COLUMNS = {
    "name": NAME, "id_number": ID, "phone": PHONE, "address": ADDRESS, "act_place": PLACE, "act_platform": PLATFORM,
    "claim_amount": AMOUNT, "kind": KIND,
}  # fmt: skip
KINDS = {str(label): value for value, label in Party.Kind.choices} | {v: v for v in Party.Kind.values}
OWN = ("respondents", "pasted", "sheet", "batch")  # what the form has beside a registration
_MONEY = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
Cells = dict[str, str]
Lines = list[tuple[int, Cells]]


class BatchForm(RegistrationForm):
    """A registration without respondents, and the list of them: typed, pasted or as a sheet.

    What is wrong with a single line does not stop the others; it comes back from the run with its reason.
    """

    respondents = TableField(
        label=_("被申请人清单"), required=False, extra=5,
        columns={
            key: forms.CharField(label=heading, max_length=200, required=False) for key, heading in COLUMNS.items()
        },
    )  # fmt: skip
    pasted = LongField(
        label=_("粘贴清单"), required=False, max_length=400_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("从电子表格复制后粘贴，一行一家；首行可以是栏目名称，没有的按名称、证件号、电话、地址、侵权行为地、电商平台、标的额、类型的顺序。"),
    )  # fmt: skip
    sheet = forms.FileField(
        label=_("上传清单"), required=False, help_text=_("CSV 或 XLSX，首行为栏目名称：%(names)s；只有“名称”必填。")
        % {"names": "、".join(HEADINGS)},
    )  # fmt: skip
    batch = forms.CharField(
        label=_("补登到已有批次"), max_length=40, required=False, help_text=_("填该批的批号；新的一批不填。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.lines: Lines = []

    def clean_batch(self) -> str:
        code: str = self.cleaned_data["batch"]
        if code and not Case.objects.visible_to(self.by, self.today).filter(batch=code).exists():
            raise ValidationError(_("没有这一批案件，或您无权查看，请核对批号。"), code="not_found")
        return code

    def clean_parties(self) -> list[dict[str, Any]]:
        rows = super().clean_parties()
        roles = {row["role"] for row in rows}
        if Party.Role.RESPONDENT in roles:
            raise ValidationError(
                _("被申请人请填写在下面的清单中，这里只填各件共同的当事人。"), code="listed_below"
            )
        if Party.Role.APPLICANT not in roles:
            raise ValidationError(_("请填写申请人（权利人）。"), code="required")
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = [row for row in cleaned.get("respondents") or [] if any(row.values())]
        given = [n for n, v in (("respondents", typed), ("pasted", (cleaned.get("pasted") or "").strip()),
                                ("sheet", cleaned.get("sheet"))) if v]  # fmt: skip
        if len(given) > 1:
            text = _("逐行填写、粘贴、上传只能用一种，请清空其余的。")
            self.add_error(given[-1], ValidationError(text, code="both"))
        elif not given and not self.errors.keys() & {"respondents", "pasted", "sheet"}:
            text = _("请填写被申请人：逐行填写、粘贴或者上传表格。")
            self.add_error("respondents", ValidationError(text, code="required"))
        elif given:
            try:
                self.lines = self._lines(given[0], typed, cleaned)
            except DomainError as refusal:
                self.add_error(given[0], ValidationError(str(refusal), code=refusal.code))
        return cleaned

    def _lines(self, given: str, typed: list[dict[str, Any]], cleaned: Mapping[str, Any]) -> Lines:
        if given == "respondents":
            rows = [{COLUMNS[k]: sheet.clean(v) for k, v in row.items() if v} for row in typed]
            lines = list(enumerate(rows, start=1))
        elif given == "pasted":
            lines = pasted(cleaned["pasted"])
        else:
            lines = _of_sheet(sheet.read(cleaned["sheet"].read(), cleaned["sheet"].name))
        if not lines:
            raise SheetRefused("no_lines", _("清单里没有被申请人，请至少填写一行。"))
        if len(lines) > MOST:
            raise SheetRefused("too_long", _("一次最多登记 %(n)s 家，请分批登记。") % {"n": MOST})
        return lines

    def shared(self) -> dict[str, Any]:
        """What all cases share, as the door takes it and JSON keeps it."""
        names = set(RegistrationForm.base_fields) - set(OWN)
        told = {n: v for n, v in self.data.items() if n in names and v not in (None, "", [])}
        return json.loads(
            json.dumps({**told, "station": self.cleaned_data["station"].code}, default=str), parse_float=str
        )  # type: ignore[no-any-return]

    def start(self) -> BatchRun:
        """The run of this list, begun now; the one there is if the same was told before. Valid forms only."""
        shared, code = self.shared(), self.cleaned_data["batch"]
        digest = keyed_digest(
            chain.canonical(
                {"shared": shared, "lines": [[n, cells] for n, cells in self.lines], "batch": code}
            )
        )
        with transaction.atomic():
            run, made = BatchRun.objects.get_or_create(
                by=self.by, digest=digest, defaults={"code": code, "rows": len(self.lines)}
            )
            if made:
                run.shared = json.dumps(shared, ensure_ascii=False)
                run.lines = json.dumps(self.lines, ensure_ascii=False)
                run.save(update_fields=["shared_sealed", "lines_sealed"])
                uploaded.ask(run)
        return run

    def likely(self) -> list[Case]:
        """Cases the person may see about one of these rights with one of these respondents, at most twenty."""
        names = {name_key(cells[NAME]) for _n, cells in self.lines if cells.get(NAME)}
        rights = {
            right_key(r["kind"], r["number"]) for r in self.cleaned_data.get("rights", []) if r["number"]
        }
        if not names or not rights:
            return []
        seen = Case.objects.visible_to(self.by, self.today).filter(rights__number_key__in=rights)
        same = Party.objects.filter(role=Party.Role.RESPONDENT, name_key__in=names, case__in=seen)
        return list(Case.objects.filter(pk__in=same.values("case")).prefetch_related("parties")[:20])


def pasted(text: str) -> Lines:
    """Lines of a pasted sheet, numbered as pasted. Raises SheetRefused."""
    first = text.strip().partition("\n")[0]
    cells = [c.strip() for c in re.split(r"[\t,，;]", first)]
    if NAME in cells:
        return _of_sheet(
            sheet.read(text.replace("，", ",").encode() if "\t" not in first else text.encode(), "a.csv")
        )
    split = re.compile(r"\t" if "\t" in text else r"[,，]")
    found: Lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        values = [sheet.clean(cell) for cell in split.split(line)]
        if not any(values):
            continue
        if len(values) > len(HEADINGS):
            text_ = _("第 %(n)s 行的格数多于栏目，请核对，或者在首行写明栏目名称。") % {"n": number}
            raise SheetRefused("too_many_cells", text_)
        found.append((number, {h: v for h, v in zip(HEADINGS, values, strict=False) if v}))
    return found


def _of_sheet(read: sheet.Sheet) -> Lines:
    if NAME not in read.headings:
        raise SheetRefused(
            "heading_missing",
            _("表格缺少栏目“名称”，首行应为栏目名称：%(names)s。") % {"names": "、".join(HEADINGS)},
        )
    return [(one.number, {h: v for h, v in one.cells.items() if h in HEADINGS and v}) for one in read.lines]


# the run -----------------------------------------------------------------------------------------------------


class Registering:
    """One list with what its cases share; a line is a case or comes back with its reasons."""

    def __init__(self, run: BatchRun, *, today: date):
        self.run, self.today = run, today
        self.shared, self.lines = run.told()
        self.places = Places.load()
        self.holders = {name_key(p["name"]) for p in self.shared["parties"]}
        self.seen: dict[tuple[str, str, str], int] = {}

    def results(self, start: int, account: uploaded.Account) -> Iterator[Result]:
        """The result of each line from the given one on, each told to the account."""
        for number, cells in self.lines[:start]:  # what came before still shows what is told twice
            self._twice(number, cells)
        for number, cells in self.lines[start:]:
            result = self._one(number, cells)
            account.note(result)
            yield result

    def _one(self, number: int, cells: Cells) -> Result:
        mark = keyed_digest(f"{self.run.digest}:{number}")
        data, problems = self._read(number, cells)
        if problems:
            return Result(number, problems=problems)
        known = self._known(mark)
        if known is None:
            try:
                outcome = steps.register(
                    by=self.run.by,
                    data=data,
                    today=self.today,
                    key=f"batch-{mark}",
                    of=OfBatch(self.run.code, mark),
                )
            except DomainError as refusal:
                return Result(number, problems=[Problem(number, "", "", refusal.code, sentence(refusal))])
            known = Case.objects.get(pk=outcome.case)
            result = Result(number, added=1)
        else:
            result = Result(number, unchanged=1)
        if not self.run.code:  # the lead
            self.run.code = known.batch
            self.run.save(update_fields=["code"])
        return result

    def _known(self, mark: str) -> Case | None:
        """The case this line has become already."""
        rows = Case.objects.filter(row_digest=mark, source_name="")
        of_batch = Q(batch=self.run.code) if self.run.code else Q(received_on=self.shared["received_on"])
        return rows.filter(of_batch, station__code=self.shared["station"]).first()

    def _read(self, number: int, cells: Cells) -> tuple[dict[str, Any], list[Problem]]:
        """The registration of a line, and everything that is wrong with it."""
        problems: list[Problem] = []

        def fail(column: str, code: str, reason: object) -> None:
            problems.append(Problem(number, column, shown(column, cells.get(column, "")), code, str(reason)))

        for column, longest in LONGEST.items():
            if len(cells.get(column, "")) > longest:
                fail(column, "too_long", _("超过 %(n)s 字，请缩短。") % {"n": longest})
        name, number_said, phone = cells.get(NAME, ""), cells.get(ID, ""), cells.get(PHONE, "")
        if not name:
            fail(NAME, "required", _("请填写被申请人名称。"))
        elif name_key(name) in self.holders:
            fail(NAME, "is_applicant", _("与申请人相同，请核对。"))
        if (before := self._twice(number, cells)) is not None:
            fail(
                NAME,
                "repeated_row",
                _("与第 %(n)s 行的名称、侵权行为地、电商平台相同，未重复登记。") % {"n": before},
            )
        kind = KINDS.get(cells.get(KIND, "")) or kind_of(number_said)
        if cells.get(KIND) and cells[KIND] not in KINDS:
            fail(
                KIND,
                "unknown_value",
                _("没有这个取值，应为：%(known)s。") % {"known": "、".join(map(str, Party.Kind.labels))},
            )
        if number_said and (answer := check_id_number(number_said, kind)).level == "error":
            fail(ID, "identifier", answer.message)
        if phone and (answer := check_phone(phone)).level == "error":
            fail(PHONE, "identifier", answer.message)
        place = self.places.areas.get(cells.get(PLACE, ""))
        if cells.get(PLACE) and place is None:
            fail(
                PLACE,
                "unknown_value",
                _("不是本区的街镇，请填写街镇名称或者区划代码；区外的请留空，写在“地址”中。"),
            )
        amount = money(cells.get(AMOUNT, ""))
        if cells.get(AMOUNT) and amount is None:
            fail(AMOUNT, "bad_number", _("金额应以元为单位填写数字，如 12000.00。"))
        party = {"role": Party.Role.RESPONDENT.value, "kind": kind, "name": name, "id_number": number_said,
                 "phone": phone, "address": cells.get(ADDRESS, "")}  # fmt: skip
        own = {
            "act_place": place.code if place else None,
            "act_platform": cells.get(PLATFORM),
            "claim_amount": amount,
        }
        data = {**self.shared, **{k: v for k, v in own.items() if v not in (None, "")}}
        data["parties"] = [*self.shared["parties"], party]
        return data, problems

    def _twice(self, number: int, cells: Cells) -> int | None:
        """The earlier line of the same respondent at the same place."""
        if not cells.get(NAME):
            return None
        key = (name_key(cells[NAME]), cells.get(PLACE, ""), cells.get(PLATFORM, ""))
        before = self.seen.setdefault(key, number)
        return before if before != number else None


def kind_of(number: str) -> str:
    """What the number says its holder is; without one, a legal person."""
    if number and check_id_number(number, Party.Kind.LEGAL).level == "error":
        if check_id_number(number, Party.Kind.PERSON).level != "error":
            return str(Party.Kind.PERSON.value)
    return str(Party.Kind.LEGAL.value)


def money(said: str) -> str | None:
    """An amount in yuan as the door takes it, None if it is none."""
    bare = said.removesuffix("元").strip()
    try:
        amount = Decimal(bare.replace(",", "")).quantize(Decimal("0.01")) if _MONEY.fullmatch(bare) else None
    except InvalidOperation:
        amount = None
    return None if amount is None or amount >= Decimal(10) ** 14 else format(amount, "f")


def shown(column: str, value: str) -> str:
    """A cell as the account of a run may show it: protected values masked or left out."""
    if column == ID:
        return masked_id(value) if value else ""
    if column == PHONE:
        return masked_phone(value) if value else ""
    return "" if column == ADDRESS else value


def sentence(refusal: DomainError) -> str:
    """Why the door refused, with what it says of the fields."""
    return "；".join([text for texts in refusal.fields.values() for text in texts] or [str(refusal.message)])


@effect("register_batch")
def register_batch(run: int) -> None:
    """Register a list from the line where it stopped, for a slice of time; then ask for another turn."""
    row = BatchRun.objects.select_related("by").get(pk=run)
    if row.state not in uploaded.UNFINISHED:
        return
    account, today = uploaded.Account(row), timezone.localdate()
    try:
        steps.demand_registrar(row.by, today)
    except DomainError as refusal:
        account.end(BatchRun.State.FAILED, refusal)
        return
    list_of_run = Registering(row, today=today)
    account.begin(len(list_of_run.lines))
    if uploaded.go(account, list_of_run.results(row.done, account)):
        account.end(BatchRun.State.DONE)


def returned(run: BatchRun) -> sheet.Sheet:
    """The list as a sheet, for the lines that come back."""
    _shared, lines = run.told()
    return sheet.Sheet(HEADINGS, tuple(sheet.Line(n, cells) for n, cells in lines))


def failed_rows(run: BatchRun) -> list[dict[str, str]]:
    """The lines that did not go in, as the form takes them again."""
    numbers = {one["line"] for one in json.loads(run.failed)}
    return [
        {key: cells.get(heading, "") for key, heading in COLUMNS.items()}
        for number, cells in run.told()[1]
        if number in numbers
    ]


def from_body(data: Mapping[str, Any], *, by: Any, today: date) -> BatchRun:
    """A list told by the API. Raises Invalid with messages by field."""
    steps.demand_registrar(by, today)
    form = BatchForm(data, by=by, today=today)
    if not form.is_valid():
        raise Invalid("invalid", _("请按提示修改后再提交。"), fields=form.messages())
    return form.start()


def cases_of(run: BatchRun, by: Any, today: date) -> Sequence[Case]:
    """The cases this run has registered, in order."""
    marks = [keyed_digest(f"{run.digest}:{n}") for n, _cells in run.told()[1]]
    found = (
        Case.objects.visible_to(by, today).filter(batch=run.code, row_digest__in=marks)
        if run.code
        else Case.objects.none()
    )
    return list(found.order_by("pk"))
