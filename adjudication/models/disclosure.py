"""Disclosure of one ruling: from its making to the public page, to withholding it on a ground, to taking it down.

What the public reads stands in models/public.py; how it is made and tested, in publication.py.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adjudication import check_report, protected, regime, register
from adjudication.redaction import CATEGORIES, KEEP, Replacement
from cases.documents.template import chinese_date
from cases.errors import Conflict, DomainError, VersionMissing
from cases.kinds import kind
from cases.models import Approval, Case, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.permissions import approvers_of, role_names
from cases.protection import Sealed
from cases.stepping import act, step
from stations.models import Body

from .public import PublishedRuling, numbers_of
from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry

# Why a ruling is not public (政府信息公开条例第十四条、第十五条). The words go into the register as they stand.
GROUNDS = [
    ("state_secret", _("《政府信息公开条例》第十四条：依法确定为国家秘密")),
    ("forbidden", _("《政府信息公开条例》第十四条：法律、行政法规禁止公开")),
    ("security", _("《政府信息公开条例》第十四条：公开后可能危及国家安全、公共安全、经济安全、社会稳定")),
    ("trade_secret", _("《政府信息公开条例》第十五条：涉及商业秘密，公开会对第三方合法权益造成损害")),
    ("privacy", _("《政府信息公开条例》第十五条：涉及个人隐私，公开会对第三方合法权益造成损害")),
]  # fmt: skip


@kind(
    "disclosure",
    label=_("公开审查"),
    states={
        **BASE_STATES,
        "received": _("待公开"),
        "published": _("已公开"),
        "withheld": _("依法不公开"),
        "withdrawn": _("已撤下"),
    },
    way=("received", "published"),
    ends={"published", "withheld", "withdrawn"},
    body=Body.Kind.BUREAU,
)
class Disclosure(Proceeding):
    """Child of an adjudication, opened by its signing (T-27) or by a court's change of the ruling (T-28)."""

    class Rule(models.TextChoices):
        MADE = "T-27", _("作出裁决")
        CHANGED = "T-28", _("诉讼变更、撤销")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="disclosures", verbose_name=_("裁决书"))
    rule = models.CharField(_("公开事由"), max_length=5, choices=Rule.choices, default=Rule.MADE)
    ground = models.CharField(_("不公开的依据"), max_length=20, choices=GROUNDS, blank=True)
    marks_sealed = models.TextField(blank=True, default="", editable=False)
    revision = models.PositiveIntegerField(default=0)  # of the marked text; 0: nobody has saved one yet
    summary_english = models.TextField(
        _("英文摘要"), blank=True, default=""
    )  # of a ruling with foreign parties

    marks_text = Sealed("marks")

    body_kind = Body.Kind.BUREAU
    handler_capacity = "reviewer"

    class Meta:
        verbose_name = verbose_name_plural = _("公开审查")

    @property
    def starts_on(self) -> date:
        """The day from which the 20 working days run."""
        changed = self.rule == self.Rule.CHANGED and self.received_on is not None
        return self.received_on if changed else self.ruling.made_on  # type: ignore[return-value]

    @property
    def publish_by(self) -> date:
        return register.publish_by(self.starts_on, self.rule)

    @property
    def marks(self) -> list[Replacement]:
        """What is replaced in the public text, as last saved."""
        return [Replacement(**row) for row in json.loads(self.marks_text or "[]")]

    def candidate(self) -> PublishedRuling | None:
        """The public text made from the marks as they stand, tested or not; None while it is being made."""
        made = PublishedRuling.objects.filter(disclosure=self.pk, revision=self.revision)
        return made.order_by("-pk").first() if self.revision else None

    @property
    def is_foreign(self) -> bool:
        """Is a case the ruling ends foreign-related (涉外)? Those of Hong Kong, Macao and Taiwan are not."""
        return self.ruling.adjudications.filter(case__foreign=Case.Foreign.FOREIGN).exists()

    def case_numbers(self) -> list[str]:
        """Case numbers that this ruling ends."""
        return numbers_of(self.ruling)

    # steps -------------------------------------------------------------------------------------------------

    def begin(self, entry: "Entry") -> None:
        """The ruling is made, or changed by a court: 20 working days to publish it (办法第八十三条).

        The `due` line in the register is written by the step that opens this.
        """
        before = Disclosure.objects.filter(ruling=self.ruling_id).exclude(pk=self.pk).exclude(state="void")
        if before.exists():
            self.rule = self.Rule.CHANGED
        entry.start(self.rule, on=self.starts_on)

    @act(open_in=("received", "published", "withheld", "withdrawn"), label=_("编辑公开文本"))
    def redact(self, entry: "Entry") -> None:
        """Save what is replaced; the worker then makes every public form of it and searches them."""
        seen = entry.data.get("revision")
        if seen is None:
            raise VersionMissing("revision_missing", _("请求缺少修订号（revision），请先读取最新内容。"))
        if seen != self.revision:
            raise Conflict(
                "stale_revision",
                _("公开文本刚刚被其他人修改，请刷新后再编辑；您填写的内容没有丢失。"),
                revision=self.revision,
            )
        rows = [{name: row[name] for name in Replacement.__slots__} for row in entry.data["replacements"]]
        self.marks_text, self.revision = json.dumps(rows, ensure_ascii=False), self.revision + 1
        self.summary_english = entry.data.get("summary_english", self.summary_english)
        entry.note(marks=len(rows))
        entry.effect("render_ruling", disclosure=self.pk, revision=self.revision)

    @step(source="received", target="published", label=_("公开"))
    def publish(self, entry: "Entry") -> None:
        """公开: makes the tested bytes current; a second reviewer has approved exactly this revision."""
        self._publish(entry)

    @step(source=["published", "withheld", "withdrawn"], target="published", label=_("重新公开"))
    def republish(self, entry: "Entry") -> None:
        """重新公开: a corrected text takes the place of the page, or a page is there again."""
        self._refuse_if_older()
        withheld = self.state == "withheld"
        self._publish(entry)
        if withheld:
            entry.withdraw_facts("withheld")
        self.ground = ""

    @step(source="received", target="withheld", label=_("依法不公开"), grave=True)
    def withhold(self, entry: "Entry") -> None:
        """依法不公开 on a statutory ground: nothing of it is public but its number, in the register."""
        if self._live().exists():
            raise DomainError(
                "still_public", _("本裁决的公开页面仍在，请先在原公开审查中撤下，再办理不公开。")
            )
        self.ground = entry.data["ground"]
        entry.fact("withheld", value=self.ground, subject=self.ruling.subject)
        entry.finish(self.rule)
        self._lines(entry, "withheld", ground=str(self.get_ground_display()))
        self._review(entry, proposal=str(_("拟不予公开。")) + entry.data["reason"], ground=self.ground)

    @step(source="published", target="withdrawn", label=_("撤下"), grave=True)
    def withdraw(self, entry: "Entry") -> None:
        """撤下: the address answers 410 with the ground from this transaction on; the register keeps the history."""
        self._refuse_if_older()
        self.ground = entry.data["ground"]
        for text in self._live():
            text.state, text.gone_on, text.gone_ground = (
                text.State.WITHDRAWN,
                entry.on,
                str(self.get_ground_display()),
            )
            entry.save(text)
        entry.fact("unpublished", value=self.ground, subject=self.ruling.subject)
        entry.effect("index_ruling", ruling=self.ruling_id)
        self._lines(entry, "withdrawn", ground=str(self.get_ground_display()))

    def undone(self, entry: "Entry", name: str) -> None:
        """Take back pages and say in the register what holds again."""
        mine = PublishedRuling.objects.filter(disclosure__ruling=self.ruling_id)
        entry.effect("index_ruling", ruling=self.ruling_id)
        if name in ("publish", "republish"):
            for text in mine.filter(state=PublishedRuling.State.LIVE):
                was_down = self.state == "withdrawn" and text.gone_on is not None
                text.state, text.valid_from = text.State.WITHDRAWN if was_down else text.State.CANDIDATE, None
                entry.save(text)
                for old in mine.filter(replaced_by=text).select_related("disclosure"):
                    then = self.state if old.disclosure_id == self.pk else old.disclosure.state
                    old.state = old.State.WITHDRAWN if then == "withdrawn" else old.State.LIVE
                    old.replaced_by = None
                    entry.save(old)
        elif name == "withdraw":
            for text in mine.filter(state=PublishedRuling.State.WITHDRAWN):
                text.state, text.gone_on, text.gone_ground = text.State.LIVE, None, ""
                entry.save(text)
        ground = str(self.get_ground_display()) if self.ground else ""
        if self.state == "published":
            page = next(
                (r for r in entry.rows if isinstance(r, PublishedRuling) and r.state == r.State.LIVE), None
            )
            self._lines(
                entry, "changed" if self._changes() else "published", digest=page.digest if page else ""
            )
        else:
            status = {"received": "due"}.get(self.state, self.state)
            self._lines(entry, status, ground=ground, due_on=self.publish_by if status == "due" else None)

    # what the steps share ----------------------------------------------------------------------------------

    def _live(self) -> "models.QuerySet[PublishedRuling]":
        return PublishedRuling.objects.filter(ruling=self.ruling_id, state=PublishedRuling.State.LIVE)

    def _changes(self) -> bool:
        return self.rule == self.Rule.CHANGED

    def _refuse_if_older(self) -> None:
        later = Disclosure.objects.filter(ruling=self.ruling_id, pk__gt=self.pk, version__gt=0)
        if later.exclude(state__in=["received", "void"]).exists():
            raise DomainError(
                "later_disclosure", _("本裁决已因诉讼变更重新公开，请在最近一次公开审查中办理。")
            )

    def _publish(self, entry: "Entry") -> None:
        text = self._tested(entry.data["revision"], entry.data.get("seal", ""))
        if text.state == text.State.LIVE:
            raise DomainError(
                "nothing_new",
                _("公开页面已经是该修订的文本，没有变化；请先编辑公开文本，检查通过后再重新公开。"),
            )
        earlier = list(PublishedRuling.objects.filter(ruling=self.ruling_id, state__in=PublishedRuling.SHOWN))
        changes = self._changes() or any(old.state == old.State.LIVE for old in earlier)
        for old in earlier:
            old.state, old.replaced_by = old.State.REPLACED, text
            entry.save(old)
        first = min((old.published_on for old in earlier if old.published_on), default=entry.on)
        text.state, text.valid_from, text.published_on = text.State.LIVE, entry.on, first
        entry.save(text)
        entry.fact("published", value="changed" if changes else "first", subject=self.ruling.subject)
        entry.finish(self.rule)
        entry.effect("refresh_ruling_status", ruling=self.ruling_id)
        entry.effect("index_ruling", ruling=self.ruling_id)
        self._lines(entry, "changed" if changes else "published", digest=text.digest)
        self._review(entry, proposal=entry.data["proposal"], text=text)

    def _tested(self, revision: int, seal: str) -> PublishedRuling:
        """The candidate of exactly the revision and bytes that were reviewed, if it passed and nothing moved under it."""
        if revision != self.revision:
            raise Conflict(
                "stale_revision", _("公开文本在送审后又有修改，请重新审核后再公开。"), revision=self.revision
            )
        text = self.candidate()
        if text is None:
            raise DomainError(
                "not_rendered", _("公开文本尚未生成或者尚未检查，请保存公开文本并等待检查结果。")
            )
        if text.undecided:
            raise DomainError(
                "undecided",
                _("还有 %(n)s 处待人工判断（个体工商户字号等），请逐一选择遮盖或者不遮盖并保存后再办理。")
                % {"n": text.undecided},
            )
        if not text.passed:
            raise DomainError("check_failed", _("公开前检查未通过，请按检查结果修改公开文本。"))
        if seal and seal != text.seal:
            raise Conflict("bytes_moved", _("送审的公开文本与现在生成的不是同一份，请重新审核后再公开。"))
        if text.basis != protected.basis(self.ruling):
            raise DomainError(
                "basis_moved", _("检查之后当事人信息有更正，请重新保存公开文本，检查通过后再公开。")
            )
        return text

    def _lines(self, entry: "Entry", status: str, **facts: Any) -> None:
        for number in self.case_numbers():
            register.line(entry, number, status, entry.on, **facts)

    def _review(
        self, entry: "Entry", *, proposal: str, ground: str = "", text: PublishedRuling | None = None
    ) -> None:
        """信息公开审查表: who proposed, who examined, what was taken out and searched for; by category, never the words."""
        asked = Approval.objects.filter(proceeding=self.pk, name=entry.name).order_by("-pk").first()
        decided = [json.loads(line) for line in asked.decided.splitlines()] if asked else []
        roles = approvers_of(self, entry.name)
        entry.paper(
            "disclosure_review",
            number=self.ruling.number,
            document_title=str(_("专利侵权纠纷行政裁决书")),
            made_on=self.ruling.made_on,
            due_on=self.publish_by,
            state_secret=ground == "state_secret",
            trade_secret=ground == "trade_secret" or bool(entry.data.get("trade_secret")),
            privacy=ground == "privacy" or bool(entry.data.get("privacy")),
            other_ground=str(dict(GROUNDS)[ground]) if ground else str(_("无")),
            profile=regime.profile_in_words(text.profile, text.profile_document)
            if text
            else str(_("不适用")),
            checked=check_report.report(text).in_words() if text else str(_("不予公开，未生成公开文本。")),
            removed=removed_words(self.marks),
            basis=regime.cite("publication", self.starts_on),
            proposal=proposal,
            proposer=entry.by.display_name,
            proposed_on=asked.asked_on if asked else entry.on,
            opinions=[_opinion(role, decided) for role in roles],
        )


def _opinion(role: str, decided: Sequence[dict[str, Any]]) -> dict[str, str]:
    found = next((d for d in decided if d["role"] == role and d["decision"] == "approve"), None)
    row = {"role": role_names([role]), "opinion": "", "name": "", "on": ""}
    if found:
        row |= {
            "opinion": found["reason"] or str(_("同意。")),
            "name": found["name"],
            "on": chinese_date(_day(found["at"])),
        }
    return row


def _day(at: str) -> date:
    return timezone.localtime(datetime.fromisoformat(at)).date()


def removed_words(marks: Sequence[Replacement]) -> str:
    """How many marks of which category, in words."""
    counted: dict[str, int] = {}
    for mark in marks:
        if mark.category != KEEP:
            counted[mark.category] = counted.get(mark.category, 0) + 1
    words = "；".join(f"{CATEGORIES[name]}{count}项" for name, count in counted.items())
    return f"{words}。" if words else str(_("没有删除或者替换的内容。"))
