"""回访核实的调解成功率: the success rate, weighted by what a sealed random sample of its agreements said when called back.

Exact throughout: the interval's square root is taken on decimals, nothing is a float.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, ClassVar

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from cases.models import Event
from reports.periods import Period
from reports.status import Measured

from .base import COMPUTED, Figure, Indicator, Reading, hull
from .computed import MediationSuccess

CONFIRMED, DENIED, UNREACHABLE, WAITING = "confirmed", "denied", "unreachable", "waiting"
Z = Fraction(196, 100)  # 95 %
DIGITS = 40


def wilson(hits: int, tries: int) -> tuple[Fraction, Fraction]:
    """The 95 % interval of a proportion after Wilson (1927): sound for small samples, never beyond 0 and 1."""
    share, square = Fraction(hits, tries), Z * Z
    under = share * (1 - share) / tries + square / (4 * tries * tries)
    with localcontext() as context:
        context.prec = DIGITS
        root = Fraction((Decimal(under.numerator) / Decimal(under.denominator)).sqrt())
    middle, reach, scale = share + square / (2 * tries), Z * root, 1 + square / tries
    return max((middle - reach) / scale, Fraction(0)), min((middle + reach) / scale, Fraction(1))


class VerifiedSuccess(Indicator):
    """Success of the period × confirmed ÷ (confirmed + denied) among its agreements that were called back.

    It opens no list: which mediations are in the sample is nobody's to know but who calls back.
    """

    code = "verified_success"
    name = _("回访核实的调解成功率")
    unit = "%"
    source: ClassVar[str] = COMPUTED
    is_count = False
    basis = _("密封回访样本")
    definition = _(
        "期内人民调解成功率 × 抽样回访中确认的 ÷（确认＋否认），按被回访的调解的结案日归期，以截至统计时点的答复为准；"
        "联系不上的另列，不计入。样本每月由每日封存的摘要随机抽取，不告知调解员。"
        "没有答复的样本时无数据。"
    )
    low_is = _("成功率 × 确认比例 95% 区间（Wilson）的下限。")
    high_is = _("成功率 × 确认比例 95% 区间（Wilson）的上限。")
    labels = {
        CONFIRMED: _("当事人确认"), DENIED: _("当事人否认"), UNREACHABLE: _("多次联系未果"), WAITING: _("尚未回访"),
    }  # fmt: skip

    def sampled(self, periods: Sequence[Period], reading: Reading) -> QuerySet[Event]:
        """The agreements in the sample, by the day they ended, each with what was answered."""
        drawn = reading.live("sampled").order_by().values("subject")
        about = Concat(Value("proceeding:"), Cast("proceeding", CharField()), output_field=CharField())
        said = reading.live("verified").filter(subject=OuterRef("about")).order_by("-pk").values("value")
        return (
            MediationSuccess()
            .rows(reading)
            .filter(hull(periods), bucket__in=MediationSuccess.counts)
            .annotate(about=about)
            .filter(about__in=drawn)
            .annotate(said=Coalesce(Subquery(said[:1]), Value(WAITING), output_field=CharField()))
        )

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        cells = list(
            self.sampled(periods, reading)
            .order_by()
            .values_list("occurred_on", "said")
            .annotate(n=Count("pk"))
        )
        rates = MediationSuccess().tallies(periods, reading) if cells else []
        found = []
        for place, period in enumerate(periods):
            parts = dict.fromkeys(self.labels, 0)
            for on, said, n in cells:
                if on is not None and period.start <= on <= period.end:
                    parts[said] += n
            success = MediationSuccess().measure(rates[place]).value if rates else None
            found.append(self._figure(period, reading, parts, success))
        return found

    def _figure(
        self, period: Period, reading: Reading, parts: dict[str, int], success: Fraction | None
    ) -> Figure:
        yes, asked = parts[CONFIRMED], parts[CONFIRMED] + parts[DENIED]
        excluded = {UNREACHABLE: parts[UNREACHABLE], WAITING: parts[WAITING]}
        told: dict[str, Any] = {**parts, "sample": sum(parts.values()), "success": success}
        if not asked or success is None:
            nothing = Measured(None, 0)
            return self.figure(period, reading, nothing, excluded=excluded, parts=told)
        low, high = wilson(yes, asked)
        weighted = Measured(success * Fraction(yes, asked), asked)
        return self.figure(
            period, reading, weighted, numerator=yes, low=success * low, high=success * high, excluded=excluded, parts=told
        )  # fmt: skip


__all__ = ["VerifiedSuccess", "wilson"]
