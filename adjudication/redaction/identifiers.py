"""Numbers of people: 身份证, 电话, 邮箱, 账号, 护照, 通行证, 车牌, 权证, QQ, 微信, 出生日期; law.md 5.3, security.md T-RED-1.

Found in every spelling: full width, blanks, hyphens and line breaks inside, invisible signs, Chinese numerals.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .keeping import inside, kept_spans
from .sight import Sight

_G = r"[\s\-\u2010-\u2015\u2212_.·,]{0,3}"  # what may stand between two digits of one number
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"


def _run(number: int) -> str:
    return _G.join([r"\d"] * number)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of number: the group `n` of the pattern (else all of it) is what is taken out."""

    name: str
    category: str
    pattern: re.Pattern[str]
    reason: str
    proves: Callable[[str], bool] = lambda _digits: True
    beats_kept: bool = False  # found by the words before it: taken out whatever it looks like


def _plain(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text)


def _is_id18(text: str) -> bool:
    digits = _plain(text)
    return bool(re.fullmatch(rf"[1-8]\d{{5}}(?:18|19|20)\d{{2}}{_MONTH}{_DAY}\d{{3}}[\dx]", digits))


def _is_id15(text: str) -> bool:
    return bool(re.fullmatch(rf"[1-9]\d{{7}}{_MONTH}{_DAY}\d{{3}}", _plain(text)))


def _is_mobile(text: str) -> bool:
    digits = _plain(text)
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"


