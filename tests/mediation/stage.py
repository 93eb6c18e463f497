"""People, bodies and mediations of the tests. Every state is reached through the door."""

from datetime import date
from typing import Any

from cases import steps
from cases.models import Case
from mediation.models import Mediation
from stations.models import User
from tests.factories import TODAY, approve_all, body, clerk, first, register, user
from tests.laid import laid_once

DAY = TODAY.isoformat()
COURT = {"materials_on": DAY}
PAY = {"kind": "pay", "what": "支付补偿款", "who": "乙公司", "due_on": "2026-12-20", "amount": "10000.00"}
STOP = {"kind": "stop", "what": "停止使用争议标识", "who": "乙公司"}
TEXT = {"facts": "使用近似标识", "performance": "银行转账", "terms": [PAY, STOP]}
SIGNED = {**TEXT, "parties_signed_on": DAY, "mediator_signed_on": DAY, "no_confirmation": True}


def mediator(name: str = "mediator", of: str = "committee") -> User:
    return user(name, ("mediator", body(of)))


def committee() -> User:
    return user("committee", ("committee", body("committee")))


def head() -> User:
    return user("head", ("head", body("bureau")))


@laid_once
def received(flavour: str = "people", today: date = TODAY, **changes: Any) -> Mediation:
    """A mediation just registered."""
    for kind in ("committee", "bureau", "commercial"):
        body(kind)
    case = register(today=today, proceeding="mediation", mediation_kind=flavour, **changes)
    return first(case)


def again(row: Mediation) -> Mediation:
    return Mediation.objects.get(pk=row.pk)


def take(row: Any, step: str, by: User | None = None, today: date = TODAY, **data: Any) -> Any:
    """A step by the mediator (or `by`), with the version as it stands."""
    now = type(row).objects.get(pk=row.pk)
    return steps.perform(row.pk, step, by=by or mediator(), data=data, version=now.version, today=today)


def do(row: Any, act: str, by: User | None = None, today: date = TODAY, **data: Any) -> Any:
    return steps.act(row.pk, act, by=by or mediator(), data=data, today=today)


def party(row: Any, role: str = "respondent") -> Any:
    return Case.objects.get(pk=row.case_id).parties.filter(role=role).first()


def consent(row: Mediation, today: date = TODAY, by: User | None = None) -> Mediation:
    """Both sides agree in writing."""
    for role, way in (("applicant", "application"), ("respondent", "signed")):
        data = {"party": party(row, role).pk, "answer": "agree", "way": way}
        do(row, "record_consent", by=by or clerk(), today=today, **data)
    return again(row)


@laid_once
def accepted(
    flavour: str = "people", today: date = TODAY, data: dict[str, Any] | None = None, **changes: Any
) -> Mediation:
    """In mediation, approved by whom the kind asks."""
    row = consent(received(flavour, today, **changes), today)
    of = row.body.kind
    by = mediator("mediator" if of == "committee" else f"mediator_{of}", of)
    who = {"committee": committee, "bureau": head}.get(
        of, lambda: user("manager", ("committee", body("commercial")))
    )()
    approve_all(take(row, "accept", by=by, today=today, **(data or {})), who, today=today)
    return again(row)


@laid_once
def settled(**changes: Any) -> Mediation:
    """A written agreement in effect."""
    row = accepted(**changes)
    take(row, "sign_agreement", **SIGNED)
    approve_all(take(row, "seal_agreement"), committee())
    return again(row)


def running(row: Any) -> dict[str, date]:
    """The limits of the law that run: rule -> due date. What the parties owe each other is not one, nor when to archive."""
    open_ones = row.deadlines.filter(met_on__isnull=True, cancelled=False).exclude(
        rule__in=["OB-01", "AR-01"]
    )
    return {d.rule: d.due_on for d in open_ones}


def facts(row: Any) -> list[tuple[str, str | None]]:
    """The facts that hold, in order."""
    live = row.events.filter(fact__isnull=False, corrections__isnull=True).order_by("seq")
    return [(event.fact, event.value) for event in live]
