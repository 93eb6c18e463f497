"""Forms of the end of an adjudication and of what follows: ruling, mediated close, dismissal, lawsuit."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import regime
from adjudication.models import Adjudication, Outcome
from adjudication.models.proceeding import DISMISSALS
from cases.forms import LongField, OfCase, StepForm, TableField
from cases.models import Party

from .filing import lines
from .parties import OfPartyForm


class Deliberate(StepForm):
    step = Adjudication.deliberate


ORDERS = [("stop", _("责令停止侵权行为")), ("dismiss", _("驳回请求")), ("other", _("其他"))]


class SignRuling(StepForm):
    """行政裁决书's sections; an order to stop names acts, object and scope (办法第三十一条)."""

    step = Adjudication.sign_ruling
    recorded = ("outcome",)
    outcome = forms.ChoiceField(label=_("裁决结果"), choices=Outcome.choices)
    procedure = LongField(label=_("案件来源和办理经过"))
    claims = LongField(label=_("请求人的请求、事实和理由"))
    defence = LongField(label=_("被请求人的答辩"), required=False)
    evidence = LongField(label=_("证据及质证情况"), required=False)
    facts = lines(_("经审理查明的事实"), max_length=5000)
    reasoning = lines(_("裁决理由"), max_length=5000)
    basis = LongField(label=_("法律依据"), max_length=2000)
    orders = TableField(
        label=_("裁决内容"),
        columns={
            "kind": forms.ChoiceField(label=_("种类"), choices=[("", _("请选择")), *ORDERS]),
            "acts": forms.CharField(label=_("行为（制造、销售等）"), max_length=100, required=False),
            "object": forms.CharField(label=_("对象（产品、方法）"), max_length=200, required=False),
            "scope": forms.CharField(label=_("范围（权利要求、型号）"), max_length=200, required=False),
            "text": forms.CharField(label=_("正文（不填则按前列各栏写成）"), max_length=2000, required=False),
        },
    )

    def clean_orders(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["orders"]
        for number, row in enumerate(rows, start=1):
            if row["kind"] == "stop" and not (row["acts"] and row["object"] and row["scope"]):
                raise ValidationError(
                    _("第 %(n)s 项责令停止，请写明行为、对象和范围（%(source)s）。")
                    % {"n": number, "source": regime.cite("contents", self.proceeding.filed)},
                    code="stop_incomplete",
                )
            if row["kind"] == "other" and not row["text"]:
                raise ValidationError(_("第 %(n)s 项请填写正文。") % {"n": number}, code="required")
            row["text"] = row["text"] or self._words(row)
        return rows

    def _words(self, row: dict[str, Any]) -> str:
        names = {
            role: "、".join(p.name for p in self.case.parties.all() if p.role == role)
            for role in (Party.Role.APPLICANT, Party.Role.RESPONDENT)
        }
        if row["kind"] == "stop":
            text = _("责令被请求人%(name)s立即停止%(acts)s%(object)s的侵权行为，范围：%(scope)s。")
            return text % {**row, "name": names[Party.Role.RESPONDENT]}
        return _("驳回请求人%(name)s的请求。") % {"name": names[Party.Role.APPLICANT]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        kinds = {row["kind"] for row in cleaned.get("orders", [])}
        if not outcome or not kinds:
            return cleaned
        problem: Any = ""
        if outcome != Outcome.NOT_ESTABLISHED and "stop" not in kinds:
            problem = _("认定侵权成立的，裁决内容须责令停止侵权行为。")
        elif outcome == Outcome.NOT_ESTABLISHED and "stop" in kinds:
            problem = _("认定侵权不成立的，不能责令停止侵权行为。")
        elif outcome != Outcome.ESTABLISHED and "dismiss" not in kinds:
            problem = _("侵权不成立或者部分成立的，须写明驳回（其他）请求。")
        if problem:
            source = regime.cite("contents", self.proceeding.filed)
            self.add_error("orders", ValidationError(f"{problem}（{source}）", code="orders"))
        return cleaned


class CloseMediated(StepForm):
    step = Adjudication.close_mediated
    terms = lines(_("协议内容"), max_length=2000)


class Dismiss(StepForm):
    step = Adjudication.dismiss
    recorded = ("ground",)
    ground = forms.ChoiceField(
        label=_("撤销案件的事由"), choices=[(k, words) for k, (words, _article) in DISMISSALS.items()]
    )
    detail = LongField(label=_("具体情况（写入决定书）"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("ground") == "other" and not cleaned.get("detail"):
            self.add_error("detail", ValidationError(_("请写明具体情况。"), code="required"))
        return cleaned


class CorrectRuling(StepForm):
    step = Adjudication.correct_ruling
    wrong = LongField(label=_("裁决书原文"), max_length=1000)
    right = LongField(label=_("补正为"), max_length=1000)


class RecordSuit(OfPartyForm):
    step = Adjudication.record_suit
    recorded = ("court", "court_case_no")
    party = OfCase(Party, label=_("原告"))
    court = forms.CharField(label=_("受诉法院"), max_length=80)
    court_case_no = forms.CharField(label=_("法院案号"), max_length=60, required=False)


class RecordNoSuit(OfPartyForm):
    step = Adjudication.record_no_suit
