"""Numbers of people: 身份证, 电话, 邮箱, 账号, 护照, 通行证, 车牌, 权证, QQ, 微信, 出生日期; law.md 5.3, security.md T-RED-1.

Found in every spelling: full width, blanks, hyphens and line breaks inside, invisible signs, Chinese numerals.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .keeping import inside, kept_spans
from .sight import Sight

_G = r"[ \n\t\-_.·,]{0,4}"  # what may stand between two digits of one number
_S = r"[ \n]?"
_BEFORE = r"(?<![0-9a-z])"
_BEHIND = r"(?![0-9a-z])"
_SAID = r"[^0-9a-z。;；!?]{0,12}?"  # between the words that announce a number and the number


def _apart(*pieces: str) -> str:
    """One sign after the other with gaps between."""
    return _G.join(pieces)


def _run(number: int) -> list[str]:
    return [r"\d"] * number


_MONTH = rf"(?:0{_G}[1-9]|1{_G}[0-2])"
_DAY = rf"(?:0{_G}[1-9]|[12]{_G}\d|3{_G}[01])"
_ID18 = _apart("[1-9]", *_run(5), rf"(?:1{_G}[89]|2{_G}0)", *_run(2), _MONTH, _DAY, *_run(3), r"[\dx]")
_ID15 = _apart(r"(?:[1-6]|8)", *_run(7), _MONTH, _DAY, *_run(3))


def _plain(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text)


def is_identity_number(text: str) -> bool:
    """Does the whole text read like 公民身份号码, of 18 or 15 signs?"""
    return bool(re.fullmatch(f"{_ID18}|{_ID15}", text.strip().casefold()))


def _luhn(digits: str) -> bool:
    """The check of bank cards (ISO/IEC 7812-1); company accounts have none and are found by their words."""
    if len(set(digits)) < 3:
        return False
    doubled = [d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(map(int, reversed(digits)))]
    return sum(doubled) % 10 == 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of number: the group `n` of the pattern (else all of it) is what is taken out."""

    name: str
    category: str
    pattern: re.Pattern[str]
    reason: str
    beats_kept: bool = False  # found by the words before it: taken out whatever it looks like
    proves: Callable[[str], bool] = lambda _text: True


def _rule(
    name: str,
    category: str,
    pattern: str,
    reason: str,
    *,
    said: bool = False,
    proves: Callable[[str], bool] | None = None,
) -> Rule:
    return Rule(name, category, re.compile(pattern), reason, said, proves or (lambda _text: True))


_PAPERS = "护照|通行证|回乡证|台胞证|居住证|居留证|居留许可|军官证|士兵证|警官证|港澳证|签证|证件"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ACCOUNT = "账号|帐号|账户|帐户|卡号|银行卡|收款码|储蓄卡|借记卡|信用卡|贷记卡|灵通卡|存折|开户行|开户银行|付至|汇至|汇入|转入|打入|存入"
_PHONE = "电话|座机|传真|联系方式|热线|手机|手机号|tel|fax|mobile|phone|致电|拨打"
_YEAR = r"(?:[1l][98][0-9lo]{2}|2[0o][0-9lo]{2}|[一二][九〇零○][〇零○一二三四五六七八九]{2})"
_PART = r"[0-9lo一二三四五六七八九十〇]{1,3}"
_DATE = rf"{_YEAR}{_S}(?:年|[.\-/]){_S}(?:{_PART}{_S}(?:月|[.\-/])?{_S}(?:{_PART}{_S}日?)?)?"
_MAIL_END = r"(?:\.[a-z0-9\-]{1,63}|[ \n]?\.[ \n]?(?:com|cn|net|org|edu|gov|cc|vip|hk|tw)(?![a-z]))"

