"""Forms of evidence: lists handed in, and what the other side says of it. Nothing of either is in `recorded`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, CrossExamination, EvidenceItem
from cases.forms import OfCase, TableField
from cases.models import Evidence

from .filing import own_column
from .parties import OfPartyForm

LINE = {
    "title": forms.CharField(label=_("证据名称"), max_length=200),
    "proves": forms.CharField(label=_("证明的事实"), max_length=500),
    "pages": forms.IntegerField(label=_("页数"), min_value=1, max_value=9999, required=False),
    "original": forms.BooleanField(label=_("原件（原物）"), required=False),
    "file": forms.ModelChoiceField(Evidence.objects.none(), label=_("扫描件"), required=False),
    "note": forms.CharField(label=_("备注"), max_length=200, required=False),
}
STANDS = [("", "—"), *CrossExamination.Stand.choices]
OPINION = {
    "item": forms.ModelChoiceField(EvidenceItem.objects.none(), label=_("证据")),
    "authenticity": forms.ChoiceField(label=_("真实性"), choices=STANDS),
    "legality": forms.ChoiceField(label=_("合法性"), choices=STANDS),
    "relevance": forms.ChoiceField(label=_("关联性"), choices=STANDS),
    "words": forms.CharField(label=_("质证意见"), max_length=2000, required=False),
}


class ListEvidence(OfPartyForm):
    step = Adjudication.list_evidence
    items = TableField(label=_("证据"), columns=LINE)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.case is not None:
            file = OfCase(Evidence, label=_("扫描件"), required=False)
            file.queryset = Evidence.objects.visible_to(self.by, self.today, self.case.pk)
            file.label_from_instance = lambda one: one.title or one.name  # type: ignore[method-assign]
            own_column(self, "items", "file", file)


class CrossExamine(OfPartyForm):
    step = Adjudication.cross_examine
    items = TableField(label=_("质证意见"), columns=OPINION)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["party"].label = _("质证方")
        if self.proceeding is not None:
            item = forms.ModelChoiceField(
                self.proceeding.evidenceitems.select_related("party"),
                label=_("证据"),
                empty_label=_("请选择"),
            )
            own_column(self, "items", "item", item)
