"""Numbers of intellectual property rights (law.md 8.2, 8.3). Form and check digit only, no look-up."""

import re
from collections.abc import Callable

from cases.identifiers.answers import Check, doubted, name_key, normalise, passed, refused, tidy

PATENT_LABELS = {"invention": "发明专利", "utility_model": "实用新型专利", "design": "外观设计专利"}
_KIND_BY_DIGIT = {
    "1": "invention", "8": "invention",
    "2": "utility_model", "9": "utility_model",
    "3": "design",
}  # fmt: skip
_KIND_BY_LETTER = {
    "A": "invention", "B": "invention", "C": "invention",
    "U": "utility_model", "Y": "utility_model",
    "S": "design", "D": "design",
}  # fmt: skip
_PROVINCE = "国京津沪渝冀豫云辽吉黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕闽贵粤青藏川宁琼"


def check_right_number(kind: str, value: str) -> Check:
    """Check a right's number against the kind chosen on the form. Blank passes: many rights are unregistered.

    Patent and trademark numbers are refused when they cannot be right; for rights whose forms
    changed over the years an unknown form is only doubted. Raises ValueError for an unknown kind.
    """
    if kind not in _CHECKS:
        raise ValueError(f"unknown kind of right: {kind}")
    text = tidy(value)
    if not normalise(text):
        return passed("")
    if len(text) > 100:
        return refused(text[:100], "权利号过长，一格只填写一个权利号。")
    return _CHECKS[kind](text)


def right_key(kind: str, number: str) -> str:
    """The form in which two writings of one right are equal; empty for a blank one (it equals nothing)."""
    answer = check_right_number(kind, number)
    if not answer.normalised:
        return ""
    bare = answer.normalised
    if kind in PATENT_LABELS and (found := _patent_parts(normalise(bare))):
        bare = found[0] + (found[1] or patent_check(found[0]))
    elif kind == "trademark":
        bare = re.sub(r"^(G?)0+", r"\1", bare)
    else:
        bare = name_key(bare)
    return f"{kind}:{bare}"


def patent_check(body: str) -> str:
    """Check character of a patent number, 12 digits or 8 (before 2003-10-01)."""
    return "0123456789X"[sum(int(digit) * (2 + place % 8) for place, digit in enumerate(body)) % 11]


def _patent_parts(number: str) -> tuple[str, str] | None:
    """Body and check character (empty if not written) of an application or patent number."""
    if re.match(r"CN(?![0-9]{12}\.?[0-9X]$|[0-9]{8}\.[0-9X]$)", number):
        return None
    found = re.fullmatch(r"(?:ZL|CN)?([0-9]{12}|[0-9]{8})(?:\.?([0-9X]))?", number)
    return (found[1], found[2] or "") if found else None


def _patent(kind: str) -> Callable[[str], Check]:
    def check(text: str) -> Check:
        number = re.sub(r"^(?:中国)?(?:专利|申请)号?[::]?|号$", "", normalise(text)).replace("。", ".")
        parts = _patent_parts(number)
        if parts is None and number.startswith("CN"):
            return _publication(kind, number)
        if parts is None:
            digits = len(re.sub(r"[^0-9X]", "", number))
            return refused(
                number,
                f"专利号应为“ZL”加12位数字、小数点和1位校验位（2003年10月前为8位加校验位），现有{digits}位，请对照专利证书填写。",
            )
        body, written = parts
        place, year = (4, int(body[:4])) if len(body) == 12 else (2, 1900 + int(body[:2]))
        year += 100 if year < 1950 and len(body) == 8 else 0
        if not (2003 <= year <= 2099 if place == 4 else 1985 <= year <= 2003):
            return refused(
                number, "专利号开头的年份不对：12位号为2003年以后，8位旧号为1985至2003年，请核对。"
            )
        normalised = ("ZL" if number.startswith("ZL") else "") + body + (f".{written}" if written else "")
        if (found := _KIND_BY_DIGIT.get(body[place])) is None:
            return refused(normalised, f"专利号第{place + 1}位应为1、2、3、8或9，请对照专利证书填写。")
        if written and written != patent_check(body):
            return refused(normalised, "专利号校验位不符，至少有一位写错，请对照专利证书填写。")
        if found != kind:
            return refused(
                normalised,
                f"专利号第{place + 1}位是{body[place]}，表示{PATENT_LABELS[found]}，"
                f"与所选的{PATENT_LABELS[kind]}不一致，请改正其中一项。",
            )
        if not written:
            return doubted(normalised, "专利号缺少小数点后的校验位，无法校验，请对照专利证书补上。")
        return passed(normalised)

    return check


