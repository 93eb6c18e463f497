"""责任单位: who answers for tasks of the district, under which names, for how long, who follows, whom to ask now.

Persons named in a plan stay the plan's text; who is responsible today is entered here, with dates.
"""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .terms import InForce


class Unit(models.Model):
    """A unit that answers for something. One that ended keeps its row and names its successor."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("委局")
        JUSTICE = "justice", _("司法机关")
        ZONE = "zone", _("开发区")
        CUSTOMS = "customs", _("海关、金融监管")
        COMPANY = "company", _("企业")
        GROUP = "group", _("统称")  # 各街镇: several units under one word

    name = models.CharField(_("名称"), max_length=80, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.BUREAU)
    valid_from = models.DateField(_("设立日期"), default=date(2000, 1, 1))
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("承继单位"))

    objects = InForce.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("责任单位")

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """A name as papers write it. Several may mean one unit; which, a person decides."""

    text = models.CharField(_("写法"), max_length=80, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names", verbose_name=_("责任单位"))

    class Meta:
        ordering = ["text"]
        verbose_name = verbose_name_plural = _("单位写法")

    def __str__(self) -> str:
        return self.text


class UnitContact(models.Model):
    """Who is responsible or to be asked at a unit, for a time."""

    class Duty(models.TextChoices):
        LEADER = "leader", _("分管负责人")
        CONTACT = "contact", _("联系人")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="contacts", verbose_name=_("责任单位"))
    duty = models.CharField(_("职责"), max_length=8, choices=Duty.choices, default=Duty.CONTACT)
    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    phone = models.CharField(_("办公电话"), max_length=40, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = verbose_name_plural = _("单位联系人")

    def __str__(self) -> str:
        return self.name


_KINDS = (
    (Unit.Kind.GROUP, ("各", "相关成员单位")),
    (Unit.Kind.JUSTICE, ("法院", "检察院")),
    (Unit.Kind.ZONE, ("开发区", "经开区", "保税区", "高新区", "综保区", "生态城")),
    (Unit.Kind.CUSTOMS, ("海关", "监分局")),
    (Unit.Kind.COMPANY, ("集团", "公司")),
)  # fmt: skip


def kind_by_name(text: str) -> str:
    """The kind a name suggests; corrected by hand where it misleads."""
    for kind, signs in _KINDS:
        if any(text.startswith(sign) if sign == "各" else sign in text for sign in signs):
            return kind
    return Unit.Kind.BUREAU


def known_as(text: str) -> Unit | None:
    """The unit a paper means by this name."""
    found = UnitName.objects.filter(text=text).select_related("unit").first()
    return found.unit if found else None


def get_or_enter(text: str) -> Unit:
    """The unit of a name; a name nobody has seen makes a unit of its own until somebody joins the two."""
    known = known_as(text)
    if known is not None:
        return known
    unit, _made = Unit.objects.get_or_create(name=text, defaults={"kind": kind_by_name(text)})
    UnitName.objects.get_or_create(text=text, defaults={"unit": unit})
    return unit


def join(unit: Unit, into: Unit) -> None:
    """Two names mean one unit: every name and contact of the first is the second's from now on."""
    unit.names.update(unit=into)
    unit.contacts.update(unit=into)


def alike(units: list[Unit]) -> list[tuple[Unit, Unit]]:
    """Pairs one of whose names is the other with characters left out: perhaps the same unit, to be looked at."""

    def within(short: str, long: str) -> bool:
        rest: Any = iter(long)
        return len(short) >= 3 and all(character in rest for character in short)

    return [
        (one, other)
        for one in units
        for other in units
        if one is not other and len(one.name) < len(other.name) and within(one.name, other.name)
    ]
