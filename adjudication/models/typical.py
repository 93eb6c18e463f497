"""典型案例: a batch of cases told to the public in short, rulings by their page, mediations only with consent.

What the public reads stands in `PublishedBatch`, made from the rows by the publishing step; nothing there links to a
person. What may not go out is tested by adjudication/typical.py.
"""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from adjudication.typical import TOLD, obstacles, of_people
from cases.errors import Conflict, DomainError, VersionMissing
from cases.kinds import kind
from cases.models import Evidence, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step
from stations.models import Body

from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry


class TypicalCase(models.Model):
    """One case of a batch, as it will be told. It names a public ruling, or a closed mediation whose parties agree."""

    batch = models.ForeignKey("adjudication.TypicalBatch", models.PROTECT, related_name="cases")
    number = models.CharField(_("案号"), max_length=60)
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(Proceeding, models.PROTECT, null=True, related_name="+")
    title = models.CharField(_("标题"), max_length=120)
    facts = models.TextField(_("基本案情"))
    result = models.TextField(_("处理结果"))
    significance = models.TextField(_("典型意义"))
    consent = models.ForeignKey(
        Evidence, models.PROTECT, null=True, related_name="+", verbose_name=_("当事人同意书")
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    revision = models.PositiveIntegerField(default=0)
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = verbose_name_plural = _("典型案例")

    def __str__(self) -> str:
        return self.title


class PublishedBatch(models.Model):
    """What the public reads of a batch: words only. Withdrawn, its address says so; the row stays."""

    class State(models.TextChoices):
        LIVE = "live", _("公开中")
        WITHDRAWN = "withdrawn", _("已撤下")
        UNDONE = "undone", _("已撤回")

    batch = models.ForeignKey("adjudication.TypicalBatch", models.PROTECT, related_name="published")
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    title = models.CharField(max_length=120)
    text = (
        models.TextField()
    )  # JSON: introduction, cases of {title, facts, result, significance, path, unindexed}
    published_on = models.DateField()
    gone_on = models.DateField(null=True)
    gone_ground = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-published_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"], condition=models.Q(state__in=["live", "withdrawn"]), name="one_public_text_per_batch"
            )
        ]  # fmt: skip

    def told(self) -> dict[str, Any]:
        """The words, as they were published."""
        return dict(json.loads(self.text))

    @property
    def path(self) -> str:
        """Its permanent address, without the base."""
        return f"/rulings/typical/{self.batch_id}/"

    @property
    def unindexed(self) -> bool:
        """Do search engines stay out, as they do of a ruling, because a natural person or sole trader is told of?"""
        return any(one.get("unindexed", True) for one in self.told()["cases"])


@kind(
    "typical_cases",
    label=_("典型案例"),
    states={**BASE_STATES, "received": _("选编中"), "published": _("已发布"), "withdrawn": _("已撤下")},
    way=("received", "published"),
    ends={"published", "withdrawn"},
    body=Body.Kind.BUREAU,
    page="typical_batch",
)
class TypicalBatch(Proceeding):
    """A batch: a matter without parties, opened by hand."""

    title = models.CharField(_("批次名称"), max_length=120)
    introduction = models.TextField(_("前言"), blank=True)

    body_kind = Body.Kind.BUREAU
    handler_capacity = "reviewer"

    class Meta:
        verbose_name = verbose_name_plural = _("典型案例批次")

    def typical_rows(self) -> "models.QuerySet[TypicalCase]":
        """The cases of the batch in their order."""
        return self.cases.filter(cancelled=False).select_related("ruling", "source", "consent")

    def unfit(self) -> DomainError | None:
        """What is refused while something of it must not be told."""
        found = obstacles(self)
        return DomainError("unfit", " ".join(found)) if found else None

    def begin(self, entry: "Entry") -> None:
        """Nothing runs: no law sets a time."""

    # acts --------------------------------------------------------------------------------------------------

    @act(open_in="received", label=_("加入案例"))
    def add_typical(self, entry: "Entry") -> None:
        """Put a case into the batch, told in four parts."""
        last = self.typical_rows().last()
        row = TypicalCase(batch=self, position=last.position + 1 if last else 1)
        self._fill(row, entry)

    @act(open_in="received", label=_("修改案例"), revises="typical")
    def edit_typical(self, entry: "Entry") -> None:
        """Tell a case otherwise, or put it at another place of the batch."""
        row = self._seen(entry)
        row.position = entry.data["position"] or row.position
        self._fill(row, entry)

    @act(open_in="received", label=_("移出案例"), revises="typical")
    def drop_typical(self, entry: "Entry") -> None:
        """Take a case out of the batch."""
        row = self._seen(entry)
        row.cancelled = True
        entry.save(row)
        entry.note(number=row.number)

    def _seen(self, entry: "Entry") -> TypicalCase:
        """The row as the caller has seen it."""
        row: TypicalCase = entry.data["typical"]
        if entry.data["revision"] is None:
            raise VersionMissing("revision_missing", _("请求缺少修订号（revision），请先读取最新内容。"))
        if entry.data["revision"] != row.revision:
            raise Conflict(
                "stale_revision", _("该案例刚刚被其他人修改，请刷新后再办理；您填写的内容没有丢失。"),
                revision=row.revision,
            )  # fmt: skip
        return row

    def _fill(self, row: TypicalCase, entry: "Entry") -> None:
        for name in (*TOLD, "number", "ruling", "source", "consent"):
            setattr(row, name, entry.data[name])
        row.revision += 1
        entry.save(row)
        entry.note(number=row.number)

    # steps -------------------------------------------------------------------------------------------------

    @step(source="received", target="published", label=_("发布"), ready=lambda row: row.unfit())
    def publish(self, entry: "Entry") -> None:
        """发布: what was told goes public as it stands; nothing of it names a party of a mediation."""
        if (unfit := self.unfit()) is not None:
            raise unfit
        told = [
            {name: getattr(row, name) for name in TOLD} | {"path": _page_of(row), "unindexed": of_people(row)}
            for row in self.typical_rows()
        ]
        text = json.dumps({"introduction": self.introduction, "cases": told}, ensure_ascii=False)
        entry.save(PublishedBatch(batch=self, title=self.title, text=text, published_on=entry.on))
        entry.fact("typical_published", value=str(len(told)))

    @step(source="published", target="withdrawn", label=_("撤下"), grave=True)
    def withdraw(self, entry: "Entry") -> None:
        """撤下: the address answers 410 with the words of the ground."""
        for text in self.published.filter(state=PublishedBatch.State.LIVE):
            text.state, text.gone_on, text.gone_ground = text.State.WITHDRAWN, entry.on, entry.data["ground"]
            entry.save(text)
        entry.withdraw_facts("typical_published")

    def undone(self, entry: "Entry", name: str) -> None:
        """Take back what the public read, or put it up again."""
        shown = {"publish": PublishedBatch.State.LIVE, "withdraw": PublishedBatch.State.WITHDRAWN}.get(name)
        for text in self.published.filter(state=shown) if shown else ():
            text.state = text.State.UNDONE if name == "publish" else text.State.LIVE
            text.gone_on, text.gone_ground = None, ""
            entry.save(text)


def _page_of(row: TypicalCase) -> str:
    """Where the ruling stands in full."""
    text = row.ruling.published.filter(state="live").first() if row.ruling is not None else None
    return text.path if text is not None else ""
