"""The end of a file: bound, archived, read afterwards. What belongs in it stands in cases/archiving.py."""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import archiving, binding
from cases.errors import DomainError
from cases.stepping import act

from .approval import Approval
from .archive import Reading, Volume
from .papers import later

if TYPE_CHECKING:
    from cases.entry import Entry

RULE = "AR-01"


def not_at_its_end(row: Any) -> DomainError | None:
    """Why a file cannot be bound or archived yet."""
    if row.is_open or row.state == "void":
        return later(_("本程序尚未结案，结案后才能装订、归档。"))
    return None


def not_archived(row: Any) -> DomainError | None:
    """Why there is nothing to reopen."""
    return None if row.archived_on else later(_("本程序尚未归档。"))


def still_open(row: Any) -> DomainError | None:
    """Why nobody reads the file yet."""
    return later(_("本程序尚未结案，结案后才能登记阅卷。")) if row.is_open else None


class Filing:
    """Mixin of `Proceeding`; `self` is the locked row."""

    def start_archiving(self: Any, entry: "Entry") -> None:
        """From the end on, the file is to be archived within the house's own limit (AR-01)."""
        entry.start(RULE)

    @act(label=_("装订卷宗"), rare=True, ready=not_at_its_end)
    def bind_volumes(self: Any, entry: "Entry") -> None:
        """装订卷宗：正卷、副卷各成一份有页码的 PDF；此前装订的不再有效。"""
        for earlier in self.volumes.filter(cancelled=False):
            earlier.cancelled = True
            entry.save(earlier)
        for kind in Volume.Kind.values:
            planned = binding.planned(self, kind)
            if not planned and kind == Volume.Kind.CLOSED:
                continue
            contents = json.dumps([one.row() for one in planned], ensure_ascii=False)
            volume = Volume(proceeding=self, kind=kind, contents=contents, bound_on=entry.on, by=entry.by)
            entry.save(volume)
            entry.effect("bind_volume", volume=str(volume.uid))

    @act(label=_("归档"), rare=True, ready=not_at_its_end)
    def archive(self: Any, entry: "Entry") -> None:
        """归档：材料齐全，或者逐项写明缺少的原因；归档后不再办理，只能登记回访、履行和阅卷。"""
        if Approval.objects.filter(proceeding=self.pk, state=Approval.State.OPEN).exists():
            raise DomainError("approval_pending", _("本案有事项正在审批，请等待审批结束后再归档。"))
        drafts = [document.title for document in self.documents.filter(state="draft")]
        if drafts:
            words = _("还有未签发的文稿：%(names)s，请先签发或者作废。") % {"names": "、".join(drafts)}
            raise DomainError("drafts_left", words)
        reasons = entry.data["reasons"]
        unexplained = [item for item in archiving.missing(self) if item.code not in reasons]
        if unexplained:
            raise DomainError(
                "file_incomplete",
                _("卷宗还缺少：%(names)s。请补齐，或者逐项写明原因。")
                % {"names": "、".join(str(item.label) for item in unexplained)},
            )
        self.archived_on = entry.on
        for document in self.documents.filter(state__in=("issued", "sealed", "served")):
            document.state = "archived"
            entry.save(document)
        entry.finish(RULE)
        entry.note(missing=reasons)

    @act(label=_("撤销归档"), rare=True, grave=True, ready=not_archived)
    def reopen_archive(self: Any, entry: "Entry") -> None:
        """撤销归档：经批准后卷宗可以补充材料，期限重新起算；已归档的文书不变。"""
        self.archived_on = None
        entry.start(RULE)
        entry.note(reason=entry.data["reason"])

    @act(label=_("登记阅卷"), rare=True, ready=still_open)
    def record_reading(self: Any, entry: "Entry") -> None:
        """登记阅卷：当事人、代理人或者法院何时查阅、复制了正卷的哪些内容。"""
        data = entry.data
        reading = Reading(
            proceeding=self, party=data.get("party"), reader=data["reader"], capacity=data["capacity"], what=data["what"],
            copied=data["copied"], on=entry.on, by=entry.by,
        )  # fmt: skip
        entry.save(reading)
