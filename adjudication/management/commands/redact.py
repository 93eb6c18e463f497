"""`manage.py redact`: takes out of any text what the public must not read. Changes and keeps nothing."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from adjudication.redaction import DEFAULT, Subject, detect, masked, profile, profiles


class Command(BaseCommand):
    """Exit 0 = done, 1 = the file cannot be read as text, 2 = wrong usage."""

    help = (
        "按公开规则处理一份文本，例如：redact 裁决书.txt --party 当事人甲 --json；文件名 - 表示从标准输入读取"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="UTF-8 文本文件；- 表示标准输入")
        parser.add_argument(
            "--party",
            action="append",
            default=[],
            metavar="NAME",
            help="已知的当事人：自然人、单位或者个体工商户，可以重复",
        )
        parser.add_argument(
            "--profile", choices=list(profiles()), default=DEFAULT, help=f"处理规则（默认 {DEFAULT}）"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="只输出一个 JSON 文档")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [name.strip() for name in options["party"]]
        if not all(names):
            raise CommandError("当事人名称（--party）不能为空。", returncode=2)
        text = _read(options["file"])
        subjects = [Subject("当事人", "", name) for name in names]
        found = detect(text, subjects, profile=profile(options["profile"]))
        if options["as_json"]:
            spans = [
                {"start": one.start, "end": one.end, "type": one.category, "replacement": one.replacement}
                for one in found
            ]
            self.stdout.write(json.dumps({"text": masked(text, found), "spans": spans}, ensure_ascii=False))
        else:
            self.stdout.write(masked(text, found), ending="")


def _read(name: str) -> str:
    """The text as it stands, line ends included: offsets count its characters. Raises CommandError (1)."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"无法读取文件 {name}：{_why(error)}。", returncode=1) from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"文件 {name} 不是 UTF-8 文本（第 {error.start + 1} 个字节），请另存为 UTF-8 后重试。",
            returncode=1,
        ) from error


def _why(error: OSError) -> str:
    known = {
        FileNotFoundError: "文件不存在",
        IsADirectoryError: "这是一个目录",
        PermissionError: "没有读取权限",
    }
    return known.get(type(error), error.strerror or "读取失败")
