"""The rules of cases/rules.toml: reading them and choosing the version. Pure; dates are cases/deadlines.py's.

A district may set limits of its own where the house knows no text of national law (`use_local`).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Unit = Literal["WD", "D", "M", "Y"]

UNITS: Mapping[str, str] = MappingProxyType({"WD": "个工作日", "D": "日", "M": "个月", "Y": "年"})


class DeadlineError(Exception):
    """A limit that cannot be computed.

    `code` is stable: unknown_rule, no_number, not_in_force, extend_refused, exclude_refused, out_of_range.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number}{UNITS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Extension:
    """One prolongation. `cap` = most that it may add; None = no maximum, and it may be granted again."""

    unit: Unit
    approver: str
    cap: int | None
    ground: str


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A second way the texts can be read: shown beside the limit, never enforced."""

    name: str
    amount: Amount
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one limit. `number` None = the law gives none; `parts` = it sets several, each with its id."""

    id: str
    name: str
    number: int | None
    unit: Unit | None
    trigger: str
    event: str
    direction: Literal["forward", "backward"]
    exclusions: tuple[str, ...]
    extensions: tuple[Extension, ...]
    total: int | None
    other_readings: tuple[OtherReading, ...]
    internal: Amount | None
    parts: tuple[str, ...]
    main: str | None
    alternatives: bool
    soft: bool
    lapses: bool
    minimum: bool
    source: str
    note: str
    confidence: Literal["V", "P", "M", "D"]
    valid_from: date | None
    valid_to: date | None

    @property
    def limit(self) -> str:
        """The limit in words, 没有法定期限 when there is none."""
        if self.number is None or self.unit is None:
            return "没有法定期限"
        return str(Amount(self.number, self.unit))

    def holds_on(self, filed: date) -> bool:
        """Is this the version for a matter filed on that day?"""
        return (self.valid_from is None or filed >= self.valid_from) and (
            self.valid_to is None or filed <= self.valid_to
        )

    def excludes(self, kind: str) -> bool:
        """Does an interval of this kind stop the clock?"""
        return kind in self.exclusions


def _amount(data: Mapping[str, Any]) -> Amount:
    return Amount(data["number"], data["unit"])


def _read_version(entry: Mapping[str, Any], sources: Mapping[str, str]) -> Rule:
    """One [[rule]] or [[rule.version]] as a Rule; a key nobody knows is a mistake in the file."""
    data = dict(entry)

    def take(key: str, default: Any = None) -> Any:
        return data.pop(key, default)

    unit = take("unit")
    rule = Rule(
        id=data.pop("id"),
        name=data.pop("name"),
        number=take("number"),
        unit=unit,
        trigger=data.pop("trigger"),
        event=data.pop("event"),
        direction=take("direction", "forward"),
        exclusions=tuple(take("exclusions", ())),
        extensions=tuple(
            Extension(e.get("unit", unit), e["approver"], e.get("cap"), e["ground"])
            for e in take("extensions", ())
        ),
        total=take("total"),
        other_readings=tuple(
            OtherReading(r["name"], _amount(r), r["source"].format_map(sources)) for r in take("readings", ())
        ),
        internal=_amount(internal) if (internal := take("internal")) else None,
        parts=tuple(take("parts", ())),
        main=take("main"),
        alternatives=take("alternatives", False),
        soft=take("soft", False),
        lapses=take("lapses", False),
        minimum=take("minimum", False),
        source=data.pop("source").format_map(sources),
        note=take("note", ""),
        confidence=data.pop("confidence"),
        valid_from=take("from"),
        valid_to=take("to"),
    )
    if data:
        raise ValueError(f"rules.toml: {rule.id}: unknown keys {sorted(data)}")
    return rule


@cache
def load_rules() -> Mapping[str, tuple[Rule, ...]]:
    """Every rule by id, its versions from old to new. Read once; a broken file raises at the first use."""
    document = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    rules: dict[str, tuple[Rule, ...]] = {}
    for entry in document["rule"]:
        shared = {key: value for key, value in entry.items() if key != "version"}
        if shared["id"] in rules:
            raise ValueError(f"rules.toml: {shared['id']} stands twice")
        versions = entry.get("version") or [{}]
        rules[shared["id"]] = tuple(_read_version({**shared, **one}, document["sources"]) for one in versions)
    for path in _local:
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["rule"]:
            rules[entry["id"]] = _with_local(path, entry, rules.get(entry["id"]))
    return MappingProxyType(rules)


_local: list[Path] = []  # the district's own file, named once when the program starts


def use_local(path: Path) -> None:
    """Let a district's file set limits from a day on. A broken file, or one that changes law, raises at once."""
    _local[:] = [path]
    load_rules.cache_clear()
    load_rules()


def _with_local(path: Path, entry: Mapping[str, Any], versions: tuple[Rule, ...] | None) -> tuple[Rule, ...]:
    """The versions of a rule with the district's behind them: matters filed before its day keep their limit."""
    name = f"{path.name}: {entry.get('id')}"
    if versions is None:
        raise ValueError(f"{name}: there is no such rule")
    if unknown := set(entry) - {"id", "number", "unit", "from", "source", "note"}:
        raise ValueError(f"{name}: unknown keys {sorted(unknown)}")
    last, begins = versions[-1], entry.get("from")
    if last.confidence == "V":
        raise ValueError(f"{name}: the text of the law is known; a setting cannot change it")
    if last.parts:
        raise ValueError(f"{name}: set one of {', '.join(last.parts)}")
    if not isinstance(begins, date) or not entry.get("source"):
        raise ValueError(f"{name}: state `from`, the first day, and `source`, the document")
    if last.valid_from is not None and begins <= last.valid_from:
        raise ValueError(f"{name}: begins before the version it replaces")
    number, unit = entry.get("number"), entry.get("unit", last.unit or "WD")
    if not isinstance(number, int) or not 1 <= number <= 999 or unit not in UNITS:
        raise ValueError(f"{name}: state a whole `number` of {', '.join(UNITS)}")
    own = replace(
        last, number=number, unit=unit, internal=None, source=entry["source"], note=entry.get("note", ""),
        confidence="P", valid_from=begins, valid_to=None,
    )  # fmt: skip
    return (*versions[:-1], replace(last, valid_to=begins - timedelta(days=1)), own)


def rule_of(rule_id: str, filed: date) -> Rule:
    """The version of a rule for a matter filed on that day.

    Raises DeadlineError `unknown_rule` or `not_in_force`.
    """
    versions = load_rules().get(rule_id)
    if versions is None:
        raise DeadlineError("unknown_rule", f"没有编号为 {rule_id} 的期限规则，请核对编号。")
    for rule in versions:
        if rule.holds_on(filed):
            return rule
    periods = "、".join(f"{rule.valid_from or ''} 至 {rule.valid_to or '今'}" for rule in versions)
    raise DeadlineError(
        "not_in_force",
        f"{rule_id}（{versions[0].name}）施行于 {periods}，不适用于 {filed} 的事项，请核对立案日期。",
    )


def has_limit(rule_id: str, filed: date) -> bool:
    """Does the law set a number for this rule in a matter filed on that day? Raises only `unknown_rule`."""
    try:
        numbered_rule(rule_id, filed)
    except DeadlineError as error:
        if error.code == "unknown_rule":
            raise
        return False
    return True


def numbered_rule(rule_id: str, filed: date) -> Rule:
    """The rule to compute with: the main part of a rule with several limits.

    Raises DeadlineError `unknown_rule`, `not_in_force` or `no_number`.
    """
    versions = load_rules().get(rule_id, ())
    numberless = versions and all(rule.number is None and rule.main is None for rule in versions)
    rule = versions[-1] if numberless else rule_of(rule_id, filed)
    if rule.main is not None:
        return rule_of(rule.main, filed)
    if rule.number is None:
        how = (
            f"请指明其中一项：{'、'.join(rule.parts)}。"
            if rule.parts
            else rule.note or "请由承办人指定期限。"
        )
        raise DeadlineError("no_number", f"{rule.id}（{rule.name}）没有统一的法定期限。{how}")
    return rule
