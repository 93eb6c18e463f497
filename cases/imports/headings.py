"""Our headings and the words that stand under them (handbook: interfaces, case import)."""

from cases.models import Case, Party, Right

ROW_NUMBER, COUNT = "原编号", "件数"
RECEIVED, ACCEPTED, CLOSED = "登记日期", "受理（立案）日期", "结案日期"
HEADINGS = (
    "来源", ROW_NUMBER, COUNT, RECEIVED, "工作站", "办理方式", "案源", "法院案号", "外部编号", "权利类型", "权利号",
    "案由", "申请人", "申请人类型", "申请人证件号", "被申请人", "被申请人证件号", "侵权行为地", "电商平台", "标的额",
    "简要情况", ACCEPTED, CLOSED, "结果", "司法确认", "涉外", "统计", "不计原因",
)  # fmt: skip
ALIASES = {"受理日期": ACCEPTED, "受理(立案)日期": ACCEPTED, "立案日期": ACCEPTED}
REQUIRED = ("来源", "办理方式", "权利类型")
SEVERAL = ("权利类型", "权利号", "申请人", "申请人类型", "申请人证件号", "被申请人", "被申请人证件号")
PROTECTED = ("申请人证件号", "被申请人证件号")
DAYS = (RECEIVED, ACCEPTED, CLOSED)
LONGEST = {
    "来源": 80, ROW_NUMBER: 70, "法院案号": 60, "外部编号": 60, "案由": 120, "电商平台": 80, "不计原因": 200,
    "侵权行为地": 120, "结果": 80,
}  # fmt: skip

# 办理方式 -> kind of proceeding and, for mediation, which one
WAYS: dict[str, tuple[str, str]] = {
    "维权援助": ("assistance", ""),
    "人民调解": ("mediation", "people"),
    "行政调解": ("mediation", "administrative"),
    "商事调解": ("mediation", "commercial"),
    "行政裁决": ("adjudication", ""),
    "其他": ("reference", ""),
}
SOURCES = {str(label): value for value, label in Case.Source.choices}
RIGHTS = {str(label): value for value, label in Right.Kind.choices}
PARTY_KINDS = {str(label): value for value, label in Party.Kind.choices}
FOREIGN = {str(label): value for value, label in Case.Foreign.choices}
YES_NO = {"是": True, "否": False}


def ours(heading: str) -> str | None:
    """Our heading for one found in a sheet, or None if it is not ours."""
    heading = heading.strip()
    return heading if heading in HEADINGS else ALIASES.get(heading)
