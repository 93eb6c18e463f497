"""`manage.py indicators`: figures of a period as of a day, as a table or as the JSON of interfaces.md."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import asking, status
from reports.indicators import Figure, figures


class Command(BaseCommand):
    help = "按期间计算各项指标；截至日期之后登记的内容不计。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--period", required=True, metavar="P", help="2026、2026Q3、2026-07 或 A..B，两端都计"
        )
        parser.add_argument("--as-of", default="", metavar="D", help="截至日期，默认今天")
        parser.add_argument("--code", action="append", default=[], metavar="C", help="只算这个指标，可重复")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            question = asking.asked(options["period"], options["as_of"], today=timezone.localdate())
            codes = asking.codes(options["code"])
        except asking.BadQuestion as error:
            raise CommandError(str(error.message), returncode=2) from error
        found = [one[0] for one in figures(codes, [question.period], question.as_of).values()]
        if options["json"]:
            body = {
                "period": question.period.text,
                "as_of": question.as_of.isoformat(),
                "figures": [figure.as_dict() for figure in found],
            }
            self.stdout.write(json.dumps(body, ensure_ascii=False))
            return
        self.stdout.write(f"{question.period.label}，截至 {question.as_of.isoformat()}")
        for figure in found:
            self.stdout.write(self.line(figure))

    def line(self, figure: Figure) -> str:
        target = (
            ""
            if figure.target is None
            else f"（目标 {'≤' if figure.direction == 'max' else '≥'}{figure.target}）"
        )
        state = status.LABELS[figure.status] if figure.status else ""
        parts = [f"{figure.code}\t{figure.name}", f"{figure.text} {figure.unit}{target}", state]
        if figure.denominator is not None and figure.numerator is not None:
            parts.append(f"{figure.numerator} ÷ {figure.denominator}")
        out = "，".join(f"{name} {count}" for name, count in figure.excluded.items() if count)
        return "\t".join([*parts, *([f"不计 {out}"] if out else [])])
