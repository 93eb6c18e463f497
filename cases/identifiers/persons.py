"""Numbers of persons and entities (law.md 8.4): GB 11643, GB 32100, GB 11714 and what came before them.

How such a number is protected or masked is decided in cases.protection.
"""

import re
from datetime import date

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from cases.identifiers.answers import Check, doubted, normalise, passed, refused

PERSON_KINDS = ("person", "legal_person", "unincorporated", "sole_trader")

_PROVINCES = frozenset(
    (
        "10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
        "61 62 63 64 65 71 81 82 83"
    ).split()
)


def check_id_number(value: str, kind: str, *, today: date | None = None) -> Check:
    """Check the number of a party of that kind. Blank passes: unknown is not wrong.

    With `today` a birth date in the future is refused. Raises ValueError for an unknown kind.
    """
    if kind not in PERSON_KINDS:
        raise ValueError(f"unknown kind of party: {kind}")
    number = normalise(value)
    if not number:
        return passed("")
    if len(number) > 40:
        return refused(number[:40], "证件号过长，请只填写号码本身。")
    if kind == "person":
        answer = _person(number, today)
        if not answer.ok and len(number) == 18 and _entity(number).level == "ok":
            return refused(
                number, "这是统一社会信用代码，不是公民身份号码；请改选当事人类型，或填写公民身份号码。"
            )
        return answer
    if kind == "sole_trader":  # its licence, or the operator's own number
        answers = [_entity(number), _person(number, today)]
        if re.fullmatch(r"(?!92)[0-9]{17}[0-9X]", number):
            answers.reverse()
        return next((a for a in answers if a.level == "ok"), next((a for a in answers if a.ok), answers[0]))
    answer = _entity(number)
    if not answer.ok and len(number) == 18 and _person(number, today).level != "error":
        return refused(
            number, "这是公民身份号码，不是统一社会信用代码；请改选“自然人”，或填写统一社会信用代码。"
        )
    return answer


def id_key(value: str) -> str:
    """The form in which two writings of one person's number are equal: a 15-digit number as its 18 digits."""
    number = normalise(value)
    if re.fullmatch(r"[0-9]{15}", number) and _citizen_date(f"{number[:6]}19{number[6:]}") is not None:
        longer = f"{number[:6]}19{number[6:]}"
        return longer + ric.calc_check_digit(longer + "0")
    return number


def _person(number: str, today: date | None) -> Check:
    if re.fullmatch(r"[0-9]{15}", number):
        return _citizen_15(number)
    if len(number) == 18:
        return _citizen_18(number, today)
    if re.fullmatch(r"[0-9]{16,17}|[0-9]{19,}", number):
        return refused(number, f"公民身份号码应为18位，现为{len(number)}位，请对照证件重新填写。")
    if re.fullmatch(r"[HM][0-9]{8}([0-9]{2})?", number):
        return doubted(number, "按港澳居民来往内地通行证号登记，请与证件核对。")
    if re.fullmatch(r"[0-9]{8}", number):
        return doubted(number, "按台湾居民来往大陆通行证号登记，请与证件核对；居民身份证号码应为18位。")
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return doubted(number, "按旧版外国人永久居留证号登记，请与证件核对。")
    if re.fullmatch(r"(?=[A-Z0-9]*[0-9])(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6,12}", number):
        return doubted(number, "不是居民身份证号码，按护照等其他证件登记，请与证件核对。")
    return refused(number, "不是有效的证件号码：居民身份证为18位数字（末位可为X），其他证件请照原件填写。")


def _citizen_date(number: str) -> date | None:
    try:
        born = ric.get_birth_date(number)
    except (ValidationError, ValueError):
        return None
    return born if 1900 <= born.year <= 2099 else None


def _citizen_18(number: str, today: date | None) -> Check:
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return refused(number, "公民身份号码应为17位数字加1位校验码（数字或X），请检查是否混入字母。")
    if number[-1] != ric.calc_check_digit(number):
        return refused(number, "公民身份号码校验码不符，至少有一位写错，请对照证件重新填写。")
    born = _citizen_date(number)
    if born is None:
        return refused(number, "公民身份号码第7至14位不是有效的出生日期，请对照证件重新填写。")
    if today is not None and born > today:
        return refused(number, "公民身份号码中的出生日期晚于今天，请对照证件重新填写。")
    if number[0] == "9":  # 外国人永久居留身份证 since 2023: 9, province, country, birth
        if number[1:3] not in _PROVINCES:
            return refused(number, "号码前3位不是有效的外国人永久居留身份证代码，请核对。")
        return passed(number)
    return _region(number)


