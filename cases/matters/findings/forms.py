"""Forms of 网格巡查: the first one is filled in standing in a street, on a telephone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.forms import LongField, StepForm
from cases.matters import FilesField, OpeningForm, opens
from cases.matters.places import OwnStation
from cases.matters.tips.forms import LONG, ToAuthority
from cases.matters.transfers.forms import OfCaseNumber
from cases.models import Case, Finding
from stations.models import GridCell


@opens("finding")
class OpenFinding(OpeningForm):
    what = forms.ChoiceField(label=_("问题类型"), choices=Finding.What.choices)
    place = forms.CharField(label=_("地点"), max_length=120, help_text=_("门牌、市场摊位或者店铺。"))
    photos = FilesField(
        label=_("照片"), required=False, photo=True, most=6,
        help_text=_("可直接拍照，最多 6 张；系统会缩小照片并去掉拍摄位置。"),
    )  # fmt: skip
    story = LongField(label=_("情况说明"), max_length=2000, required=False)
    cell = forms.ModelChoiceField(GridCell.objects.none(), label=_("网格"), required=False, empty_label="—")
    station = OwnStation()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["station"].narrow(self.by, self.today)  # type: ignore[attr-defined]
        self.fields["cell"].queryset = GridCell.objects.in_force(self.today)  # type: ignore[attr-defined]

    def title(self) -> str:
        data = self.cleaned_data
        return f"{data['place'][:60]}：{dict(Finding.What.choices)[data['what']]}"

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"title": self.title()}


class Confirm(StepForm):
    step = Finding.confirm
    recorded = ("words",)
    words = forms.CharField(label=_("核查情况"), max_length=200, required=False)


class Dismiss(StepForm):
    step = Finding.dismiss
    recorded = ("reason",)
    reason = forms.CharField(label=_("核查情况"), max_length=200)


class HandToTip(StepForm):
    step = Finding.hand_to_tip
    accused = forms.CharField(label=_("被查对象和地址（密存）"), max_length=200)
    story = LongField(label=_("事实和线索（密存）"), max_length=LONG)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and not self.is_bound:
            self.initial |= {"accused": self.proceeding.place, "story": self.proceeding.story}


class HandToTransfer(ToAuthority):
    step = Finding.hand_to_transfer
    recorded = ("target", "recipient")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and not self.is_bound:
            self.initial |= {"content": self.proceeding.story}


class HandToCase(StepForm):
    step = Finding.hand_to_case
    registration_no = OfCaseNumber(
        label=_("维权援助案件的登记号"),
        help_text=_("先办理“收件登记”（页面上有链接，带入巡查情况），再填写登记号。"),
    )

    def clean_registration_no(self) -> Case | None:
        return OfCaseNumber.find(self.cleaned_data["registration_no"], self.by, self.today)


class Close(StepForm):
    step = Finding.close
    recorded = ("outcome", "words")
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[(k, v) for k, v in kinds.get("finding").outcomes.items() if k != "dismissed"],
    )
    words = forms.CharField(label=_("说明"), max_length=200, required=False)
