"""What may be uploaded: the name, the kind and the content of a file are tested before it is stored.

Where files are kept: cases/files.py. What is only made by ourselves (documents) is measured, not tested.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import hashes

from cases.uploads.contents import check_image, check_pdf, check_text
from cases.uploads.names import clean_name
from cases.uploads.office import check_office
from cases.uploads.refusal import ALLOWED, DOCX, TYPES, XLSX, UploadRefused, refuse_virus_sign

__all__ = [
    "ALLOWED",
    "MAX_BYTES",
    "TYPES",
    "FileFacts",
    "Readable",
    "UploadRefused",
    "clean_name",
    "inspect",
    "measure",
]

MAX_BYTES = 50 * 1024 * 1024

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"PK\x03\x04", "zip"),
)
_KNOWN_FOREIGN = (
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"\xca\xfe\xba\xbe", "程序文件"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版或加密的Office文件"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"GIF8", "GIF图片"),
    (b"{\\rtf", "RTF文件"),
)
_CHECKS = {
    "application/pdf": check_pdf,
    "image/jpeg": check_image,
    "image/png": check_image,
    DOCX: check_office,
    XLSX: check_office,
    "text/plain": check_text,
    "text/csv": check_text,
}


class Readable(Protocol):
    """What is asked of an upload: Django's uploaded files and plain binary files have it."""

    def read(self, size: int = ..., /) -> bytes: ...

    def seek(self, offset: int, /) -> object: ...


@dataclass(frozen=True)
class FileFacts:
    """What is known of an accepted file: digests in hexadecimal, size in bytes, MIME type, a name safe to show."""

    sm3: str
    sha256: str
    size: int
    type: str
    safe_name: str


def inspect(name: str, fileobj: Readable) -> FileFacts:
    """Test an upload and measure it; `fileobj` is left at its start. Raises UploadRefused.

    The size is counted, not believed; the type is what the content parses as and must fit the name's ending.
    """
    safe_name, extension = clean_name(name)
    fileobj.seek(0)
    content = fileobj.read(MAX_BYTES + 1)
    fileobj.seek(0)
    if len(content) > MAX_BYTES:
        raise UploadRefused("too_large", "文件超过50MB，请压缩或拆分后再上传。")
    if not content:
        raise UploadRefused("empty", "文件是空的，请检查后重新选择文件。")
    refuse_virus_sign(content)
    _CHECKS[_kind(content, extension)](content, extension)
    return measure(content, type=TYPES[extension], name=safe_name)


def measure(content: bytes, *, type: str, name: str) -> FileFacts:
    """Facts of content that is not tested because we made it ourselves."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return FileFacts(digest.finalize().hex(), hashlib.sha256(content).hexdigest(), len(content), type, name)


def _kind(content: bytes, extension: str) -> str:
    """The MIME type to test against, after comparing first bytes and ending."""
    wanted = TYPES[extension]
    found = next((kind for mark, kind in _SIGNATURES if content.startswith(mark)), "text")
    if found == "text" and b"\0" in content[:1024] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = "binary"
    expected = "zip" if wanted in (DOCX, XLSX) else "text" if wanted.startswith("text/") else wanted
    if found != expected:
        foreign = next((label for mark, label in _KNOWN_FOREIGN if content.startswith(mark)), "")
        said = f"内容实际是{foreign}" if foreign else "内容与文件类型不符"
        raise UploadRefused(
            "type_mismatch",
            f"扩展名是“.{extension}”，但{said}。请用原来的软件打开，另存为{ALLOWED}后再上传。",
        )
    return wanted
