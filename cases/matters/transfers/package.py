"""证据包: the files of a transfer in one ZIP with a list of their digests, so that the receiver can compare them.

Two digests of each file: SHA-256 for tools that everybody has, SM3 as the record of this house states it.
"""

import io
import json
import zipfile
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import access, files
from cases.errors import DomainError
from cases.models import Evidence, Transfer
from cases.permissions import may
from cases.views import sealed
from cases.views.pages import address, refusals

MANIFEST = "清单.json"
README = "核对说明.txt"
WORDS = """本压缩包由“知衡”系统生成。每个文件的 SHA-256 和 SM3 摘要见“清单.json”。
用 sha256sum（Windows：certutil -hashfile 文件名 SHA256）计算后与清单比对，一致的，文件自登记后未被改动。
"""
MOST_BYTES = 200 * 1024 * 1024


def build(row: Transfer, evidence: list[Evidence], day: date) -> bytes:
    """The ZIP: every file under a name of its own, the list, and how to compare."""
    made = io.BytesIO()
    lines = []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for number, one in enumerate(evidence, start=1):
            name = f"{number:02d}-{one.name}"
            with files.open(one.file.sm3) as stored:
                package.writestr(name, stored.read())
            lines.append({
                "name": name, "title": one.title, "size": one.file.size, "sha256": one.file.sha256, "sm3": one.file.sm3,
            })  # fmt: skip
        said = {"matter": row.title, "recipient": row.recipient, "made_on": day.isoformat(), "files": lines}
        package.writestr(MANIFEST, json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True))
        package.writestr(README, WORDS)
    return made.getvalue()


@refusals
def transfer_package(request: HttpRequest, pk: int) -> HttpResponse:
    """The package, for who handles the transfer; logged before it leaves."""
    today = timezone.localdate()
    row: Any = sealed.seen(request, Transfer, pk, today)
    if not may(request.user, row, "rewrite", today):
        raise Http404
    found = Evidence.objects.visible_to(request.user, today, row.case_id).filter(proceeding=row.pk)
    evidence = list(found.select_related("file").order_by("pk"))
    if sum(one.file.size for one in evidence) > MOST_BYTES:
        raise DomainError("too_big", _("证据文件合计超过 200 MB，不能打包，请逐个下载后刻盘移送。"))
    access.log_export(request.user, f"transfer/{row.pk}", rows=len(evidence), address=address(request))
    name = f"evidence-{row.pk}-{today:%Y%m%d}.zip"
    return sealed.handed_out(build(row, evidence, today), name, "application/zip")
