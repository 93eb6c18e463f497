"""Blocks to the HTML that only the PDF printer reads. Every word of data is escaped; data never becomes markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType

import segno

from cases.documents import blocks as b
from cases.documents import charts
from cases.documents.layouts import Layout


def width_em(text: str) -> float:
    """Set width in full-width characters: ASCII counts half, all else one."""
    return sum(0.5 if ord(char) < 0x2E80 and char not in "—…“”‘’" else 1.0 for char in text)


def signature_indents(block: b.Signature) -> tuple[float, float]:
    """Right indents in characters of (issuer, date): 7.3.5.1, the date 4 in, the issuer centred over it.

    A long issuer pushes both left so that neither leaves the type area.
    """
    issuer, on = width_em(block.issuer), width_em(block.on)
    date_indent = max(4.0, (issuer - on) / 2)
    return max(0.0, date_indent - (issuer - on) / 2), date_indent


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _head(block: b.Head, layout: Layout) -> str:
    size = "wide" if width_em(block.text) <= 12 else "middle" if width_em(block.text) <= 18 else "narrow"
    return f'<p class="head {size}">{_text(block.text)}</p>'


def _line(name: str, after: str = "") -> Callable[..., str]:
    """A block that is one line of text in a style of its own."""
    return lambda block, layout: f'<p class="{name}">{_text(block.text)}{after}</p>'


def _paragraph(block: b.Paragraph, layout: Layout) -> str:
    return f'<p class="text level{block.level}">{_text(block.text)}</p>'


def _item(block: b.Item, layout: Layout) -> str:
    return f'<p class="text item">{escape(block.number)}{_text(block.text)}</p>'


def _facts(block: b.Facts, layout: Layout) -> str:
    if block.pairs == 1:
        rows = [f"<tr><th>{_text(label)}</th><td>{_text(value)}</td></tr>" for label, value in block.rows]
        return f'<table class="facts one">{"".join(rows)}</table>'
    rows = []
    for at in range(0, len(block.rows), 2):
        (label, value), rest = block.rows[at], block.rows[at + 1 : at + 2]
        if rest:
            tail = f"<td>{_text(value)}</td><th>{_text(rest[0][0])}</th><td>{_text(rest[0][1])}</td>"
        else:
            tail = f'<td colspan="3">{_text(value)}</td>'
        rows.append(f"<tr><th>{_text(label)}</th>{tail}</tr>")
    return f'<table class="facts two">{"".join(rows)}</table>'


def shares(block: b.Table) -> list[float]:
    """Width of each column in percent of the type area."""
    widths = block.widths or tuple(1 for _ in block.columns)
    return [100 * width / sum(widths) for width in widths]


def _table(block: b.Table, layout: Layout) -> str:
    grid = "".join(f'<col style="width:{share:.3f}%">' for share in shares(block))
    head = "".join(f"<th>{_text(column)}</th>" for column in block.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in block.rows)
    return f'<table class="ruled">{grid}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


OPEN_SIGNATURE = "　　　　　　　　年　　月　　日"


def signed_text(block: b.Box) -> str:
    """The foot of a box; one that still waits for a name (ends in a colon) gets room for ink and a date."""
    return block.signed + OPEN_SIGNATURE if block.signed.endswith("：") else block.signed


def _box(block: b.Box, layout: Layout) -> str:
    foot = f'<p class="signed">{_text(signed_text(block))}</p>' if block.signed else ""
    return (
        f'<table class="box"><tr><th>{_text(block.label)}</th><td>'
        f'<div class="room" style="min-height:{block.lines}lh">{_text(block.text)}</div>{foot}</td></tr></table>'
    )


def _signers(block: b.Signers, layout: Layout) -> str:
    rows = []
    for capacity, name in block.rows:
        if name:
            rows.append(
                f'<p class="known"><span class="capacity">{_text(capacity)}</span><span>{_text(name)}</span></p>'
            )
        else:
            rows.append(
                f'<p class="open"><span class="capacity">{_text(capacity)}：</span><span class="line"></span>'
                '<span class="day">年　月　日</span></p>'
            )
    return f'<div class="signers">{"".join(rows)}</div>'


def _signature(block: b.Signature, layout: Layout) -> str:
    issuer, on = signature_indents(block)
    return (
        '<div class="signature">'
        f'<p style="margin-right:{issuer:.3f}em">{_text(block.issuer)}</p>'
        f'<p style="margin-right:{on:.3f}em">{_text(block.on)}</p></div>'
    )


def _attachments(block: b.Attachments, layout: Layout) -> str:
    if len(block.items) == 1:
        return f'<p class="text attachments">附件：{_text(block.items[0])}</p>'
    rows = "".join(
        f'<p class="attached">{"附件：" if at == 1 else ""}{at}.{_text(item)}</p>'
        for at, item in enumerate(block.items, 1)
    )
    return f'<div class="attachments">{rows}</div>'


def note_text(block: b.Note, layout: Layout) -> str:
    """A note as printed: a remark on forms, 附注 in parentheses elsewhere."""
    return f"说明：{block.text}" if layout.name in ("form", "wide") else f"（{block.text}）"


def _note(block: b.Note, layout: Layout) -> str:
    return f'<p class="note">{_text(note_text(block, layout))}</p>'


def _imprint(block: b.Imprint, layout: Layout) -> str:
    copies = f'<p class="copies">抄送：{_text(block.copies_to)}。</p>' if block.copies_to else ""
    return (
        f'<div class="imprint">{copies}<p class="printed"><span>{_text(block.printed_by)}</span>'
        f"<span>{_text(block.printed_on)}印发</span></p></div>"
    )


def _link(block: b.Link, layout: Layout) -> str:
    picture = segno.make(block.address, error="m", micro=False).svg_inline(scale=1, border=0, omitsize=True)
    words = f"{_text(block.text)}<br>{escape(block.address)}"
    return f'<div class="link"><div class="qr">{picture}</div><p>{words}</p></div>'


def _chart(block: b.Chart, layout: Layout) -> str:
    """The drawing where a room draws, and the numbers where none does."""
    picture = charts.drawn(block)
    shown = (
        picture if picture is not None else f'<div class="form">{_table(charts.table(block), layout)}</div>'
    )
    return f'<div class="chart"><p class="caption">{_text(block.title)}</p>{shown}</div>'


def _page_break(block: b.PageBreak, layout: Layout) -> str:
    return '<div class="page-break"></div>'


_PRINT: MappingProxyType[type, Callable[..., str]] = MappingProxyType(
    {
        b.Head: _head, b.Title: _line("title"), b.Number: _line("number"), b.Addressee: _line("addressee", "："),
        b.Paragraph: _paragraph, b.Item: _item,
        b.Facts: _facts, b.Table: _table, b.Box: _box, b.Signers: _signers, b.Signature: _signature,
        b.Attachments: _attachments, b.Note: _note, b.Imprint: _imprint, b.PageBreak: _page_break,
        b.Link: _link, b.Chart: _chart,
    }
)  # fmt: skip


def kept(blocks: Sequence[b.Block], layout: Layout) -> frozenset[int]:
    """Places of the text that stays with the signature after it: at least two lines, never an address alone."""
    places = set()
    for at, block in enumerate(blocks):
        if not isinstance(block, b.Signature | b.Signers):
            continue
        last = at - 1
        if last > 0 and isinstance(blocks[last], b.Attachments):
            places.add(last)
            last -= 1
        for place in (last, last - 1):
            words = blocks[place] if place >= 0 else None
            if not isinstance(words, b.Paragraph | b.Item):
                break
            places.add(place)
            if width_em(words.text) > (layout.chars or 37) - 2:
                break
    return frozenset(places)


def _in_form(block: b.Block) -> bool:
    return isinstance(block, b.Facts | b.Table | b.Box)


def body(blocks: Sequence[b.Block], layout: Layout) -> str:
    """The blocks in order; neighbouring tables are joined into one form."""
    parts, together = [], kept(blocks, layout)
    for joined, group in groupby(enumerate(blocks), key=lambda placed: _in_form(placed[1])):
        printed = "".join(_kept(_PRINT[type(block)](block, layout), at in together) for at, block in group)
        parts.append(f'<div class="form">{printed}</div>' if joined else printed)
    return "".join(parts)


def _kept(printed: str, stays: bool) -> str:
    return printed.replace('class="', 'class="kept ', 1) if stays else printed


def verification(code: str, address: str) -> str:
    """Foot of the first page: the code by which anyone can check the paper, as words and as QR.

    A blank form has no code; its address tells how to fill it in and where to hand it in.
    """
    if not code and not address:
        return ""
    picture = segno.make(address or code, error="m", micro=False).svg_inline(scale=1, border=0, omitsize=True)
    words = f"文书编码：{escape(code)}" if code else "填写说明和递交地点："
    where = f"<br>{'核验：' if code else ''}{escape(address)}" if address else ""
    return f'<div class="verify"><div class="qr">{picture}</div><p>{words}{where}</p></div>'


def page(blocks: Sequence[b.Block], layout: Layout, *, title: str, code: str = "", address: str = "") -> str:
    """A whole HTML page; its head carries the title and nothing else."""
    foot = f'<p class="foot">{_text(layout.foot)}</p>' if layout.foot else ""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f'<body class="{layout.name}">{foot}{verification(code, address)}{body(blocks, layout)}</body></html>'
    )
