"""`manage.py import_court`: a court's cases row by row, or its stamped totals. The same sheet again adds nothing."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases import attaching
from cases.errors import DomainError
from cases.imports import sheet
from cases.imports.problems import SheetRefused
from reports import court
from stations.models import User, normal_username


class Command(BaseCommand):
    """Exit 0 = every row is in, 1 = refused or some rows failed, 2 = wrong usage."""

    help = "导入法院案件清单或者盖章汇总数据，例如：import_court 案件.csv"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV 或 XLSX 文件")
        parser.add_argument("--scan", type=Path, help="汇总数据加盖印章的扫描件（汇总数据必须提供）")
        parser.add_argument("--replace", action="store_true", help="期间重叠时替换原汇总数据")
        parser.add_argument("--by", help="以该用户的名义导入（默认不署名）")
        parser.add_argument("--json", dest="as_json", action="store_true", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in (options["file"], options["scan"]):
            if path is not None and not path.is_file():
                raise CommandError(f"没有这个文件：{path}", returncode=2)
        by = None
        if options["by"]:
            by = User.objects.filter(username=normal_username(options["by"]), is_active=True).first()
            if by is None:
                raise CommandError(f"没有这个用户：{options['by']}", returncode=2)
        try:
            content = options["file"].read_bytes()
            found = sheet.read(content, options["file"].name)
            kept = options["scan"] if court.is_totals(found) else options["file"]
            paper, name = None, ""
            if kept is not None:
                with kept.open("rb") as opened:
                    paper, name = attaching.keep(kept.name, opened)
            report = court.take_in(
                found, paper, by=by, today=timezone.localdate(), name=name, replace=options["replace"]
            )
        except (SheetRefused, DomainError) as refusal:
            if options["as_json"]:
                said = {"code": refusal.code, "detail": str(refusal.message)}
                self.stdout.write(json.dumps(said, ensure_ascii=False))
            raise CommandError(str(refusal.message), returncode=1) from refusal
        if options["as_json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            for row in report.failed:
                self.stdout.write(
                    f"第 {row['line']} 行“{row['column']}”：{row['detail']}（{row['value']}）[{row['reason']}]"
                )
            self.stdout.write(
                f"共 {report.rows} 行，新增 {report.added}，已有 {report.unchanged}，未通过 {len(report.failed)} 行。"
            )
        if report.failed:
            sys.exit(1)
