"""Materials: a file handed in stands on the record with its digest; a decided approval prints as its form."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.stepping import act, steps_of
from stations.models import Role

if TYPE_CHECKING:
    from cases.entry import Entry


class Materials:
    """Mixin of `Case` and `Proceeding`."""

    @act(label=_("添加材料"))
    def add_evidence(self: Any, entry: "Entry") -> None:
        """What was handed in, by whom, to prove what. Only the digest goes into the record."""
        evidence = entry.data["file"]
        for name in ("title", "proves", "party"):
            setattr(evidence, name, entry.data.get(name) or getattr(evidence, name))
        entry.save(evidence)
        entry.note(file=evidence.pk, sm3=evidence.file.sm3)


DECIDED = {"approve": _("同意"), "return": _("退回"), "refuse": _("不同意"), "withdraw": _("撤回")}


class ApprovalForms:
    """Mixin of `Proceeding`: 审批表, for the closed volume."""

    @act(label=_("打印审批表"), daily=False)
    def print_approval(self: Any, entry: "Entry") -> None:
        """What was proposed and what each approver in turn decided, as the form that is filed."""
        approval = entry.data["approval"]
        label = steps_of(type(self))[approval.name].label
        reason = json.loads(approval.data).get("reason") or ""
        entry.paper(
            "approval_form",
            subject=str(label),
            summary=self.case.summary or self.case.cause,
            proposal=str(_("拟办理“%(label)s”。%(reason)s") % {"label": label, "reason": reason}),
            proposer=str(approval.proposer),
            proposed_on=approval.asked_on,
            opinions=[_opinion(json.loads(line)) for line in approval.decided.splitlines() if line],
        )
        entry.note(approval=approval.pk)


def _opinion(line: dict[str, Any]) -> dict[str, str]:
    day = timezone.localtime(datetime.fromisoformat(line["at"])).date()
    words = str(DECIDED[line["decision"]])
    return {
        "role": str(Role(line["role"]).label if line["role"] in Role.values else _("拟办人")),
        "opinion": f"{words}。{line['reason']}",
        "name": line["name"],
        "on": f"{day.year}年{day.month}月{day.day}日",
    }
