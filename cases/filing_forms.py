"""Forms of binding, archiving and reading a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import archiving
from .forms import LongField, OfCase, StepForm
from .models import Party, Proceeding

REASON = "reason_"


class BindVolumes(StepForm):
    step = Proceeding.bind_volumes
    dated = False


class Archive(StepForm):
    """One field for every item that is missing; a reason in it lets the file be archived without."""

    step = Proceeding.archive

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            for item in archiving.missing(self.proceeding):
                self.fields[REASON + item.code] = forms.CharField(
                    label=_("缺少“%(label)s”的原因") % {"label": item.label},
                    max_length=200,
                    error_messages={
                        "required": _("缺少“%(label)s”：请补齐，或者填写原因。") % {"label": item.label}
                    },
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["reasons"] = {
            name.removeprefix(REASON): said
            for name, said in cleaned.items()
            if name.startswith(REASON) and said
        }
        return cleaned


class ReopenArchive(StepForm):
    step = Proceeding.reopen_archive
    dated = False
    recorded = ("reason",)
    reason = LongField(label=_("撤销归档的原因"), max_length=300)


class RecordReading(StepForm):
    step = Proceeding.record_reading
    recorded = ("reader", "capacity", "what", "copied")
    party = OfCase(Party, label=_("当事人"), required=False)
    reader = forms.CharField(label=_("查阅人"), max_length=80)
    capacity = forms.CharField(
        label=_("身份"), max_length=60, required=False, help_text=_("如：当事人、律师、法院工作人员。")
    )
    what = forms.CharField(label=_("查阅内容"), max_length=300, help_text=_("写明卷宗页号或者文件名称。"))
    copied = forms.BooleanField(label=_("复制"), required=False)
