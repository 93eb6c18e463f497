"""A ruling's sections: from the form to the paper's data, and from an edited paper back to the form. No database here.

`Sections` is the data of the signing form as JSON keeps it: rows are dicts, a respondent is an id.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.documents.blocks import Block, Head, Item, Number, Paragraph, Signature, Signers, Title
from cases.documents.template import chinese_date, load

from . import catalogue

PAPER = "ruling"
TEXTS = ("procedure", "claims", "defence", "evidence", "basis")
LINES = ("facts", "reasoning")
Sections = dict[str, Any]

_GAP = re.compile(r"【待补充：[^】]*】")
_BASIS = re.compile(r"依据(.*?)的?规定，裁决如下")
_SCOPE = re.compile(r"范围[：:](.+?)[。；]?$")


def plain(data: Mapping[str, Any]) -> Sections:
    """A cleaned form as JSON keeps it."""

    def kept(value: Any) -> Any:
        if isinstance(value, list):
            return [kept(one) for one in value]
        if isinstance(value, Mapping):
            return {key: kept(one) for key, one in value.items()}
        if isinstance(value, date):
            return value.isoformat()
        return getattr(value, "pk", value)

    left_out = ("on", "late_reason", "revision")
    return {name: kept(value) for name, value in data.items() if name not in left_out}


@dataclass(frozen=True)
class Case:
    """What the words of a ruling need of its case."""

    requester: str
    respondents: Mapping[int, str]  # id -> name, in order
    again: str = ""  # number of the earlier ruling, where it is infringed against anew
    again_on: date | None = None
    again_source: str = ""


def findings_of(rows: Sequence[Mapping[str, Any]], case: Case) -> list[dict[str, Any]]:
    """Findings with the respondents' names; one without a respondent of the case is not complete yet."""
    return [
        {**row, "name": case.respondents[row["respondent"]], "acts": catalogue.codes(row.get("acts"))}
        for row in rows
        if row.get("respondent") in case.respondents and row.get("outcome")
    ]


def orders_of(sections: Sections, case: Case) -> list[str]:
    """What is ordered, in words."""
    rows = [
        {**row, "acts": catalogue.codes(row.get("acts"))}
        for row in sections.get("orders") or ()
        if row.get("kind")
    ]
    granted = {row.get("respondent") for row in rows if row["kind"] == "stop"}
    again = case.again if sections.get("kind") == "direct_order" else ""
    names = list(case.respondents.values())
    return [
        catalogue.order_words(
            row, again=again, requester=case.requester,
            against=[case.respondents[row["respondent"]]] if row.get("respondent") in case.respondents else names,
            rest=bool(granted) and (not row.get("respondent") or bool(granted & {row["respondent"], None})),
        )
        for row in rows
    ]  # fmt: skip


def paper_of(sections: Sections, case: Case) -> dict[str, Any]:
    """The data of the template `ruling`, as far as these sections state it."""
    paper: dict[str, Any] = {name: sections.get(name) or "" for name in TEXTS}
    paper |= {name: [row["text"] for row in sections.get(name) or () if row.get("text")] for name in LINES}
    paper["findings"] = catalogue.lines(findings_of(sections.get("findings") or (), case))
    paper["orders"] = orders_of(sections, case)
    paper["stop_ordered"] = any(row.get("kind") == "stop" for row in sections.get("orders") or ())
    if sections.get("kind") == "direct_order" and case.again:
        paper["earlier"] = (
            f"本局{chinese_date(case.again_on) if case.again_on else ''}作出的{case.again}行政裁决书"
            "已经认定侵权行为成立并责令停止侵权行为，"
            f"该裁决已经发生法律效力。被请求人就同一专利权再次实施相同的侵权行为，依据{case.again_source}，可以直接责令其立即停止侵权行为。"
        )
    if sections.get("kind") == "dismissed_first" and sections.get("invalidation_no"):
        day = sections.get("invalidation_on") or ""
        when = f"于{chinese_date(date.fromisoformat(day))}" if day else ""
        paper["refile"] = (
            f"请求人据以提出请求的权利要求已由国家知识产权局{when}作出的{sections['invalidation_no']}无效宣告请求审查决定宣告无效，"
            "请求人的请求没有权利基础。上述无效宣告请求审查决定被生效的行政判决撤销的，请求人可以另行提出处理请求。"
        )
    return paper


def missing(sections: Sections, case: Case) -> list[str]:
    """What a ruling must state and these sections do not, as people call it (办法第三十一条)."""
    fields, paper = load(PAPER).fields, paper_of(sections, case)
    wanted = ("procedure", "claims", "facts", "reasoning", "basis", "orders")
    found = [fields[name].label for name in wanted if not paper[name]]
    if not sections.get("outcome"):
        found.append("裁决结果")
    for number, row in enumerate(sections.get("orders") or (), start=1):
        if row.get("kind") == "stop":
            lacks = [words for name, words in STOPS.items() if not row.get(name)]
            found += [f"裁决内容第{number}项的{'、'.join(lacks)}"] if lacks else []
    return found


STOPS = {"acts": "行为种类", "object": "对象", "scope": "范围"}


