"""What infringes and what is ordered against it (办法第三十二条), and findings by claim and respondent. No models here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS = {
    "make": _("制造"), "method": _("使用专利方法"), "sell": _("销售"), "offer": _("许诺销售"), "use": _("使用"),
    "import": _("进口"), "exhibit": _("展出"), "other": _("其他行为"),
}  # fmt: skip
PLATFORM = "platform"
ORDERED = {**ACTS, PLATFORM: _("通知电子商务平台")}

ESTABLISHED, PARTLY, NOT_ESTABLISHED = "established", "partly", "not_established"
FOUND = {ESTABLISHED: _("侵权成立"), PARTLY: _("部分成立"), NOT_ESTABLISHED: _("侵权不成立")}

_LIST = re.compile(r"[权利要求第项和及与至到\d\s、,，;；~～\-–—]+")
_RANGE = re.compile(r"(\d{1,3})\s*(?:[-–—~～至到]\s*(?:权利要求)?\s*(\d{1,3}))?")
CLAIM = "权利要求"


def codes(value: Any) -> list[str]:
    """The acts a form was given, as codes: a list of them, or words with marks between them (制造、销售)."""
    if isinstance(value, str):
        value = [one for one in re.split(r"[、,，;；和及\s]+", value) if one]
    known = {str(words): code for code, words in ORDERED.items()}
    return list(dict.fromkeys(known.get(str(one), str(one)) for one in value or ()))


def said(acts: Iterable[str]) -> str:
    """Acts in words, in the order of the catalogue."""
    wanted = set(acts)
    return "、".join(str(words) for code, words in ORDERED.items() if code in wanted)


def claims_of(relied: str) -> list[str]:
    """Each claim of a list (权利要求1、3至5); words that are no plain list stay one claim; nothing: one without name."""
    text = relied.strip()
    if not text or not _LIST.fullmatch(text):
        return [text[:60]]
    found: dict[int, None] = {}
    for first, last in _RANGE.findall(text):
        found.update(dict.fromkeys(range(int(first), int(last or first) + 1)))
    return [f"{CLAIM}{number}" for number in found] or [text[:60]]


def overall(outcomes: Iterable[str]) -> str:
    """What follows for the whole: all established, none, or partly. Raises ValueError of nothing."""
    held = set(outcomes)
    if not held:
        raise ValueError("no findings")
    return held.pop() if len(held) == 1 else PARTLY


def by_respondent(findings: Iterable[tuple[Any, str]]) -> dict[Any, str]:
    """(respondent, outcome) pairs to the outcome for each respondent."""
    rows: dict[Any, list[str]] = {}
    for respondent, outcome in findings:
        rows.setdefault(respondent, []).append(outcome)
    return {respondent: overall(outcomes) for respondent, outcomes in rows.items()}


def lines(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Findings {name, claim, outcome, acts} as a ruling states them: a line for each respondent."""
    said_of: dict[str, list[str]] = {}
    for name in dict.fromkeys(row["name"] for row in findings):
        mine = [row for row in findings if row["name"] == name]
        held = dict.fromkeys((row["outcome"], said(row["acts"])) for row in mine)
        for outcome, acts in held:
            claims = [r["claim"] for r in mine if (r["outcome"], said(r["acts"])) == (outcome, acts)]
            words = str(FOUND[outcome]) + (f"（{acts}）" if acts and outcome != NOT_ESTABLISHED else "")
            said_of.setdefault(name, []).append(joined(claims) + words)
    return [f"被请求人{name}：{'；'.join(parts)}。" for name, parts in said_of.items()]


def joined(claims: Sequence[str]) -> str:
    """权利要求1、3 for 权利要求1 and 权利要求3; others stand as they are."""
    numbers = [claim.removeprefix(CLAIM) for claim in claims]
    if len(claims) > 1 and all(claim.startswith(CLAIM) for claim in claims):
        return CLAIM + "、".join(numbers)
    return "、".join(filter(None, claims))


def orders_for(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The orders that findings {respondent, claim, outcome, acts} ask for, their object left open (办法第三十一条)."""
    rows: list[dict[str, Any]] = []
    for respondent, held in by_respondent([(one["respondent"], one["outcome"]) for one in findings]).items():
        mine = [one for one in findings if one["respondent"] == respondent]
        if held != NOT_ESTABLISHED:
            granted = [one for one in mine if one["outcome"] != NOT_ESTABLISHED]
            acts = {code for one in granted for code in one["acts"]}
            rows.append({
                "respondent": respondent, "kind": "stop", "acts": [code for code in ACTS if code in acts], "object": "",
                "scope": joined([one["claim"] for one in granted]), "text": "",
            })  # fmt: skip
        if held != ESTABLISHED:
            rows.append({
                "respondent": respondent, "kind": "dismiss", "acts": [], "object": "", "scope": "", "text": "",
            })  # fmt: skip
    return rows


def order_words(
    row: Mapping[str, Any], *, against: Sequence[str], requester: str, rest: bool = False, again: str = ""
) -> str:
    """One order as the ruling states it, from its parts; its own words first where somebody wrote them.

    `rest`: something else was granted, so that only the other requests are dismissed; `again`: number of the ruling
    that was infringed against anew (办法第三十四条).
    """
    if row.get("text"):
        return str(row["text"])
    names, acts = "、".join(against), [code for code in row["acts"] if code != PLATFORM]
    thing, scope = row.get("object") or "", row.get("scope") or ""
    if row["kind"] == "dismiss":
        against_whom = f"对被请求人{names}" if row.get("respondent") else ""
        return f"驳回请求人{requester}{against_whom}的{'其他' if rest else ''}请求。"
    parts: list[str] = []
    if acts:
        before = f"对被请求人{names}在{again}行政裁决之后再次实施的侵权行为，" if again else ""
        parts.append(f"{before}责令被请求人{names}立即停止{said(acts)}{thing}的侵权行为")
    if PLATFORM in row["acts"]:
        parts.append(
            f"通知电子商务平台经营者对被请求人{names}的{thing}及时采取删除、屏蔽、断开链接、终止交易和服务等必要措施"
        )
    return f"{'；'.join(parts)}，范围：{scope}。"
