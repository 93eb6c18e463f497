"""What must stay: numbers of cases, patents and decisions, amounts, dates, companies, courts, who decided, lawyers.

Over-masking is a defect: a ruling without its number, its panel or its patent proves nothing.
"""

import re

from .sight import Sight

# numbers that look like somebody's and are not: seen in the light view (NFKC, lower case)
_KEPT = re.compile(
    r"zl\s*\d{4}\s*\d\s*\d{7}(?:\s*[.·]\s*[\dx])?"  # a patent
    r"|(?<![\d.])(?:19|20)\d{2}[1-9]\d{7}\s*\.\s*[\dx](?![\d])"  # an application
    r"|(?<!\d)\d{8}\s*\.\s*[\dx](?!\d)"  # an application before 2003
    r"|第\s*\d{5,9}[a-z]?\s*号(?:商标|注册|无效|决定|[\"“《])"
    r"|(?:商标|注册|登记|受理|决定|公告|授权公告|国际注册|软著登字|备案|许可证|合同|订单|发票|运单|快递|物流|货|票据|型号|批)(?:号|编号|号码|单号)?[::为是第]{0,3}\s*[a-z]{0,4}\d{4,20}"
    r"|(?<![0-9a-z])(?:[19]\d|[159][1-9]|y1)\d{6}[0-9a-hj-npqrtuwxy]{10}(?![0-9a-z])"  # 统一社会信用代码
    r"|[(〔\[]\d{4}[)〕\]][^\s,，。;；]{1,16}?\d{1,7}号(?:之[一二三四五六七八九十]+)?"  # the number of a case
    r"|(?:人民币|¥|￥|rmb)\s*[\d,.，]+"
    r"|[\d,.，]{3,20}\s*(?:万元|亿元|元|美元|港元|欧元|%|%)"
)


def kept_spans(sight: Sight) -> list[tuple[int, int]]:
    """Places (in the light view) of what no detector may take for a person's number."""
    return [hit.span() for hit in _KEPT.finditer(sight.light.text)]


def inside(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Does a piece overlap one of these?"""
    return any(a < end and start < b for a, b in spans)