# from the paper back --------------------------------------------------------------------------------------------


@dataclass
class Read:
    """What an edited ruling says: its sections, and its lines that are printed from the case whatever is written."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    fixed: list[str] = field(default_factory=list)


_ANCHORS = (  # how a part begins -> its name; what follows the words belongs to it
    (re.compile(r"案由[：:]"), "cause"),
    (re.compile(r"请求人称[：:]"), "claims"),
    (re.compile(r"被请求人辩称[：:]"), "defence"),
    (re.compile(r"证据及质证情况[：:]"), "evidence"),
    (re.compile(r"经审理查明[：:]?"), "facts"),
    (re.compile(r"本局认为[：:]?"), "reasoning"),
    (re.compile(r"综上，认定如下[：:]?"), "findings"),
    (
        re.compile(r"(?=请求人据以提出请求的权利要求已由|本局.{0,20}作出的.{0,60}已经认定侵权行为成立)"),
        "findings",
    ),
)
_ENDS = re.compile(r"不服本裁决的|诉讼期间不停止本裁决的执行")
_NO_DEFENCE = re.compile(r"被请求人未提交答辩书。?")
_FIXED = ("parties", "cause", "findings", "tail")


def read(blocks: Sequence[Block]) -> Read:
    """The parts of a ruling by the words each begins with; what stands before the next one belongs to the one before."""
    found, part = Read(), "parties"
    for block in blocks:
        match block:
            case Head(text) | Title(text) | Number(text):
                found.fixed.append(text)
                continue
            case Signers(rows):
                found.fixed += [f"{capacity}{name}" for capacity, name in rows]
                continue
            case Signature(issuer, _on):
                found.fixed.append(issuer)
                continue
            case Paragraph(text) | Item(_, text):
                text = _GAP.sub("", text).strip()
            case _:
                continue
        numbered = isinstance(block, Item)
        part, text = _begun(part, text, found)
        here, part = part, "procedure" if part == "cause" else part
        if not text:
            continue
        if here in _FIXED:
            found.fixed.append(text)
        elif numbered or part not in (*LINES, "orders"):
            found.texts.setdefault(part, []).append(text)
        else:  # goes on where an item left off
            lines = found.texts.setdefault(part, [])
            lines[-1:] = ["\n".join([*lines[-1:], text])]
    return found


def _begun(part: str, text: str, found: Read) -> tuple[str, str]:
    """The part this line belongs to, and what of the line is its own words."""
    if basis := _BASIS.match(text):
        found.texts["basis"] = [basis[1]] if basis[1] else []
        return "orders", text[basis.end() :].lstrip("：:")
    if _ENDS.match(text):
        return "tail", text
    if _NO_DEFENCE.match(text):
        return "defence", _NO_DEFENCE.sub("", text, count=1)
    for begins, name in _ANCHORS:
        if hit := begins.match(text):
            return name, text[hit.end() :].strip()
    return part, text


def sections_of(blocks: Sequence[Block], before: Sections, case: Case) -> Sections:
    """The form's data from an edited paper. What the paper cannot say (outcome, findings) stays as it was.

    An order keeps its parts where its words are unchanged; else they are read from its words, and from the order that
    stood in its place.
    """
    said = read(blocks).texts
    sections = {**before, **{name: "\n".join(said.get(name, ())) for name in TEXTS}}
    sections |= {name: [{"text": text} for text in said.get(name, ())] for name in LINES}
    old = [row for row in before.get("orders") or () if row.get("kind")]
    known = dict(zip(orders_of(before, case), old, strict=False))
    sections["orders"] = [
        dict(known[text]) if text in known else _order(text, old[at] if at < len(old) else {}, case)
        for at, text in enumerate(said.get("orders", ()))
    ]
    return sections


def strange(blocks: Sequence[Block], expected: Sequence[Block]) -> list[str]:
    """Lines of the paper that are printed from the case and so do not come back as they were written."""
    printed = set(read(expected).fixed)
    return [line for line in dict.fromkeys(read(blocks).fixed) if line not in printed]


def _order(text: str, before: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """An order somebody wrote: its kind and parts, as far as its words tell."""
    kind = "stop" if "责令" in text and "停止" in text else "dismiss" if text.startswith("驳回") else "other"
    named = [pk for pk, name in case.respondents.items() if name in text]
    row: dict[str, Any] = {"kind": kind, "respondent": named[0] if len(named) == 1 else None, "text": text}
    same = before if before.get("kind") == kind else {}
    scope = _SCOPE.search(text)
    row["acts"] = (
        [c for c, words in catalogue.ORDERED.items() if str(words) in text] or same.get("acts") or []
    )
    if "offer" in row["acts"] and "销售" not in text.replace("许诺销售", ""):
        row["acts"].remove("sell")
    if "method" in row["acts"] and "使用" not in text.replace("使用专利方法", ""):
        row["acts"].remove("use")
    row["object"] = same.get("object") or ""
    row["scope"] = scope[1] if scope else same.get("scope") or ""
    return row if kind == "stop" else {**row, "acts": [], "object": "", "scope": ""}
