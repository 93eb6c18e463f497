"""The machine check: searches every public form for what must not be there, and for what must."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .. import protected
from ..check_report import FORMS, demanded
from ..models import PublishedRuling, Ruling
from ..redaction import CATEGORIES, DEFAULT, KEEP, Replacement, absent, detect, leaks, normal, profile, texts
from ..redaction import doubts as doubts_of
from ..redaction.offering import APART
from .making import PDF, Page, of_the_house
from .reading import Passage, beneath, passages, plain_file, whole

_MASKED = re.compile("[某×]")
_LINE = re.compile(r"第 (\d+) 段")


class Found(NamedTuple):
    """What stands in the way: in which form, what, and where. Never the words themselves."""

    form: str
    what: str
    place: str = ""


def findings(text: PublishedRuling, made: list[Page], marks: list[Replacement]) -> list[Found]:
    """Everything that stands in the way of publishing; empty: passed. Never names a secret."""
    marks = [*marks, *of_the_house()]
    hidden, forms = protected.hidden(text.ruling, text.profile), passages(text, made)
    words = {form: whole(said) for form, said in forms.items()}
    lines = [Passage(f"第 {n} 段", line) for n, line in enumerate(text.text.split("\n"), start=1)]
    found = [
        Found(form, category, place)
        for form, category in leaks(words, hidden, marks)
        for place in _places(lines if form == "html" else forms[form], category, hidden, marks)
    ]
    paper = next((page.content for page in made if page.content_type == PDF), b"")
    kept = {normal(m.original) for m in marks if m.category == KEEP}
    if paper and beneath(paper, [s.value for s in hidden if normal(s.value) not in kept]):
        found.append(Found("pdf", "beneath"))
    if paper and not plain_file(paper):
        found.append(Found("pdf", "file"))
    checked = {form: said for form, said in words.items() if form in ("html", "pdf", "json")}
    found += [Found(*one) for one in absent(checked, demanded(text))]
    found += [
        Found("text", "undecided", str(n))
        for n, _one in enumerate(doubts(text.ruling, marks, text.profile), start=1)
    ]
    return list(dict.fromkeys(found))


def _places(
    said: Sequence[Passage], category: str, hidden: Sequence[object], marks: Sequence[Replacement]
) -> list[str]:
    """Where in a form something of this category stands; "" if only in the whole, across two pieces."""
    found = [p.place for p in said if (p.place, category) in leaks({p.place: p.text}, hidden, marks)]  # type: ignore[arg-type]
    return list(dict.fromkeys(found))[:10] or [""]


def _unmarked(
    text: PublishedRuling, lines: Sequence[Passage], marks: Sequence[Replacement]
) -> Iterator[Found]:
    """What the rules still find in the finished text although nobody marked it: a witness whom no register knows."""
    kept = [m.original for m in marks if m.category == KEEP]
    kept += [one["name"] for one in text.ruling.data().get("panel", [])]
    shown = {normal(m.replacement) for m in marks if m.category != KEEP}
    whole_text = "\n".join(line.text for line in lines)
    for one in detect(whole_text, profile=profile(text.profile or DEFAULT), kept=kept):
        words = whole_text[one.start : one.end]
        if one.certain and normal(words) not in shown and not _MASKED.search(words):
            place = lines[whole_text.count("\n", 0, one.start)].place
            yield Found("text", f"unmarked_{one.category}", place)


def doubts(ruling: Ruling, marks: Sequence[Replacement], rules: str) -> list[Replacement]:
    """What a person must decide before the text can be sent on, as marks without a category, each once."""
    value = json.loads(ruling.sections)
    said = APART.join(texts(value))
    found: dict[str, Replacement] = {}
    for one in doubts_of(protected.subjects(ruling), value, marks, profile=profile(rules or DEFAULT)):
        words = said[one.start : one.end]
        found.setdefault(normal(words), Replacement(words, one.replacement, "", one.reason))
    return list(found.values())


def findings_in_words(text: PublishedRuling) -> list[dict[str, Any]]:
    """The result of the check as the reviewer reads it: {words, lines, forms}, one for each kind of finding.

    `lines`: numbers of paragraphs to jump to; `forms`: in which forms it stands, and where, as words.
    """
    said: dict[str, dict[str, Any]] = {}
    for row in json.loads(text.findings):
        found = Found(*row)
        one = said.setdefault(_in_words(found.what), {"lines": [], "forms": {}})
        line = _LINE.fullmatch(found.place)
        if line and line[1] not in one["lines"]:
            one["lines"].append(line[1])
        if found.form in FORMS:
            places = one["forms"].setdefault(FORMS[found.form], [])
            places += [found.place] if found.place and not line else []
    return [
        {
            "words": words,
            "lines": one["lines"],
            "forms": "；".join(
                f"{form}（{'、'.join(dict.fromkeys(places))}）" if places else form
                for form, places in one["forms"].items()
            ),
        }
        for words, one in said.items()
    ]


def _in_words(what: str) -> str:
    name = what.rstrip("0123456789")
    if name.startswith("unmarked_"):
        label = CATEGORIES[name.removeprefix("unmarked_")]
        return f"规则在公开文本中仍识别到没有标记的{label}，请遮盖或者设为保留"
    return _WORDS.get(name) or f"仍有应当隐去的{CATEGORIES.get(name, name)}"


_WORDS: Mapping[str, str] = {
    "address": "仍有区、县以下的详细地址",
    "phone": "仍有电话、邮箱等联系方式",
    "secret": "仍有已标为商业秘密的内容",
    "other": "仍有已标为删除的内容",
    "beneath": "文件内部仍可检出应当隐去的内容",
    "file": "文件不是单一版本，或者带有附件、脚本、批注",
    "number": "缺少案号",
    "outcome": "缺少裁决结果",
    "patent": "缺少涉案专利号",
    "panel": "缺少合议组成员姓名",
    "missing": "删除后缺少裁决书必须写明的内容，请改为替换",
    "undecided": "尚有待人工判断的内容，请逐一决定遮盖或者不遮盖",
}
