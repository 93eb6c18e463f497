"""`manage.py token`: makes an API token for a user and prints it once; only its digest is kept."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stations.models import Token, User, normal_username

DAYS = 90


class Command(BaseCommand):
    """Exit 0 = printed, 1 = no such active user."""

    help = f"为用户签发接口令牌（默认 {DAYS} 日有效），只显示一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="用户名")
        parser.add_argument("--days", type=int, default=DAYS, help="有效天数（1 至 366）")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= 366:
            raise CommandError("有效天数应为 1 至 366。", returncode=2)
        user = User.objects.filter(username=normal_username(options["user"]), is_active=True).first()
        if user is None:
            raise CommandError(f"没有这个用户，或已停用：{options['user']}", returncode=1)
        self.stdout.write(Token.issue(user, timezone.now() + timedelta(days=options["days"])))
