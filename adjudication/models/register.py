"""The public register of rulings: one row per line that anyone can download and check.

Lines are only ever added, by adjudication/register.py inside the door.
"""

import csv
import io
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import chain, guards
from cases.models import Chain
from cases.protection import sm3

CHAIN_KEY = "rulings"
COLUMNS = ("seq", "number", "status", "on", "due_on", "ground", "digest", "prev", "hash")


class RegisterLine(models.Model):
    """One change of one adjudication number. What holds now is a number's last line.

    `hash` is the SM3 of the line's bytes before its last comma; those bytes contain `prev`, the hash before it.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("办理中")
        CLOSED_WITHOUT_RULING = "closed_without_ruling", _("未作出裁决")
        DUE = "due", _("待公开")
        PUBLISHED = "published", _("已公开")
        CHANGED = "changed", _("变更后公开")
        WITHHELD = "withheld", _("依法不公开")
        WITHDRAWN = "withdrawn", _("已撤下")
        VOID = "void", _("立案已撤销")

    seq = models.PositiveBigIntegerField(unique=True)
    number = models.CharField(_("案号"), max_length=60, db_index=True)
    status = models.CharField(_("状态"), max_length=25, choices=Status.choices)
    on = models.DateField(_("日期"))
    due_on = models.DateField(_("公开期限"), null=True, blank=True)
    ground = models.CharField(_("依据"), max_length=300, blank=True)
    digest = models.CharField(_("公开文本摘要"), max_length=64, blank=True)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        verbose_name = verbose_name_plural = _("公开登记")

    number_of: Any = None  # the adjudication whose number is given by the same call
    grown_on: date | None = None

    def __str__(self) -> str:
        return f"{self.seq} {self.number} {self.status}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Take the next place in the chain, under its lock, and write the line; never a second time."""
        if self.pk is not None:
            raise TypeError("a register line is never changed")
        if self.number_of is not None:
            self.number = self.number_of.number
        if not self.number:
            raise TypeError("a register line needs the number of an adjudication")
        link = chain.locked(Chain.Kind.REGISTER, CHAIN_KEY)
        self.seq, self.prev = link.length + 1, link.head
        self.hash = sm3(self.bytes_before_hash)
        link.length, link.head, link.grown_on = self.seq, self.hash, self.grown_on or self.on
        link.save()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    @property
    def bytes_before_hash(self) -> bytes:
        """The line up to its last comma, as the file holds it (UTF-8)."""
        out = io.StringIO()
        values = [getattr(self, name) for name in COLUMNS[:-1]]
        csv.writer(out, lineterminator="").writerow(["" if v is None else v for v in values])
        return out.getvalue().encode()

    @property
    def csv_line(self) -> str:
        """The whole line without its line end."""
        return f"{self.bytes_before_hash.decode()},{self.hash}"


guards.protect(RegisterLine._meta.db_table)
