"""The machine check: searches every public form for what must not be there, and for what must."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .. import protected
from ..check_report import FORMS, demanded
from ..models import PublishedRuling, Ruling
from ..redaction import KEEP, Replacement, absent, leaks, normal, secrets, undecided
from .making import PDF, Page, of_the_house
from .reading import Passage, beneath, passages, plain_file, whole

_LINE = re.compile(r"第 (\d+) 段")


class Found(NamedTuple):
    """What stands in the way: in which form, what, and where. Never the words themselves."""

    form: str
    what: str
    place: str = ""


def findings(text: PublishedRuling, made: list[Page], marks: list[Replacement]) -> list[Found]:
    """Everything that stands in the way of publishing; empty: passed. Never names a secret."""
    marks = [*marks, *of_the_house()]
    people, forms = protected.subjects(text.ruling), passages(text, made)
    hidden = secrets(people)
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
        Found("text", "undecided", str(n)) for n, _one in enumerate(doubts(text.ruling, marks), start=1)
    ]
    return list(dict.fromkeys(found))


def _places(
    said: Sequence[Passage], category: str, hidden: Sequence[object], marks: Sequence[Replacement]
) -> list[str]:
    """Where in a form something of this category stands; "" if only in the whole, across two pieces."""
    found = [p.place for p in said if (p.place, category) in leaks({p.place: p.text}, hidden, marks)]  # type: ignore[arg-type]
    return list(dict.fromkeys(found))[:10] or [""]


def doubts(ruling: Ruling, marks: Sequence[Replacement]) -> list[Replacement]:
    """What a person must decide before the text can be sent on, as marks without a category."""
    return [
        Replacement(name, "", "", "字号可能含经营者姓名，请判断")
        for name in dict.fromkeys(undecided(protected.subjects(ruling), marks))
    ]


def findings_in_words(text: PublishedRuling) -> list[dict[str, str]]:
    """The result of the check as the reviewer reads it: {words, place, line}; `line`: the paragraph to jump to."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    for row in json.loads(text.findings):
        one = Found(*row)
        words = f"{FORMS.get(one.form, '公开文本')}：{_WORDS.get(one.what.rstrip('0123456789'), one.what)}"
        line = _LINE.fullmatch(one.place)
        shown = {
            "words": words,
            "place": "" if one.what == "undecided" else one.place,
            "line": line[1] if line else "",
        }
        said.setdefault((words, one.place if one.what != "undecided" else ""), shown)
    return list(said.values())


_WORDS: Mapping[str, str] = {
    "person": "仍有应当隐去的自然人姓名",
    "representative": "仍有应当隐去的法定代表人、负责人或者经营者姓名",
    "agent": "仍有应当隐去的代理人姓名",
    "address": "仍有区、县以下的详细地址",
    "id_number": "仍有证件号码",
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
