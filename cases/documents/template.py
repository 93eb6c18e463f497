"""Document templates: data in, blocks out. Wording stands in templates/*.toml; nothing here knows a case.

Grammar, fixed and small (no expressions, no code): ``{name}`` is replaced once, ``{item.name}`` inside a repeated
block, ``{index}`` / ``{index_cn}`` count it; ``{nth}`` counts too, but is empty where there is only one. ``[...]`` is
left out when a placeholder in it is empty. A block may have ``when`` / ``unless`` (a field is filled / empty) and
``each`` (a list field); ``use`` inserts a shared group; ``type = "given"`` takes a list of finished blocks as they are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cases.documents.blocks import Block, Facts, Signers, clean, made, make
from cases.documents.layouts import LAYOUTS
from cases.errors import Invalid, NotFound

TEMPLATES = Path(__file__).with_name("templates")
BODIES = ("bureau", "centre", "committee", "station", "own")
AUDIENCES = ("case", "proceeding", "side", "sealed")

_STOPS = "。；，"  # what was typed may end its sentence, which the template ends, too
_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*\{[a-z_.]+\}[^\[\]]*)\]")
_SLUG = re.compile(r"[a-z_]{1,40}")
COUNTS = ("index", "index_cn", "nth")
_CONTROL = ("type", "use", "when", "unless", "each", "row")


class UnknownKind(NotFound):
    """There is no template of this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__("unknown_document", f"没有“{kind}”这种文书")


class TemplateError(ValueError):
    """A template file is wrong: a programming error, found when it is loaded."""


class MissingData(Invalid):
    """Data the document must state is not there: ``fields`` by slug, ``labels`` what people call them."""

    def __init__(self, missing: Mapping[str, str]) -> None:
        self.labels = tuple(missing.values())
        super().__init__(
            "missing_data",
            f"文书还缺少以下内容，请补充后再生成：{'、'.join(self.labels)}",
            fields={name: [f"请补充{label}"] for name, label in missing.items()},
        )


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a template asks for. ``columns`` name the parts of a list's items."""

    name: str
    label: str
    sample: Any
    optional: bool = False
    default: Any = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of document.

    ``body``: slug of the issuing body, ``own`` = that of the proceeding, ``station`` = the station that received.
    ``numbered``: the proceeding's number must stand on it. ``internal``: belongs to the 副卷, never leaves.
    ``drafts``: kinds of proceeding in which people write it (cases/drafting.py); ``final_step``: the step that alone
    issues it, where its words have an effect of their own.
    """

    kind: str
    title: str
    layout: str
    body: str
    audience: str
    numbered: bool
    internal: bool
    drafts: tuple[str, ...]
    final_step: str
    fields: Mapping[str, Field]
    blocks: tuple[Mapping[str, Any], ...]


def kinds() -> tuple[str, ...]:
    """Slugs of all document kinds, sorted."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.toml") if path.stem != "shared"))


@cache
def _shared() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads((TEMPLATES / "shared.toml").read_text("utf-8")))


@cache
def load(kind: str) -> Template:
    """The template of a kind. Raises :class:`UnknownKind`, or :class:`TemplateError` if the file is wrong."""
    if not _SLUG.fullmatch(kind) or kind == "shared" or not (TEMPLATES / f"{kind}.toml").is_file():
        raise UnknownKind(kind)
    raw = tomllib.loads((TEMPLATES / f"{kind}.toml").read_text("utf-8"))
    blocks: list[Mapping[str, Any]] = []
    for entry in raw["blocks"]:
        if "use" not in entry:
            blocks.append(entry)
            continue
        limits = {name: entry[name] for name in ("when", "unless") if name in entry}
        blocks.extend({**limits, **one} for one in _shared()["groups"][entry["use"]])
    known = {**_shared()["fields"], **raw.get("fields", {})}
    names = set(_names(blocks))
    if unknown := names - known.keys():
        raise TemplateError(f"{kind}: no field {sorted(unknown)}")
    if unused := raw.get("fields", {}).keys() - names:
        raise TemplateError(f"{kind}: unused field {sorted(unused)}")
    template = Template(
        kind=kind,
        title=raw["title"],
        layout=raw["layout"],
        body=raw["body"],
        audience=raw["audience"],
        numbered=raw["numbered"],
        internal=raw.get("internal", False),
        drafts=tuple(raw.get("drafts", ())),
        final_step=raw.get("final_step", ""),
        fields=MappingProxyType({name: _field(name, known[name]) for name in sorted(names)}),
        blocks=tuple(MappingProxyType(dict(block)) for block in blocks),
    )
    if template.layout not in LAYOUTS or template.body not in BODIES or template.audience not in AUDIENCES:
        raise TemplateError(f"{kind}: layout, body or audience is not one we have")
    return template


