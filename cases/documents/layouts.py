"""The layouts of paper, three and the opinion's: their geometry as numbers, read by both printers. No content.

Measures from GB/T 9704-2012: 5.2.1 (margins, type area 156 × 225 mm), 5.2.2 (3号仿宋), 5.2.3 (22 lines of 28
characters), 7.3 (title 2号小标宋), 7.5 (page number).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

PAGE_MM = (210, 297)

# Family names to try in order, as the font files call themselves; the last one is packaged with the program.
FANGSONG = ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong")
KAITI = ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti")
HEITI = ("黑体", "SimHei", "STHeiti")
XIAOBIAOSONG = ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05")
SONGTI = ("宋体", "SimSun", "STSong")


@dataclass(frozen=True, slots=True)
class Layout:
    """Geometry of one kind of paper. Lengths of the page in mm, of type in points."""

    name: str
    label: str
    margins: tuple[int, int, int, int]  # top, left, right, bottom
    text_pt: int
    title_pt: int
    lines: int  # lines on a full page, 0 = not a grid
    chars: int  # full-width characters on a full line, 0 = not a grid
    sheet: str = ""  # style sheet where it is that of another layout
    foot: str = ""  # words that end every page
    page_mm: tuple[int, int] = PAGE_MM

    @property
    def area_mm(self) -> tuple[int, int]:
        """Width and height of the type area (版心)."""
        top, left, right, bottom = self.margins
        return self.page_mm[0] - left - right, self.page_mm[1] - top - bottom


OFFICIAL = Layout("official", "公文", (37, 28, 26, 35), 16, 22, 22, 28)
LEGAL = Layout("legal", "法律文书", (37, 28, 26, 35), 16, 22, 22, 28)
FORM = Layout("form", "表单、笔录、协议", (25, 25, 23, 25), 12, 20, 0, 0)

# An opinion of the protection centre: a legal document whose every page says what it is not.
OPINION = Layout(
    "opinion", "意见书", (37, 28, 26, 35), 16, 22, 22, 28, sheet="legal",
    foot="本意见仅供参考，不作为行政处理或者诉讼依据",
)  # fmt: skip
# Minutes of a mediation: a form whose every page is signed.
MINUTES = Layout(
    "minutes", "调解笔录", (25, 25, 23, 30), 12, 20, 0, 0, sheet="form",
    foot="当事人签名：　　　　　　　　　　调解员签名：　　　　　　　记录人签名：　　　　　",
)  # fmt: skip
# Minutes of a hearing or an inquiry: the same form, signed by those who conduct it.
RECORD = replace(
    MINUTES, name="record", label="审理、调查笔录",
    foot="当事人（到场人）签名：　　　　　　　　办案人员签名：　　　　　　　记录人签名：　　　　　",
)  # fmt: skip

# A form with many columns: the same, lying.
WIDE = Layout("wide", "横向表单", (20, 20, 20, 20), 12, 20, 0, 0, page_mm=(PAGE_MM[1], PAGE_MM[0]))

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {layout.name: layout for layout in (OFFICIAL, LEGAL, FORM, OPINION, MINUTES, RECORD, WIDE)}
)
