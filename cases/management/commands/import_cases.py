"""`manage.py import_cases`: brings a sheet of past cases in, row by row. What is wrong comes back with its reason."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.imports import mapping, sheet
from cases.imports.problems import SheetRefused
from cases.imports.running import Report, Run, demand_importer
from stations.models import User, normal_username


class Command(BaseCommand):
    """Exit 0 = every row is in, 1 = refused or some rows failed, 2 = wrong usage."""

    help = "导入历史案件，例如：import_cases 案件.xlsx --map 对应关系.toml --dry-run"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV 或 XLSX 文件")
        parser.add_argument("--map", dest="mapping", type=Path, help="栏目和取值的对应关系（TOML）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--by", help="以该用户的名义导入（须为区级管理人员；默认不署名）")
        parser.add_argument("--json", dest="as_json", action="store_true", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        for path in (options["file"], options["mapping"]):
            if path is not None and not path.is_file():
                raise CommandError(f"没有这个文件：{path}", returncode=2)
        by = None
        if options["by"]:
            by = User.objects.filter(username=normal_username(options["by"]), is_active=True).first()
            if by is None:
                raise CommandError(f"没有这个用户：{options['by']}", returncode=2)
            demand_importer(by, today)
        try:
            found = sheet.read(options["file"].read_bytes(), options["file"].name)
            text = options["mapping"].read_text(encoding="utf-8-sig") if options["mapping"] else ""
            run = Run(found, mapping.parse(text), by=by, today=today, dry_run=options["dry_run"])
        except SheetRefused as refusal:
            if options["as_json"]:
                self.stdout.write(
                    json.dumps({"code": refusal.code, "detail": str(refusal)}, ensure_ascii=False)
                )
            raise CommandError(str(refusal), returncode=1) from refusal
        report = run.report(self._progress(len(found.lines)))
        if options["as_json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            self._tell(report, dry_run=options["dry_run"])
        if report.failed:
            sys.exit(1)

    def _progress(self, total: int) -> Any:
        def tell(done: int) -> None:
            if done % 500 == 0 and done < total:
                self.stderr.write(f"{done} / {total}")

        return tell

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        for row in report.failed:
            for problem in (row, *row.get("more", [])):
                where = (
                    f"第 {problem['line']} 行“{problem['column']}”"
                    if problem["column"]
                    else f"第 {problem['line']} 行"
                )
                self.stdout.write(f"{where}：{problem['detail']}（{problem['value']}）[{problem['reason']}]")
        for problem in report.warnings:
            self.stdout.write(f"提示：第 {problem['line']} 行“{problem['column']}”：{problem['detail']}")
        if report.unknown_headings:
            self.stdout.write(f"未识别的栏目，随案保存：{'、'.join(report.unknown_headings)}")
        done = "可新增" if dry_run else "新增"
        self.stdout.write(
            f"共 {report.rows} 行，{done} {report.added} 件，已有 {report.unchanged} 件，"
            f"跳过 {report.skipped} 行，未通过 {len(report.failed)} 行。"
        )
