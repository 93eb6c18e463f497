"""The file of a backup: a tar, plain or sealed, whose last member names every other with its digests.

`manifest.json` carries an HMAC under the record key, so that nobody without it can make or change an archive. What the
members say belongs in `tables` and in the two ways.
"""

import hashlib
import hmac
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from cases import chain
from cases.protection import hmac_sm3

from .problems import damaged
from .sealing import MAGIC, Opening, Sealing, Sink, Source

HEAD, MANIFEST = "head.json", "manifest.json"
FORMAT = 1
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Member:
    """One file of the archive, as measured."""

    name: str
    size: int
    sm3: str
    sha256: str


class Measured:
    """Passes a member's bytes on and measures them on the way."""

    def __init__(self, name: str, source: Source) -> None:
        self.name, self.source, self.size = name, source, 0
        self._sm3, self._sha256 = hashes.Hash(hashes.SM3()), hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self._sm3.update(data)
        self._sha256.update(data)
        self.size += len(data)
        return data

    def rest(self) -> Member:
        """Read what is left; the member's measure."""
        while self.read(CHUNK):
            pass
        return Member(self.name, self.size, self._sm3.finalize().hex(), self._sha256.hexdigest())


class Writing:
    """Adds members one after another; `seal` ends the archive with its manifest."""

    def __init__(self, target: Sink) -> None:
        self.tar = tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT)  # type: ignore[call-overload]
        self.members: list[Member] = []

    def add(self, name: str, content: bytes) -> None:
        self.add_stream(name, len(content), io.BytesIO(content))

    def add_stream(self, name: str, size: int, source: Source) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        measured = Measured(name, source)
        self.tar.addfile(info, measured)
        self.members.append(measured.rest())

    def seal(self, said: Mapping[str, Any]) -> None:
        manifest = {**said, "members": [list(vars(member).values()) for member in self.members]}
        self.add(MANIFEST, _json({"manifest": manifest, "mac": _mac(manifest)}))
        self.tar.close()


def _json(value: Mapping[str, Any]) -> bytes:
    return chain.canonical(value).encode()


def _mac(manifest: Mapping[str, Any]) -> str:
    return hmac_sm3(settings.RECORD_KEY, b"backup\0" + _json(manifest))


@contextmanager
def sink(target: IO[bytes], passphrase: str) -> Iterator[Sink]:
    """Where the archive is written to: the file itself, or sealed into it."""
    if not passphrase:
        yield target
        return
    sealing = Sealing(target, passphrase)
    yield sealing
    sealing.close()


@contextmanager
def opened(path: Path, passphrase: str) -> Iterator[Iterator[tuple[str, Measured]]]:
    """The members in order: name and content. Each must be read, or passed over, before the next is asked for.

    Raises BackupRefused `damaged` or `passphrase`.
    """
    with path.open("rb") as file:
        sealed = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        source: Source = Opening(file, passphrase) if sealed else file
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:  # type: ignore[call-overload]
                yield _members(tar)
        except (tarfile.TarError, EOFError) as error:
            raise damaged(type(error).__name__) from None


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, Measured]]:
    for info in tar:
        content = tar.extractfile(info) if info.isreg() else None
        if content is None:
            raise damaged("含有不是文件的成员")
        yield info.name, Measured(info.name, content)


def head_of(path: Path, passphrase: str) -> dict[str, Any]:
    """What the archive says of itself at its beginning; not yet proved."""
    with opened(path, passphrase) as members:
        name, content = next(members, ("", None))
        if name != HEAD or content is None:
            raise damaged("开头不是备份说明")
        head = _parsed(content.read())
    if head.get("format") != FORMAT:
        raise damaged("格式不认识，可能由更新的版本制作")
    return head


def proved(path: Path, passphrase: str) -> dict[str, Any]:
    """The manifest, after every member was read and compared with it. Raises BackupRefused `damaged`."""
    read: list[Member] = []
    document: dict[str, Any] = {}
    with opened(path, passphrase) as members:
        for name, content in members:
            if document:
                raise damaged("清单之后还有内容")
            if name == MANIFEST:
                document = _parsed(content.read())
            read.append(content.rest())
    if not document:
        raise damaged("缺少清单，文件被截断")
    manifest = document.get("manifest")
    if not isinstance(manifest, dict) or not hmac.compare_digest(_mac(manifest), str(document.get("mac"))):
        raise damaged("清单的校验值不符")
    stated = [Member(*row) for row in manifest["members"]]
    wrong = next((a.name for a, b in zip(stated, read[:-1], strict=False) if a != b), None)
    if wrong is not None or len(stated) != len(read) - 1:
        raise damaged(f"成员 {wrong or '数目'} 与清单不符")
    return manifest


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        raise damaged("说明或清单不是 JSON") from None
    if not isinstance(found, dict):
        raise damaged("说明或清单的内容不对")
    return found
