"""The papers for judicial confirmation as one ZIP: application, agreement, proof, checklist, identity, a catalogue.

The same papers give the same bytes, whenever and by whom it is made. Written to the caller piece by piece, never to a
file. Who may have it: the mediators of the case, who hand it in with the parties.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cases import access, files
from cases.errors import Conflict
from cases.models import Document, Evidence
from cases.permissions import may

from .models import JudicialConfirmation

AGREEMENTS = ("mediation_agreement", "administrative_agreement", "commercial_agreement", "oral_agreement")
PAPERS = (
    (("confirmation_application",), "司法确认申请书"), (AGREEMENTS, "调解协议"), (("mediation_proof",), "调解情况证明"),
    (("confirmation_checklist",), "司法确认前审查清单"),
)  # fmt: skip
# how files of identity, authority and right are called by those who hand them in
IDENTITY = ("身份", "营业执照", "法定代表人", "授权委托", "委托书", "护照", "通行证")
RIGHTS = ("注册证", "专利证书", "登记证", "权利证", "登记簿", "许可合同")
UNSAFE = re.compile(r"[^\w\u4e00-\u9fff（）()〔〕.\-]+")
CHUNK = 64 * 1024
Stamp = tuple[int, int, int, int, int, int]


@dataclass(frozen=True)
class Piece:
    """One file of the packet."""

    name: str
    title: str
    sm3: str
    on: date


@dataclass(frozen=True)
class Packet:
    """What goes in, in order, and what is not there."""

    pieces: tuple[Piece, ...]
    missing: tuple[str, ...]
    about: str
    on: date

    def catalogue(self) -> str:
        """The list of what is inside, with digests, and of what is still missing."""
        lines = [f"司法确认申请材料目录　{self.about}", ""]
        lines += [f"{n}. {p.name}　SM3 {p.sm3}" for n, p in enumerate(self.pieces, start=1)]
        lines += ["", *(f"缺：{name}" for name in self.missing)] if self.missing else []
        return "\r\n".join(lines) + "\r\n"


def may_pack(row: JudicialConfirmation, user: Any, today: date) -> bool:
    """Whoever may prepare the application may take the papers along, also after applying."""
    return bool(may(user, row, "prepare_application", today))


def packet(row: JudicialConfirmation, user: Any, today: date) -> Packet:
    """The packet of this confirmation as this person may see it.

    Raises Conflict `being_made` while a paper in it is still being rendered.
    """
    mine = Q(proceeding=row.pk) | Q(proceeding=row.parent_id)
    papers = (
        Document.objects.visible_to(user, today, row.case_id).filter(mine).select_related("pdf", "scan__file")
    )
    papers = papers.exclude(state__in=(Document.State.VOID, Document.State.DRAFT)).order_by("pk")
    latest = {paper.kind: paper for paper in papers}
    pieces: list[Piece] = []
    missing: list[str] = []
    for kinds, title in PAPERS:
        paper = next((latest[kind] for kind in kinds if kind in latest), None)
        if paper is None:
            missing.append(title)
        elif paper.scan is not None:  # signed and sealed
            pieces.append(
                _piece(
                    len(pieces), f"{title}（盖章件）", paper.scan.name, paper.scan.file.sm3, paper.issued_on
                )
            )
        elif paper.pdf is None:
            raise Conflict("being_made", _("“%(title)s”正在制作，请稍后再下载。") % {"title": paper.title})
        else:
            pieces.append(_piece(len(pieces), title, "x.pdf", paper.pdf.sm3, paper.issued_on))
    for words, title in ((IDENTITY, "身份和授权证明"), (RIGHTS, "权利证明")):
        proofs = _proofs(row, user, today, words)
        if not proofs:
            missing.append(title)
        for proof in proofs:
            called = f"{title}-{(proof.title or proof.name).rsplit('.', 1)[0]}"
            pieces.append(_piece(len(pieces), called, proof.name, proof.file.sm3, proof.at.date()))
    number = (row.parent.number or "") if row.parent is not None else ""
    return Packet(tuple(pieces), tuple(missing), number, row.effective_on)


def _proofs(row: JudicialConfirmation, user: Any, today: date, words: tuple[str, ...]) -> list[Evidence]:
    named = Q()
    for word in words:
        named |= Q(title__contains=word) | Q(name__contains=word)
    seen = Evidence.objects.visible_to(user, today, row.case_id).filter(named)
    seen = seen.exclude(audience__in=(Evidence.Audience.SEALED, Evidence.Audience.SIDE))
    return list(seen.select_related("file").order_by("pk"))


def _piece(n: int, title: str, original: str, sm3: str, on: date) -> Piece:
    ending = re.sub(r"[^a-z0-9]", "", original.rsplit(".", 1)[-1].lower())[:5] if "." in original else ""
    safe = UNSAFE.sub("_", title).strip("._")[:60] or "材料"
    return Piece(f"{n + 1:02d}-{safe}" + (f".{ending}" if ending else ""), title, sm3, on)


class _Pipe:
    """Where zipfile writes and the response reads: no file, no seeking."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.at = 0

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        self.at += len(data)
        return len(data)

    def tell(self) -> int:
        return self.at

    def flush(self) -> None: ...

    def taken(self) -> bytes:
        whole, self.parts = b"".join(self.parts), []
        return whole


def stream(made: Packet) -> Iterator[bytes]:
    """The bytes of the ZIP. Dates of entries are those of the papers, so that the same papers give the same file."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        with archive.open(_info("00-目录.txt", made.on), "w") as target:
            target.write(b"\xef\xbb\xbf" + made.catalogue().encode())
        yield pipe.taken()
        for piece in made.pieces:
            with (
                archive.open(_info(piece.name, piece.on), "w") as target,
                closing(files.open(piece.sm3)) as source,
            ):
                while data := source.read(CHUNK):
                    target.write(data)
                    yield pipe.taken()
            yield pipe.taken()
    yield pipe.taken()


def _info(name: str, on: date) -> zipfile.ZipInfo:
    stamp: Stamp = (max(on.year, 1980), on.month, on.day, 0, 0, 0)
    info = zipfile.ZipInfo(name, stamp)
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info


def log(row: JudicialConfirmation, made: Packet, *, by: Any, address: str) -> None:
    """Write that the papers leave the house, before the first byte."""
    access.log_export(by, f"packet/{row.pk}", rows=len(made.pieces), address=address)
