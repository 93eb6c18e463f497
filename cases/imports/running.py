"""Runs a sheet: each row its own transaction, the same again adds nothing, whatever fails comes back with its reasons."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError, Refused
from cases.models import Case, Event, Stamp
from stations import policy

from . import headings
from .entering import IMPORTED, enter
from .mapping import Mapping, Plan, plan
from .problems import Problem
from .rows import Places, Reader, Row
from .sheet import Sheet

STAMP = "imports"


@dataclass
class Result:
    """What became of one line: cases added or known already, or its problems."""

    line: int
    added: int = 0
    unchanged: int = 0
    skipped: bool = False
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def failure(self) -> dict[str, Any]:
        """The line's entry under `failed`: its first problem, the others under `more`."""
        first, *others = self.problems
        return {**first.as_dict(), **({"more": [p.as_dict() for p in others]} if others else {})}


@dataclass
class Report:
    """The account of a run. `rows` and `failed` count lines, `added` and `unchanged` cases."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    unknown_headings: list[str] = field(default_factory=list)

    def count(self, result: Result) -> None:
        self.rows += 1
        self.added += result.added
        self.unchanged += result.unchanged
        self.skipped += result.skipped
        if result.problems:
            self.failed.append(result.failure())
        self.warnings += [w.as_dict() for w in result.warnings]


class Run:
    """One sheet with one mapping. `after` is told each result: inside the row's transaction if the row was added."""

    def __init__(self, sheet: Sheet, mapping: Mapping, *, by: Any, today: date, dry_run: bool = False):
        self.sheet, self.by, self.today, self.dry_run = sheet, by, today, dry_run
        self.plan: Plan = plan(sheet, mapping)
        self.places = Places.load()
        self.seen: dict[tuple[str, str], Row] = {}

    def rows(self, start: int = 0, after: Callable[[Result], None] | None = None) -> Iterator[Result]:
        """The result of each line from the given one on."""
        for line in self.sheet.lines[start:]:
            mapped = self.plan.line(line)
            if mapped is None:
                result = Result(line.number, skipped=True)
            else:
                found = Reader(mapped, self.places, self.today).read()
                if isinstance(found, Row):
                    result = self._enter(found, after)
                else:
                    result = Result(line.number, problems=found)
            if after is not None and (self.dry_run or not result.added):
                after(result)
            yield result

    def report(self, progress: Callable[[int], None] | None = None) -> Report:
        """Run it all."""
        report = Report(unknown_headings=list(self.plan.unknown))
        for result in self.rows():
            report.count(result)
            if progress is not None:
                progress(report.rows)
        return report

    def _enter(self, row: Row, after: Callable[[Result], None] | None) -> Result:
        key = (row.source, row.number or row.digest)
        if key in self.seen:
            return self._again(row, self.seen[key])
        result = Result(row.line, warnings=row.warnings)
        at = timezone.now()
        try:
            with transaction.atomic(durable=True):
                self._one(row, result, at)
                if self.dry_run:
                    transaction.set_rollback(True)
                elif result.added and after is not None:
                    after(result)
        except IntegrityError as error:  # another run was quicker, or `A-1` of another row has this name
            if "source_n" not in str(error) and "one_case_per_source_number" not in str(error):
                raise
            return _different(row, [headings.ROW_NUMBER])
        except DomainError as refusal:
            return Result(row.line, problems=[Problem(row.line, "", "", refusal.code, _sentence(refusal))])
        if not result.problems:
            self.seen[key] = row
        return result

    def _again(self, row: Row, before: Row) -> Result:
        """The same key twice in one sheet."""
        if row.digest != before.digest:
            return _different(row, _differing(before.digests, row.digests))
        text = _("与第 %(line)s 行完全相同，按同一案件处理；如为不同案件，请填写不同的原编号。") % {
            "line": before.line
        }
        warning = Problem(row.line, "", "", "repeated_row", str(text))
        return Result(row.line, unchanged=row.count, warnings=[*row.warnings, warning])

    def _one(self, row: Row, result: Result, at: datetime) -> None:
        if not row.number:  # nothing in the database keeps two runs apart but this lock
            Stamp.objects.get_or_create(source=STAMP)
            Stamp.objects.select_for_update().get(source=STAMP)
        known = known_cases(row)
        if not known:
            result.added = len(enter(row, by=self.by, today=self.today, at=at))
        elif all(case.row_digest == row.digest for case in known):
            result.unchanged = len(known)
        else:
            result.problems = _different(row, changed_columns(known[0], row)).problems


def demand_importer(by: Any, today: date) -> None:
    """Only who may take the step `record_history` imports (policy.toml)."""
    rule = policy.step_rule("proceeding", "record_history")
    if rule is None or not set(rule.roles) & policy.standing(by, today).roles:
        raise Refused("role", _("导入历史案件由区级管理人员办理。"))


def known_cases(row: Row) -> list[Case]:
    """The cases an earlier import made of this row: by source and number, without number by the row's digest."""
    of_source = Case.objects.filter(source_name=row.source).order_by("pk")
    if not row.number:
        return list(of_source.filter(source_no="", row_digest=row.digest))
    single = list(of_source.filter(source_no=row.number))
    if single:
        return single
    first = of_source.filter(source_no=f"{row.number}-1").first()
    if first is None or _notes(first).get("row") != row.number:
        return []
    names = [f"{row.number}-{n}" for n in range(1, int(_notes(first)["of"]) + 1)]
    return list(of_source.filter(source_no__in=names))


def changed_columns(case: Case, row: Row) -> list[str]:
    """The headings under which this row says something else than the one that was imported."""
    return _differing(_notes(case).get("columns", {}), row.digests)


def _differing(before: dict[str, str], now: dict[str, str]) -> list[str]:
    names = [h for h in headings.HEADINGS if h in before or h in now]
    names += sorted((set(before) | set(now)) - set(names))
    return [h for h in names if before.get(h) != now.get(h)]


def _notes(case: Case) -> dict[str, Any]:
    event = Event.objects.filter(case=case, proceeding__isnull=True, name=IMPORTED).order_by("seq").first()
    return dict(json.loads(event.body)["notes"]) if event else {}


def _different(row: Row, columns: list[str]) -> Result:
    text = _("同一来源和原编号的案件已登录，但内容不同，未覆盖。请核对这些栏目，或在案件中办理更正。")
    problem = Problem(row.line, "、".join(columns), row.number, "already_different", str(text))
    return Result(row.line, problems=[problem])


def _sentence(refusal: DomainError) -> str:
    words = [m for messages in refusal.fields.values() for m in messages]
    return "；".join(words) or str(refusal.message)
