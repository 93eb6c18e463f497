"""The refusal of an upload, and the tests that every kind of file shares. No Django in this package."""

import io
import re
import zipfile

from cases.errors import Invalid

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": DOCX,
    "xlsx": XLSX,
    "txt": "text/plain",
    "csv": "text/csv",
}
ALLOWED = "PDF、JPG、PNG、DOCX、XLSX、TXT、CSV"

_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|script|svg|iframe|body|\?php|!entity)[\s>:/]", re.IGNORECASE)
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class UploadRefused(Invalid):
    """This file is not taken; the message says what to do. `code` is stable."""


def refuse_virus_sign(content: bytes) -> None:
    """Refuse the EICAR test file, whole or inside: proves the path that a real scanner takes, scans nothing else."""
    if _EICAR in content:
        raise UploadRefused("virus", "文件中发现病毒特征，已拒绝。请先用杀毒软件检查这台电脑和该文件。")


def refuse_archive_tail(content: bytes) -> None:
    """Refuse a file that is also an archive (a ZIP reader starts at the end)."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise UploadRefused("polyglot", "文件后面附加了压缩包，请重新导出后再上传。")


def refuse_markup(content: bytes) -> None:
    """Refuse what a browser could run as a page."""
    if _MARKUP.search(content):
        raise UploadRefused("markup", "文件中夹带网页代码，请打印或导出为PDF后再上传。")
