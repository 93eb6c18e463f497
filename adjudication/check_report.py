"""检查报告: what was searched for and where, as the second reviewer signs it; and the log of what was replaced.

No model is imported here: the step that publishes prints it.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.protection import keyed_digest

from . import protected
from .redaction import KEEP, Replacement, normal, spans

if TYPE_CHECKING:
    from .models import PublishedRuling

FORMS = {
    "html": "网页",
    "pdf": "PDF 文件",
    "json": "数据接口",
    "address": "地址和文件名",
    "record": "检索、订阅和目录数据",
}
KINDS = {
    "person": "姓名",
    "representative": "姓名",
    "agent": "姓名",
    "id_number": "证件号码",
    "phone": "联系方式",
    "address": "住址",
}
PAGES = {"text/html": "网页", "application/pdf": "PDF 文件", "application/json": "数据"}
DIGITS = 16  # of the 64 of a digest, on paper


def demanded(text: "PublishedRuling") -> dict[str, str]:
    """What every form must say: case number, outcome, patents, the panel."""
    words = {"number": text.number, "outcome": str(text.get_outcome_display())}
    words |= {f"patent{n}": number for n, number in enumerate(protected.patents(text.ruling))}
    return words | {f"panel{n}": one["name"] for n, one in enumerate(text.ruling.data().get("panel", []))}


@dataclass(frozen=True)
class Report:
    """What a passed check says. `digests`: (form, SM3 of its bytes); `seal`: one digest over all of it."""

    places: str
    searched: str
    demanded: str
    digests: list[tuple[str, str]]
    seal: str

    def in_words(self) -> str:
        """As it is printed."""
        shown = "；".join(f"{label} {digest[:DIGITS]}" for label, digest in self.digests)
        return _(
            "检查范围：%(places)s。查找内容：%(searched)s，均未发现残留。%(demanded)s均在。"
            "各公开形式校验值（SM3 前 16 位）：%(digests)s；总校验值 %(seal)s。"
        ) % {
            "places": self.places, "searched": self.searched, "demanded": self.demanded, "digests": shown,
            "seal": self.seal[:DIGITS],
        }  # fmt: skip


def report(text: "PublishedRuling") -> Report:
    """The report of a public text that passed, about exactly the bytes that are stored."""
    people = protected.subjects(text.ruling)
    values = {
        (KINDS.get(s.category, "其他"), normal(s.value)) for s in protected.hidden(text.ruling, text.profile)
    }
    counted = Counter(kind for kind, _value in values)
    aliases = len({alias for s in people for alias in s.aliases})
    words = [f"{kind} {counted[kind]} 个" for kind in dict.fromkeys(KINDS.values()) if counted[kind]]
    if aliases:
        words.append(f"（其中曾用名 {aliases} 个）")
    replaced = len({digest for *_place, digest in json.loads(text.log)})
    asked = demanded(text)
    panel = sum(name.startswith("panel") for name in asked)
    numbers = sum(name.startswith("patent") for name in asked)
    made = list(text.pages.exclude(content_type="").order_by("valid_from"))
    digests = []
    for kind, label in PAGES.items():  # one that says another status from a later day on is made ahead
        same = [page for page in made if page.content_type.split(";")[0] == kind]
        digests += [
            (f"{label}（{page.valid_from}起）" if len(same) > 1 else label, page.digest) for page in same
        ]
    return Report(
        places="、".join(
            [FORMS["html"], "PDF 文字层、内部数据和属性", FORMS["json"], FORMS["address"], FORMS["record"]]
        ),
        searched="、".join(words).replace("、（", "（") + f"，另有人工和规则遮盖的文字 {replaced} 个",
        demanded=f"案号、裁决结果、合议组成员 {panel} 人、专利号 {numbers} 个",
        digests=digests,
        seal=text.seal,
    )


def log_of(text_id: str, sections: Any, marks: Sequence[Replacement], profile: str) -> list[list[Any]]:
    """One row per replacement: [rule, section, offset, length, keyed digest of the original]; never the words.

    The digest is of this text alone (`text_id`): the same person in two texts shows two digests.
    """
    rows = []
    for place, words in _texts(sections):
        at = 0
        for span in spans(words, marks):
            if span.mark is not None and span.mark.category != KEEP:
                digest = keyed_digest(f"{text_id}:{normal(span.mark.original)}")
                rows.append([f"{profile}/{span.mark.category}", place, at, len(span.text), digest])
            at += len(span.text)
    return rows


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _texts(one, f"{path}[{n}]")
