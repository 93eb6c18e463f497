"""The board's content: tiles, months, what needs attention. Figures come from reports/indicators, pages are views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from reports import cards, charts, periods, splits, status
from reports.indicators import PLAN_EIGHT, REGISTRY, FactIndicator, Figure, Reading, StockIndicator
from reports.indicators.base import SOURCES
from reports.indicators.computed import AidAndMediation, RulingDisclosure
from reports.periods import CYCLE, Period
from reports.watching.board import attention


@dataclass(frozen=True)
class Board:
    """All a page shows of one period as of one day."""

    period: Period
    as_of: date
    eight: list[dict[str, Any]]
    rest: list[dict[str, Any]]
    drawings: list["Drawing"]
    attention: list[dict[str, Any]]


@dataclass(frozen=True)
class Drawing:
    """A chart and the table it is drawn from."""

    title: str
    svg: str
    labels: list[str]
    rows: list[tuple[str, list[str]]]


def compose(period: Period, as_of: date, *, today: date, opens: bool) -> Board:
    """The board. `opens`: the viewer may open the lists behind the numbers."""
    reading = Reading(as_of)
    year = period.end.year
    months = [*periods.months_of(year), *periods.months_of(year - 1)]
    asked = [period, CYCLE, *months]
    found = {
        code: one.figures(asked if code in (*CHARTED, RATED) else asked[:2], reading, full=2)
        for code, one in REGISTRY.items()
    }
    beside = _beside(period, reading)
    tiles = [_tile(figures[0], figures[1], beside.get(code, []), opens) for code, figures in found.items()]
    drawings = [
        _columns([found[code][2:] for code in CHARTED], year, as_of),
        _line(found[RATED][2:], year, as_of),
    ]
    return Board(
        period, as_of, tiles[: len(PLAN_EIGHT)], tiles[len(PLAN_EIGHT) :], drawings, attention(today)
    )


CHARTED = ("aid_and_mediation", "adjudication_accepted")  # their sum by month
RATED = "mediation_success"  # its rate by month, with its target


def _beside(period: Period, reading: Reading) -> dict[str, list[str]]:
    """Sentences that need a question of their own."""
    aid, disclosure = REGISTRY["aid_and_mediation"], REGISTRY["ruling_disclosure"]
    if not isinstance(aid, AidAndMediation) or not isinstance(disclosure, RulingDisclosure):
        raise TypeError("these two are computed")
    papers = aid.papers(period, reading)
    closed = disclosure.closings([period], reading)[0]
    return {
        "aid_and_mediation": [_("存有申请书 %(applications)d 件、受理通知书 %(notices)d 件") % papers],
        "ruling_disclosure": [_("期内结案 %(closed)d 件，其中裁决已公开 %(told)d 件") % closed],
    }


# tiles ------------------------------------------------------------------------------------------------------


def _tile(figure: Figure, cycle: Figure, beside: list[str], opens: bool) -> dict[str, Any]:
    indicator = REGISTRY[figure.code]
    tag = (
        {"label": status.LABELS[figure.status], "tone": status.TONES.get(figure.status, "")}
        if figure.status
        else None
    )
    can_open = opens and isinstance(indicator, FactIndicator | StockIndicator)
    links = []
    if can_open and isinstance(indicator, FactIndicator):
        if indicator.base:
            links.append({"url": list_url(figure, "denominator"), "label": _("分母")})
        if sum(figure.excluded.values()):
            links.append(
                {
                    "url": list_url(figure, "excluded"),
                    "label": _("不计 %d 件") % sum(figure.excluded.values()),
                }
            )
    links.append({"url": cards.url(figure), "label": _("口径卡")})
    if splits.can_split(indicator):
        links.append({"url": split_url(figure), "label": _("分项")})
    details = [*_detail(figure), *beside, *filter(None, [cards.pace_text(figure)])]
    if figure.is_reference:
        details.append(_("参照目标（2023—2025 方案）"))
    words = figure.measured.is_small and figure.numerator is not None
    return {
        "code": figure.code, "name": figure.name, "value": figure.text,
        "url": list_url(figure, indicator.sets[0]) if can_open and figure.text != status.NOTHING else "",
        "unit": "" if words or figure.text == status.NOTHING else figure.unit.split("/")[0], "target": target_text(figure), "status": tag,
        "words": words, "detail": "；".join(details), "source": SOURCES[figure.source], "links": links,
        "formula": figure.formula, "basis": indicator.basis, "as_of": figure.as_of,
        "beside": _("全周期（2023—2025）：%s") % said(cycle), **_bar(figure),
    }  # fmt: skip


SHEET = [
    _("代码"), _("指标"), _("数值"), _("单位"), _("目标"), _("状态"), _("分子"), _("分母"), _("不计"), _("较低口径"),
    _("较高口径"), _("来源"), _("计量口径"),
]  # fmt: skip


def sheet_row(figure: Figure) -> list[Any]:
    """A figure as a row of the board's sheet."""
    return [
        figure.code, figure.name, figure.text, figure.unit, target_text(figure), status.LABELS.get(figure.status or "", ""),
        figure.numerator, figure.denominator, sum(figure.excluded.values()), figure.low, figure.high,
        str(SOURCES[figure.source]), figure.formula,
    ]  # fmt: skip


