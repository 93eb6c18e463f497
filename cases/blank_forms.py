"""Forms that a party fills in or signs: which there are, for what, and what of them the case already knows.

The same template serves the blank form and the filled one; what is not known stays open for the pen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .documents.template import load


@dataclass(frozen=True)
class BlankForm:
    """One form: its template, the kinds of proceeding it belongs to, when it is needed and what to enclose."""

    kind: str
    of: tuple[str, ...]
    when: Any
    enclose: Any = ""
    per_party: bool = False  # one for each party who signs

    @property
    def title(self) -> str:
        return load(self.kind).title


EVERYWHERE = ("assistance", "mediation", "judicial_confirmation", "adjudication")
TALKS = ("assistance", "mediation")
FORMS: Mapping[str, BlankForm] = {
    form.kind: form
    for form in (
        BlankForm("assistance_application", ("assistance",), _("申请知识产权维权援助时填写，当场或者委托他人递交。"),
                  _("身份证明复印件；权利证明；侵权线索等证据材料。")),
        BlankForm("mediation_application", TALKS, _("申请人民调解时填写，当场或者委托他人递交。"),
                  _("身份证明复印件；权利证明；纠纷有关的证据材料。")),
        BlankForm("mediation_request", TALKS, _("请求知识产权局行政调解时填写。"),
                  _("身份证明、权利证明复印件；证据材料；仅请求调解赔偿数额的，附认定侵权成立的决定。")),
        BlankForm("adjudication_request", ("adjudication",), _("请求知识产权局对专利侵权纠纷作出行政裁决时填写。"),
                  _("身份证明、专利登记簿副本；许可合同等利害关系证明（请求人不是专利权人的）；证据材料清单和证据；"
                    "请求书和证据按被请求人人数提交副本。")),
        BlankForm("evidence_list", ("adjudication",), _("提交证据时填写，一式两份。"), per_party=True),
        BlankForm("consent_form", ("mediation",), _("收到调解邀请后填写，表明同意或者不同意调解。"),
                  _("身份证明复印件。"), per_party=True),
        BlankForm("rights_notice", ("mediation",), _("调解开始前阅读并签名。")),
        BlankForm("address_confirmation", EVERYWHERE, _("确认文书寄到哪里、是否同意电子送达。"), per_party=True),
        BlankForm("power_of_attorney", EVERYWHERE, _("委托他人代为办理时填写。"),
                  _("受托人身份证明复印件；律师另附执业证复印件和律师事务所函。"), per_party=True),
        BlankForm("extension_consent", ("mediation",), _("双方同意延长调解期限时共同填写。")),
        BlankForm("withdrawal_application", TALKS, _("撤回维权援助申请或者调解申请时填写。"),
                  _("已与对方达成协议的，附协议复印件。")),
    )
}  # fmt: skip


def of_kind(slug: str) -> list[BlankForm]:
    """The forms that belong to a kind of proceeding."""
    return [form for form in FORMS.values() if slug in form.of]


def known(row: Any, party: Any) -> dict[str, Any]:
    """What a form may take from the case beside the context of every document."""
    parties = list(row.case.parties.all())
    first = {role: next((p for p in parties if p.role == role), None) for role in ("applicant", "respondent")}
    right = row.case.rights.first()
    body = row.body
    found: dict[str, Any] = {
        "right": f"{right.get_kind_display()} {right.number}" if right is not None else "",
        "way": str(row.kind_label),
        "committee": body.name if body is not None else "",
        "requests": "",
    }
    for role, one in first.items():
        found |= {f"{role}_{name}": said for name, said in _said(one).items()}
    signer = party or first["applicant"]
    if signer is not None:
        said = _said(signer)
        others = [p.name for p in parties if p.role != signer.role]
        found |= {
            "party": signer.name, "service_address": signer.service_address or signer.address or "",
            "party_phone": said["phone"], "party_agent": said["agent"], "principal": signer.name,
            "principal_id": said["id"], "principal_representative": signer.legal_representative,
            "principal_post": signer.post, "agent_name": signer.agent_name, "agent_firm": signer.agent_firm,
            "opponent": "、".join(others),
        }  # fmt: skip
    return found


def _said(party: Any) -> dict[str, str]:
    if party is None:
        return {}
    return {
        "id": party.id_number or "", "address": party.address or "", "phone": party.phone or "",
        "representative": party.legal_representative, "post": party.post,
        "agent": party.agents,
    }  # fmt: skip
