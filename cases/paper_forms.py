"""Forms of the acts on papers: printing, drafting, bringing back, issuing, correcting, sealing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import blank_forms, drafting, files
from .documents.docx_losses import losses
from .documents.docx_reading import MAX_BYTES, UnreadableDocument, read_docx
from .documents.making import DOCX_TYPE
from .documents.template import kinds, load
from .forms import LongField, OfCase, StepForm, TableField
from .models import Document, Evidence, Party, Proceeding
from .models.papers import OUT


class PrintForm(StepForm):
    step = Proceeding.print_form
    dated = False
    form = forms.ChoiceField(label=_("表单"), choices=[(f.kind, f.title) for f in blank_forms.FORMS.values()])
    party = OfCase(
        Party,
        label=_("由谁填写"),
        required=False,
        help_text=_("送达地址、授权委托等由一方填写的表单请选择。"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            chosen = [(f.kind, f.title) for f in blank_forms.of_kind(self.proceeding.kind)]
            self.fields["form"].choices = chosen  # type: ignore[attr-defined]


class DraftPaper(StepForm):
    step = Proceeding.draft_paper
    dated = False
    # all of them: the record reads the title of what was drafted from here
    paper = forms.ChoiceField(label=_("文书"), choices=lambda: [(kind, load(kind).title) for kind in kinds()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            found = drafting.drafted_for(self.proceeding.kind)
            self.fields["paper"].choices = [(t.kind, t.title) for t in found]  # type: ignore[attr-defined]


class OfDraft(StepForm):
    """Base of the acts on a draft: it is chosen with its revision, so that nobody acts on another one than he read."""

    draft = forms.ChoiceField(label=_("文稿"), choices=[])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        seen = Document.objects.visible_to(self.by, self.today, self.proceeding.case_id).filter(
            proceeding=self.proceeding.pk, state=Document.State.DRAFT, kind__in=self.drafted()
        )
        self.drafts = {f"{one.pk}:{one.revision}": one for one in seen.select_related("drafted_by")}
        field = self.fields["draft"]
        field.choices = [(key, _name(one)) for key, one in self.drafts.items()]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = _(
            "该文稿已有新的一稿，或者已经签发、作废，请重新打开本页选择。"
        )

    def drafted(self) -> list[str]:
        """Kinds of paper whose drafts may be chosen: those without a way of their own."""
        return [template.kind for template in drafting.drafted_for(self.proceeding.kind)]

    def clean_draft(self) -> Document:
        return self.drafts[self.cleaned_data["draft"]]


def _name(draft: Document) -> str:
    return f"{draft.title}（第{draft.revision}稿，{draft.drafted_by or ''}）"


class BringBack(OfDraft):
    step = Proceeding.bring_back
    dated = False
    use_required_attribute = False  # the file may be uploaded in place of the choice
    file = OfCase(Evidence, label=_("修改后的 .docx 文件"))
    without = forms.BooleanField(
        label=_("已知悉下列内容不能带回，不带回也可以"),
        required=False,
        help_text=_("文件中有图片、批注等内容时才需要选择。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        evidence = cleaned.get("file")
        if evidence is None:
            return cleaned
        if evidence.file.type != DOCX_TYPE:
            self._refuse(_("请上传 .docx 文件；其他格式请用 WPS 或者 Word 另存为 .docx。"), "not_docx")
            return cleaned
        if evidence.file.size > MAX_BYTES:
            self._refuse(_("文件超过 20 MB，请删去图片后重新上传"), "too_large")
            return cleaned
        with files.open(evidence.file.sm3) as opened:
            content = opened.read()
        try:
            blocks = drafting.unmarked(read_docx(content))
        except UnreadableDocument as error:
            self._refuse(error.message, error.code)
            return cleaned
        lost = losses(content)
        if not blocks:
            self._refuse(_("文件中没有可以带回的文字，请核对是否选错文件。"), "empty")
        elif lost and not cleaned.get("without"):
            words = _("以下内容不能带回：%(lost)s。请在文件中处理后重新上传，或者选择“不带回也可以”。")
            self._refuse(words % {"lost": "；".join(lost)}, "not_carried")
        cleaned["blocks"], cleaned["dropped"] = blocks, lost
        return cleaned

    def _refuse(self, words: Any, code: str) -> None:
        self.add_error("file", ValidationError(words, code=code))


class IssuePaper(OfDraft):
    step = Proceeding.issue_paper
    dated = False


class VoidDraft(OfDraft):
    step = Proceeding.void_draft
    dated = False
    recorded = ("reason",)
    reason = LongField(label=_("作废原因"), max_length=300)


class OfIssued(StepForm):
    """Base of the acts on a paper that has left the desk."""

    states = OUT
    document = OfCase(Document, label=_("文书"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        if self.proceeding is not None:
            seen = Document.objects.visible_to(self.by, self.today, self.proceeding.case_id)
            field.queryset = seen.filter(proceeding=self.proceeding.pk, state__in=self.states)  # type: ignore[attr-defined]
        field.label_from_instance = lambda d: f"{d.title} {d.number}（{d.issued_on}）"  # type: ignore[attr-defined]


class CorrectPaper(OfIssued):
    step = Proceeding.correct_paper
    recorded = ("reason",)
    corrections = TableField(
        label=_("更正内容"),
        columns={
            "wrong": forms.CharField(label=_("原内容"), max_length=500),
            "right": forms.CharField(label=_("更正为"), max_length=500),
        },
    )
    reason = LongField(label=_("更正原因"), max_length=300)

    def clean_document(self) -> Document:
        document: Document = self.cleaned_data["document"]
        if document.kind in ("ruling", "ruling_correction"):
            raise ValidationError(_("行政裁决书请通过“补正裁决书”更正。"), code="own_way")
        return document


class RegisterSeal(OfIssued):
    step = Proceeding.register_seal
    recorded = ("copies",)
    states = ("issued", "sealed", "served")
    copies = forms.IntegerField(label=_("用印份数"), min_value=1, max_value=99)
    scan = OfCase(
        Evidence,
        label=_("盖章后的扫描件"),
        required=False,
        help_text=_("没有扫描件的，可以以后再次登记时补充。"),
    )
