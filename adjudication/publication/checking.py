"""Searches exactly the bytes that would become public for what must not be there, and for what must."""

import html
import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pypdf

from .. import protected
from ..models import PublishedRuling
from ..redaction import KEEP, Replacement, absent, leaks, secrets, undecided
from .making import PDF, Page, patents

FORMS = {"html": "网页", "pdf": "PDF 文件", "json": "数据接口", "address": "地址和文件名"}


def readable(made: list[Page]) -> dict[str, str]:
    """Everything a reader or a machine can get out of the public bytes, by form."""
    forms = {"address": " ".join(f"{page.path} {page.moved_to}" for page in made)}
    for page in made:
        if page.content_type.startswith("text/html"):
            raw = page.content.decode()
            forms["html"] = "\n".join([raw, html.unescape(raw), html.unescape(re.sub(r"<[^>]*>", "", raw))])
        elif page.content_type == "application/json":
            forms["json"] = "\n".join([page.content.decode(), _flat(json.loads(page.content))])
        elif page.content_type == PDF:
            forms["pdf"] = pdf_text(page.content)
    return forms


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_flat(one) for one in value.values())
    return "\n".join(_flat(one) for one in value) if isinstance(value, list) else str(value)


def pdf_text(content: bytes) -> str:
    """The text layer of a PDF and what its properties say."""
    reader = pypdf.PdfReader(BytesIO(content))
    said = [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join([*(page.extract_text() for page in reader.pages), *said])


def pdf_bytes(content: bytes) -> bytes:
    """The file as it lies there and every stream of it, decompressed."""
    reader = pypdf.PdfReader(BytesIO(content))
    parts = [content]
    for number in range(1, int(reader.trailer["/Size"])):
        found = pypdf.generic.IndirectObject(number, 0, reader).get_object()
        if isinstance(found, pypdf.generic.StreamObject):
            parts.append(found.get_data())
    return b"\n".join(parts)


def beneath(content: bytes, words: list[str]) -> bool:
    """Do these words stand anywhere in the file's bytes, in any of the spellings a PDF knows?"""
    lying = pdf_bytes(content)
    lower = lying.lower()
    return content.count(b"%%EOF") != 1 or any(
        word.encode() in lying
        or word.encode("utf-16-be") in lying
        or word.encode("utf-16-be").hex().encode() in lower
        or word.encode().hex().encode() in lower
        for word in words
        if len(word) > 1
    )


def findings(text: PublishedRuling, made: list[Page], marks: list[Replacement]) -> list[tuple[str, str]]:
    """(form, what) of everything that stands in the way of publishing; empty: passed. Never names a secret."""
    people = protected.subjects(text.ruling)
    hidden, forms = secrets(people), readable(made)
    kept = [m.original for m in marks if m.category == KEEP]
    found = leaks(forms, hidden, marks)
    paper = next(page.content for page in made if page.content_type == PDF)
    if beneath(paper, [s.value for s in hidden if s.value not in kept]):
        found.append(("pdf", "beneath"))
    demanded = {"number": text.number, "outcome": str(text.get_outcome_display())}
    demanded |= {f"patent{n}": number for n, number in enumerate(patents(text.ruling))}
    demanded |= {f"panel{n}": one["name"] for n, one in enumerate(text.ruling.data().get("panel", []))}
    found += absent({form: words for form, words in forms.items() if form != "address"}, demanded)
    found += [("text", "undecided") for _name in undecided(people, marks)]
    return list(dict.fromkeys(found))


def findings_in_words(text: PublishedRuling) -> list[str]:
    """The result of the machine check as the reviewer reads it."""
    words = []
    for form, what in json.loads(text.findings):
        where = FORMS.get(form, "公开文本")
        words.append(f"{where}：{_WORDS.get(what.rstrip('0123456789'), what)}")
    return words


_WORDS: Mapping[str, str] = {
    "person": "仍有应当隐去的自然人姓名",
    "representative": "仍有应当隐去的法定代表人、负责人或者经营者姓名",
    "agent": "仍有应当隐去的代理人姓名",
    "address": "仍有区、县以下的详细地址",
    "id_number": "仍有证件号码",
    "phone": "仍有电话、邮箱等联系方式",
    "secret": "仍有已标为商业秘密的内容",
    "other": "仍有已标为删除的内容",
    "beneath": "文件内部仍可检出应当隐去的内容",
    "number": "缺少案号",
    "outcome": "缺少裁决结果",
    "patent": "缺少涉案专利号",
    "panel": "缺少合议组成员姓名",
    "missing": "删除后缺少裁决书必须写明的内容，请改为替换",
    "undecided": "个体工商户字号可能含经营者姓名，请逐一决定遮盖或者保留",
}
