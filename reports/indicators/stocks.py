"""Indicators counted in the registers of stations, people and enterprises, at the end of the period.

A stock is taken at the end of the period, or on the day of reading while the period runs.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from django.db.models import Count, Max, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from reports.models import SpecialArea
from reports.periods import Period
from reports.status import Measured
from stations.models import Appointment, Area, Enterprise, Station

from .base import MANUAL, Figure, Indicator, Reading


class StockIndicator(Indicator):
    """How many rows of a register are in force on a day; one query for all periods."""

    model: ClassVar[type[Model]]
    column: ClassVar[str] = "pk"  # what is counted once
    sets = ("numerator",)
    columns: ClassVar[Mapping[str, str]] = {"name": "名称", "place": "区域（单位）", "from": "起", "to": "止"}

    def cells(self, row: Any) -> dict[str, Any]:
        """One row of the list behind the number."""
        raise NotImplementedError

    def in_force(self, day: date) -> Q:
        raise NotImplementedError

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Any]:
        """The rows behind the number."""
        found = self.rows().filter(self.in_force(period.cut(reading.as_of)))
        return found.order_by("-pk") if which in ("numerator", "denominator") else found.none()

    def known(self, ids: Sequence[int]) -> QuerySet[Any]:
        """Rows of the register by id, in force or not."""
        return self.rows().filter(pk__in=ids).order_by("-pk")

    def ids(self, period: Period, reading: Reading) -> dict[str, list[int]]:
        found = self.listed(self.sets[0], period, reading)
        return {self.sets[0]: sorted(found.order_by().values_list("pk", flat=True))}

    def asked(self, day: date) -> dict[str, Any]:
        """Aggregates of one day, `value` among them."""
        return {"value": Count(self.column, distinct=self.column != "pk", filter=self.in_force(day))}

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        asked = {
            f"{name}_{n}": what
            for n, period in enumerate(periods)
            for name, what in self.asked(period.cut(reading.as_of)).items()
        }
        told = self.rows().order_by().aggregate(**asked)
        found = []
        for n, period in enumerate(periods):
            own = {name.rsplit("_", 1)[0]: v for name, v in told.items() if name.rsplit("_", 1)[1] == str(n)}
            value = own.pop("value")
            found.append(
                self.figure(
                    period, reading, Measured(Fraction(value)), numerator=value, parts=own | self.context()
                )
            )
        return found

    def context(self) -> dict[str, int]:
        return {}


class Stations(StockIndicator):
    code = "stations"
    name = _("知识产权保护工作站")
    unit = _("家")
    basis = _("工作站登记")
    definition = _("期末在用的工作站（已启用且未停用）；另列覆盖的统计区域数。")
    labels = {"areas": _("覆盖区域"), "all_areas": _("统计区域")}
    model = Station

    def in_force(self, day: date) -> Q:
        return Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def asked(self, day: date) -> dict[str, Any]:
        return super().asked(day) | {"areas": Count("area", distinct=True, filter=self.in_force(day))}

    def context(self) -> dict[str, int]:
        return {"all_areas": Area.objects.count()}

    def rows(self) -> QuerySet[Any]:
        return Station.objects.select_related("area")

    def cells(self, row: Any) -> dict[str, Any]:
        return {"name": row.name, "place": row.area.name, "from": row.opened_on, "to": row.closed_on}


class Appointed(StockIndicator):
    """People with an appointment of one kind in force; a person counts once."""

    kind: ClassVar[str]
    model = Appointment
    column = "person"

    def in_force(self, day: date) -> Q:
        return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def rows(self) -> QuerySet[Any]:
        return Appointment.objects.filter(kind=self.kind).select_related("person")

    def cells(self, row: Any) -> dict[str, Any]:
        return {"name": row.person.name, "place": row.person.unit, "from": row.valid_from, "to": row.valid_to}

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Any]:
        """One appointment per person: the latest in force."""
        found = self.rows().filter(self.in_force(period.cut(reading.as_of)))
        if which not in ("numerator", "denominator"):
            return found.none()
        later = found.values("person").annotate(last=Max("pk")).values("last")
        return found.filter(pk__in=later.order_by()).order_by("-pk")


class TechnicalInvestigators(Appointed):
    code = "technical_investigators"
    name = _("技术调查官人才库")
    unit = _("人")
    basis = _("聘任登记")
    definition = _("期末技术调查官聘任在有效期内的人数，一人计一次。")
    kind = Appointment.Kind.TECHNICAL_INVESTIGATOR


class ProtectionCommissioners(Appointed):
    code = "protection_commissioners"
    name = _("“双百双促”保护专员")
    unit = _("名")
    basis = _("聘任登记")
    definition = _("期末保护专员聘任在有效期内的人数，一人计一次。")
    kind = Appointment.Kind.COMMISSIONER


class PairedEnterprises(StockIndicator):
    code = "paired_enterprises"
    name = _("“双百双促”结对企业")
    unit = _("家")
    basis = _("企业登记")
    definition = _("期末配有聘任在有效期内的保护专员的企业数。")
    model = Enterprise

    def in_force(self, day: date) -> Q:
        return (
            Q(commissioner__kind=Appointment.Kind.COMMISSIONER)
            & Q(commissioner__valid_from__lte=day)
            & (Q(commissioner__valid_to__isnull=True) | Q(commissioner__valid_to__gte=day))
        )

    def rows(self) -> QuerySet[Any]:
        return Enterprise.objects.select_related("area", "commissioner__person")

    def cells(self, row: Any) -> dict[str, Any]:
        paired = row.commissioner
        return {"name": row.name, "place": row.area.name, "from": paired.valid_from, "to": paired.valid_to}


class SpecialAreas(StockIndicator):
    code = "special_areas"
    name = _("知识产权特色区域数量")
    unit = _("个")
    source = MANUAL
    basis = _("特色区域认定文件登记")
    definition = _("期末经认定且在有效期内的特色区域数。")
    model = SpecialArea
    columns = {"name": "名称", "feature": "特色产业", "document": "认定文件", "from": "起", "to": "止"}

    def in_force(self, day: date) -> Q:
        return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def cells(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.name, "feature": row.feature, "document": row.document, "from": row.valid_from,
            "to": row.valid_to,
        }  # fmt: skip
