"""Forms of 立案审查: the five conditions as a checklist, what else is examined of a request, refusal, evaluation report."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import earlier, regime
from adjudication.models import Adjudication, EvaluationReport, Examination
from adjudication.models.examining import ATTACHMENTS, GROUNDS, limitation_passed
from cases.forms import DayField, Evidence, OfCase, StepForm, UserField
from cases.identifiers import name_key
from cases.models import Party, Right

from .filing import SITS, PanelForm, lines

Standing, Licence, Competence = Examination.Standing, Examination.Licence, Examination.Competence

CONDITIONS = {
    "interested": (_("请求人是专利权人或者利害关系人"), _("请求人不是专利权人或者利害关系人的，不予立案")),
    "definite_respondent": (_("有明确的被请求人"), _("没有明确被请求人的，不予立案")),
    "definite_claims": (
        _("有明确的请求事项和具体事实、理由"),
        _("请求事项、事实、理由不明确的，请先通知补正"),
    ),
    "competent": (_("属于本部门受案和管辖范围"), _("不属于本部门受案和管辖范围的，不予立案或者移送")),
    "not_elsewhere": (_("当事人没有起诉，也没有约定其他纠纷解决方式"), _("已起诉或者另有约定的，不予立案")),
}
# Who may file alone by licence (办法第十二条): the grounds that allow it, and the sentence where none is given
ALONE = {
    Standing.SOLE: (
        (Licence.NOT_FILING,),
        _("排他实施许可的被许可人只有在专利权人不请求处理时才可以单独请求，请选择依据；不具备的，不予立案"),
    ),
    Standing.ORDINARY: (
        (Licence.CONTRACT, Licence.AUTHORISED),
        _("普通实施许可的被许可人须有合同约定或者专利权人授权才可以单独请求，请选择依据；不具备的，不予立案"),
    ),
}  # fmt: skip


def patent_of(form: StepForm) -> Right | None:
    """The patent the request is about."""
    found: Right | None = form.case.rights.filter(kind__in=Right.PATENTS).first()
    return found


class Examined(StepForm):
    """What is found on a request beside the conditions themselves, whether it is filed or not."""

    shown_if = {"licence_ground": f"standing={'|'.join(ALONE)}"}
    standing = forms.ChoiceField(
        label=_("请求人资格"), choices=[("", "—"), *Standing.choices], required=False
    )
    licence_ground = forms.ChoiceField(
        label=_("被许可人单独请求的依据"), choices=[("", "—"), *Licence.choices], required=False,
        help_text=_("排他、普通实施许可的被许可人必填。"),
    )  # fmt: skip
    competence = forms.ChoiceField(
        label=_("管辖依据"), choices=[("", "—"), *Competence.choices], required=False,
        help_text=_("侵权行为地已登记在本区的可不选。"),
    )  # fmt: skip
    earlier_body = forms.CharField(
        label=_("先受理的其他部门"), max_length=100, required=False,
        help_text=_("没有其他部门先受理同一纠纷的不填。"),
    )  # fmt: skip
    earlier_on = DayField(label=_("该部门受理日期"), required=False)
    knew_on = DayField(
        label=_("请求人得知侵权行为和侵权人的日期"), required=False, help_text=_("请求书没有写明的不填。")
    )
    continuing = forms.BooleanField(label=_("请求时侵权行为仍在持续"), required=False)
    lacking = forms.MultipleChoiceField(
        label=_("尚未收齐的附件"), choices=[(code, words) for code, (words, _defect) in ATTACHMENTS.items()],
        widget=forms.CheckboxSelectMultiple, required=False, help_text=_("逐项核对；有缺少的，先通知补正。"),
    )  # fmt: skip
    copies = forms.IntegerField(label=_("收到的副本份数"), min_value=0, max_value=999, required=False)


class File(PanelForm, Examined):
    """Five conditions, each with its article; who asks and by what right; whose case it is; what was handed in."""

    step = Adjudication.file
    recorded = (
        "handler", "claim_count", "claims_relied", "standing", "licence_ground", "competence", "knew_on", "continuing",
        "copies", "refiled_of",
    )  # fmt: skip
    field_order = (
        "interested", "standing", "licence_ground", "definite_respondent", "definite_claims", "claim_count",
        "claims_relied", "competent", "competence", "earlier_body", "earlier_on", "not_elsewhere", "knew_on",
        "continuing", "limitation_noted", "lacking", "copies", "refiled_of", "leader", "members", "recorder", "handler",
    )  # fmt: skip

    interested = forms.BooleanField(label=CONDITIONS["interested"][0], required=False)
    standing = forms.ChoiceField(
        label=_("请求人资格"), choices=Standing.choices, required=False, initial=Standing.PATENTEE
    )
    definite_respondent = forms.BooleanField(label=CONDITIONS["definite_respondent"][0], required=False)
    definite_claims = forms.BooleanField(label=CONDITIONS["definite_claims"][0], required=False)
    claim_count = forms.IntegerField(
        label=_("权利要求项数"), min_value=1, max_value=999, required=False, help_text=_("外观设计专利不填。")
    )
    claims_relied = forms.CharField(
        label=_("作为依据的权利要求"), max_length=200, required=False,
        help_text=_("两项以上的必填，如“权利要求1、3”。"),
    )  # fmt: skip
    competent = forms.BooleanField(label=CONDITIONS["competent"][0], required=False)
    not_elsewhere = forms.BooleanField(label=CONDITIONS["not_elsewhere"][0], required=False)
    limitation_noted = forms.BooleanField(
        label=_("已注意到被请求人可以提出时效抗辩"), required=False,
        help_text=_("自得知之日起超过三年、行为不再持续的，须勾选。"),
    )  # fmt: skip
    refiled_of = forms.CharField(
        label=_("另行请求的原案号"), max_length=60, required=False,
        help_text=_("原案因专利权被宣告无效先行驳回、现另行请求的填写。"),
    )  # fmt: skip
    handler = UserField(label=_("承办人"), required=False, roles=SITS)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        source = regime.cite("conditions", self.today)
        for name in CONDITIONS:
            self.fields[name].help_text = source
        if self.case is not None:
            self.initial.setdefault("competence", self._known_competence())

    def _known_competence(self) -> str:
        return Competence.ACT if self.case.act_place_id else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        filed = cleaned.get("on") or self.today
        source = regime.cite("conditions", filed)
        for name, (_label, consequence) in CONDITIONS.items():
            if not cleaned.get(name):
                self._refuse(name, f"{consequence}（{source}）。", "condition")
        if self.case.handled_elsewhere:
            text: Any = _("登记时写明已起诉、仲裁或由其他机关处理，请核实后更正案件信息，或者不予立案。")
            self._refuse("not_elsewhere", text, "elsewhere")
        many = (cleaned.get("claim_count") or 0) >= 2
        if many and regime.is_new(filed) and not cleaned.get("claims_relied"):
            text = _("专利有两项以上权利要求，请写明作为依据的权利要求（%(source)s）。") % {
                "source": regime.cite("claims", filed)
            }
            self._refuse("claims_relied", text, "claims")
        cleaned["standing"] = cleaned.get("standing") or Standing.PATENTEE.value
        cleaned["competence"] = cleaned.get("competence") or self._known_competence()
        self._clean_standing(cleaned, source)
        self._clean_competence(cleaned, filed)
        self._clean_limitation(cleaned, filed)
        self._clean_attachments(cleaned, filed)
        return cleaned

    def _clean_standing(self, cleaned: dict[str, Any], source: str) -> None:
        standing, ground = cleaned["standing"], cleaned.get("licence_ground")
        if standing in ALONE:
            allowed, words = ALONE[standing]
            if ground not in allowed:
                self._refuse("licence_ground", f"{words}（{source}）。", "not_alone")
        else:
            cleaned["licence_ground"] = ""
        holder = (patent.holder if (patent := patent_of(self)) else "") or ""
        requesters = [p for p in self.case.parties.all() if p.role == Party.Role.APPLICANT]
        if standing == Standing.PATENTEE and holder and requesters:
            key = name_key(holder)
            if not any(one.name_key in key for one in requesters):
                text = _(
                    "登记的专利权人是%(holder)s，请求人不是专利权人：请选择请求人资格，或者更正权利信息。"
                )
                self._refuse("standing", text % {"holder": holder}, "not_holder")

    def _clean_competence(self, cleaned: dict[str, Any], filed: Any) -> None:
        if not cleaned["competence"] and regime.is_new(filed):
            text = _(
                "请选择管辖依据；侵权行为地和被请求人住所地都不在本区的，请移送或者不予立案（%(source)s）。"
            )
            self._refuse("competence", text % {"source": regime.cite("competence", filed)}, "competence")
        body, day = cleaned.get("earlier_body"), cleaned.get("earlier_on")
        if day and not body:
            self._refuse("earlier_body", _("请填写先受理的部门。"), "required")
        elif body and not day and "earlier_on" not in self.errors:
            self._refuse("earlier_on", _("请填写该部门受理日期，以判断由谁先受理。"), "required")
        elif body and day and day <= filed:
            text = _("%(body)s已于%(day)s先受理，由最先受理的部门管辖（%(source)s）：请办理移送管辖；"
                     "双方有争议的，报请共同的上级部门指定管辖，指定本局后再立案。")  # fmt: skip
            said = {"body": body, "day": day, "source": regime.first_accepting(filed)}
            self._refuse("earlier_body", text % said, "accepted_earlier")

    def _clean_limitation(self, cleaned: dict[str, Any], filed: Any) -> None:
        knew, received = cleaned.get("knew_on"), self.proceeding.received_on
        if not knew or received is None:
            return
        if knew > received:
            self._refuse(
                "knew_on", _("得知日期不能晚于收到请求书的日期 %(day)s。") % {"day": received}, "date_order"
            )
        elif (
            regime.is_new(filed) and limitation_passed(knew, received) and not cleaned.get("continuing")
            and not cleaned.get("limitation_noted")
        ):  # fmt: skip
            text = _("自得知之日起已超过三年：时效不是不予立案的理由，但被请求人可以提出时效抗辩，抗辩成立的"
                     "撤销案件（%(source)s）。请勾选表示已注意到；行为仍在持续的，勾选上一项。")  # fmt: skip
            self._refuse(
                "limitation_noted", text % {"source": regime.cite("limitation", filed)}, "limitation"
            )

    def _clean_attachments(self, cleaned: dict[str, Any], filed: Any) -> None:
        lacking, copies = set(cleaned.get("lacking") or ()), cleaned.get("copies")
        respondents = [p for p in self.case.parties.all() if p.role == Party.Role.RESPONDENT]
        if copies is not None and copies < len(respondents):
            lacking.add("copies")
        if not lacking:
            return
        names = "、".join(str(words) for code, (words, _defect) in ATTACHMENTS.items() if code in lacking)
        if self.proceeding.deadlines.filter(rule="T-01", cancelled=False).exists():
            text = _("还缺少：%(names)s。已通知过补正，逾期未补正的办理不予立案（%(source)s）。")
        else:
            text = _("还缺少：%(names)s。请先办理“通知补正”，一次写明全部内容（%(source)s）。")
        said = {"names": names, "source": regime.cite("correction", filed)}
        self._refuse("lacking", text % said, "lacking")

    def clean_refiled_of(self) -> Any:
        number = self.cleaned_data["refiled_of"].strip()
        if not number:
            return None
        found = earlier.dismissed_first(self.proceeding, number, self.by, self.today)
        if found is None:
            raise ValidationError(
                _("没有找到以该案号对同一专利先行驳回的案件，或者您无权查看，请核对案号。"),
                code="not_refiled",
            )
        return found

    def _refuse(self, field: str, words: Any, code: str) -> None:
        self.add_error(field, ValidationError(words, code=code))


class Refuse(Examined):
    """不予立案: coded grounds, each printed with its article, and words of one's own."""

    step = Adjudication.refuse
    recorded = ("grounds", "standing", "competence", "earlier_body", "earlier_on")
    field_order = ("grounds", "reasons")
    grounds = forms.MultipleChoiceField(
        label=_("不予立案的事由"), choices=[(code, words) for code, (words, _subject) in GROUNDS.items()],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    reasons = lines(_("具体理由（写入通知书）"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        grounds, filed = cleaned.get("grounds") or [], cleaned.get("on") or self.today
        asked = self.proceeding.deadlines.filter(rule="T-01", cancelled=False)
        problem: Any = ""
        if not grounds and not cleaned.get("reasons") and "reasons" not in self.errors:
            problem = _("请选择不予立案的事由，或者写明理由：通知书要载明。")
        elif "agreed_otherwise" in grounds and not regime.is_new(filed):
            problem = _("%(old)s没有以约定其他解决方式为由不予立案的规定。") % {"old": regime.OLD}
        elif "not_corrected" in grounds and not asked.exists():
            problem = _("本案没有通知过补正，请先办理“通知补正”（%(source)s）。") % {
                "source": regime.cite("correction", filed)
            }
        elif (
            "no_report" in grounds
            and self.proceeding.evaluation_result() != EvaluationReport.Result.NOT_GIVEN
        ):
            problem = _(
                "请先通知提交评价报告，期满未提交又没有正当理由的，登记后再以此为由（%(source)s）。"
            ) % {"source": regime.cite("evaluation", filed)}
        if problem:
            self.add_error("grounds", ValidationError(problem, code="grounds"))
        return cleaned


class AskEvaluationReport(StepForm):
    step = Adjudication.ask_evaluation_report
    recorded = ("days",)
    applied_on = DayField(label=_("专利申请日"), help_text=_("见专利证书或者专利登记簿副本。"))
    days = forms.IntegerField(label=_("提交期限（日）"), min_value=1, max_value=365)

    def clean_applied_on(self) -> Any:
        day = self.cleaned_data["applied_on"]
        if day > self.today:
            raise ValidationError(_("专利申请日不能晚于今天。"), code="in_future")
        return day


class ReceiveEvaluationReport(StepForm):
    step = Adjudication.receive_evaluation_report
    recorded = ("result",)
    result = forms.ChoiceField(label=_("评价报告"), choices=EvaluationReport.Result.choices)
    file = OfCase(Evidence, label=_("评价报告扫描件"), required=False)