def _field(name: str, raw: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        label=raw["label"],
        sample=raw["sample"],
        optional=raw.get("optional", False),
        default=raw.get("default"),
        columns=MappingProxyType(raw.get("columns", {})),
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _names(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Fields a template mentions anywhere."""
    for block in blocks:
        for key in ("when", "unless", "each"):
            if key in block:
                yield block[key]
        for key, value in block.items():
            if key in ("when", "unless", "each", "type"):
                continue
            for text in _strings(value):
                for name in _PLACEHOLDER.findall(text):
                    if not name.startswith("item.") and name not in ("item", *COUNTS):
                        yield name


def chinese_date(day: date) -> str:
    """2026年3月5日: Arabic digits, no leading zero (GB/T 9704 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """一 to 九十九, for headings and items."""
    digits = "零一二三四五六七八九"
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


def words(value: Any) -> str:
    """A value as it stands on paper; ``None`` and empty text are empty."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return f"{chinese_date(value)}{value.hour}时{value.minute:02d}分"
        case date():
            return chinese_date(value)
        case Decimal():
            return f"{value:,.2f}"
        case int() | str():
            return clean(str(value)).strip()
        case float():
            raise TypeError("no float stands on a document")
        case Mapping():
            return words(value.get("name"))
        case Sequence():
            parts = [part for part in map(words, value) if part]
            return ("" if any(part[-1] in "。；" for part in parts) else "、").join(parts)
        case _:  # lazy translations, PartialDate and the like print themselves
            return clean(str(value)).strip()


def _empty(value: Any) -> bool:
    """Nothing is stated: no value, no text, or a list without any."""
    if isinstance(value, list | tuple):
        return all(_empty(one) for one in value)
    if isinstance(value, Mapping):
        return all(_empty(one) for one in value.values())
    return words(value) == ""


class _Composer:
    """One composition: the data, what is missing so far, and the blocks."""

    def __init__(
        self, template: Template, data: Mapping[str, Any], gap: Callable[[str], str] | None = None
    ) -> None:
        self.template = template
        self.data = data
        self.gap = gap
        self.missing: dict[str, str] = {}

    def value(self, name: str) -> Any:
        given = self.data.get(name)
        if _empty(given):
            return self.template.fields[name].default
        return given

    def lookup(self, name: str, scope: Mapping[str, Any], *, demanded: bool) -> str:
        if name in COUNTS or name == "item":
            return words(scope[name])
        if name.startswith("item."):
            item, part = scope["item"], name.removeprefix("item.")
            text = words(item.get(part)) if isinstance(item, Mapping) else ""
            if not text and demanded:
                column = self.template.fields[scope["each"]].columns.get(part, part)
                label = self.template.fields[scope["each"]].label
                if self.gap is not None:
                    return self.gap(column)
                self.missing[f"{scope['each']}.{scope['index']}.{part}"] = (
                    f"{label}第{scope['index']}项的{column}"
                )
            return text
        text = words(self.value(name))
        if not text and demanded and not self.template.fields[name].optional:
            if self.gap is not None:
                return self.gap(self.template.fields[name].label)
            self.missing[name] = self.template.fields[name].label
        return text

    def fill(self, text: str, scope: Mapping[str, Any], *, demanded: bool = True) -> str:
        """The text with its placeholders replaced, once: what data contain is never read as grammar."""

        def segment(found: re.Match[str]) -> str:
            names = _PLACEHOLDER.findall(found[1])
            if all(self.lookup(name, scope, demanded=False) for name in names):
                return _PLACEHOLDER.sub(lambda hit: self.lookup(hit[1], scope, demanded=False), found[1])
            return ""

        parts: list[str] = []
        at = 0
        for found in _OPTIONAL.finditer(text):
            parts += [self._plain(text[at : found.start()], scope, demanded), segment(found)]
            at = found.end()
        parts.append(self._plain(text[at:], scope, demanded))
        return "".join(parts)

    def _plain(self, text: str, scope: Mapping[str, Any], demanded: bool) -> str:
        def put(hit: re.Match[str]) -> str:
            value = self.lookup(hit[1], scope, demanded=demanded)
            return value.rstrip(_STOPS) if text[hit.end() : hit.end() + 1] in tuple(_STOPS) else value

        return _PLACEHOLDER.sub(put, text)

    def items(self, name: str) -> list[Any]:
        value = self.value(name)
        if _empty(value):
            if not self.template.fields[name].optional:
                if self.gap is not None:
                    return self._open_item(self.template.fields[name])
                self.missing[name] = self.template.fields[name].label
            return []
        if isinstance(value, str | Mapping):
            return [value]
        return list(value)

    def _open_item(self, field: Field) -> list[Any]:
        """One item in the shape of the sample's, every part of it open."""
        first = field.sample[0] if isinstance(field.sample, list) and field.sample else None
        said = self.gap(field.label) if self.gap is not None else ""
        return [dict.fromkeys(first, said) if isinstance(first, Mapping) else said]

    def scopes(self, block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if "each" not in block:
            return [{}]
        items = self.items(block["each"])
        return [
            {"item": item, "index": at, "index_cn": chinese_number(at), "each": block["each"],
             "nth": at if len(items) > 1 else ""}
            for at, item in enumerate(items, 1)
        ]  # fmt: skip

    def wanted(self, block: Mapping[str, Any]) -> bool:
        if "when" in block and not self._stated(block["when"]):
            return False
        return not ("unless" in block and self._stated(block["unless"]))

    def _stated(self, name: str) -> bool:
        value = self.value(name)
        return value is not False and not _empty(value)

    def block(self, raw: Mapping[str, Any]) -> Iterator[Block]:
        kind = raw["type"]
        rest = {name: value for name, value in raw.items() if name not in _CONTROL and name != "fill_rows"}
        if kind == "table" and "row" in raw:
            rows = [
                [self.fill(cell, scope, demanded=False) for cell in raw["row"]] for scope in self.scopes(raw)
            ]
            rows += [["" for _ in raw["row"]]] * max(0, raw.get("fill_rows", 0) - len(rows))
            yield make(kind, rows=rows, **rest)
            return
        if kind == "given":
            yield from (made(one) for one in self.items(raw["each"]))
            return
        if kind in ("facts", "signers") and "row" in raw:
            pairs = [[self.fill(cell, scope) for cell in raw["row"]] for scope in self.scopes(raw)]
            if pairs:
                yield make(kind, rows=pairs, **rest)
            return
        if kind == "attachments" and "row" in raw:
            lines = [self.fill(raw["row"][0], scope) for scope in self.scopes(raw)]
            if lines:
                yield make(kind, items=lines)
            return
        for scope in self.scopes(raw):
            filled = {name: self._filled(value, scope) for name, value in rest.items()}
            if kind in ("paragraph", "item") and "\n" in filled["text"]:
                lines = [line.strip() for line in filled["text"].split("\n") if line.strip()]
                yield make(kind, **{**filled, "text": lines[0] if lines else ""})
                for line in lines[1:]:
                    yield make("paragraph", text=line)
            elif filled.get("text", "-") or kind == "box":
                yield make(kind, **filled)

    def _filled(self, value: Any, scope: Mapping[str, Any]) -> Any:
        if isinstance(value, str):
            return self.fill(value, scope)
        if isinstance(value, list):
            return [self._filled(one, scope) for one in value]
        return value


def compose(kind: str, data: Mapping[str, Any], *, gap: Callable[[str], str] | None = None) -> list[Block]:
    """The document's blocks from its template and data (dates as ``date``, money as ``Decimal``, lists as lists).

    Raises :class:`MissingData` naming every demanded field that is empty; data the template does not ask for are
    ignored. With ``gap`` nothing is missing: it says what stands in the place of a field, given its label (a form
    leaves it to the pen, a draft names it).
    """
    composer = _Composer(load(kind), data, gap)
    blocks: list[Block] = []
    for raw in composer.template.blocks:
        if not composer.wanted(raw):
            continue
        for block in composer.block(raw):
            last = blocks[-1] if blocks else None
            if isinstance(block, Facts) and isinstance(last, Facts) and last.pairs == block.pairs:
                blocks[-1] = Facts(last.rows + block.rows, last.pairs)
            elif isinstance(block, Signers) and isinstance(last, Signers):
                blocks[-1] = Signers(last.rows + block.rows)
            else:
                blocks.append(block)
    if composer.missing:
        raise MissingData(composer.missing)
    return blocks


def sample(kind: str) -> dict[str, Any]:
    """Invented data for a specimen (模拟数据): parties by role, no real person or firm."""
    return {name: field.sample for name, field in load(kind).fields.items()}
