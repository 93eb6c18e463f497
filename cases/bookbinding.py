"""Makes a volume: every paper and file of its plan on A4 pages, cover and catalogue before, 备考表 behind, numbered.

Runs in the worker. What cannot be printed (a Word file, a broken PDF) gets a page that names it and its digest. Pages are
numbered at the upper right, where papers carry no number of their own: i, ii, … in front and behind, 1, 2, … within.
"""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from . import files
from .documents import making, pdf
from .documents.blocks import Facts, Note, Title
from .documents.template import compose, load
from .models import Document, Evidence, StoredFile, Volume

A4 = (595.276, 841.89)
MARGIN = 28.0  # points left free around what is scaled onto a page
TOLERANCE = 3.0  # points by which a page may differ from A4 and still be one
MOST_PAGES = 3000  # of one file; more is no evidence but an archive of its own
DOTS = 2200  # longest side of a picture on its page, in pixels
STAMP = (A4[0] - 40, A4[1] - 26)
IMAGES = {"image/jpeg", "image/png", "image/tiff", "image/bmp", "image/gif", "image/webp"}


def bind(volume: Volume) -> None:
    """Make the PDF of a volume and complete its catalogue; what is done so far shows in `contents`."""
    row = volume.proceeding.concrete()
    lines: list[dict[str, Any]] = json.loads(volume.contents)
    inner = PdfWriter()
    for line in lines:
        pages, remark = _pages_of(line)
        first = len(inner.pages) + 1
        for page in pages:
            _onto_a4(inner, page)
        line |= {"first": first, "last": len(inner.pages), **({"remark": remark} if remark else {})}
        Volume.objects.filter(pk=volume.pk).update(contents=_json(lines))  # how far it is
    body = io.BytesIO()
    inner.write(body)
    data = _facts(volume, row, lines, len(inner.pages))
    whole = PdfWriter()
    front = [*_printed("case_cover", data), *_printed("case_catalogue", data)]
    back = _printed("file_note", data)
    numbered = PdfReader(body)
    for page in [*front, *numbered.pages, *back]:
        whole.add_page(page)
    labels = [roman(n) for n in range(1, len(front) + 1)]
    labels += [str(n) for n in range(1, len(numbered.pages) + 1)]
    labels += [roman(len(front) + n) for n in range(1, len(back) + 1)]
    for page, label in zip(whole.pages, labels, strict=True):
        _stamp(whole, page, label)
    for line in lines:
        whole.add_outline_item(title=line["title"], page_number=len(front) + line["first"] - 1)
    whole.metadata = None
    made = io.BytesIO()
    whole.write(made)
    kept = making.keep(made.getvalue(), "pdf", making.PDF_TYPE)
    with transaction.atomic():
        locked = Volume.objects.select_for_update().get(pk=volume.pk)
        locked.pdf, locked.pages, locked.contents = kept, len(numbered.pages), _json(lines)
        locked.save(update_fields=["pdf", "pages", "contents"])


def _json(lines: list[dict[str, Any]]) -> str:
    return json.dumps(lines, ensure_ascii=False)


