"""`manage.py generate`: plausible disputes with their proceedings, marked 模拟数据. Refused in production."""

import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases import chain
from reports import house
from reports.generating import calling_back, running


def _years(text: str) -> range:
    found = re.fullmatch(r"(20[0-9]{2})(?:\.\.(20[0-9]{2}))?", text)
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise ArgumentTypeError(f"年度应写作 2024..2026：{text}")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


class Command(BaseCommand):
    """Exit 0 = written, 1 = refused, 2 = wrong usage."""

    help = "生成模拟案件，例如：generate 600 --years 2024..2026 --seed 7"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, help="纠纷件数")
        parser.add_argument("--years", type=_years, help="收件年度 A..B（默认近三年）")
        parser.add_argument("--seed", type=int, default=1, help="随机种子：相同的种子得到相同的案件")
        parser.add_argument("--pages", type=int, default=running.PAGES, help="制作公开页面的最近裁决数")

        parser.add_argument(
            "--sampled", type=int, default=1, help="抽取并回访最近几个月的样本（先封存当日记录）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式环境不能生成模拟数据。", returncode=1)
        today = timezone.localdate()
        years = options["years"] or running.default_years(today)
        if options["count"] < 1:
            raise CommandError("件数应为正整数。", returncode=2)
        if years[-1] > today.year:
            raise CommandError(f"年度不能晚于今年（{today.year}）。", returncode=2)
        begun, home = time.monotonic(), house.build()
        running.generate(
            options["count"], years, options["seed"], home, today, pages=options["pages"],
            progress=lambda done: print(f"{done} / {options['count']}", file=sys.stderr),
        )  # fmt: skip
        if options["sampled"] > 0:
            chain.seal_day(today, timezone.now())
            calling_back.call_back(
                home, today, timezone.now(), months=options["sampled"], seed=options["seed"]
            )
        self.stdout.write(f"已生成模拟案件 {options['count']} 件，用时 {time.monotonic() - begun:.0f} 秒。")
