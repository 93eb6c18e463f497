"""The only door to WeasyPrint: blocks to PDF bytes. Nothing is fetched but the packaged fonts and style sheets.

It prints in a process of its own (cases/documents/press.py), which runs this module. The same blocks give the same bytes
on one machine (official fonts, when installed, replace the packaged ones).
"""

from __future__ import annotations

import atexit
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pylopdf_fonts_zh_cn

from cases.documents.blocks import Block, Number, Title, plain_text, to_json
from cases.documents.html import page
from cases.documents.layouts import (
    FANGSONG,
    HEITI,
    KAITI,
    LAYOUTS,
    SONGTI,
    XIAOBIAOSONG,
    Layout,
)
from cases.documents.press import PaperError, lasting, serve

__all__ = ["FONTS", "PAPER", "PaperError", "metadata_title", "print_html", "render"]

PAPER = Path(__file__).with_name("paper")
FONTS = {
    "zhiheng-font:serif": pylopdf_fonts_zh_cn.serif_path,
    "zhiheng-font:sans": pylopdf_fonts_zh_cn.sans_path,
}
MAX_CHARACTERS = 300_000  # about 450 pages; more is a mistake, and would outlast the printer's time

_lock = Lock()  # Pango's font map is shared by all prints of a process
_printer = lasting(__name__)


def metadata_title(blocks: Sequence[Block]) -> str:
    """Name and number of the document: the only thing its properties say. No party, author or phone."""
    title = next((block.text for block in blocks if isinstance(block, Title)), "")
    number = next((block.text for block in blocks if isinstance(block, Number)), "")
    return " ".join(part.replace("\n", "") for part in (title, number) if part)


def _font_css() -> str:
    """Font faces and the class of each role: official fonts when installed, the packaged ones otherwise."""

    def family(names: Sequence[str], packaged: str) -> str:
        return ", ".join(f'"{name}"' for name in (*names, packaged))

    faces = "".join(
        f'@font-face {{ font-family: "{name}"; src: url({url}); }}\n'
        for name, url in (("Zhiheng Serif", "zhiheng-font:serif"), ("Zhiheng Sans", "zhiheng-font:sans"))
    )
    roles = (
        ("html", FANGSONG, "Zhiheng Serif"),
        (".title, .head", XIAOBIAOSONG, "Zhiheng Serif"),
        (".level1, th", HEITI, "Zhiheng Sans"),
        (".level2", KAITI, "Zhiheng Serif"),
    )
    rules = "".join(
        f"{selector} {{ font-family: {family(names, own)}; }}\n" for selector, names, own in roles
    )
    margins = "".join(
        f"@page {side} {{ @bottom-{at} {{ font-family: {family(SONGTI, 'Zhiheng Serif')}; }} }}\n"
        for side, at in ((":right", "right"), (":left", "left"), ("form", "center"))
    )
    return faces + rules + margins


@cache
def _press() -> tuple[Any, Any, Any]:
    """WeasyPrint's HTML class, our fetcher and the font configuration, made once a process (fonts are large)."""
    from weasyprint import CSS, HTML  # type: ignore[import-untyped]  # heavy: loads Pango
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

    class Packaged(URLFetcher):  # type: ignore[misc]
        """Answers the packaged fonts by name; refuses everything else without opening anything."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            path = FONTS.get(url)
            if path is None:
                raise ValueError("documents fetch nothing")
            return URLFetcherResponse(url, path().read_bytes(), {"Content-Type": "font/otf"})

        __call__ = fetch

    fetcher = Packaged(allowed_protocols=(), allow_redirects=False)
    fonts = FontConfiguration()

    def sheet(css: str) -> Any:
        return CSS(string=css, font_config=fonts, url_fetcher=fetcher)

    first = sheet(_font_css())
    base = sheet((PAPER / "base.css").read_text("utf-8"))
    sheets = {
        name: [first, base, sheet((PAPER / f"{one.sheet or name}.css").read_text("utf-8"))]
        for name, one in LAYOUTS.items()
    }

    def html(text: str) -> Any:
        return HTML(string=text, url_fetcher=fetcher, base_url=None)

    atexit.register(_press.cache_clear)  # the font folder is removed while the interpreter still can
    return html, fonts, sheets


def print_html(text: str, layout: Layout, *, identifier: bytes) -> bytes:
    """HTML of :mod:`cases.documents.html` to PDF bytes, in this process. Not for HTML from anywhere else."""

    def finish(document: Any, pdf: Any) -> None:
        for name in ("Producer", "Creator", "Author", "CreationDate", "ModDate"):
            pdf.info.pop(name, None)

    with _lock:
        html, fonts, sheets = _press()
        result: bytes = html(text).write_pdf(
            stylesheets=sheets[layout.name],
            font_config=fonts,
            finisher=finish,
            pdf_identifier=identifier,
            presentational_hints=False,
        )
    return result


def render(blocks: Sequence[Block], layout: str | Layout, *, code: str = "", address: str = "") -> bytes:
    """The document as PDF. ``code`` is its verification code, ``address`` the full public address that checks it.

    Raises :class:`PaperError` for an unknown layout or a document far too long to be one, and its kinds where the
    printer's time or memory does not suffice.
    """
    chosen = LAYOUTS.get(layout) if isinstance(layout, str) else layout
    if chosen is None:
        raise PaperError(f"没有“{layout}”这种版式")
    if len(plain_text(blocks)) > MAX_CHARACTERS:
        raise PaperError("文书超过三十万字，不能排印，请拆分为多份文书")
    digest = hashlib.sha256(f"{chosen.name}\n{code}\n{address}\n{to_json(blocks)}".encode()).digest()
    text = page(blocks, chosen, title=metadata_title(blocks), code=code, address=address)
    return _printer.print(chosen.name.encode(), digest[:16], text.encode())


def _answer(layout: bytes, identifier: bytes, text: bytes) -> bytes:
    return print_html(text.decode(), LAYOUTS[layout.decode()], identifier=identifier)


if __name__ == "__main__":
    serve(3, _press, _answer)