def roman(number: int) -> str:
    """i, ii, iii, iv: pages that are not counted."""
    text = ""
    for value, sign in (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        text += sign * (number // value)
        number %= value
    return text


def _facts(volume: Volume, row: Any, lines: list[dict[str, Any]], pages: int) -> dict[str, Any]:
    """What cover, catalogue and note say."""
    entry = _Reader(volume)
    remarks = [f"第{line['first']}页：{line['remark']}" for line in lines if line.get("remark")]
    return {
        **making.context(row.case, row, entry, row.body), **row.paper_data("case_cover"),
        "volume": str(volume.get_kind_display()), "kind": str(row.kind_label), "pages": pages,
        "issued_on": volume.bound_on, "archived_on": row.archived_on, "handler": volume.by.display_name,
        "items_count": len(lines), "remarks": "\n".join(remarks),
        "items": [
            {"title": line["title"], "number": line["number"], "on": _dotted(date.fromisoformat(line["on"])),
             "pages": _span(line), "remark": str(_("见备考表")) if line.get("remark") else ""}
            for line in lines
        ] or [{"title": str(_("（无）"))}],
    }  # fmt: skip


class _Reader:
    """What making.context asks of an entry: who, and on which day."""

    def __init__(self, volume: Volume) -> None:
        self.by, self.on = volume.by, volume.bound_on


def _dotted(day: date) -> str:
    """2026.3.5, as catalogues write days."""
    return f"{day.year}.{day.month}.{day.day}"


def _span(line: dict[str, Any]) -> str:
    return str(line["first"]) if line["first"] == line["last"] else f"{line['first']}–{line['last']}"


def _printed(kind: str, data: dict[str, Any]) -> list[PageObject]:
    blocks = compose(kind, data, gap=lambda _label: "")
    return list(PdfReader(io.BytesIO(pdf.render(blocks, load(kind).layout))).pages)


# one entry ---------------------------------------------------------------------------------------------------


def _pages_of(line: dict[str, Any]) -> tuple[list[PageObject], str]:
    """The pages of a paper or file, and what is to be said of it on the 备考表."""
    kind, pk, *scan = line["ref"].split(":")
    if kind == "document" and scan:
        return _of_file(Evidence.objects.select_related("file").get(pk=scan[0]), line)
    if kind == "document":
        document = Document.objects.select_related("pdf").get(pk=pk)
        if document.pdf is None:  # not rendered yet
            making.render(document)
            document = Document.objects.select_related("pdf").get(pk=pk)
        assert document.pdf is not None
        return _of_pdf(document.pdf)
    return _of_file(Evidence.objects.select_related("file").get(pk=pk), line)


def _of_file(evidence: Evidence, line: dict[str, Any]) -> tuple[list[PageObject], str]:
    how: Callable[[StoredFile], tuple[list[PageObject], str]] | None = None
    if evidence.file.type == making.PDF_TYPE:
        how = _of_pdf
    elif evidence.file.type in IMAGES:
        how = _of_image
    if how is None:
        return _instead(evidence, line, str(_("该格式不能装订，电子原件另存")))
    try:
        pages, remark = how(evidence.file)
    except files.FileLost:
        raise
    except Exception:  # whatever a file from outside brings: the volume is bound with a page in its place
        return _instead(evidence, line, str(_("文件无法排印，电子原件另存")))
    return (pages, remark) if pages else _instead(evidence, line, str(_("文件没有页面，电子原件另存")))


def _of_pdf(stored: StoredFile) -> tuple[list[PageObject], str]:
    with files.open(stored.sm3) as opened:
        reader = PdfReader(io.BytesIO(opened.read()))
    if len(reader.pages) > MOST_PAGES:
        raise ValueError("too many pages")
    pages = list(reader.pages)
    marked = any(_drawn_beside(page) for page in pages)
    return pages, str(_("含批注、签章等附加内容，以电子原件为准")) if marked else ""


def _drawn_beside(page: PageObject) -> bool:
    """Does something stand on the page that is no part of it: a comment, a field, a signature's picture?"""
    notes = page.get("/Annots")
    return any(one.get_object().get("/Subtype") != "/Link" for one in (notes.get_object() if notes else ()))


def _of_image(stored: StoredFile) -> tuple[list[PageObject], str]:
    """Each frame of a picture on a page of its own, turned as it was taken."""
    frames: list[Image.Image] = []
    with files.open(stored.sm3) as opened, Image.open(io.BytesIO(opened.read())) as picture:
        for at in range(min(getattr(picture, "n_frames", 1), MOST_PAGES)):
            picture.seek(at)
            frame = ImageOps.exif_transpose(picture)
            frame.thumbnail((DOTS, DOTS))
            plain = Image.new("RGB", frame.size, "white")
            plain.paste(frame, mask=frame.convert("RGBA").getchannel("A"))
            frames.append(plain)
    made = io.BytesIO()
    frames[0].save(made, "PDF", save_all=True, append_images=frames[1:], quality=85)
    return list(PdfReader(made).pages), ""


def _instead(evidence: Evidence, line: dict[str, Any], why: str) -> tuple[list[PageObject], str]:
    """A page that stands for a file which cannot be bound."""
    rows = (
        ("文件名", evidence.name), ("名称", line["title"]), ("格式", evidence.file.type),
        ("大小", f"{evidence.file.size} 字节"), ("SM3 摘要", evidence.file.sm3), ("SHA-256 摘要", evidence.file.sha256),
    )  # fmt: skip
    blocks = [Title("电子文件登记页"), Facts(rows), Note(f"{why}；凭摘要核对。")]
    return list(PdfReader(io.BytesIO(pdf.render(blocks, "form"))).pages), why


# pages -------------------------------------------------------------------------------------------------------


def _onto_a4(writer: PdfWriter, page: PageObject) -> None:
    """The page upright on a fresh A4 one; another size is scaled to fit. Links, scripts and forms stay behind."""
    box, turned = page.cropbox, page.rotation % 360
    width, height = float(box.width), float(box.height)
    move = Transformation().translate(-float(box.left), -float(box.bottom)).rotate(-turned)
    move = move.translate(*{90: (0, width), 180: (width, height), 270: (height, 0)}.get(turned, (0, 0)))
    if turned in (90, 270):
        width, height = height, width
    is_a4 = abs(width - A4[0]) < TOLERANCE and abs(height - A4[1]) < TOLERANCE
    scale = 1.0 if is_a4 else min((A4[0] - 2 * MARGIN) / width, (A4[1] - 2 * MARGIN) / height)
    move = move.scale(scale).translate((A4[0] - width * scale) / 2, (A4[1] - height * scale) / 2)
    sheet = writer.add_blank_page(*A4)
    sheet.merge_transformed_page(page, move)
    sheet.pop(NameObject("/Annots"), None)


def _stamp(writer: PdfWriter, page: PageObject, label: str) -> None:
    """The number of the page, at its upper right."""
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    })  # fmt: skip
    left = STAMP[0] - 5.6 * len(label)
    stream = DecodedStreamObject()
    stream.set_data(f"q 0 g BT /ZhNo 10 Tf 1 0 0 1 {left:.1f} {STAMP[1]:.1f} Tm ({label}) Tj ET Q".encode())
    over = PageObject.create_blank_page(width=A4[0], height=A4[1])
    over[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/ZhNo"): font})}
    )
    over[NameObject("/Contents")] = stream
    page.merge_page(over)
