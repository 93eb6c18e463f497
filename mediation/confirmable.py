"""Would a court confirm this agreement? The grounds on which it refuses, as questions asked before signing.

Data and plain functions over the case; what was answered stands in AgreementCheck. 民诉法解释第三百五十一条至第三百五十八条.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Party, Right


@dataclass(frozen=True)
class Item:
    """One question: what must hold, where it stands, and what is told if it does not hold."""

    key: str
    label: Promise
    article: Promise
    lacking: Promise


ITEMS = (
    Item(
        "identity",
        _("双方身份明确，证件已经核对"),
        _("民诉法解释第三百五十一、三百五十三条"),
        _("当事人身份不明确"),
    ),
    Item(
        "authority",
        _("本人签署，或者代理人有特别授权在卷"),
        _("民诉法解释第三百五十一条"),
        _("代理人没有特别授权"),
    ),
    Item(
        "definite",
        _("内容明确，履行人、事项、期限可以执行"),
        _("民诉法解释第三百五十八条第五项"),
        _("协议内容不明确"),
    ),
    Item(
        "ownership",
        _("不确认知识产权的归属或者效力"),
        _("民诉法解释第三百五十五条第五项"),
        _("涉及知识产权确权"),
    ),
    Item(
        "competence",
        _("属于法院受理的民事纠纷，不涉及身份关系和其他特别程序、破产程序"),
        _("民诉法解释第三百五十五条第一、三、四项"),
        _("不属于人民法院受理司法确认申请的范围"),
    ),
    Item(
        "voluntary",
        _("双方自愿达成，没有欺诈、胁迫"),
        _("民诉法解释第三百五十八条第四项"),
        _("违反自愿原则"),
    ),
    Item(
        "lawful",
        _("不违反法律强制性规定，不违背公序良俗"),
        _("民诉法解释第三百五十八条第一、三项"),
        _("违反法律强制性规定或者公序良俗"),
    ),
    Item(
        "harmless",
        _("不损害国家、社会公共利益和他人权益"),
        _("民诉法解释第三百五十八条第二项"),
        _("损害国家、社会公共利益或者他人合法权益"),
    ),
)

# words that often mean that an agreement decides who owns a right or whether it is valid: a hint, never a verdict
OWNERSHIP_WORDS = (
    "权属",
    "归属",
    "确权",
    "所有权",
    "归其所有",
    "归甲方所有",
    "归乙方所有",
    "有效",
    "无效",
    "撤销",
    "注销",
)

# disputes of these rights go to the intermediate level (法释〔2022〕13号第一条、第二条)
INTERMEDIATE = frozenset(
    {
        Right.Kind.INVENTION, Right.Kind.UTILITY_MODEL, Right.Kind.DESIGN, Right.Kind.PLANT_VARIETY,
        Right.Kind.LAYOUT_DESIGN, Right.Kind.TRADE_SECRET, Right.Kind.SOFTWARE,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Court:
    """Where to apply (民事诉讼法第二百零五条, J-02): the level, the court's name if known, and why."""

    level: str  # basic, intermediate, or referring: the court that sent the dispute
    name: str
    why: str


def court_for(case: Case, referring: str = "") -> Court:
    """The court that sent the dispute; else by the kind of right."""
    if case.from_court:
        return Court("referring", referring, str(_("人民法院邀请调解的，向作出邀请的人民法院申请")))
    kinds = [right for right in case.rights.all() if right.kind in INTERMEDIATE]
    if kinds:
        names = "、".join(dict.fromkeys(str(right.get_kind_display()) for right in kinds))
        why = _("%(names)s纠纷由中级人民法院（知识产权法庭）管辖，基层人民法院不是受理法院") % {
            "names": names
        }
        return Court("intermediate", settings.COURT_OF_REVIEW, str(why))
    return Court("basic", settings.COURT_OF_DISTRICT, str(_("当事人住所地、标的物所在地或者调解组织所在地的基层人民法院")))  # fmt: skip


LEVELS = {
    "basic": _("基层人民法院"), "intermediate": _("中级人民法院"), "referring": _("委派、委托调解的人民法院"),
}  # fmt: skip


def known(case: Case) -> dict[str, str]:
    """What the record itself says against an item: item -> why not. An item not named is not contradicted."""
    found: dict[str, str] = {}
    sides = [party for party in case.parties.all() if party.role != Party.Role.THIRD]
    nameless = [party.name for party in sides if not party.id_number_sealed]
    roles = {party.role for party in sides}
    if nameless:
        found["identity"] = str(_("%(names)s的证件号没有登记") % {"names": "、".join(nameless)})
    elif roles != {Party.Role.APPLICANT, Party.Role.RESPONDENT}:
        found["identity"] = str(_("没有登记双方当事人"))
    weak = [p.name for p in sides if p.agent_name and p.agent_authority != Party.Authority.SPECIAL]
    if weak:
        found["authority"] = str(_("%(names)s的代理人没有登记特别授权") % {"names": "、".join(weak)})
    return found


def suspicious(terms: Iterable[Mapping[str, Any]]) -> list[str]:
    """第 1 项“权属”: the words of the terms that ask for a second look."""
    return [
        f"第 {number} 项“{word}”"
        for number, term in enumerate(terms, start=1)
        for word in OWNERSHIP_WORDS
        if word in str(term.get("what") or "")
    ]


def lacking(answers: Mapping[str, bool]) -> list[str]:
    """What stands against a confirmation, in the order of the list."""
    return [str(item.lacking) for item in ITEMS if not answers.get(item.key)]


def same_terms(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> bool:
    """Do two lists of terms oblige the same people to the same things?"""
    return [_plain(term) for term in one] == [_plain(term) for term in other]


def _plain(term: Mapping[str, Any]) -> tuple[str, ...]:
    amount = term.get("amount")
    return (
        str(term.get("kind") or ""), str(term.get("what") or "").strip(), str(getattr(term.get("who"), "name", term.get("who")) or ""),
        str(term.get("due_on") or ""), f"{amount:.2f}" if amount not in (None, "") and not isinstance(amount, str) else str(amount or ""),
    )  # fmt: skip


def stored_terms(terms: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The terms of a form as they are kept: text alone, parties by name."""
    names = ("kind", "what", "who", "due_on", "amount")
    return [dict(zip(names, _plain(term), strict=True)) for term in terms]
