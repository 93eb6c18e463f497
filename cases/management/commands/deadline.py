"""`manage.py deadline`: computes one limit of the law and shows the way to it. Changes nothing."""

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.calendar import office_calendar
from cases.deadlines import UNITS, DeadlineError, Due, due


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"日期应写作 2025-03-10：{text}") from None


def _interval(text: str) -> tuple[date, date]:
    begin, dots, again = text.partition("..")
    if not dots:
        raise ArgumentTypeError(f"期间应写作 2025-04-01..2025-05-16：{text}")
    interval = _day(begin), _day(again)
    if interval[1] < interval[0]:
        raise ArgumentTypeError(f"期间前后颠倒：{text}")
    return interval


def _amount(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise ArgumentTypeError(f"延长的数量应为正整数：{text}")
    return int(text)


class Command(BaseCommand):
    """Exit 0 = computed, 1 = refused (with `code` and `detail`), 2 = wrong usage."""

    help = (
        "计算一项法定期限，例如：deadline T-18 --from 2025-03-10 --exclude 2025-04-01..2025-05-16 --extend 1"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", help="规则编号，如 T-18、C-07a")
        parser.add_argument("--from", dest="start", type=_day, required=True, help="起算事件之日（当日不计）")
        parser.add_argument("--filed", type=_day, help="立案日期，决定适用的规定（默认同 --from）")
        parser.add_argument(
            "--exclude",
            type=_interval,
            action="append",
            default=[],
            metavar="A..B",
            help="扣除期间：A 为不计入的第一日，B 为恢复计算之日",
        )
        parser.add_argument(
            "--extend",
            type=_amount,
            action="append",
            default=[],
            metavar="N",
            help="依次批准的延长，按规则的单位",
        )
        parser.add_argument("--json", dest="as_json", action="store_true", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = due(
                options["rule"],
                options["start"],
                filed=options["filed"],
                exclude=options["exclude"],
                extend=options["extend"],
                calendar=office_calendar(),
            )
        except DeadlineError as error:
            if options["as_json"]:
                self._print({"code": error.code, "detail": error.message})
            raise CommandError(error.message, returncode=1) from error
        if options["as_json"]:
            self._print(as_json(found))
        else:
            self._tell(found)

    def _print(self, document: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False))

    def _tell(self, found: Due) -> None:
        self.stdout.write(f"{found.rule}  {found.number}{UNITS[found.unit]}  {found.source}")
        for label, value in found.explanation:
            self.stdout.write(f"  {label}：{value}")
        for reading in found.readings:
            self.stdout.write(f"  {reading.name}：{reading.due}（{reading.source}）")
        mark = "（暂定：该年度放假安排尚未公布）" if found.provisional else ""
        self.stdout.write(f"届满日：{found.due}{mark}")


def as_json(found: Due) -> dict[str, Any]:
    """The document of `--json`, as handbook and API promise it."""
    return {
        "rule": found.rule,
        "from": found.start.isoformat(),
        "due": found.due.isoformat(),
        "unit": found.unit,
        "number": found.number,
        "provisional": found.provisional,
        "source": found.source,
        "readings": [
            {"name": reading.name, "due": reading.due.isoformat(), "source": reading.source}
            for reading in found.readings
        ],
    }
