"""`manage.py specimens`: prints every kind of document with invented content. Reads and writes no case."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.documents import docx, pdf, template
from cases.documents.blocks import Note

MARK = Note("模拟数据：本件是样张，不是正式文书")


class Command(BaseCommand):
    """Exit 0 = all written, 1 = the directory cannot be written, 2 = wrong usage."""

    help = "把每种文书的样张（模拟数据）写入目录：<文书>.pdf 和 <文书>.docx，供法律审核和量版"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path, help="写入的目录，没有时新建")

    def handle(self, *, directory: Path, **options: Any) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            for kind in template.kinds():
                chosen = template.load(kind)
                blocks = [*template.compose(kind, template.sample(kind)), MARK]
                (directory / f"{kind}.pdf").write_bytes(pdf.render(blocks, chosen.layout))
                (directory / f"{kind}.docx").write_bytes(docx.render(blocks, chosen.layout))
                self.stderr.write(f"{kind}：{chosen.title}")
        except OSError as error:
            raise CommandError(f"不能写入 {directory}：{error.strerror}", returncode=1) from None
        self.stderr.write(f"共 {len(template.kinds())} 种，已写入 {directory}")
