"""Taking back an act of an adjudication: its rows, and what stands in the way where neither clock nor papers show it."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.models import Document, Event

from .rows import Assistant, Hearing, Recusal, ReplySlip, Service
from .rows_evidence import Addition, EvidenceItem, Inspection
from .rows_request import EvaluationReport, MajorReport, Mandate


def take_back(adjudication: Any, row: Any, act: Event) -> None:
    """Mark one row that the act wrote, or put it back if an earlier act made it. Raises `built_upon`."""
    _refuse(adjudication, row, act)
    earlier = _made_before(row, act)
    match row:
        case Document():  # said to be served by this act
            row.state = Document.State.ISSUED
        case Hearing() if earlier:
            row.dropped = False
        case Service() if earlier:
            row.served_on, row.proof, row.consented = None, None, False
            row.substitute = row.relation = row.witness = ""
        case Mandate() if earlier:  # its end was taken back
            row.to_on = None
        case EvaluationReport() if earlier:  # waits again
            row.result, row.received_on = "", None
        case MajorReport() if earlier:
            row.answered_on, row.answer, row.answer_no = None, "", ""
        case Inspection() if earlier:  # waits for its decision again
            row.decided_on, row.decision = None, ""
        case _:
            row.cancelled = True


def _made_before(row: Any, act: Event) -> bool:
    """Did an earlier call of this proceeding write this row?"""
    name = f"{row._meta.label_lower}:{row.pk}"
    before = Event.objects.filter(proceeding=act.proceeding_id, seq__lt=act.seq, body__contains=f'"{name}"')
    return before.exists()


def _refuse(adjudication: Any, row: Any, act: Event) -> None:
    match row:
        case Service():
            _service(adjudication, row, act)
        case Hearing() if row.held_on is not None:
            raise DomainError("built_upon", _("该次口头审理已经举行，不能撤回。"))
        case Hearing() if not row.dropped and act.name == "plan_hearing" and row.shared_with:
            raise DomainError(
                "built_upon", _("已告知合并审理的各案，不能撤回；需要变更的，请重新安排口头审理。")
            )
        case Hearing() if not row.dropped and row.replies.exists():
            raise DomainError("built_upon", _("已登记口头审理回执，请先撤回该回执，或者重新安排口头审理。"))
        case ReplySlip() if row.granted is not None:
            raise DomainError("built_upon", _("该延期申请已经决定，不能撤回。"))
        case Assistant() if adjudication.technicalopinions.filter(assistant=row).exists():
            raise DomainError("built_upon", _("该人员已提交技术调查意见，请先撤回该意见。"))
        case Assistant() if adjudication.recusals.filter(assistant=row).exists():
            raise DomainError("built_upon", _("对该人员已提出回避，请先撤回该回避申请。"))
        case Hearing() if not row.dropped and _told(adjudication, act):
            raise DomainError(
                "built_upon", _("口头审理通知书已经登记送达，请先撤回该送达，或者重新安排口头审理。")
            )
        case EvaluationReport() if row.result and act.name == "ask_evaluation_report":
            raise DomainError("built_upon", _("评价报告的结果已经登记，请先撤回该登记。"))
        case MajorReport() if row.answer and act.name == "report_major":
            raise DomainError("built_upon", _("上报的答复已经登记，请先撤回该登记。"))
        case EvidenceItem() if row.examined.exists():
            raise DomainError("built_upon", _("该份证据已经质证，请先撤回质证意见。"))
        case Addition() if row.decided_on is not None:
            raise DomainError("built_upon", _("该追加请求已经决定，不能撤回。"))
        case Recusal() if row.decided_on is not None:
            raise DomainError("built_upon", _("该回避申请已经决定，不能撤回。"))


def _service(adjudication: Any, row: Service, act: Event) -> None:
    begun = adjudication.intervals.filter(cancelled=False)
    if row.method == Service.Method.PUBLIC_NOTICE:
        if row.served_on is not None:
            raise DomainError("built_upon", _("该公告送达已经登记期满，不能撤回。"))
        others = adjudication.services.filter(method=row.method, served_on__isnull=True).exclude(pk=row.pk)
        if begun.filter(kind="announcement", opened_by=act).exists() and others.exists():
            raise DomainError("built_upon", _("其他文书的公告期自该公告起不计入期限，请先撤回其他公告送达。"))
    objected = begun.filter(kind="jurisdiction_objection", opened_by__seq__gt=act.seq)
    if row.paper == Service.Paper.REQUEST and objected.exists():
        raise DomainError("built_upon", _("送达之后已收到管辖异议，不能撤回该送达。"))


def _told(adjudication: Any, act: Event) -> bool:
    """Was the notice of this hearing served since?"""
    since = Event.objects.filter(proceeding=adjudication.pk, name__in=("serve", "serve_all"), seq__gt=act.seq)
    notices = adjudication.services.filter(paper=Service.Paper.HEARING_NOTICE)
    wanted = {f"adjudication.service:{pk}" for pk in notices.values_list("pk", flat=True)}
    bodies = since.values_list("body", flat=True)
    return any(wanted & {*json.loads(body).get("rows", [])} for body in bodies)
