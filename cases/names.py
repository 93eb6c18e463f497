"""Names of people and what is shown of them: surnames, and how to tell a person from an organisation.

Pure. Who may read a name in full is decided elsewhere.
"""

import re

from cases.identifiers import tidy

COMPOUND = frozenset(
    (
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 "
        "皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 "
        "子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 "
        "段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 "
        "左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 "
        "褚师 完颜 耶律 纳兰 叶赫 富察 佟佳 那拉 单于 爱新觉罗"
    ).split()
)
ORGANISATION = re.compile(
    r"公司|集团|中心|协会|学会|商会|联合会|基金会|委员会|大学|学院|学校|医院|银行|工厂|商行|商店|商场|"
    r"超市|经营部|门市部|工作室|事务所|研究所|研究院|合作社|合伙|政府|法院|检察院|管理局|监督局|株式会社"
    r"|\b(inc|ltd|llc|llp|plc|corp|corporation|company|limited|gmbh|ag|bv|b\.v|nv|sa|s\.a|srl)\b"
    r"|\b(university|foundation)\b",
    re.IGNORECASE,
)
SHOP = re.compile(r".{4,}(厂|店|铺|社|院|所|部|馆|局|行|处|站|队|会)$")


def reads_like_organisation(name: str) -> bool:
    """Is it rather the name of a company, office or shop than a person's?"""
    return bool(ORGANISATION.search(name) or SHOP.match(name))


def masked_name(name: str, kind: str = "") -> str:
    """`张某`, `欧阳某`; organisations unchanged (法释〔2016〕19号 第九条).

    Without `kind` (a kind of party) a name is taken for a person's unless it reads like an organisation.
    Minority and transliterated names keep the first character, Latin ones the first letter (J.).
    """
    text = tidy(name)
    if not text or kind in ("legal_person", "unincorporated"):
        return text
    if kind != "person" and reads_like_organisation(text):
        return text
    for size in (4, 2):
        if len(text) > size and text[:size] in COMPOUND and not re.search(r"[·•・.]", text):
            return text[:size] + "某"
    return text[0] + ("." if text[0].isascii() else "某")
