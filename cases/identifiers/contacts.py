"""Telephone numbers. Whether somebody may see one is not decided here."""

import re

from cases.identifiers.answers import Check, doubted, passed, refused, tidy

_LANDLINE = re.compile(
    r"0(10|2[0-9]|[3-9][0-9]{2})-?([2-9][0-9]{2,3}-?[0-9]{4})(?:(?:-|转|分机|EXT|X|#)+([0-9]{1,6}))?"
)


def check_phone(value: str) -> Check:
    """Mobile `13800138000`, landline `022-65305678` or `022-65305678转801`; blank passes."""
    text = re.sub(r"[ .()]", "", tidy(value)).upper()
    if not text:
        return passed("")
    local = re.sub(r"^(\+|00)?86-?(?=1[3-9][0-9-]{9,})", "", text)
    local = re.sub(r"^(\+|00)86-?0?(?=[1-9])", "0", local)
    bare = local.replace("-", "")
    if re.fullmatch(r"1[3-9][0-9]{9}", bare):
        return passed(bare)
    if re.fullmatch(r"1[0-9]{8,}", bare) and not re.fullmatch(r"10[0-9]{8}", bare):
        return refused(bare[:20], "手机号应为11位并以13至19开头，请核对。")
    if found := _LANDLINE.fullmatch(local):
        code, number, extension = found.groups()
        return passed(f"0{code}-{number.replace('-', '')}" + (f"转{extension}" if extension else ""))
    if re.fullmatch(r"400-?[0-9]{3}-?[0-9]{4}|400[0-9]{7}|95[0-9]{3,6}|1[0-9]{2}|12[0-9]{3}", local):
        return doubted(bare, "这是服务热线，可能找不到当事人，请尽量填写手机号。")
    if re.fullmatch(r"[2-9][0-9]{6,7}", bare):
        return doubted(bare, "座机号缺少区号，请补上（天津为022）。")
    if re.fullmatch(r"(\+|00)[1-9][0-9]{6,14}", bare):
        return doubted(re.sub(r"^00", "+", bare), "按境外电话登记，短信可能无法送达，请核对。")
    return refused(bare[:20], "不是有效的电话号码：手机11位，座机写作“区号-号码”，分机写“转801”。")
