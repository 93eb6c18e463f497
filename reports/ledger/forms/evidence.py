"""Forms of what proves a task or a policy: progress, ties. Acts stand on a mixin: bound to each kind that has them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.forms import LongField, StepForm
from cases.models import Proceeding
from cases.models.matter import PAGE
from reports.ledger import evidence
from reports.ledger.models.evidence import Evidenced, EvidenceTie


class NoteProgress(StepForm):
    step = Evidenced.note_progress
    text = LongField(
        label=_("进展"), max_length=2000, help_text=_("做了什么、结果怎样；证明材料在本页“添加材料”上传。")
    )


class TieEvidence(StepForm):
    step = Evidenced.tie_evidence
    source = forms.ChoiceField(label=_("佐证"), choices=evidence.choices)
    ref = forms.CharField(
        label=_("事项编号"), required=False, max_length=19,
        help_text=_("佐证为“某一事项”时填写：事项页面地址末尾的数字。"),
    )  # fmt: skip
    said = forms.CharField(label=_("说明"), required=False, max_length=200)
    shown_if = {"ref": f"source={evidence.ROW}"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ref = (cleaned.get("ref") or "").strip()
        if cleaned.get("source") != evidence.ROW:
            return cleaned | {"ref": ""}
        seen = Proceeding.objects.visible_to(self.by, self.today)
        row = seen.filter(pk=int(ref)).first() if ref.isdigit() else None
        if row is None or kinds.get(row.kind).page != PAGE:
            words = _("没有您可以查看的这个事项，请核对事项编号。")
            self.add_error("ref", ValidationError(words, code="unknown_matter"))
        return cleaned | {"ref": ref}


class UntieEvidence(StepForm):
    step = Evidenced.untie_evidence
    dated = False
    tie = forms.ModelChoiceField(EvidenceTie.objects.none(), label=_("佐证"), empty_label=_("请选择"))
    reason = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            field: Any = self.fields["tie"]
            field.queryset = self.proceeding.ties.filter(cancelled=False)
            known = dict(evidence.choices())
            field.label_from_instance = lambda tie: str(known.get(tie.source, tie.source))
