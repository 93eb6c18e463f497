"""Forms of the ruling: drafted, brought back from Word, signed, and what is later put right or changed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import catalogue, regime, ruling_text
from adjudication.models import Adjudication, Outcome, Ruling
from adjudication.models.changing import ASKED
from adjudication.models.deciding import DISMISS
from cases.documents.blocks import from_json, plain_text
from cases.forms import DayField, LongField, StepForm, TableField
from cases.models import Party
from cases.paper_forms import BringBack

from .deciding import ActsField, FindingsForm, RespondentColumn
from .filing import lines, own_column

ORDERS = [("stop", _("责令停止侵权行为")), ("dismiss", _("驳回请求")), ("other", _("其他"))]
KINDS = [
    (kind.value, kind.label)
    for kind in (Ruling.Kind.RULING, Ruling.Kind.DISMISSED_FIRST, Ruling.Kind.DIRECT_ORDER)
]


def orders_table() -> TableField:
    """What is ordered: against whom, what acts, of what, how far; or in words of one's own."""
    return TableField(
        label=_("裁决内容"),
        columns={
            "respondent": RespondentColumn(),
            "kind": forms.ChoiceField(label=_("种类"), choices=[("", _("请选择")), *ORDERS]),
            "acts": ActsField(label=_("行为种类"), catalogue_of=catalogue.ORDERED),
            "object": forms.CharField(label=_("对象（产品、方法）"), max_length=200, required=False),
            "scope": forms.CharField(label=_("范围（权利要求、型号）"), max_length=200, required=False),
            "text": forms.CharField(label=_("正文（不填则按前列各栏写成）"), max_length=2000, required=False),
        },
    )


class RulingForm(FindingsForm):
    """Base of the draft and of the signing: the sections of 办法第三十一条, begun from the last draft."""

    kind = forms.ChoiceField(label=_("裁决种类"), choices=KINDS, initial=Ruling.Kind.RULING, required=False)
    outcome = forms.ChoiceField(label=_("裁决结果"), choices=Outcome.choices)
    procedure = LongField(label=_("案件来源和办理经过"))
    claims = LongField(label=_("请求人的请求、事实和理由"))
    defence = LongField(label=_("被请求人的答辩"), required=False)
    evidence = LongField(label=_("证据及质证情况"), required=False)
    facts = lines(_("经审理查明的事实"), max_length=5000)
    reasoning = lines(_("裁决理由"), max_length=5000)
    basis = LongField(label=_("法律依据"), max_length=2000)
    orders = orders_table()
    invalidation_no = forms.CharField(
        label=_("无效宣告请求审查决定号（先行驳回时填写）"), max_length=40, required=False,
        help_text=_("如：第567890号"),
    )  # fmt: skip
    invalidation_on = DayField(label=_("无效宣告请求审查决定日期（先行驳回时填写）"), required=False)

    field_order = ("kind", "outcome", "findings")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own_column(self, "orders", "respondent", RespondentColumn().of(self))
        if self.proceeding is None:
            return
        if not self.proceeding.repeats_id:
            self.fields["kind"].choices = KINDS[:2]  # type: ignore[attr-defined]
        if not self.is_bound and self.of_the_panel():
            begun = self.proceeding.draft_sections() or self.proceeding.first_sections()
            for name, value in begun.items():
                if name in self.fields:
                    self.initial.setdefault(name, value)
            if self.initial.get("outcome") == DISMISS:
                del self.initial["outcome"]

    def clean_kind(self) -> str:
        return self.cleaned_data.get("kind") or Ruling.Kind.RULING.value

    def clean_invalidation_on(self) -> Any:
        day = self.cleaned_data.get("invalidation_on")
        if day and day > self.today:
            raise ValidationError(_("审查决定日期不能晚于今天。"), code="in_future")
        return day