def _publication(kind: str, number: str) -> Check:
    found = re.fullmatch(r"CN([1-389])([0-9]{6}|[0-9]{8})([ABCUYSD]?)[0-9]?", number)
    if not found:
        return refused(
            number, "公开（公告）号应为“CN”加9位数字和字母A、B、U或S，请核对；最好填写专利号（ZL开头）。"
        )
    meant = _KIND_BY_DIGIT[found[1]]
    if found[3] and _KIND_BY_LETTER[found[3]] != meant:
        return refused(number, "公开（公告）号的首位数字与末尾字母表示的专利种类不一致，请核对。")
    if meant != kind:
        return refused(
            number,
            f"该公开（公告）号属于{PATENT_LABELS[meant]}，与所选的{PATENT_LABELS[kind]}不一致，请改正。",
        )
    return doubted(number, "这是公开（公告）号，不是专利号，请尽量填写专利证书上的专利号（ZL开头）。")


def _trademark(text: str) -> Check:
    number = re.sub(r"^(?:国际)?(?:注册)?第?|号$", "", normalise(text))
    if re.fullmatch(r"0+[A-Z]?|G0+", number):
        return refused(number, "商标注册号不能全为0，请对照商标注册证填写。")
    if re.fullmatch(r"[0-9]{1,8}[A-Z]?|G[0-9]{4,8}[A-Z]?", number):
        return passed(number)
    return refused(number, "商标注册号应为1至8位数字（分割注册加1个字母），国际注册为“G”加数字；类别请另填。")


def _software(text: str) -> Check:
    number = normalise(text)
    if re.fullmatch(r"软著登字第?(?:[A-Z]{0,2}[0-9]{4,8})号?", number):
        return passed(f"软著登字第{re.sub('[^A-Z0-9]', '', number)}号")
    if re.fullmatch(r"(?:199|20[0-9])[0-9]SR[A-Z]{0,2}[0-9]{4,7}", number):
        return passed(number)
    if "软著登字" in number or re.search(r"[0-9]SR|SR[0-9]", number):
        return refused(number, "软件登记号不完整，应写作“软著登字第1234567号”或“2024SR0123456”，请核对。")
    return _other(text, "不是常见的软件登记号（软著登字第1234567号或2024SR0123456），请与证书核对。")


def _works(text: str) -> Check:
    number = normalise(text)
    if found := re.fullmatch(rf"([{_PROVINCE}])作登字((?:19|20)[0-9]{{2}})([A-Z])([0-9]{{6,8}})", number):
        return passed("{}作登字-{}-{}-{}".format(*found.groups()))
    if "作登字" in number:
        return refused(number, "作品登记号格式不对，应写作“国作登字-2024-F-00012345”，请对照登记证书填写。")
    return _other(text, "不是常见的作品登记号（国作登字-2024-F-00012345），请与证书核对。")


def _layout_design(text: str) -> Check:
    number = normalise(text)
    if found := re.fullmatch(r"BS\.?([0-9]{9})", number):
        return passed(f"BS.{found[1]}")
    if number.startswith("BS"):
        return refused(number, "布图设计登记号应为“BS.”加9位数字，请对照登记证书填写。")
    return _other(text, "不是常见的布图设计登记号（“BS.”加9位数字），请与证书核对。")


def _plant_variety(text: str) -> Check:
    number = normalise(text)
    if re.fullmatch(r"CNA[0-9]{6,12}(?:\.[0-9])?[EG]?|(?:199|20[0-9])[0-9]{5}", number):
        return passed(number)
    if number.startswith("CNA"):
        return refused(number, "农业植物新品种权号应为“CNA”加数字，请对照证书填写。")
    return _other(text, "不是常见的品种权号（农业为“CNA”加数字，林草为8位数字），请与证书核对。")


def _other(text: str, message: str) -> Check:
    if not re.search(r"[0-9]", text):
        return refused(text, "这里应填写登记号或证书号；没有登记的，请留空。")
    return doubted(text, message)


def _unregistered(text: str) -> Check:
    return doubted(text, "这类权益一般没有权利号，请确认不是把说明写在了这里。")


_CHECKS: dict[str, Callable[[str], Check]] = {
    **{kind: _patent(kind) for kind in PATENT_LABELS},
    "trademark": _trademark,
    "copyright": _works,
    "software": _software,
    "trade_secret": _unregistered,
    "geographical_indication": passed,
    "layout_design": _layout_design,
    "plant_variety": _plant_variety,
    "data": passed,
    "unfair_competition": _unregistered,
    "other": passed,
}
RIGHT_KINDS = tuple(_CHECKS)
