"""What anybody can get out of the public bytes, by form and place: visible text, attributes, what lies inside a file."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from ..models import PublishedRuling
from ..searching import parts_of
from .making import PDF, Page

# columns of a public text that no public form is made of
_INTERNAL = {"state", "basis", "findings", "kept", "log", "digest", "profile", "profile_document"}
_SECONDS = 20
_FONTS = ("/CIDFontType0C", "/OpenType", "/Type1C")
_PACKED = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """A readable piece of a public form and where it stands, in words for the reviewer."""

    place: str
    text: str


def passages(text: PublishedRuling, made: Sequence[Page]) -> dict[str, list[Passage]]:
    """Every piece of every public form: of the finished bytes, and of the row that lists, feed and search are made of."""
    forms: dict[str, list[Passage]] = {"address": [], "record": [*_columns(text), *_indexed(text)]}
    for page in made:
        forms["address"].append(Passage(page.path, f"{page.path} {page.moved_to}"))
        if page.content_type.startswith("text/html"):
            forms.setdefault("html", []).extend(_of_html(page.content.decode()))
        elif page.content_type == "application/json":
            raw = page.content.decode()
            forms.setdefault("json", []).extend([*_leaves(json.loads(raw)), Passage("原文件", raw)])
        elif page.content_type == PDF:
            forms.setdefault("pdf", []).extend(_of_pdf(page.content))
    return forms


def readable(text: PublishedRuling, made: Sequence[Page]) -> dict[str, str]:
    """The same by form, in one piece each."""
    return {form: whole(found) for form, found in passages(text, made).items()}


def whole(found: Sequence[Passage]) -> str:
    return "\n".join(one.text for one in found)


def _columns(text: PublishedRuling) -> list[Passage]:
    """Every text column: the title of a page, an entry of the feed, a row of the open data are made of nothing else."""
    found = []
    for column in text._meta.concrete_fields:
        value = getattr(text, column.attname)
        if isinstance(value, str) and value and column.name not in _INTERNAL:
            said = _leaves(json.loads(value)) if column.name == "sections" else [Passage("", value)]
            found += [Passage(f"{column.name} {one.place}".strip(), one.text) for one in said]
    return found


def _indexed(text: PublishedRuling) -> list[Passage]:
    """What the search would find it by."""
    return [Passage(f"检索 {name}", said) for name, said in parts_of(text)]


class _Html(HTMLParser):
    """Text, attributes and comments of a page, apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.aside: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.aside += [value for _name, value in attrs if value]

    def handle_comment(self, data: str) -> None:
        self.aside.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def _of_html(raw: str) -> list[Passage]:
    """As it lies there, unescaped, and with the tags gone: a name split by <b> or by entities is one word again."""
    seen = _Html()
    seen.feed(raw)
    seen.close()
    plain = html.unescape(raw)
    bare = [html.unescape(re.sub(r"<[^>]*>", "", raw)), re.sub(r"<[^>]*>", "", plain)]
    return [
        Passage("正文", "".join(seen.said)),
        Passage("标签属性", "\n".join(seen.aside)),
        Passage("源代码", "\n".join([raw, plain, *bare])),
    ]


def _leaves(value: Any, path: str = "") -> list[Passage]:
    if isinstance(value, dict):
        keys = Passage(f"{path} 栏目名".strip(), "\n".join(str(key) for key in value))
        below = [p for key, one in value.items() for p in _leaves(one, f"{path}.{key}" if path else str(key))]
        return [keys, *below]
    if isinstance(value, list):
        return [p for n, one in enumerate(value) for p in _leaves(one, f"{path}[{n}]")]
    return [Passage(path, str(value))]


# PDF -----------------------------------------------------------------------------------------------------------


def _of_pdf(content: bytes) -> list[Passage]:
    reader = pypdf.PdfReader(BytesIO(content))
    found = [Passage(f"第 {n} 页", page.extract_text()) for n, page in enumerate(reader.pages, start=1)]
    found.append(Passage("文件属性", "\n".join(str(value) for value in (reader.metadata or {}).values())))
    found.append(Passage("文件内部", "\n".join(_strings(reader))))
    second = _second_reader(content)
    return [*found, Passage("文字层", second)] if second else found


def pdf_text(content: bytes) -> str:
    """The text layer of a PDF and what its properties say."""
    return whole(_of_pdf(content))


def _objects(reader: pypdf.PdfReader) -> Iterator[Any]:
    for number in range(1, int(reader.trailer["/Size"])):
        yield IndirectObject(number, 0, reader).get_object()


def _strings(reader: pypdf.PdfReader) -> Iterator[str]:
    """Every text string of every object: outlines, alternative texts, destinations, addresses of links."""

    def of(value: Any) -> Iterator[str]:
        if isinstance(value, IndirectObject):
            return
        if isinstance(value, DictionaryObject):
            for key, one in value.raw_items() if hasattr(value, "raw_items") else dict.items(value):
                yield str(key)
                yield from of(one)
        elif isinstance(value, ArrayObject):
            for one in list.__iter__(value):
                yield from of(one)
        elif isinstance(value, str | bytes):
            yield value if isinstance(value, str) else value.decode("latin-1")

    for found in _objects(reader):
        yield from of(found)


def _second_reader(content: bytes) -> str:
    """The text as another program reads it, where the machine has one; "" without."""
    program = shutil.which("pdftotext")
    if program is None:
        return ""
    told = subprocess.run(
        [program, "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, timeout=_SECONDS, check=True
    )
    return told.stdout.decode()


def pdf_bytes(content: bytes) -> bytes:
    """The file as it lies there and every stream of it, decompressed."""
    return b"\n".join([content, *(data for data, _font in _streams(content))])


def _streams(content: bytes) -> list[tuple[bytes, bool]]:
    """(decompressed, is it a font program?) of every stream."""
    streams = (one for one in _objects(pypdf.PdfReader(BytesIO(content))) if isinstance(one, StreamObject))
    return [(one.get_data(), "/Length1" in one or one.get("/Subtype") in _FONTS) for one in streams]


def beneath(content: bytes, words: Sequence[str]) -> bool:
    """Do these words stand anywhere in the file's bytes, in any of the spellings a PDF knows?

    Two characters in UTF-16 are four bytes, which packed data and outlines of letters hold by chance: not looked for there.
    """
    bare = b"\n".join([_PACKED.sub(b"", content), *(data for data, font in _streams(content) if not font)])
    hexed = bare.lower()
    return any(
        word.encode() in content
        or word.encode() in bare
        or word.encode("utf-16-be") in bare
        or word.encode().hex().encode() in hexed
        or word.encode("utf-16-be").hex().encode() in hexed
        for word in words
        if len(word) > 1
    )


def plain_file(content: bytes) -> bool:
    """Is the PDF one revision, without attachments, scripts, forms, and with no annotation but links?"""
    if content.count(b"%%EOF") != 1:
        return False
    reader = pypdf.PdfReader(BytesIO(content))
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots") or []]
    if "/Prev" in reader.trailer or any(note.get("/Subtype") != "/Link" for note in notes):
        return False
    for found in _objects(reader):
        if not isinstance(found, DictionaryObject):
            continue
        if found.get("/Type") in ("/Filespec", "/EmbeddedFile") or {
            "/EmbeddedFiles",
            "/JavaScript",
            "/AcroForm",
            "/EF",
        } & set(found):
            return False
        if any(_scripted(one) for one in found.values()):
            return False
    return True


def _scripted(value: Any) -> bool:
    return isinstance(value, DictionaryObject) and value.get("/S") in (
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
    )
