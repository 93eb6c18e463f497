"""`manage.py draw_sample 2026-10`: draws a month's call-back sample, once. Says how many, never which."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.errors import DomainError
from mediation import sampling


class Command(BaseCommand):
    """Exit 0 = drawn, now or before; 1 = refused, with the reason."""

    help = "从某月达成协议的人民调解中抽取回访样本，例如：draw_sample 2026-10；已抽取的不重复抽取"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM", help="已结束的月份")

    def handle(self, *args: Any, month: str, **options: Any) -> None:
        now = timezone.now()
        try:
            sample, new = sampling.draw(month, today=timezone.localdate(now), at=now)
        except DomainError as error:
            raise CommandError(f"{error.code}：{error.message}", returncode=1) from None
        words = "已抽取" if new else "此前已抽取，未重复抽取"
        self.stdout.write(
            f"{sample.month}：共 {sample.population} 件，抽 {sample.size} 件，{words}。种子 {sample.seed}，"
            f"名单摘要 {sample.digest}"
        )
