"""What of an edited .docx would not come back: named in words, so that nothing is lost in silence.

Tracked changes are carried (as if all were accepted) and are told for that reason; read_docx does the reading.
"""

import re
import zipfile
from io import BytesIO
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from .layouts import LAYOUTS

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OWN_FOOT = re.compile(r"[\s—\-第页共\d]*")  # the page number we print ourselves


def losses(content: bytes) -> list[str]:
    """Kinds of content that are not carried, each with how many; empty if nothing is lost."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        names = set(package.namelist())
        body = parse_xml(package.read("word/document.xml"))
        found = [
            _counted("图片或者图形", _pictures(body)),
            _counted("文本框", len(list(body.iter(qn("w:txbxContent")))) // 2 or _any(body, "w:txbxContent")),
            _counted("嵌入对象", _any(body, "w:object")),
            _counted("批注", _entries(package, names, "word/comments.xml", "w:comment")),
            _counted("脚注", _notes(package, names, "word/footnotes.xml", "w:footnote")),
            _counted("尾注", _notes(package, names, "word/endnotes.xml", "w:endnote")),
            _counted("公式", len(list(body.iter(f"{MATH}oMath")))),
            _counted("自动编号的段落（编号请改为手工输入）", _numbered(body)),
            _counted("隐藏文字", sum(1 for one in body.iter(qn("w:vanish")) if one.get(qn("w:val")) not in ("0", "false"))),
            _counted("表格中的表格", sum(1 for cell in body.iter(qn("w:tc")) if cell.find(qn("w:tbl")) is not None)),
            _counted("页眉或者页脚中的文字", sum(1 for name in names if _margin(package, name))),
        ]  # fmt: skip
    return [one for one in found if one]


def _counted(what: str, number: int) -> str:
    return f"{what} {number} 处" if number else ""


def _any(body: Any, tag: str) -> int:
    return len(list(body.iter(qn(tag))))


def _pictures(body: Any) -> int:
    """Drawings and old pictures; the same one kept twice for old programs counts once."""
    fallback = {
        id(one) for outer in body.iter("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
        for one in outer.iter(qn("w:pict"), qn("w:drawing"))
    }  # fmt: skip
    return sum(1 for one in body.iter(qn("w:drawing"), qn("w:pict")) if id(one) not in fallback)


def _entries(package: zipfile.ZipFile, names: set[str], part: str, tag: str) -> int:
    return _any(parse_xml(package.read(part)), tag) if part in names else 0


def _notes(package: zipfile.ZipFile, names: set[str], part: str, tag: str) -> int:
    """Notes with words of their own; separators are none."""
    if part not in names:
        return 0
    rows = parse_xml(package.read(part)).iter(qn(tag))
    return sum(1 for row in rows if row.get(qn("w:type")) in (None, "normal"))


def _numbered(body: Any) -> int:
    found = 0
    for one in body.iter(qn("w:numPr")):
        number = one.find(qn("w:numId"))
        found += number is not None and number.get(qn("w:val")) not in (None, "0")
    return found


def _margin(package: zipfile.ZipFile, name: str) -> bool:
    """A header or footer that says more than the page number and the words our layouts print there."""
    if not re.fullmatch(r"word/(header|footer)\d*\.xml", name):
        return False
    text = "".join(one.text or "" for one in parse_xml(package.read(name)).iter(qn("w:t")))
    for layout in LAYOUTS.values():
        text = text.replace(layout.foot, "") if layout.foot else text
    return not _OWN_FOOT.fullmatch(text)
