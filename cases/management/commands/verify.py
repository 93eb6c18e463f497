"""`manage.py verify`: what was checked and what is broken. Changes nothing."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from cases import verifying

NAMES = {
    "chains": "办案记录", "seals": "封存", "guards": "数据库守护", "projections": "程序栏目", "files": "文件", "numbers": "案号",
    "register": "公开登记簿", "search": "裁决检索", "samples": "回访抽样", "frozen": "冻结数据",
}  # fmt: skip


class Command(BaseCommand):
    """Exit 0 = everything fits together, 1 = something is broken."""

    help = "核对记录链、封存、数据库守护、程序栏目、文件摘要和案号"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", dest="as_json", action="store_true", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(verifying.run_all())
        whole = not any(f.broken for f in found)
        if options["as_json"]:
            document = {"ok": whole, "checks": [asdict(f) for f in found]}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            for finding in found:
                state = "完好" if not finding.broken else f"{len(finding.broken)} 处不符"
                self.stdout.write(
                    f"{NAMES.get(finding.name, finding.name)}：核对 {finding.checked} 项，{state}"
                )
                for line in finding.broken[:20]:
                    self.stdout.write(f"  {line}")
                if len(finding.broken) > 20:
                    self.stdout.write(f"  其余 {len(finding.broken) - 20} 处用 --json 查看")
        if not whole:
            sys.exit(1)
