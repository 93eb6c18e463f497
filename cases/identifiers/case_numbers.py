"""Numbers of cases, ours and the courts' (law.md 8.1). Numbers are given out elsewhere."""

import re

from cases.identifiers.answers import Check, doubted, normalise, passed, refused

_OPENING, _CLOSING = "([{〔【《〈「『", ")]}〕】》〉」』"
OWN_NUMBER = re.compile(r"([\u4e00-\u9fa5]{1,12}字)〔(20[0-9]{2})〕([1-9][0-9]*)号")
_COURT_NUMBER = re.compile(
    r"\(((?:19|20)[0-9]{2})\)"
    r"(最高法|[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军][0-9]{0,4})"
    r"([\u4e00-\u9fa5]{1,8})([1-9][0-9]*)号((?:之[一二三四五六七八九十]+)?)"
)


def _round(text: str) -> str:
    table = {ord(char): "(" for char in _OPENING} | {ord(char): ")" for char in _CLOSING}
    return normalise(text).translate(table)


def check_own_number(value: str) -> Check:
    """A number of one of our series, `津滨知裁字〔2026〕3号` (U+3014, U+3015, no padding). Blank passes."""
    text = re.sub(r"\(([0-9]{4})\)", r"〔\1〕", _round(value))
    if not text or OWN_NUMBER.fullmatch(text):
        return passed(text)
    if re.search(r"〕0+[0-9]*号", text):
        return refused(text, "案号序号前不加0，应写作“津滨知裁字〔2026〕3号”。")
    return refused(text, "案号格式不对，应写作“津滨知裁字〔2026〕3号”。")


def check_court_number(value: str) -> Check:
    """A court's case number, stored as `（2024）津03知行初12号`. Blank passes."""
    text = _round(value)
    if not text:
        return passed("")
    if found := _COURT_NUMBER.fullmatch(text):
        year, court, kind, serial, part = found.groups()
        return passed(f"（{year}）{court}{kind}{serial}号{part}")
    shown = text.replace("(", "（").replace(")", "）")
    if found := re.fullmatch(r"\(((?:19|20)[0-9]{2})\)[\u4e00-\u9fa5]{2,12}字第?[0-9]+(?:-[0-9]+)?号", text):
        if int(found[1]) < 2016:
            return doubted(shown, "这是2016年以前的法院案号格式，请与文书核对。")
    return refused(shown, "法院案号格式不对，应写作“（2024）津03知行初12号”。")
