"""What must stay: numbers of cases, patents and decisions, amounts, dates, companies, courts, who decided, lawyers.

Over-masking is a defect: a ruling without its number, its panel or its patent proves nothing.
"""

import re
from bisect import bisect_left

from .sight import Sight

_LABEL = (
    "商标|注册|登记|受理|决定|公告|申请|专利|国际注册|备案|许可证|合同|订单|交易|发票|运单|快递|物流|货|票据|型|批|商品|产品|公证书?|序列|条形码?|证书|案件|立案|文书|链接|凭证|"
    "账单|流水|编|店铺|任务"
)
_CODE = "信用代码|机构代码|组织机构代码|税号|识别码|执照|软著登字"
# numbers that look like somebody's and are not: seen in the light view (NFKC, lower case, numerals as digits)
_KEPT = re.compile(
    r"zl[\s.:：]*\d{4}\s*\d\s*\d{7}(?:\s*[.·]\s*[\dx])?|zl[\s.:：]*\d{8}(?:\s*[.·]\s*[\dx])?"  # a patent
    r"|(?<![\d.])(?:19|20)\d{2}[1-9]\d{7}\s*\.\s*[\dx](?![\d])"  # an application
    r"|(?<!\d)\d{8}\s*\.\s*[\dx](?!\d)"  # an application before 2003
    r"|第\s*g?\d{5,9}[a-z]?\s*号"  # a trade mark, a decision
    rf"|(?:(?:{_LABEL})(?:编码|编号|号码|单号|号|id)|{_CODE})[:：为是系第|\s]{{0,3}}(?!zl)[a-z]{{0,4}}\d[\d\-]{{3,29}}x?(?:\.[\dx](?!\d))?"
    r"|(?<![0-9a-z])(?=[0-9a-z]{18}(?![0-9a-z]))(?:1[1239]|[2-8][1239]|9[123]|a[19]|n[1239]|y1)"  # 统一社会信用代码:
    r"(?:10|1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}[0-9a-hj-npqrtuwxy]{10}"  # who registers, where
    r"|[(〔\[]\d{4}[)〕\]][^\s,，。;；]{1,16}?\d{1,7}号(?:之[一二三四五六七八九十]+)?"  # the number of a case
    r"|(?:人民币|¥|￥|rmb)\s*[\d,.，]+"
    r"|[\d,.，]{3,20}\s*(?:万元|亿元|元|美元|港元|欧元|%)"
)


def kept_spans(sight: Sight) -> list[tuple[int, int]]:
    """Places (in the light view) of what no detector may take for a person's number; in order."""
    return [hit.span() for hit in _KEPT.finditer(sight.numerals.text)]


def inside(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Does a piece overlap one of these (in order, apart)?"""
    place = bisect_left(spans, (end, -1))
    return place > 0 and spans[place - 1][1] > start
