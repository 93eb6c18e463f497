"""Where files are kept: under their SM3 digest in Django's default storage, once, and proved when read.

What may come in is decided in cases/uploads; who may read a file, in cases/permissions.
"""

import os
import re
import tempfile
from pathlib import Path

import structlog
from cryptography.hazmat.primitives import hashes
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.uploads import FileFacts, Readable, UploadRefused, inspect, measure

__all__ = [
    "FileFacts",
    "FileLost",
    "UploadRefused",
    "exists",
    "inspect",
    "open",
    "put",
    "put_bytes",
    "storage_name",
]

CHUNK = 1024 * 1024
log = structlog.get_logger(__name__)


class FileLost(DomainError):
    """A stored file cannot be given out: `file_missing`, or `file_damaged` (its bytes no longer have its digest)."""

    status = 500


def storage_name(sm3: str) -> str:
    """`files/ab/abcd…`; raises ValueError for what is no digest, so no other path can ever be asked for."""
    if not re.fullmatch(r"[0-9a-f]{64}", sm3):
        raise ValueError("not an SM3 digest")
    return f"files/{sm3[:2]}/{sm3}"


def exists(sm3: str) -> bool:
    """Is there a file under this digest? Its bytes are not compared."""
    return default_storage.exists(storage_name(sm3))


def put(facts: FileFacts, fileobj: Readable) -> str:
    """Store inspected content and answer its name in the storage; again and again is the same as once.

    The bytes are measured anew: content that changed since `inspect` is refused. A damaged copy is replaced. Must
    run before, never inside, the transaction that names the file.
    """
    fileobj.seek(0)
    content = fileobj.read(facts.size + 1)
    fileobj.seek(0)
    if measure(content, type=facts.type, name=facts.safe_name) != facts:
        raise UploadRefused("changed", _("文件在上传过程中发生变化，请重新选择文件上传。"))
    name = storage_name(facts.sm3)
    if default_storage.exists(name):
        if _digest(name) == facts.sm3:
            return name
        log.error("stored_file_replaced", sm3=facts.sm3)
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # an object store: a key appears whole or not at all
        if default_storage.exists(name):
            default_storage.delete(name)
        return default_storage.save(name, ContentFile(content))
    _write(path, content)
    return name


def put_bytes(content: bytes, *, name: str, type: str) -> FileFacts:
    """Store content that we made ourselves (a rendered document) and answer its facts."""
    facts = measure(content, type=type, name=name)
    put(facts, ContentFile(content))
    return facts


def open(sm3: str, *, verify: bool = True) -> "File[bytes]":
    """The stored file, open for reading bytes. With `verify` its digest is compared first.

    Raises FileLost when it is missing or damaged; a damaged file is never given out.
    """
    name = storage_name(sm3)
    try:
        if verify and _digest(name) != sm3:
            log.error("stored_file_damaged", sm3=sm3)
            raise FileLost(
                "file_damaged", _("文件内容与登记的摘要不符，已停止下载。请联系系统管理员从备份恢复。")
            )
        return default_storage.open(name, "rb")
    except FileNotFoundError:
        log.error("stored_file_missing", sm3=sm3)
        raise FileLost("file_missing", _("文件不在存储中。请联系系统管理员从备份恢复。")) from None


def _digest(name: str) -> str:
    digest = hashes.Hash(hashes.SM3())
    with default_storage.open(name, "rb") as stored:
        while piece := stored.read(CHUNK):
            digest.update(piece)
    return digest.finalize().hex()


def _write(path: Path, content: bytes) -> None:
    """Write beside the final place, bring it to the disk, then rename: nobody ever sees half a file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
