"""One line in our words -> data that can be entered, or every reason why not. Reads stations and areas, writes nothing."""

import re
from collections.abc import Mapping as Words
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.identifiers import check_id_number, check_right_number
from cases.models import Party
from cases.protection import keyed_digest, masked_id
from stations.models import Area, Station

from . import headings
from .headings import ACCEPTED, CLOSED, COUNT, DAYS, PROTECTED, RECEIVED, ROW_NUMBER
from .mapping import Mapped, split
from .problems import Problem

MAX_CASES_OF_A_ROW = 1_000
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
)
_MONEY = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")


@dataclass(frozen=True)
class Places:
    """Stations and areas by code and by name, read once for a whole sheet."""

    stations: dict[str, Station]
    areas: dict[str, Area]

    @classmethod
    def load(cls) -> "Places":
        stations = {key: s for s in Station.objects.all() for key in (s.code, s.name)}
        areas = {key: a for a in Area.objects.all() for key in (a.code, a.name)}
        return cls(stations, areas)


@dataclass
class Row:
    """A line that can be entered: columns of the case, its parties and rights, the proceeding, what is unknown is absent."""

    line: int
    source: str
    number: str
    count: int
    kind: str
    case: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)  # columns of the kind's own row
    history: dict[str, Any] = field(default_factory=dict)  # what `record_history` is told
    parties: list[dict[str, Any]] = field(default_factory=list)
    rights: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)  # heading -> keyed digest of what it says
    warnings: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """One digest for the whole line: the same again is the same case."""
        return keyed_digest("\n".join(f"{h}={d}" for h, d in sorted(self.digests.items())))


