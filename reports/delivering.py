"""Keeping what others deliver: nothing overlaps unsaid, what is typed by hand counts from its second person on."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases import chain
from cases.errors import DomainError, Refused

from .models import Delivery

STAMP = "deliveries"


def keep(delivery: Delivery, today: date, *, replace: bool) -> bool:
    """Save a delivery unless the same stands already; one that overlaps is refused, or replaced where that is said.

    Raises DomainError `overlaps`.
    """
    others = Delivery.objects.filter(
        kind=delivery.kind, scope=delivery.scope, start__lte=delivery.end, end__gte=delivery.start,
        replaced_on__isnull=True,
    )  # fmt: skip
    same = ("start", "end", "numbers", "source_ref")
    if any(all(getattr(one, c) == getattr(delivery, c) for c in same) for one in others):
        return False
    if others and not replace:
        words = _("与已登记的 %(other)s 期间重叠；确需更正的，请选择“替换原数据”。") % {"other": others[0]}
        raise DomainError("overlaps", words)
    standing = [(one.pk, one.confirmed_on) for one in others]
    delivery.save()
    for (
        pk,
        confirmed_on,
    ) in standing:  # what nobody has confirmed is gone at once, what counts stays till this one does
        gone = today if delivery.confirmed_on or confirmed_on is None else None
        Delivery.objects.filter(pk=pk).update(replaced_by=delivery, replaced_on=gone)
    return True


def type_in(delivery: Delivery, *, by: Any, today: date, replace: bool) -> bool:
    """Keep numbers typed by hand: they count once a second person has compared them with the scan.

    Raises DomainError `overlaps`.
    """
    delivery.entered_by, delivery.entered_on = by, today
    with transaction.atomic():
        chain.raise_stamp(STAMP)
        return keep(delivery, today, replace=replace)


def confirm(pk: int, *, by: Any, today: date) -> Delivery:
    """A second person has compared the numbers with the paper; what they replace counts no longer from today.

    Raises DomainError `confirmed_already`, `replaced`, Refused `same_person`.
    """
    with transaction.atomic():
        chain.raise_stamp(STAMP)
        row = Delivery.objects.select_for_update().get(pk=pk)
        if row.confirmed_on is not None:
            raise DomainError("confirmed_already", _("这项数据已经复核，无需再次办理。"))
        if row.replaced_on is not None:
            raise DomainError("replaced", _("这项数据已被重新录入的数据替换，请复核新的一项。"))
        if row.entered_by_id == by.pk:
            raise Refused("same_person", _("录入人不能复核自己录入的数据，请由另一名工作人员复核。"))
        row.confirmed_by, row.confirmed_on = by, today
        row.save(update_fields=["confirmed_by", "confirmed_on"])
        Delivery.objects.filter(replaced_by=row, replaced_on__isnull=True).update(replaced_on=today)
        return row
