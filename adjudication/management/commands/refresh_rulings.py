"""`manage.py refresh_rulings`: finished pages made again, after a change of the house's settings or of the look."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from adjudication import publication
from adjudication.models import PublishedRuling


class Command(BaseCommand):
    """Exit 0 = done. Texts and PDFs stay as they were published; a page that would leak is left and ends the run."""

    help = "重新生成全部公开裁决的页面和数据（裁决书文本和 PDF 不变）：页眉页脚、门户地址等设置改变后使用"

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        rulings = list(PublishedRuling.objects.live().values_list("ruling", flat=True))
        made = sum(publication.refresh(ruling, today) for ruling in rulings)
        self.stdout.write(f"公开裁决 {len(rulings)} 件，页面有变化的 {made} 件。")