def target_text(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign = "≤" if figure.direction == "max" else "≥"
    return f"{sign}{figure.target}{'%' if figure.unit == '%' else ''}"


def said(figure: Figure) -> str:
    """The value with its unit: 74.3%, 512 件, 2 / 3, —."""
    if figure.text == status.NOTHING or " / " in figure.text:
        return figure.text
    unit = figure.unit.split("/")[0]
    return f"{figure.text}{unit}" if unit == "%" else f"{figure.text} {unit}"


def list_url(figure: Figure, which: str) -> str:
    query = urlencode({"period": figure.period.text, "set": which, "as_of": figure.as_of.isoformat()})
    return f"{reverse('board_cases', args=[figure.code])}?{query}"


def split_url(figure: Figure) -> str:
    query = urlencode({"period": figure.period.text, "as_of": figure.as_of.isoformat()})
    return f"{reverse('board_split', args=[figure.code])}?{query}"


def _bar(figure: Figure) -> dict[str, Any]:
    """Share and mark of 100 for the bar; the range between the accepted readings of a rate."""
    value = figure.measured.value
    if figure.measured.is_nothing or value is None or figure.measured.is_small or figure.target_row is None:
        return {"share": None}
    target = Fraction(figure.target_row.value)
    top = Fraction(100) if figure.unit == "%" else max(value, target, Fraction(1))
    found: dict[str, Any] = {"share": _of(value, top), "mark": _of(target, top)}
    if figure.unit == "%" and figure.low is not None:
        low, high = Fraction(str(figure.low)), Fraction(str(figure.high or figure.value))
        found |= {"low": _of(low, top), "spread": _of(high - low, top)}
    return found


def _of(part: Fraction, whole: Fraction) -> str:
    return status.plain(status.rounded(min(max(part / whole, Fraction(0)), Fraction(1)) * 100, 1))


def _detail(figure: Figure) -> list[str]:
    """What stands under the number, in words."""
    n = figure.parts
    match figure.code:
        case "aid_and_mediation":
            mediated = sum(n[name] for name in AidAndMediation.FLAVOURS)
            found = [
                _(
                    "维权援助 %(a)d，调解 %(m)d（人民 %(people)d、行政 %(administrative)d、商事 %(commercial)d）"
                )
                % {**n, "a": n["assistance"], "m": mediated},
                _("其中批量 %(batches)d 批 %(batched)d 件") % n,
                _("按纠纷计 %s 件") % figure.low,
            ]
        case "mediation_success":
            found = [
                _("达成协议 %(x)s ÷ 已结 %(y)s（人民调解）")
                % {"x": figure.numerator, "y": figure.denominator},
                _("含未启动 %(n)d 件为 %(low)s")
                % {
                    "n": n["not_started"],
                    "low": _ratio(figure, (figure.denominator or 0) + n["not_started"]),
                },
                _("÷ 受理 %(n)d 件为 %(rate)s") % {"n": n["accepted"], "rate": _ratio(figure, n["accepted"])},
            ]
        case "adjudication_accepted":
            found = [_("立案 %(total)s，已结 %(closed)d，办理中 %(open)d") % {**n, "total": figure.numerator}]
        case "ruling_upheld":
            found = [
                _("裁判生效 %(d)s 件中维持 %(n)s 件") % {"d": figure.denominator, "n": figure.numerator},
                _("部分撤销 %d") % n["partly_annulled"],
            ]
        case "ruling_disclosure":
            found = [
                _("应公开 %(d)s，已公开 %(n)s（其中逾期公开 %(late)d）")
                % {**n, "d": figure.denominator, "n": figure.numerator},
                _("依法不公开 %(withheld)d；未到期 %(due)d；逾期未公开 %(overdue)d") % n,
                _("含待公开和不公开为 %s")
                % _ratio(figure, (figure.denominator or 0) + n["due"] + n["withheld"]),
            ]
        case "stations":
            found = [_("覆盖 %(areas)d / %(all_areas)d 个统计区域") % n]
        case "respondent_answered":
            found = [
                _("已联系 %(d)s，同意 %(agree)d，不同意 %(refuse)d，未答复 %(silent)d")
                % {**n, "d": figure.denominator}
            ]
        case "tasks_done" if figure.denominator:
            found = [
                _("方案任务 %(d)d 项；特色重点任务已完成 %(special_done)d 项，共 %(special)d 项")
                % {**n, "d": figure.denominator}
            ]
        case "performed_on_time":
            found = [
                _("到期 %(d)s 项，按期 %(on_time)d，逾期履行 %(late)d，逾期未履行 %(unperformed)d")
                % {**n, "d": figure.denominator},
                _("十二个月内同一纠纷再次受理 %(came_back)d 件") % n,
            ]
        case "verified_success" if n["sample"]:
            found = [_("抽样 %(sample)d 件：确认 %(confirmed)d，否认 %(denied)d") % n]
            if figure.low is not None:
                found.append(_("95%% 区间 %(low)s%%—%(high)s%%") % {"low": figure.low, "high": figure.high})
        case "trial_days" if figure.denominator:
            found = [_("清单案件 %(rows)d 件，法院汇总数据 %(totals)d 件") % n]
            if "median" in n:
                found.append(_("中位数 %(median)s 天") % n)
        case "first_instance_accepted" if figure.denominator:
            found = [_("一审民事审结 %(d)s 件，上诉 %(appealed)d 件") % {**n, "d": figure.denominator}]
        case "high_value_patents" if n:
            found = [
                _("高价值发明专利 %(p)s 件，常住人口 %(m)s 人")
                % {"p": n.get("patents", "—"), "m": n.get("population", "—")}
            ]
        case "median_days":
            found = [
                f"{REGISTRY[figure.code].labels[kind]} {n[f'{kind}_median']} {figure.unit}（{n[kind]} 件）"
                for kind in ("assistance", "mediation", "adjudication")
                if f"{kind}_median" in n
            ]
        case _:
            indicator = REGISTRY[figure.code]
            found = (
                []
                if isinstance(indicator, StockIndicator) and not figure.measured.is_nothing
                else [_("数据来源：%s，尚无数据") % indicator.basis]
            )
    out = [
        f"{REGISTRY[figure.code].labels[name]} {count} 件" for name, count in figure.excluded.items() if count
    ]
    return [*found, *([_("不计：") + "、".join(out)] if out and figure.code != "ruling_disclosure" else [])]


def _ratio(figure: Figure, denominator: int) -> str:
    """The numerator over another denominator, in the words of a rate: 60.8%, 2 / 4, —."""
    other = status.rate(figure.numerator or 0, denominator)
    text = status.shown(other, figure.numerator)
    return text if other.is_nothing or other.is_small else f"{text}%"


# charts -----------------------------------------------------------------------------------------------------


def _columns(series: Sequence[Sequence[Figure]], year: int, as_of: date) -> Drawing:
    """What was accepted by month, the year before beside it."""
    sums = [sum(figure.numerator or 0 for figure in one) for one in zip(*series, strict=True)]
    begun = [figure.period.has_begun(as_of) for figure in series[0]]
    values = [number if has_begun else None for number, has_begun in zip(sums, begun, strict=True)]
    told = {_("%d 年") % year: values[:12], _("%d 年") % (year - 1): values[12:]}
    title = _("每月受理（维权援助、调解、裁决），%d 年") % year
    return Drawing(title, charts.columns(title, _months(), told), _months(), _table(told))


def _line(figures: Sequence[Figure], year: int, as_of: date) -> Drawing:
    """A rate by month; a month with too few for a percentage is a gap in the line and told in the table."""
    names = [_("%d 年") % year, _("%d 年") % (year - 1)]
    drawn: dict[str, list[Any]] = {
        name: [
            None if one.measured.is_nothing or one.measured.is_small else one.measured.value for one in part
        ]
        for name, part in zip(names, (figures[:12], figures[12:]), strict=True)
    }
    target = figures[0].target_row
    if target is not None:
        drawn[_("目标 %s%%") % status.plain(target.value)] = [target.value] * 12
    title = _("%(name)s（每月结案），%(year)d 年") % {"name": figures[0].name, "year": year}
    rows = [
        (name, [said(one) for one in part])
        for name, part in zip(names, (figures[:12], figures[12:]), strict=True)
    ]
    return Drawing(title, charts.lines(title, _months(), drawn), _months(), rows)


def _months() -> list[str]:
    return [_("%d月") % number for number in range(1, 13)]


def _table(told: Mapping[str, Sequence[int | None]]) -> list[tuple[str, list[str]]]:
    return [
        (name, [status.NOTHING if value is None else str(value) for value in values])
        for name, values in told.items()
    ]
