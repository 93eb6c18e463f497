"""`manage.py restore FILE`: a backup into an empty house; refused before anything is written, verified afterwards."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases import verifying
from cases.backups import restoring
from cases.backups.problems import BackupRefused

from .backup import passphrase


class Command(BaseCommand):
    """Exit 0 = everything is back and fits together, 1 = refused or something is broken, 2 = wrong usage."""

    help = "把备份恢复到空的数据库和存储；密钥不对、归档损坏或目标不空时，不写入任何内容"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="备份文件")
        parser.add_argument("--passphrase-file", type=Path, help="加密备份的口令文件")
        parser.add_argument("--check", action="store_true", help="只核对归档和密钥，不写入")
        parser.add_argument("--json", dest="as_json", action="store_true", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        path, word = options["file"], passphrase(options["passphrase_file"])
        if not path.is_file():
            raise CommandError(f"没有这个文件：{path}", returncode=2)
        try:
            if options["check"]:
                self._tell_examined(restoring.examine(path, passphrase=word, tell=self.stderr.write), options)
                return
            restored = restoring.restore(path, passphrase=word, tell=self.stderr.write)
        except BackupRefused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        except OSError as error:
            raise CommandError(f"无法恢复：{error.strerror or error}", returncode=1) from error
        self.stderr.write("核对恢复后的数据")
        broken = [line for finding in verifying.run_all() for line in finding.broken]
        if options["as_json"]:
            document = {"ok": not broken, **asdict(restored), "broken": broken}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.stdout.write(
                f"已恢复 {restored.made_at} 的备份：{sum(restored.rows.values())} 行，{restored.files} 个文件"
            )
            self._tell_numbers(restored.counters)
            for line in [*(f"备份时已缺失的文件：{one}" for one in restored.lost), *broken]:
                self.stdout.write(f"  {line}")
            self.stdout.write("核对无误" if not broken else f"核对发现 {len(broken)} 处不符")
        if broken:
            sys.exit(1)

    def _tell_examined(self, manifest: dict[str, Any], options: dict[str, Any]) -> None:
        if options["as_json"]:
            said = {name: manifest[name] for name in ("rows", "files", "chains", "counters", "lost")}
            document = {"ok": True, "made_at": manifest["head"]["made_at"], **said}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        self.stdout.write(
            f"备份完好，密钥相符：{manifest['head']['made_at']}，{sum(manifest['rows'].values())} 行，"
            f"{manifest['files']} 个文件"
        )
        self._tell_numbers(manifest["counters"])

    def _tell_numbers(self, counters: list[list[Any]]) -> None:
        """Numbers given after the backup would be given again: whoever restores compares with the paper."""
        for series, year, last in counters:
            self.stdout.write(f"  {series} {year} 年已编至 {last} 号")
