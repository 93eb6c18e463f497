"""People by sheet: every line is recognised, added or sent back with its reason; the same sheet again adds nothing.

Recognised is who has the licence, else who has the same name in the same unit. A line never changes what is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.identifiers import name_key
from stations import changes
from stations.models import Appointment, Area, Person

from .imports.sheet import Line, Sheet

COLUMNS = ("姓名", "单位", "职务或者职称", "所在区域", "类别", "领域", "语言", "等级", "执业证号", "聘任文件",
           "聘任日期", "届满日期", "同意对外公布")  # fmt: skip
NEEDED = ("姓名", "类别", "聘任日期")
ADDED, APPOINTED, KNOWN, REFUSED = "added", "appointed", "known", "refused"
SAID = {
    ADDED: "新增人员和聘任",
    APPOINTED: "已有此人，增加聘任",
    KNOWN: "已登记，未重复增加",
    REFUSED: "未导入",
}
YES = {"是": True, "同意": True, "1": True, "否": False, "不同意": False, "0": False, "": False}


@dataclass(frozen=True)
class Told:
    """What became of one line."""

    line: int
    name: str
    outcome: str
    detail: str = ""

    @property
    def words(self) -> str:
        return SAID[self.outcome]


class LineRefused(ValueError):
    """Why a line cannot stand, and what to do."""


class Known:
    """Who is registered, to look up by; kept up to date while the sheet is read."""

    def __init__(self) -> None:
        self.areas = {area.name: area for area in Area.objects.all()}
        self.by_name: dict[tuple[str, str], Person] = {}
        self.by_licence: dict[str, Person] = {}
        self.terms: set[tuple[int, str, date]] = set()
        for person in Person.objects.all():
            self.by_name[_key(person.name, person.unit)] = person
        for term in Appointment.objects.select_related("person"):
            self.note(term)

    def note(self, term: Appointment) -> None:
        self.terms.add((term.person_id, term.kind, term.valid_from))
        if term.licence:
            self.by_licence[name_key(term.licence)] = term.person

    def find(self, name: str, unit: str, licence: str) -> Person | None:
        """By licence first; one of another name is nobody to guess about."""
        found = self.by_licence.get(name_key(licence)) if licence else None
        if found is not None and name_key(found.name) != name_key(name):
            raise LineRefused(_("执业证号已登记在他人名下，请核对姓名或者证号。"))
        return found or self.by_name.get(_key(name, unit))


def missing(sheet: Sheet) -> list[str]:
    """Columns without which no line can be read."""
    return [name for name in NEEDED if name not in sheet.headings]


def take(sheet: Sheet, *, dry_run: bool = False) -> list[Told]:
    """Read every line; one transaction. `dry_run` tells the same and keeps nothing."""
    with transaction.atomic():
        known = Known()
        told = [_take_line(line, known) for line in sheet.lines]
        if dry_run:
            transaction.set_rollback(True)
        elif any(one.outcome in (ADDED, APPOINTED) for one in told):
            changes.say()
    return told


def _take_line(line: Line, known: Known) -> Told:
    cells = {name: line.cells.get(name, "").strip() for name in COLUMNS}
    try:
        term = _term(cells)
        area = _area(cells["所在区域"], known)
        person = known.find(cells["姓名"], cells["单位"], cells["执业证号"])
    except LineRefused as reason:
        return Told(line.number, cells["姓名"], REFUSED, str(reason))
    outcome = APPOINTED
    if person is None:
        person = Person.objects.create(
            name=cells["姓名"], unit=cells["单位"], title=cells["职务或者职称"], area=area
        )
        known.by_name[_key(person.name, person.unit)] = person
        outcome = ADDED
    if (person.pk, term.kind, term.valid_from) in known.terms:
        return Told(line.number, person.name, KNOWN)
    term.person = person
    term.save()
    known.note(term)
    return Told(line.number, person.name, outcome)


def _term(cells: dict[str, str]) -> Appointment:
    for name in NEEDED:
        if not cells[name]:
            raise LineRefused(_("缺少“%(column)s”，请补上后再导入这一行。") % {"column": name})
    kinds = {str(label): code for code, label in Appointment.Kind.choices}
    if cells["类别"] not in kinds:
        words = "、".join(kinds)
        raise LineRefused(
            _("没有“%(kind)s”这一类别，请写：%(kinds)s。") % {"kind": cells["类别"], "kinds": words}
        )
    if cells["同意对外公布"] not in YES:
        raise LineRefused(_("“同意对外公布”请写“是”或者“否”。"))
    begin, end = _day(cells, "聘任日期"), _day(cells, "届满日期")
    if begin and end and end < begin:
        raise LineRefused(_("届满日期早于聘任日期，请核对。"))
    made = Appointment(
        kind=kinds[cells["类别"]], field=cells["领域"], languages=cells["语言"], grade=cells["等级"],
        licence=cells["执业证号"], document=cells["聘任文件"], valid_from=begin, valid_to=end,
        listed=YES[cells["同意对外公布"]],
    )  # fmt: skip
    _refuse_long(cells)
    return made


def _refuse_long(cells: dict[str, str]) -> None:
    columns: Iterable[tuple[str, Any, str]] = (
        ("姓名", Person, "name"), ("单位", Person, "unit"), ("职务或者职称", Person, "title"),
        ("领域", Appointment, "field"), ("语言", Appointment, "languages"), ("等级", Appointment, "grade"),
        ("执业证号", Appointment, "licence"), ("聘任文件", Appointment, "document"),
    )  # fmt: skip
    for heading, model, name in columns:
        most = model._meta.get_field(name).max_length
        if len(cells[heading]) > most:
            raise LineRefused(_("“%(column)s”超过 %(most)d 字，请缩短。") % {"column": heading, "most": most})


def _day(cells: dict[str, str], name: str) -> date | None:
    text = cells[name].replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise LineRefused(
            _("“%(column)s”看不懂，请写成 2026-01-31 这样的日期。") % {"column": name}
        ) from None


def _area(name: str, known: Known) -> Area | None:
    if name and name not in known.areas:
        raise LineRefused(_("没有“%(area)s”这个区域，请按统计区域的全称填写。") % {"area": name})
    return known.areas.get(name)


def _key(name: str, unit: str) -> tuple[str, str]:
    return name_key(name), name_key(unit) if unit else ""


def lines(terms: Iterable[Appointment]) -> list[list[Any]]:
    """The export: one line an appointment, in the columns the import reads."""
    return [
        [term.person.name, term.person.unit, term.person.title, str(term.person.area or ""), str(term.get_kind_display()),
         term.field, term.languages, term.grade, term.licence, term.document, term.valid_from, term.valid_to,
         "是" if term.listed else "否"]
        for term in terms
    ]  # fmt: skip