RULES = (
    _rule("身份证号", "id_number", rf"{_BEFORE}(?=(?P<n>{_ID18}){_BEHIND})", "公民身份号码", said=True),
    _rule("身份证号", "id_number", rf"(?:身份证|身份号码|身份证件|身份证明){_SAID}(?P<n>\d(?:{_G}\d){{13,16}}(?:{_G}[\dx])?)"
        rf"{_BEHIND}", "公民身份号码", said=True),
    _rule("护照通行证", "id_number", rf"(?:{_PAPERS}){_SAID}(?P<n>(?:[a-z]{_G}){{0,3}}\d(?:{_G}\d){{5,11}}(?:[(][\da-z][)]|[a-z])?)"
        rf"{_BEHIND}", "护照、通行证号码", said=True),
    _rule("护照通行证", "id_number",
          rf"{_BEFORE}(?:[eg]{_S}\d(?:{_S}\d){{7}}|e{_S}[a-hj-np-z]{_S}\d(?:{_S}\d){{6}}|[dsp]e?\d{{7}}|[hm]{_S}\d(?:{_S}\d){{7}}"
          rf"(?:(?:{_S}\d){{2}})?){_BEHIND}", "护照、通行证号码"),
    _rule("港澳台身份证", "id_number", rf"{_BEFORE}(?:[a-z]{{1,2}}\d{{6}}[(][0-9a][)]|[157]\d{{6}}[(]\d[)]|[a-z][12]\d{{8}}"
        rf"{_BEHIND})", "港澳台居民身份证号码"),
    _rule("手机", "phone", rf"(?<![0-9a-z.])(?=(?P<n>(?:[(]?(?:\+|00)?86[)]?{_G})?{_apart('1', '[3-9]', *_run(9))})(?![0-9])"
        r"(?![ ]?(?:元|万|%|\.\d)))", "移动电话"),
    _rule("座机", "phone", rf"(?<![0-9a-z.])(?P<n>[(]?(?:\+|00)86[)]?{_G}[(]?0?[)]?[1-9](?:{_G}\d){{8,10}}"
        r"(?:[ \n]?(?:转|分机|ext\.?|-|#)[ \n]?\d{1,6})?)(?![0-9])", "固定电话"),
    _rule("座机", "phone",
          rf"(?<![0-9.\-/])(?<![0-9]:)(?P<n>[(]?0{_S}(?:1{_S}0|2{_S}\d|[3-9]{_S}\d{_S}\d)[)]?[ \n\-·]{{0,3}}\d(?:[ \n\-]{{0,3}}"
          rf"\d){{6,7}}(?:[ \n]?(?:转|分机|ext\.?|-|#)[ \n]?\d{{1,6}}(?:\n\d{{1,4}}(?![.、]))?)?)(?![0-9])", "固定电话"),
    _rule("座机", "phone", rf"(?:{_PHONE}){_SAID}(?P<n>[(]?\+?\d(?:[ \n\-()·.]{{0,4}}\d){{6,13}}(?:[ \n]?(?:转|分机|ext\.?|#)"
        rf"[ \n]?\d{{1,6}})?)(?![0-9])(?![ ]?(?:元|万|年|号))", "电话、传真", said=True),
    _rule("座机", "phone", r"(?<![0-9])(?P<n>[48]00[ \-]?\d{3}[ \-]?\d{4}|[48]00[ \-]?\d{4}[ \-]?\d{3})(?![0-9])", "服务电话"),
    _rule("邮箱", "phone",
          rf"(?:[a-z0-9][a-z0-9._%+\-]{{0,40}}\n)?[a-z0-9][a-z0-9._%+\-]{{0,63}}[ \n]?(?:@|[\[(]at[\])])[ \n]?[a-z0-9\-]{{1,63}}"
          rf"(?:[ \n][a-z0-9\-]{{1,63}}(?=\.))?{_MAIL_END}{{1,4}}", "电子邮箱", said=True),
    _rule("QQ 微信", "phone", rf"(?:qq|扣扣)(?:号码|号|账号|群)?{_SAID}(?P<n>[1-9](?:{_S}\d){{4,11}})(?!\d)", "QQ 号", said=True),
    _rule("QQ 微信", "phone",
          rf"(?:微信|wechat|weixin|vx|抖音|支付宝|旺旺|快手|微博|小红书|淘宝)(?:号码|号|账号|帐号|账户|id)?{_SAID}"
          rf"[\"“]?(?P<n>[a-z0-9](?:\n?[a-z0-9_\-@.]){{4,39}})(?![a-z0-9])",
          "即时通信账号", said=True, proves=lambda text: any(c.isdigit() or c in "_-" for c in text) or len(text) > 6),
    _rule("银行账号", "account", rf"(?:{_ACCOUNT})[^0-9。;；!?]{{0,30}}?(?P<n>\d(?:{_G}\d){{7,29}})(?![0-9])"
        rf"(?![ ]?元)", "银行账号", said=True,
          proves=lambda text: "," not in text),
    _rule("车牌", "plate", rf"[{_PROVINCE}]{_S}[a-hj-np-z][ \n\-·.]{{0,3}}(?=(?:[a-z][ \n]?){{0,5}}\d)"
        rf"(?:[a-hj-np-z0-9][ \n\-·]{{0,2}}){{4,5}}[a-hj-np-z0-9挂学警港澳]{_BEHIND}", "机动车号牌"),
    _rule("权证", "property",
          rf"(?:[{_PROVINCE}]?{_S}[(〔\[]{_S}\d{{4}}{_S}[)〕\]]{_S}[^ \n,，。;；]{{0,16}}?|[{_PROVINCE}])?(?:不动产权|房地产权"
          rf"|房屋所有权|房产权|房产|房权|房地|土地使用权|国用|集用|土地)证?"
          rf"[^,，。;；::|\n0-9]{{0,14}}?(?:[{_PROVINCE}]?[(〔\[]\d{{4}}[)〕\]][^,，。;；::|\n0-9]{{0,16}})?第?{_S}\d(?:{_G}\d)"
          rf"{{2,19}}{_S}号", "不动产权证号", said=True),
    _rule("权证", "property", rf"(?:产权?证|权证|权属证)书?号?[:：是为]+(?P<n>[{_PROVINCE}]?字?第?{_S}\d(?:{_G}\d){{4,19}}{_S}号?)",
          "不动产权证号", said=True),
    _rule("出生日期", "birth", rf"(?<![0-9])(?P<n>{_DATE})(?={_S}(?:出生|生(?=[,，。;；、)( \n]|$)))", "出生日期"),
    _rule("出生日期", "birth", rf"(?:出生日期|出生年月日?|出生时间|生日|出生于|生于|生辰|出生)[::为是|\s]*(?P<n>{_DATE})", "出生日期"),
    _rule("身份证号", "id_number", rf"(?<![0-9a-z.])(?=(?P<n>{_ID15})(?![0-9a-z.]))", "公民身份号码（15 位）"),
)  # fmt: skip

