"""Draws columns, lines and bars with pygal, the same SVG for screen and paper.

pygal places; what it would say in a style sheet or script stands here as attributes, so that a page may hold the
drawing under its content policy and a printer needs nothing else. Series differ by pattern and dash, not by colour
alone; every value is printed. What is drawn also stands as a table beneath (templates/parts/chart.html).
"""

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pygal
from pygal.etree import etree
from pygal.style import Style

from reports import status

# pygal leaves a finder for its maps, of a kind Python no longer asks and tools stumble over; we draw no maps
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

Number = int | Decimal | Fraction
Series = Mapping[str, Sequence[Number | None]]  # name -> one value per label, None where there is none

WIDTH, HEIGHT = 900, 300
ROW = 34  # height of a bar lying down, with its place
FONT = "Noto Sans SC, Microsoft YaHei, Source Han Sans SC, sans-serif"
INK, QUIET, LINE, PAPER = "#1c2430", "#465264", "#dbe1e8", "#ffffff"
INKS = ("#1d4f91", "#b96c00", "#1a6d44", "#8f1d17")
DASHES = ("", "9 5", "2 4", "12 4 2 4")
# what fills the columns of a series: plain, stripes, dots, a grid
PATTERNS = (
    None,
    "M0 8 L8 0 M-2 2 L2 -2 M6 10 L10 6",
    "M2 2 h2 v2 h-2 z M6 6 h2 v2 h-2 z",
    "M0 4 h8 M4 0 v8",
)
TARGET = "目标"  # how the name of a target line begins
SIZES = {"label": 13, "major_label": 13, "value": 12, "legend": 13, "title": 15}
DROPPED = {"style", "script", "desc"}
UNSAID = ("id", "class", "style")


def columns(title: str, labels: Sequence[str], series: Series) -> str:
    """Standing columns, one group per label: months with the year before beside them."""
    return _drawn(pygal.Bar, title, labels, series, print_values_position="top", margin_bottom=8)


def lines(title: str, labels: Sequence[str], series: Series) -> str:
    """Lines over labels; a series named “目标…” is a dashed line without points."""
    return _drawn(
        pygal.Line,
        title,
        labels,
        series,
        margin_bottom=8,
        dots_size=4,
        include_x_axis=False,
        margin_top=28,
        allow_interruptions=True,
    )


def bars(title: str, labels: Sequence[str], series: Series) -> str:
    """Lying bars, the first label on top: the parts of a split."""
    turned = {name: list(reversed(values)) for name, values in series.items()}
    longest = max((len(label) for label in labels), default=0)
    return _drawn(
        pygal.HorizontalBar, title, list(reversed(labels)), turned, print_values_position="top",
        height=70 + ROW * max(len(labels), 1), margin_left=24 + 7 * longest,
    )  # fmt: skip


def _drawn(chart: Callable[..., Any], title: str, labels: Sequence[str], series: Series, **more: Any) -> str:
    sizes = {f"{name}_font_size": size for name, size in SIZES.items()}
    made = chart(
        js=[], no_prefix=True, disable_xml_declaration=True, print_values=True, truncate_label=-1, truncate_legend=-1,
        show_legend=len(series) > 1, legend_at_bottom=True, width=WIDTH, margin=12, min_scale=3, max_scale=6,
        formatter=_said, style=Style(**sizes), no_data_text=status.NOTHING,
        **{"height": HEIGHT, "include_x_axis": True, **more},
    )  # fmt: skip
    made.x_labels = list(labels)
    for name, values in series.items():
        taken = [None if value is None else Fraction(value) for value in values]
        made.add(name, taken, show_dots=not name.startswith(TARGET))
    return _dressed(made.render_tree(), title, list(series))


def _said(value: Any) -> str:
    return status.NOTHING if value is None else status.plain(status.rounded(Fraction(value), 1))


# what pygal leaves to a style sheet ---------------------------------------------------------------------------------


def _dressed(root: Any, title: str, names: list[str]) -> str:
    key = hashlib.sha256(f"{title}{names}".encode()).hexdigest()[:8]
    _dress(root, key, names, ())
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.attrib.update({"role": "img", "aria-label": title, "font-family": FONT})
    root.insert(0, _patterns(key, len(names)))
    text = etree.tostring(root, encoding="unicode")
    return str(text)