def _is_card(text: str) -> bool:
    """16 to 19 digits with Luhn's check (ISO/IEC 7812-1); company accounts have none and are found by their words."""
    digits = [int(d) for d in _plain(text)]
    if not 16 <= len(digits) <= 19 or len(set(digits)) < 3:
        return False
    doubled = [d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def is_identity_number(text: str) -> bool:
    """Does the whole text read like 公民身份号码, of 18 or 15 signs?"""
    return _is_id18(text.casefold()) or _is_id15(text.casefold())


_SAID = r"(?:号码|号|码|为|是|系|[::=\s(（]|均|分别)*"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

RULES = (
    Rule("身份证号", "id_number", re.compile(rf"(?<![0-9a-z]){_run(17)}{_G}[\dx](?![0-9a-z])"), "公民身份号码", _is_id18,
         beats_kept=True),  # a company's code of digits alone begins with 9, no region does
    Rule("身份证号", "id_number", re.compile(rf"(?:身份证|身份号码|身份证件|证件){_SAID}(?P<n>\d(?:{_G}\d){{13,16}}(?:{_G}[\dx])?)(?![0-9a-z])"),
         "公民身份号码", beats_kept=True),
    Rule("身份证号", "id_number", re.compile(rf"(?<![0-9a-z.]){_run(15)}(?![0-9a-z.])"), "公民身份号码（15 位）", _is_id15),
    Rule("护照通行证", "id_number", re.compile(
        rf"(?:护照|通行证|回乡证|台胞证|居住证|居留证|军官证|士兵证|港澳证|证件){_SAID}(?P<n>(?:[a-z]{_G}){{0,3}}\d(?:{_G}\d){{5,11}}(?:[(（][\da-z][)）])?[a-z]?)"),
        "护照、通行证号码", beats_kept=True),
    Rule("护照通行证", "id_number", re.compile(r"(?<![0-9a-z])(?:[eg]\d{8}|e[a-hj-np-z]\d{7}|[dsp]e?\d{7}|[hm]\d{10}|[hm]\d{8})(?![0-9a-z])"),
         "护照、通行证号码"),
    Rule("手机", "phone", re.compile(rf"(?<![0-9a-z.])(?:\+?86{_G})?(?P<n>1{_G}[3-9](?:{_G}\d){{9}})(?![0-9])(?!\s*(?:元|万|%|\.\d))"),
         "移动电话", _is_mobile),
    Rule("座机", "phone", re.compile(
        r"(?<![0-9.])(?P<n>[(（]?0\s?(?:10|2\d|[3-9]\d{2})[)）]?[\s\-\u2010-\u2015\u2212]{0,3}\d(?:[\s\-]?\d){6,7}(?:\s*(?:转|分机|ext\.?|-)\s*\d{1,6})?)(?![0-9])"), "固定电话"),
    Rule("座机", "phone", re.compile(
        rf"(?:电话|座机|传真|联系方式|热线|tel|fax|手机|手机号|号码){_SAID}(?P<n>[(（]?\+?\d(?:[\s\-()（）\u2010-\u2015]{{0,2}}\d){{6,13}}(?:\s*(?:转|分机)\s*\d{{1,6}})?)(?![0-9])(?!\s*(?:元|万))"),
        "电话、传真", beats_kept=True),
    Rule("座机", "phone", re.compile(r"(?<![0-9])(?P<n>[48]00[\s\-]?\d{3}[\s\-]?\d{4})(?![0-9])"), "服务电话"),
    Rule("邮箱", "phone", re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,63}\s?@\s?[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}"), "电子邮箱", beats_kept=True),
    Rule("QQ 微信", "phone", re.compile(rf"(?:qq|扣扣)(?:号|账号|群)?{_SAID}(?P<n>[1-9]\d{{4,11}})(?!\d)"), "QQ 号", beats_kept=True),
    Rule("QQ 微信", "phone", re.compile(rf"(?:微信|wechat|weixin|vx|抖音|支付宝|旺旺|快手)(?:号|账号|账户|id)?{_SAID}[\"“]?(?P<n>[a-z0-9][a-z0-9_\-]{{5,29}})(?![a-z0-9])"),
         "即时通信账号", lambda text: any(c.isdigit() or c in "_-" for c in text) or len(text) > 7, beats_kept=True),
    Rule("银行账号", "account", re.compile(
        rf"(?:账号|帐号|账户|帐户|卡号|银行卡|收款码|储蓄卡|借记卡|信用卡|存折){_SAID}(?P<n>\d(?:[\s\-]{{0,2}}\d){{7,29}})(?!\d)(?!\s*元)"), "银行账号", beats_kept=True),
    Rule("银行账号", "account", re.compile(rf"(?<![0-9a-z.])\d(?:{_G}\d){{15,18}}(?![0-9a-z])"), "银行卡号", _is_card),
    Rule("车牌", "plate", re.compile(rf"[{_PROVINCE}]\s?[a-z]\s?[·•.\-]?\s?(?=[a-z]*\d)[a-hj-np-z0-9]{{5,6}}(?![a-z0-9])"), "机动车号牌"),
    Rule("权证", "property", re.compile(
        r"(?:[(（〔]\d{4}[)）〕][^\s,，。;；]{1,16}?)?(?:不动产权|房地产?权?证|房权证|土地证|国用)(?:证)?[^\s,，。;；]{0,12}?(?:字)?第?\s?[\d\-]{4,20}\s?号"), "不动产权证号", beats_kept=True),
    Rule("出生日期", "birth", re.compile(
        r"(?P<n>(?:19|20)\d{2}\s?(?:年|[.\-/])\s?\d{1,2}\s?(?:月|[.\-/])\s?\d{1,2}\s?日?)(?=\s*(?:出生|生(?![产效])))"), "出生日期"),
    Rule("出生日期", "birth", re.compile(r"(?:出生日期|出生年月日?|生日|出生于|生于)[::为是]?\s*(?P<n>(?:19|20)\d{2}\s?(?:年|[.\-/])\s?\d{1,2}\s?(?:月|[.\-/]?)(?:\s?\d{1,2}\s?日?)?)"), "出生日期"),
)  # fmt: skip

_NUMERALS = str.maketrans("〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两", "000123456789123456789" + "12")
_WRITTEN = re.compile(
    r"[〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺](?:[\s\-—]?[〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两]){9,17}(?:[\s\-—]?x)?"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number found: its place in the original, its category, which rule found it and why it is taken out."""

    start: int
    end: int
    category: str
    rule: str
    reason: str


def numbers(sight: Sight) -> Iterator[Number]:
    """Every number of a person in the text; places in the original."""
    view, kept = sight.light, kept_spans(sight)
    text = view.text
    for rule in RULES:
        for hit in rule.pattern.finditer(text):
            start, end = hit.span("n") if "n" in rule.pattern.groupindex else hit.span()
            while end > start and text[end - 1] in " \n\t-_.·,":
                end -= 1
            if end - start < 4 or not rule.proves(text[start:end]):
                continue
            if not rule.beats_kept and inside(kept, start, end):
                continue
            a, b = view.span(start, end)
            yield Number(a, b, rule.category, rule.name, rule.reason)
    for hit in _WRITTEN.finditer(text):
        digits = _plain(hit[0].translate(_NUMERALS))
        if _is_mobile(digits) or _is_id18(digits):
            a, b = view.span(*hit.span())
            category = "phone" if len(digits) == 11 else "id_number"
            yield Number(a, b, category, "中文数字", "以中文数字书写的号码")
