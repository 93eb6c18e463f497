"""`manage.py demo`: the demonstration's bodies, people and cases. Safe to repeat; refused in production."""

import os
import secrets
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases import chain
from cases.models import Case
from mediation.models import CallBack
from reports import house, live_cases, live_reports, network
from reports.generating import calling_back, running

SEED = 20231
SAMPLED = 11  # months whose samples have been called back


class Command(BaseCommand):
    """Prints the sign-ins on stdout; progress goes to stderr. Exit 0 = ready, 1 = refused."""

    help = "准备演示：机构、工作站、演示用户、近三年模拟案件"

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式环境不能使用演示数据。", returncode=1)
        home = house.build()
        network.furnish(home.stations, home.users["office"], home.bodies["bureau"], timezone.localdate())
        said = self._passwords(home)
        if not Case.objects.exists():
            self._cases(home)
        elif not CallBack.objects.exists():  # what the preparation writes last
            words = f"演示数据上次没有准备完整，请删除文件夹 {settings.HOME} 后重新运行。"
            raise CommandError(words, returncode=1)
        names = "  ".join(name for name, *_rest in house.PEOPLE)
        self.stdout.write(f"演示用户（模拟数据）：{names}\n口令：{said}")

    def _passwords(self, home: house.House) -> str:
        """One password for all demo users: from the environment, or made once and printed once."""
        users = [home.users[name] for name, *_rest in house.PEOPLE]
        wanted = os.environ.get("ZHIHENG_DEMO_PASSWORD", "")
        known = all(user.has_usable_password() for user in users)
        if not wanted and known:
            return "首次准备时已显示；忘记时设置 ZHIHENG_DEMO_PASSWORD 后重新运行"
        password = wanted or secrets.token_urlsafe(9)
        if not (known and users[0].check_password(password)):
            for user in users:
                user.set_password(password)
                user.password_changed_at = timezone.now()
                user.save(update_fields=["password", "password_changed_at"])
        return password if not wanted else "ZHIHENG_DEMO_PASSWORD 所设"

    def _cases(self, home: house.House) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        years = running.default_years(today)
        count = running.A_YEAR * (len(years) - 1) + running.A_YEAR * today.timetuple().tm_yday // 365
        print(f"生成 {count} 件模拟案件……", file=sys.stderr)
        running.generate(count, years, SEED, home, today, pages=running.PAGES)
        print("办理演示案件、制作文书……", file=sys.stderr)
        live_cases.tell(home, today)
        chain.seal_day(today, now)
        calling_back.call_back(home, today, timezone.now(), months=SAMPLED, seed=SEED)
        print("填报报表、通报、年度评价……", file=sys.stderr)
        live_reports.tell(home, today)
