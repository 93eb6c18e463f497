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
from stations.models import Appointment, Area, Pairing, Partner, Pilot, Station, held, holds

from .base import FIRST_READ, FIRST_WHY, MANUAL, Figure, Indicator, Reading, Version


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

    def within(self, period: Period, reading: Reading) -> Q:
        """The rows of a period, as far as they were known; a stock is taken on one day."""
        return self.in_force(period.cut(reading.as_of))

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Any]:
        """The rows behind the number."""
        found = self.rows().filter(self.within(period, reading))
        return found.order_by("-pk") if which in ("numerator", "denominator") else found.none()

    def known(self, ids: Sequence[int]) -> QuerySet[Any]:
        """Rows of the register by id, in force or not."""
        return self.rows().filter(pk__in=ids).order_by("-pk")

    def ids(self, period: Period, reading: Reading) -> dict[str, list[int]]:
        found = self.listed(self.sets[0], period, reading)
        return {self.sets[0]: sorted(found.order_by().values_list("pk", flat=True))}

    def asked(self, period: Period, reading: Reading) -> dict[str, Any]:
        """Aggregates of one period, `value` among them."""
        found = self.within(period, reading)
        return {"value": Count(self.column, distinct=self.column != "pk", filter=found)}

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        asked = {
            f"{name}_{n}": what
            for n, period in enumerate(periods)
            for name, what in self.asked(period, reading).items()
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
        return Station.active(day)

    def asked(self, period: Period, reading: Reading) -> dict[str, Any]:
        areas = Count("area", distinct=True, filter=self.within(period, reading))
        return super().asked(period, reading) | {"areas": areas}

    def context(self) -> dict[str, int]:
        return {"all_areas": Area.objects.count()}

    def rows(self) -> QuerySet[Any]:
        return Station.objects.select_related("area")

    def cells(self, row: Any) -> dict[str, Any]:
        return {"name": row.name, "place": row.area.name, "from": row.opened_on, "to": row.closed_on}


class CountedOnce(StockIndicator):
    """Terms of a register of which somebody may have several at a time; whoever it is counts once."""

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Any]:
        """One term for each: the latest in force."""
        found = self.rows().filter(self.within(period, reading))
        if which not in ("numerator", "denominator"):
            return found.none()
        later = found.order_by().values(self.column).annotate(last=Max("pk")).values("last")
        return found.filter(pk__in=later).order_by("-pk")


class Appointed(CountedOnce):
    """People with an appointment of one kind in force; a person counts once."""

    kind: ClassVar[str]
    model = Appointment
    column = "person"

    def in_force(self, day: date) -> Q:
        return holds(day)

    def rows(self) -> QuerySet[Any]:
        return Appointment.objects.filter(kind=self.kind).select_related("person")

    def cells(self, row: Any) -> dict[str, Any]:
        return {"name": row.person.name, "place": row.person.unit, "from": row.valid_from, "to": row.valid_to}


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


class Registered(CountedOnce):
    """Terms that know when they were entered: a figure of a past day reads the register as it stood."""

    def within(self, period: Period, reading: Reading) -> Q:
        return held(period.cut(reading.as_of), reading.as_of)


class PairedEnterprises(Registered):
    code = "paired_enterprises"
    name = _("“双百双促”结对企业")
    unit = _("家")
    earlier = (Version(1, FIRST_READ, _("期末配有聘任在有效期内的保护专员的企业数。"), FIRST_WHY),)
    since = date(2026, 12, 1)
    why = _("结对改为按期限登记，可以查过去任何一天")
    basis = _("企业结对登记")
    definition = _("期末结对在有效期内、且保护专员聘任也在有效期内的企业数，一家计一次。")
    model = Pairing
    column = "enterprise"

    def within(self, period: Period, reading: Reading) -> Q:
        appointed = holds(period.cut(reading.as_of), "commissioner__")
        return (
            super().within(period, reading) & appointed & Q(commissioner__kind=Appointment.Kind.COMMISSIONER)
        )

    def rows(self) -> QuerySet[Any]:
        return Pairing.objects.select_related("enterprise__area")

    def cells(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.enterprise.name, "place": row.enterprise.area.name, "from": row.valid_from, "to": row.valid_to,
        }  # fmt: skip


class OverseasPilots(Registered):
    code = "overseas_pilots"
    name = _("海外专利保护试点")
    unit = _("家")
    source = MANUAL
    basis = _("试点企业登记（人工）")
    definition = _("期末在试点期内的企业数，一家计一次。")
    model = Pilot
    column = "enterprise"

    def rows(self) -> QuerySet[Any]:
        return Pilot.objects.select_related("enterprise__area")

    def cells(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.enterprise.name, "place": row.enterprise.area.name, "from": row.valid_from, "to": row.valid_to,
        }  # fmt: skip


class PartnerCentres(Registered):
    code = "partner_centres"
    name = _("京津冀保护中心协同")
    unit = _("家")
    source = MANUAL
    basis = _("协作协议登记（人工）")
    definition = _("期末协作协议在有效期内的保护中心数，一家计一次；联盟的其他成员不计。")
    model = Partner
    column = "name"

    def rows(self) -> QuerySet[Any]:
        return Partner.objects.filter(kind=Partner.Kind.CENTRE)

    def cells(self, row: Any) -> dict[str, Any]:
        return {"name": row.name, "place": row.region, "from": row.valid_from, "to": row.valid_to}


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
        return holds(day)

    def cells(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.name, "feature": row.feature, "document": row.document, "from": row.valid_from,
            "to": row.valid_to,
        }  # fmt: skip