def _citizen_15(number: str) -> Check:
    if _citizen_date(f"{number[:6]}19{number[6:]}") is None:
        return refused(number, "15位身份号码第7至12位不是有效的出生日期；现行公民身份号码为18位，请核对。")
    answer = _region(number)
    if not answer.ok:
        return answer
    return doubted(number, "15位身份号码已停用且没有校验码，请向当事人核对18位号码。")


def _region(number: str) -> Check:
    """Province must exist; an unknown county is only doubted (codes of abolished ones live on)."""
    if number[:2] not in _PROVINCES:
        return refused(number, "公民身份号码前两位不是有效的省级代码，请对照证件重新填写。")
    if number[:6] in ("810000", "820000", "830000"):  # residence permits for Hong Kong, Macao, Taiwan
        return passed(number)
    found = numdb.get("cn/loc").info(number[:6])
    if not any("county" in facts for _, facts in found):
        return doubted(number, "公民身份号码前6位不在已知的行政区划代码中，请与证件核对。")
    return passed(number)


def _entity(number: str) -> Check:
    size = len(number)
    if size == 18:
        return _uscc(number)
    if re.fullmatch(r"[0-9]{15}", number):
        if _registration_fits(number):
            return doubted(number, "这是旧的15位营业执照注册号，请核对统一社会信用代码（18位）。")
        return refused(number, "15位营业执照注册号校验码不符；现行统一社会信用代码为18位，请对照执照填写。")
    if size == 9 and organisation_check(number[:8]) == number[8]:
        return doubted(number, "这是旧的9位组织机构代码，请核对统一社会信用代码（18位）。")
    if re.fullmatch(r"(?=[A-Z]*[0-9])[A-Z0-9./]{4,14}", number):
        return doubted(number, "不是18位统一社会信用代码；境外主体请照注册证书核对，境内主体请填写18位代码。")
    if not re.fullmatch(r"[A-Z0-9]+", number):
        return refused(number, "统一社会信用代码只含数字和大写字母，请对照证照重新填写。")
    return refused(number, f"统一社会信用代码应为18位，现为{size}位，请对照证照重新填写。")


def _uscc(number: str) -> Check:
    """GB 32100-2015. Not `stdnum.cn.uscc.validate`: it refuses the authorities A, N and Y and skips 9-17."""
    if wrong := sorted(set(number) & set("IOSVZ")):
        return refused(
            number, f"统一社会信用代码不使用字母{'、'.join(wrong)}，请检查是否与数字1、0、5、2混淆。"
        )
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", number):
        return refused(number, "统一社会信用代码第3至8位应为数字，其余为数字或大写字母，请对照证照重新填写。")
    if number[-1] != uscc.calc_check_digit(number[:17]):
        return refused(number, "统一社会信用代码校验码不符，至少有一位写错，请对照证照重新填写。")
    if number[0] not in "123456789ANY":
        return doubted(number, "统一社会信用代码首位不是已知的登记管理部门代码，请与证照核对。")
    if number[2:4] not in _PROVINCES:
        return doubted(number, "统一社会信用代码第3、4位不是已知的省级代码，请与证照核对。")
    if organisation_check(number[8:16]) != number[16]:
        return doubted(number, "第9至17位（组织机构代码）的校验码不符；少数老机构如此，请与证照核对。")
    return passed(number)


def organisation_check(body: str) -> str:
    """Check character of an organisation code, 8 characters (GB 11714); empty if `body` cannot be one."""
    if not re.fullmatch(r"[0-9A-Z]{8}", body):
        return ""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(char, 36) * weight for char, weight in zip(body, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def _registration_fits(number: str) -> bool:
    """15-digit business registration number before 2015 (GS 15-2006, ISO 7064 MOD 11,10)."""
    product = 10
    for digit in number[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(number[14])) % 10 == 1