_LONG = re.compile(rf"{_BEFORE}\d(?:[ \n\t\-_.·]{{0,4}}\d){{14,40}}{_BEHIND}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number found: its place in the original, its category, which rule found it and why it is taken out."""

    start: int
    end: int
    category: str
    rule: str
    reason: str


def numbers(sight: Sight) -> list[Number]:
    """Every number of a person in the text, in order, none inside another; places in the original.

    Where two rules see overlapping pieces, all of it is taken out by the one that saw more.
    """
    found = sorted(_found(sight), key=lambda one: (one.start, -one.end))
    merged: list[Number] = []
    for one in found:
        if merged and one.start < merged[-1].end:
            last = merged[-1]
            wider = last if last.end - last.start >= one.end - one.start else one
            end = max(last.end, one.end)
            merged[-1] = Number(last.start, end, wider.category, wider.rule, wider.reason)
        else:
            merged.append(one)
    return merged


def _found(sight: Sight) -> Iterator[Number]:
    view, kept = sight.numerals, kept_spans(sight)
    text = view.text

    def number(start: int, end: int, rule: Rule) -> Number:
        return Number(*view.span(start, end), rule.category, rule.name, rule.reason)

    for rule in RULES:
        for hit in rule.pattern.finditer(text):
            start, end = hit.span("n") if "n" in rule.pattern.groupindex else hit.span()
            while end > start and text[end - 1] in " \n\t-_.·,":
                end -= 1
            if end - start < 4 or not rule.proves(text[start:end]):
                continue
            if rule.beats_kept or not inside(kept, start, end):
                yield number(start, end, rule)
    card = Rule("银行账号", "account", _LONG, "银行卡号")
    for hit in _LONG.finditer(text):
        if not inside(kept, *hit.span()):
            for start, end in _cards(text, *hit.span()):
                yield number(start, end, card)


def _cards(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Bank cards in a row of digits: all of it, or a piece between blanks, of 16 to 19 digits that pass the check."""
    groups = [(start + m.start(), start + m.end()) for m in re.finditer(r"\d+", text[start:end])]
    for first, (begin, _end) in enumerate(groups):
        digits = ""
        for one_begin, one_end in groups[first:]:
            digits += text[one_begin:one_end]
            if 16 <= len(digits) <= 19 and digits[0] in "34569" and _luhn(digits):
                yield begin, one_end
            if len(digits) >= 19:
                break
