"""`manage.py reindex_rulings`: the search of public rulings made anew from the texts that are public."""

from typing import Any

from django.core.management.base import BaseCommand

from adjudication import searching
from adjudication.models import PublishedRuling


class Command(BaseCommand):
    """May run while the service runs; a ruling not yet reached is found again as soon as its portion is written."""

    help = "重建裁决公开检索"

    def handle(self, *args: Any, **options: Any) -> None:
        whole = PublishedRuling.objects.live().count()
        done = searching.rebuild(lambda number: self.stderr.write(f"已重建 {number} / {whole}"))
        self.stdout.write(f"检索已重建：{done} 件公开裁决")