class DraftRuling(RulingForm):
    step = Adjudication.draft_ruling
    dated = False
    use_required_attribute = False
    revision = forms.IntegerField(label=_("稿次"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
        if not self.is_bound and self.proceeding is not None:
            last = self.proceeding.rulingdrafts.last()
            self.initial["revision"] = last.revision if last else None

    def clean_findings(self) -> list[dict[str, Any]]:
        """A draft may leave open what is found."""
        return self.touched(self.cleaned_data["findings"])


class BringBackRuling(BringBack):
    """The draft edited in Word: read into sections; what the paper prints from the case does not come back."""

    step = Adjudication.bring_back_ruling
    dated = False
    upload_audience = "sealed"

    def drafted(self) -> list[str]:
        return [Ruling.PAPER]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        blocks, draft = cleaned.get("blocks"), cleaned.get("draft")
        if not blocks or draft is None or self.errors:
            return cleaned
        if not ruling_text.read(blocks).texts:
            self._refuse(_("文件中没有找到裁决书的各部分，请核对是否为本案的裁决书稿。"), "no_sections")
            return cleaned
        moved = ruling_text.strange(blocks, from_json(draft.blocks))
        if moved and not cleaned.get("without"):
            words = _(
                "以下文字由案件信息和逐项认定印制，改动不能带回：%(lines)s。请在系统中更正，或者选择“不带回也可以”。"
            )
            self._refuse(words % {"lines": "；".join(moved)}, "not_carried")
        cleaned["dropped"] = [*cleaned.get("dropped", []), *moved]
        return cleaned


class SignRuling(RulingForm):
    """行政裁决书's sections; an order to stop names respondent, acts, object and scope (办法第三十一条)."""

    step = Adjudication.sign_ruling
    recorded = ("outcome", "kind")
    copies = forms.IntegerField(
        label=_("印制份数"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=_("不填则每一当事人一份、存档一份。"),
    )

    def clean_orders(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["orders"]
        source = regime.cite("contents", self.proceeding.filed)
        for number, row in enumerate(rows, start=1):
            said = {"n": number, "source": source}
            if row["kind"] == "stop" and not (row["acts"] and row["object"] and row["scope"]):
                raise ValidationError(
                    _("第 %(n)s 项责令停止，请写明行为、对象和范围（%(source)s）。") % said,
                    code="stop_incomplete",
                )
            if row["kind"] == "other" and not row["text"]:
                raise ValidationError(_("第 %(n)s 项请填写正文。") % said, code="required")
            if "other" in row["acts"] and not row["text"]:
                raise ValidationError(
                    _("第 %(n)s 项选择了其他行为，请在正文中写明是什么行为（%(source)s）。") % said,
                    code="required",
                )
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == Ruling.Kind.DISMISSED_FIRST:
            for name in ("invalidation_no", "invalidation_on"):
                if not cleaned.get(name):
                    self.add_error(
                        name,
                        ValidationError(
                            _("先行驳回的，请写明无效宣告请求审查决定的文号和日期。"), code="required"
                        ),
                    )
        outcome, orders = cleaned.get("outcome"), cleaned.get("orders")
        if outcome and orders and not self.errors.get("findings"):
            source = regime.cite("contents", self.proceeding.filed)
            for problem in self._unordered(outcome, orders, cleaned["findings"]):
                self.add_error("orders", ValidationError(f"{problem}（{source}）", code="orders"))
        return cleaned

    def _unordered(self, outcome: str, orders: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[Any]:
        """What of the findings no order answers, respondent by respondent (办法第三十一条)."""
        everybody = self.respondents()

        def against(kind: str) -> set[Party]:
            chosen: set[Party] = set()
            for row in orders:
                if row["kind"] == kind and (kind != "stop" or {*row["acts"]} - {catalogue.PLATFORM}):
                    chosen |= {row["respondent"]} if row["respondent"] else {*everybody}
            return chosen

        stopped, dismissed, found = against("stop"), against("dismiss"), []
        for party, held in self._held(outcome, rows).items():
            name = {"name": party.name}
            if held != Outcome.NOT_ESTABLISHED and party not in stopped:
                found.append(_("认定%(name)s侵权成立的，裁决内容须责令其停止侵权行为。") % name)
            elif held == Outcome.NOT_ESTABLISHED and party in stopped:
                found.append(
                    _("认定%(name)s侵权不成立的，不能责令其停止侵权行为；请逐项选择被请求人。") % name
                )
            elif held != Outcome.ESTABLISHED and party not in dismissed:
                found.append(_("对%(name)s侵权不成立或者部分成立的，须写明驳回（其他）请求。") % name)
        return found

    def _held(self, outcome: str, rows: list[dict[str, Any]]) -> dict[Party, str]:
        """Outcome for each respondent: as the form or the deliberation finds, as long as both agree with the whole."""
        last = self.proceeding.deliberations.last()
        pairs = [(row["respondent"], row["outcome"]) for row in rows] or [
            (one.respondent, one.outcome)
            for one in (last.findings.select_related("respondent") if last else ())
        ]
        if not pairs or catalogue.overall(held for _party, held in pairs) != outcome:
            pairs = [(party, outcome) for party in self.respondents()]
        return catalogue.by_respondent(pairs)


class CorrectRuling(StepForm):
    step = Adjudication.correct_ruling
    wrong = LongField(label=_("裁决书原文"), max_length=1000)
    right = LongField(label=_("补正为"), max_length=1000)

    def clean_wrong(self) -> str:
        """What the ruling does not say cannot be put right in it."""
        wrong = str(self.cleaned_data["wrong"])
        ruling = self.proceeding.rulings.filter(void=False, changes__isnull=True).first()
        if ruling is not None and ruling.document is not None:
            said = "".join(plain_text(from_json(ruling.document.blocks)).split())
            if "".join(wrong.split()) not in said:
                raise ValidationError(_("裁决书中没有这段原文，请照裁决书原样填写。"), code="not_in_ruling")
        return wrong


class ChangeRuling(FindingsForm):
    """变更、撤销 after invalidation: the effective decision of CNIPA, what it leaves, what is ordered from now on."""

    step = Adjudication.change_ruling
    recorded = ("kind", "asked", "decision_no", "decision_on", "effective_on", "outcome")
    kind = forms.ChoiceField(
        label=_("变更或者撤销"),
        choices=[(k.value, k.label) for k in (Ruling.Kind.CHANGE, Ruling.Kind.ANNULMENT)],
    )
    asked = forms.ChoiceField(label=_("提起方式"), choices=list(ASKED.items()))
    decision_no = forms.CharField(
        label=_("无效宣告请求审查决定号"), max_length=40, help_text=_("如：第567890号")
    )
    decision_on = DayField(label=_("审查决定日期"))
    effective_on = DayField(label=_("审查决定生效日期"))
    scope = forms.CharField(label=_("宣告无效的范围（全部权利要求、权利要求1至2等）"), max_length=200)
    outcome = forms.ChoiceField(
        label=_("变更后的裁决结果"), choices=[("", _("请选择")), *Outcome.choices], required=False
    )
    orders = orders_table()
    reasoning = lines(_("理由"), max_length=5000)

    field_order = (
        "kind",
        "asked",
        "decision_no",
        "decision_on",
        "effective_on",
        "scope",
        "outcome",
        "findings",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own_column(self, "orders", "respondent", RespondentColumn().of(self))
        self.fields["orders"].required = False
        self.fields["findings"].help_text = _("变更裁决的，逐项写明变更后的认定；撤销裁决的不填。")
        if not self.is_bound and self.proceeding is not None:
            self.initial.setdefault("findings", self.every_claim())

    def clean_effective_on(self) -> Any:
        day = self.cleaned_data["effective_on"]
        if day > self.today:
            raise ValidationError(_("审查决定尚未生效，生效后再变更或者撤销裁决。"), code="in_future")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == Ruling.Kind.CHANGE:
            for name in ("outcome", "orders"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(
                        name,
                        ValidationError(_("变更裁决的，请写明变更后的结果和裁决内容。"), code="required"),
                    )
        elif cleaned.get("kind") and (cleaned.get("orders") or cleaned.get("findings")):
            self.add_error(
                "orders", ValidationError(_("撤销裁决的，不填写裁决内容和逐项认定。"), code="annulled")
            )
        return cleaned