class Reader:
    """Reads one line; every problem is noted, so that a row comes back once with all of them."""

    def __init__(self, line: Mapped, places: Places, today: date):
        self.line, self.cells, self.places, self.today = line, line.cells, places, today
        self.said: dict[str, str] = {h: v for h, v in line.cells.items() if v}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def read(self) -> Row | list[Problem]:
        """The row, or the problems in the order of the headings."""
        for heading in headings.REQUIRED:
            if not self.cells[heading]:
                self.fail(heading, "", "required", _("必填栏目“%(h)s”为空，请填写。") % {"h": heading})
        for heading, longest in headings.LONGEST.items():
            if len(self.cells[heading]) > longest:
                self.fail(
                    heading, self.cells[heading], "too_long", _("超过 %(n)s 字，请缩短。") % {"n": longest}
                )
        if self.line.surplus:
            self.fail("", "", "too_many_cells", _("本行的格数多于栏目，可能有多余的分隔符，请核对。"))
        slug, flavour = self.word("办理方式", headings.WAYS) or ("", "")
        row = Row(
            self.line.number,
            self.cells["来源"],
            self.cells[ROW_NUMBER],
            self.count(),
            slug,
            others=self.line.others,
        )
        row.case = self.case()
        row.rights, row.parties = self.rights(), self.parties()
        days = self.days()
        row.history = {
            name: days[h] for name, h in zip(("received_on", "accepted_on", "closed_on"), DAYS, strict=True)
        }
        row.case["received_on"] = days[RECEIVED]
        self.outcome(row, flavour)
        row.warnings = self.warnings
        row.digests = {h: keyed_digest(f"{h}\0{v}") for h, v in {**self.said, **self.line.others}.items()}
        order = {h: n for n, h in enumerate(headings.HEADINGS)}
        return sorted(self.problems, key=lambda p: order.get(p.column, 99)) or row

    def fail(self, column: str, value: str, code: str, reason: object) -> None:
        self.problems.append(Problem(self.line.number, column, shown(column, value), code, str(reason)))

    def warn(self, column: str, value: str, code: str, reason: object) -> None:
        self.warnings.append(Problem(self.line.number, column, shown(column, value), code, str(reason)))

    def word(self, heading: str, words: Words[str, Any], value: str | None = None) -> Any:
        """What a word of our vocabulary stands for; None if blank or unknown (then noted)."""
        said = self.cells[heading] if value is None else value
        if not said:
            return None
        if said in words:
            return words[said]
        known = "、".join(list(words)[:20])
        self.fail(heading, said, "unknown_value", _("没有这个取值，应为：%(known)s。") % {"known": known})
        return None

    def count(self) -> int:
        said = self.cells[COUNT]
        if not said:
            return 1
        if not re.fullmatch(r"[0-9]{1,6}", said) or not 1 <= int(said) <= MAX_CASES_OF_A_ROW:
            self.fail(COUNT, said, "bad_number", _("件数应为 1 至 1000 的整数。"))
            return 1
        self.said[COUNT] = str(int(said))
        return int(said)

    def days(self) -> dict[str, date | None]:
        """The three dates; each must be a day, not in the future, and none before the one before it."""
        found = {heading: self.day(heading) for heading in DAYS}
        last = None
        for heading in DAYS:
            day = found[heading]
            if day is None:
                continue
            if last is not None and day < found[last]:  # type: ignore[operator]
                self.fail(
                    heading, day.isoformat(), "date_order",
                    _("%(h)s早于%(last)s（%(day)s），请核对。") % {"h": heading, "last": last, "day": found[last]},
                )  # fmt: skip
            last = heading
        return found

    def day(self, heading: str) -> date | None:
        said = self.cells[heading]
        if not said:
            return None
        found = _DAY.fullmatch(said.removesuffix(" 00:00:00").replace(" ", ""))
        try:
            day = date(*(int(part) for part in found.groups() if part)) if found else None
        except ValueError:
            day = None
        if day is None:
            self.fail(heading, said, "bad_date", _("不是完整的日期，请按 2026-01-31 填写。"))
        elif day > self.today:
            self.fail(heading, said, "in_future", _("日期晚于今天，请核对。"))
        else:
            self.said[heading] = day.isoformat()
        return day

    def money(self) -> Decimal | None:
        said = self.cells["标的额"]
        if not said:
            return None
        try:
            bare = said.removesuffix("元").strip()
            amount = (
                Decimal(bare.replace(",", "")).quantize(Decimal("0.01")) if _MONEY.fullmatch(bare) else None
            )
        except InvalidOperation:
            amount = None
        if amount is None or amount >= Decimal(10) ** 14:
            self.fail("标的额", said, "bad_number", _("金额应以元为单位填写数字，如 12000.00。"))
            return None
        self.said["标的额"] = format(amount, "f")
        return amount

    def case(self) -> dict[str, Any]:
        cells = self.cells
        area = self.places.areas.get(cells["侵权行为地"])
        counted = self.word("统计", headings.YES_NO)
        return {
            "station": self.word("工作站", self.places.stations),
            "source": self.word("案源", headings.SOURCES) or "",
            "court_case_no": cells["法院案号"],
            "external_no": cells["外部编号"],
            "cause": cells["案由"],
            "summary": cells["简要情况"],
            "act_place": area,
            "act_place_text": "" if area else cells["侵权行为地"],
            "act_platform": cells["电商平台"],
            "claim_amount": self.money(),
            "foreign": self.word("涉外", headings.FOREIGN) or "",
            "counted": counted is not False,
            "not_counted_reason": cells["不计原因"],
        }

    def rights(self) -> list[dict[str, Any]]:
        kinds_said, numbers = split(self.cells["权利类型"]), split(self.cells["权利号"])
        found = [self.word("权利类型", headings.RIGHTS, value=k) for k in kinds_said]
        if None in found or not found:
            return []
        if len(numbers) > 1 and len(found) == 1:
            found = found * len(numbers)
        if numbers and len(numbers) != len(found):
            self.fail(
                "权利号", self.cells["权利号"], "count_mismatch",
                _("权利类型 %(k)s 个而权利号 %(n)s 个，请一一对应。") % {"k": len(found), "n": len(numbers)},
            )  # fmt: skip
            return []
        rights = []
        for kind, number in zip(found, numbers or [""] * len(found), strict=True):
            answer = check_right_number(kind, number) if number else None
            if len(number) > 80:
                self.fail("权利号", number, "too_long", _("超过 80 字，请缩短。"))
            if answer is not None and answer.level == "error":
                self.warn(
                    "权利号",
                    number,
                    "check_number",
                    _("已按原样登录，请核对：%(why)s") % {"why": answer.message},
                )
            rights.append({"kind": kind, "number": answer.normalised if answer and answer.ok else number})
        return rights

    def parties(self) -> list[dict[str, Any]]:
        rows = []
        for role, heading in ((Party.Role.APPLICANT, "申请人"), (Party.Role.RESPONDENT, "被申请人")):
            names = split(self.cells[heading])
            said = self.cells.get(f"{heading}类型", "")
            party_kinds = self.beside(f"{heading}类型", names) if said else []
            numbers = self.beside(f"{heading}证件号", names)
            for n, name in enumerate(names):
                if len(name) > 120:
                    self.fail(heading, name, "too_long", _("超过 120 字，请缩短。"))
                kind = (
                    self.word(f"{heading}类型", headings.PARTY_KINDS, value=party_kinds[n])
                    if party_kinds
                    else None
                )
                number = numbers[n] if numbers else ""
                if number and check_id_number(number, kind or Party.Kind.LEGAL).level == "error":
                    text = _("第 %(n)s 个号码的格式或校验码不符，已按原样登录，请核对。") % {"n": n + 1}
                    self.warn(f"{heading}证件号", number, "check_number", text)
                rows.append({"role": role, "kind": kind or "", "name": name, "id_number": number})
        return rows

    def beside(self, heading: str, names: list[str]) -> list[str]:
        """The values that stand beside the names: one for each, or one for all (types only); blanks keep their place."""
        said = self.cells[heading]
        if not said:
            return []
        parts = [p.strip() for p in said.replace("|", "、").split("、")]
        if len(parts) == 1 and names and heading not in PROTECTED:
            parts = parts * len(names)
        if len(parts) != len(names):
            self.fail(
                heading, said, "count_mismatch",
                _("共 %(k)s 个而当事人 %(n)s 个，请一一对应。") % {"k": len(parts), "n": len(names)},
            )  # fmt: skip
            return []
        if any(len(p) > 40 for p in parts):
            self.fail(heading, said, "too_long", _("超过 40 字，请只填写号码。"))
        return parts

    def outcome(self, row: Row, flavour: str) -> None:
        said = self.cells["结果"]
        confirmed = self.word("司法确认", headings.YES_NO)
        if not row.kind:
            return
        if row.kind not in kinds.all_kinds():
            self.fail("办理方式", self.cells["办理方式"], "unknown_value", _("系统尚不办理这类程序。"))
            return
        if row.kind == "reference":
            row.fields["result_text"] = said
            return
        if flavour:
            row.fields["flavour"] = flavour
        row.history["detail"] = flavour or row.kind
        row.history["judicial_confirmation"] = confirmed
        if said:
            ends = kinds.get(row.kind).history
            row.history["state"], row.history["outcome"] = self.word("结果", ends) or ("", "")


def shown(column: str, value: str) -> str:
    """A value as a report may show it: identity numbers masked."""
    if column in PROTECTED:
        return "、".join(masked_id(part) for part in split(value))
    return value


__all__ = ["ACCEPTED", "CLOSED", "Places", "Reader", "Row", "shown"]
