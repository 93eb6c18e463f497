"""`manage.py backup FILE`: database and files in one verified archive, while the service runs. Never with keys."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.backups import taking
from cases.backups.problems import BackupRefused


def passphrase(file: Path | None) -> str:
    """From the file named, else from ZHIHENG_BACKUP_PASSPHRASE (or …_FILE); blank for none."""
    if file is None:
        return str(settings.BACKUP_PASSPHRASE)
    try:
        found = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"口令文件无法读取：{type(error).__name__}", returncode=2) from error
    if not found:
        raise CommandError("口令文件是空的", returncode=2)
    return found


class Command(BaseCommand):
    """Exit 0 = everything is in the archive, 1 = refused, or files are lost (named), 2 = wrong usage."""

    help = "把数据库和文件备份为一个经核对的归档文件，可加密；不含密钥"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="要写入的备份文件，不得已存在")
        parser.add_argument("--passphrase-file", type=Path, help="口令文件：给出时加密备份")
        parser.add_argument("--json", dest="as_json", action="store_true", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        word = passphrase(options["passphrase_file"])
        try:
            taken = taking.take(options["file"], passphrase=word, tell=self.stderr.write)
        except BackupRefused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        except OSError as error:
            raise CommandError(f"备份文件无法写入：{error.strerror or error}", returncode=1) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(asdict(taken), ensure_ascii=False))
        else:
            self.stdout.write(
                f"{taken.file}：{taken.size} 字节，{sum(taken.rows.values())} 行，{taken.files} 个文件，"
                f"{taken.chains} 条链，{'已加密' if taken.encrypted else '未加密'}，已核对"
            )
            for series, year, last in taken.counters:
                self.stdout.write(f"  {series} {year} 年已编至 {last} 号")
            for line in taken.lost:
                self.stdout.write(f"  文件缺失或损坏，未能备份：{line}")
        if taken.lost:
            sys.exit(1)
