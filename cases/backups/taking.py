"""Takes a backup while the house works on: one moment of the database, then every file that moment names."""

import gzip
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection as live
from django.utils import timezone

from cases import access, chain, files
from cases.models import StoredFile
from cases.protection import sm3

from . import container, keys, tables
from .problems import BackupRefused

Tell = Callable[[str], None]


@dataclass
class Taken:
    """What stands in a backup that was made and read again."""

    file: str
    size: int
    encrypted: bool
    rows: dict[str, int]
    files: int
    chains: int
    counters: list[list[Any]]
    lost: list[str] = field(default_factory=list)  # files the storage no longer has whole


def take(path: Path, *, passphrase: str = "", tell: Tell) -> Taken:
    """Write the archive beside `path`, prove it by reading it whole, then give it its name.

    The access log says that everything leaves the house, before it does. Raises BackupRefused `exists`, `schema`,
    `passphrase`; OSError when the place cannot be written.
    """
    if path.exists():
        raise BackupRefused("exists", f"{path} 已经存在，请换一个文件名。")
    if tables.applied(live) != tables.known(live):
        raise BackupRefused("schema", "数据库结构与程序版本不一致，请先运行 manage.py migrate。")
    access.log_export(None, "backup", rows=StoredFile.objects.count())
    draft = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            with container.sink(target, passphrase) as sink:
                said = _write(container.Writing(sink), tell)
            target.flush()
            os.fsync(target.fileno())
        tell("核对备份文件")
        container.proved(draft, passphrase)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return Taken(
        str(path), path.stat().st_size, bool(passphrase), said["rows"], said["files"], said["chains"]["count"],
        said["counters"], said["lost"],
    )  # fmt: skip


def _write(archive: container.Writing, tell: Tell) -> dict[str, Any]:
    rows: dict[str, int] = {}
    with tables.snapshot() as connection:
        head = {
            "format": container.FORMAT, "made_at": timezone.now(), "database": connection.vendor,
            "migrations": tables.applied(connection), "keys": keys.fingerprints(),
            "columns": {model._meta.db_table: tables.columns(model) for model in tables.kept()},
        }  # fmt: skip
        archive.add(container.HEAD, chain.canonical(head).encode())
        for model in tables.kept():
            table = model._meta.db_table
            rows[table] = 0
            for number, (many, lines) in enumerate(tables.parts(model, connection), start=1):
                archive.add(f"tables/{table}/{number:06d}.jsonl.gz", gzip.compress(lines, 6, mtime=0))
                rows[table] += many
            tell(f"{table}：{rows[table]} 行")
        ends = tables.chain_ends(connection)
        said = {
            "head": head, "rows": rows, "counters": tables.counters(connection),
            "chains": {"count": len(ends), "sm3": sm3(chain.canonical({"ends": ends}).encode())},
        }  # fmt: skip
        query = StoredFile._base_manager.order_by("pk").values_list("sm3", flat=True).query
        digests = [row[0] for row in query.get_compiler(connection=connection).results_iter()]
    lost = []
    for number, digest in enumerate(digests, start=1):
        try:
            with files.open(digest) as stored:  # compares the digest first
                archive.add_stream(f"files/{digest}", stored.size, stored)
        except files.FileLost as error:
            lost.append(f"{digest} {error.code}")
        if number % 100 == 0 or number == len(digests):
            tell(f"文件：{number} / {len(digests)}")
    said |= {"files": len(digests) - len(lost), "lost": lost}
    archive.seal(said)
    return said
