"""Pages run on Chromium 86 and under a content policy that allows nothing inline."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, name_of

# Pattern -> what it is and since when browsers know it. What degrades without harm is not listed.
TOO_NEW_CSS = {
    r":has\(": ":has(), Chromium 105",
    r":is\(|:where\(": ":is() and :where(), Chromium 88",
    r"(?m)^\s*&|[{;]\s*&": "nesting, Chromium 112",
    r"@container\b|container-type": "container queries, Chromium 105",
    r"@layer\b": "cascade layers, Chromium 99",
    r"@property\b.*inherits": "relied-on @property",
    r"@scope\b|@starting-style\b": "@scope and @starting-style, Chromium 117",
    r"color-mix\(|oklch\(|oklab\(|\blab\(|\blch\(|\bcolor\(": "new colour functions, Chromium 111",
    r"\blight-dark\(": "light-dark(), Chromium 123",
    r"\baspect-ratio\s*:": "aspect-ratio, Chromium 88",
    r"\baccent-color\s*:": "accent-color, Chromium 93",
    r"\bsubgrid\b": "subgrid, Chromium 117",
    r"\d(?:d|s|l)v[hw]\b": "dynamic viewport units, Chromium 108",
    r"(?:^|[;{\s])(?:inset|inset-inline|inset-block)\s*:": "inset, Chromium 87",
    r"(?:margin|padding)-(?:inline|block)\s*:": "logical shorthands, Chromium 87",
    r"text-wrap\s*:\s*(?:balance|pretty)": "text-wrap, Chromium 114",
    r"\bscrollbar-gutter\s*:": "scrollbar-gutter, Chromium 94",
    r"\(\s*(?:width|height)\s*[<>]=?|[<>]=?\s*(?:width|height)\s*\)": "range media queries, Chromium 104",
    r"(?:^|[;{\s])(?:translate|rotate|scale)\s*:": "single transforms, Chromium 104",
    r"overflow\s*:\s*clip|overflow-[xy]\s*:\s*clip": "overflow: clip, Chromium 90",
    r":user-(?:in)?valid": ":user-invalid, Chromium 119",
    r"hyphenate-character|font-palette|::backdrop": "not in Chromium 86 or needs script",
}
TOO_NEW_HTML = {
    r"<dialog\b": "<dialog> opens by script only",
    r"\bpopover\b(?:=|\s|>)": "popover, Chromium 114",
    r"<search\b": "<search>, Chromium 118",
    r"\binert\b(?:=|\s|>)": "inert, Chromium 102",
    r"<selectlist\b|<selectedcontent\b": "custom select",
    r"<details[^>]*\sname=": "exclusive details, Chromium 120",
}
INLINE = {
    r"<[^>]*\sstyle\s*=": "inline style attribute",
    r"<style\b": "inline style sheet",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)": "inline script",
    r"<[^>]*\son[a-z]+\s*=\s*[\"']": "inline handler",
    r"(?:href|src|action)\s*=\s*[\"']\s*javascript:": "javascript: address",
    r"\bhx-on\b|\bhx-on:": "hx-on, which runs text as script",
    r"\bhx-vals\s*=\s*[\"']js:|\bhx-vars\b": "htmx evaluating text",
    r"(?:href|src)\s*=\s*[\"'](?:https?:)?//(?!www\.w3\.org)": "something from another host",
}
# Paper, not pages: rendered by WeasyPrint, which needs its style inside.
PAPER = ("documents/", "paper/")

TEMPLATES = [
    file
    for folder in ("templates", *(f"{room}/templates" for room in ROOMS))
    for file in sorted((ROOT / folder).rglob("*.html"))
    if not any(part in name_of(file) for part in PAPER)
]
STYLESHEETS = sorted((ROOT / "static").rglob("*.css"))


def without_comments(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\{#.*?#\}|<!--.*?-->", "", text)
    return re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)


def found(text: str, patterns: dict[str, str]) -> list[str]:
    """What of `patterns` stands in `text`: line and reason."""
    text = without_comments(text)
    return [
        f"line {text.count(chr(10), 0, match.start()) + 1}: {reason}: {match.group(0)[:60]!r}"
        for pattern, reason in patterns.items()
        for match in re.finditer(pattern, text)
    ]


@pytest.mark.parametrize("file", STYLESHEETS, ids=name_of)
def test_stylesheet_uses_nothing_newer_than_chromium_86(file: Path) -> None:
    assert found(file.read_text(encoding="utf-8"), TOO_NEW_CSS) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_template_uses_nothing_newer_and_nothing_inline(file: Path) -> None:
    assert found(file.read_text(encoding="utf-8"), TOO_NEW_HTML | INLINE) == []


def test_there_are_pages_and_a_stylesheet() -> None:
    assert TEMPLATES and STYLESHEETS


@pytest.mark.parametrize(
    ("sample", "patterns"),
    [
        (".card:has(a) { color: red }", TOO_NEW_CSS),
        (".card {\n  & a { color: red }\n}", TOO_NEW_CSS),
        ("@media (width >= 600px) {}", TOO_NEW_CSS),
        (".a { inset: 0 }", TOO_NEW_CSS),
        ('<p style="color:red">', INLINE),
        ("<script>alert(1)</script>", INLINE),
        ('<a onclick="x()">', INLINE),
        ('<div popover id="x">', TOO_NEW_HTML),
    ],
)
def test_the_patterns_find_what_they_name(sample: str, patterns: dict[str, str]) -> None:
    assert found(sample, patterns)


@pytest.mark.parametrize(
    ("sample", "patterns"),
    [
        (".a:hover { transform: scale(1.1); margin: 0; color: rgba(0, 0, 0, .5) }", TOO_NEW_CSS),
        ('<script src="/static/htmx.min.js" defer></script>', INLINE),
        ("{# style= and <script> in a comment #}", INLINE),
    ],
)
def test_the_patterns_leave_good_old_things_alone(sample: str, patterns: dict[str, str]) -> None:
    assert found(sample, patterns) == []
