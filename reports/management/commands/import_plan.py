"""`manage.py import_plan`: the plan's text into the ledger. The same text again adds nothing; another is compared."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.ledger import keeping
from stations.models import User, normal_username

MOST_BYTES = 5_000_000


class Command(BaseCommand):
    """Exit 0 = everything was placed, 1 = some rows were refused, 2 = wrong usage."""

    help = "读入建设方案文本，建立任务台账，例如：import_plan plan.txt"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="方案文本（UTF-8 或者 GB18030）")
        parser.add_argument("--by", help="以该用户的名义读入（默认不署名）")
        parser.add_argument("--json", dest="as_json", action="store_true", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"没有这个文件：{path}", returncode=2)
        by = None
        if options["by"]:
            by = User.objects.filter(username=normal_username(options["by"]), is_active=True).first()
            if by is None:
                raise CommandError(f"没有这个用户：{options['by']}", returncode=2)
        account = keeping.take_in(_text(path), by=by, today=timezone.localdate(), name=path.name)
        if options["as_json"]:
            self.stdout.write(json.dumps(account.as_dict(), ensure_ascii=False))
        else:
            self._tell(account)
        if account.refused:
            sys.exit(1)

    def _tell(self, account: keeping.Account) -> None:
        for row in account.refused:
            self.stdout.write(
                f"第 {row['line']} 行“{row['column']}”：{row['detail']}（{row['value']}）[{row['reason']}]"
            )
        for one in account.differences:
            self.stdout.write(
                f"与台账不同：{one['kind']} {one['item']} {one['label']}：台账“{one['ours']}”，本版“{one['theirs']}”"
            )
        self.stdout.write(
            f"指标 {account.indicators} 项，任务 {account.tasks} 项（其中特色重点 {account.special} 项），"
            f"政策 {account.policies} 项；新增 {account.added} 项，与台账不同 {len(account.differences)} 处，"
            f"未录入 {len(account.refused)} 行。"
        )


def _text(path: Path) -> str:
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise CommandError("文件超过 5 MB，不像方案文本。", returncode=2)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError("看不懂文件的编码，请另存为 UTF-8 文本。", returncode=2)