def _dress(element: Any, key: str, names: list[str], within: tuple[str, ...]) -> None:
    """Give an element and what is in it the attributes its classes would have been styled with."""
    held = (*within, *element.get("class", "").split())
    for child in list(element):
        if _is_dropped(child):
            element.remove(child)
        else:
            _dress(child, key, names, held)
    element.attrib.update(_attributes(_tag(element), held, key, names))
    for name in UNSAID:
        element.attrib.pop(name, None)


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _is_dropped(element: Any) -> bool:
    """Comments, style, script, hidden notes, and everything for a pointer that hovers."""
    tag = _tag(element)
    return not tag or tag in DROPPED or tag == "title" or "tooltip-overlay" in element.get("class", "")


def _attributes(tag: str, held: tuple[str, ...], key: str, names: list[str]) -> dict[str, str]:
    serie = next((int(name[6:]) for name in held if name.startswith("color-")), 0)
    ink = INKS[serie % len(INKS)]
    if tag == "text":
        return _lettered(held)
    if tag == "circle":
        return {"fill": PAPER if serie else ink, "stroke": ink, "stroke-width": "2"}
    if "background" in held and tag == "rect":
        return {"fill": PAPER}
    if tag == "rect" and any(name.startswith("color-") for name in held):
        if "line-graph" in held:
            dashed = {"fill": PAPER, "stroke-dasharray": "3 2"} if serie else {"fill": ink}
            return {"stroke": ink, "stroke-width": "2"} | dashed
        return {"fill": _fill(serie, key), "stroke": ink, "stroke-width": "1"}
    if tag == "path" and "series" in held:
        is_target = names[serie].startswith(TARGET)
        dash = DASHES[1] if is_target else DASHES[0 if not serie else 2 + serie % 2]
        return {"fill": "none", "stroke": ink, "stroke-width": "2"} | (
            {"stroke-dasharray": dash} if dash else {}
        )
    if tag == "path":
        is_axis = "axis" in held and "guide" not in held
        upright = "x" in held
        return {
            "fill": "none",
            "stroke": QUIET if is_axis else "none" if upright else LINE,
            "stroke-width": "1",
        }
    return {}


def _lettered(held: tuple[str, ...]) -> dict[str, str]:
    if "value" in held:
        beside = "horizontal" in held
        shift = (
            {"dx": "6"} if beside else {"dx": "-12", "dy": "-24"} if "line-graph" in held else {"dy": "-3"}
        )
        return {
            "font-size": str(SIZES["value"]),
            "fill": INK,
            "text-anchor": "start" if beside else "middle",
        } | shift
    if "legends" in held:
        return {"font-size": str(SIZES["legend"]), "fill": INK}
    if "axis" in held and "y" in held:
        return {"font-size": str(SIZES["label"]), "fill": QUIET, "text-anchor": "end"}
    return {"font-size": str(SIZES["label"]), "fill": QUIET, "text-anchor": "middle"}


def _fill(serie: int, key: str) -> str:
    return INKS[0] if PATTERNS[serie % len(PATTERNS)] is None else f"url(#{key}-{serie})"


def _patterns(key: str, number: int) -> Any:
    """The fills of the second series and those after it."""
    found = etree.Element("{http://www.w3.org/2000/svg}defs")
    for serie in range(number):
        drawn = PATTERNS[serie % len(PATTERNS)]
        if drawn is not None:
            size = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
            one = etree.SubElement(
                found, "{http://www.w3.org/2000/svg}pattern", {"id": f"{key}-{serie}", **size}
            )
            etree.SubElement(
                one, "{http://www.w3.org/2000/svg}rect", {"width": "8", "height": "8", "fill": PAPER}
            )
            ink = {"stroke": INKS[serie % len(INKS)], "stroke-width": "1.6", "fill": "none"}
            etree.SubElement(one, "{http://www.w3.org/2000/svg}path", {"d": drawn, **ink})
    return found
