"""One case of the demonstration on its way: every call is the door's, days in the past are 补录."""

from datetime import date, timedelta
from typing import Any

from cases import approvals, steps
from cases.models import Case, Proceeding
from cases.stepping import steps_of

from .house import House

REASON = "演示数据补录"
ROUTE = {"head": "head", "committee": "committee", "legal": "legal", "reviewer": "reviewer2"}  # who approves


class Story:
    """One case on its way; every call is the door's, days in the past are 补录."""

    def __init__(self, house: House, today: date, number: int, days_ago: int, **words: Any):
        self.house, self.today, self.number = house, today, number
        self.day = today - timedelta(days_ago)
        body = {
            "station": "s01", "source": "application", "received_on": self.day.isoformat(),
            "parties": self._parties(), **words,
        }  # fmt: skip
        if self.day < today:
            body["late_reason"] = REASON
        outcome = steps.register(by=house.users["clerk"], data=body, today=today)
        self.case = Case.objects.get(pk=outcome.case)
        self.case.simulated = True
        self.case.save(update_fields=["simulated"])
        self.row = Proceeding.objects.get(case=self.case).concrete()

    def _parties(self) -> list[dict[str, str]]:
        n = f"{self.number:02d}"
        return [
            {"role": "applicant", "kind": "legal_person", "name": f"模拟企业甲演{n}", "id_number": f"MONIA{n}01",
             "phone": "022-66880000", "address": f"模拟路{n}号"},
            {"role": "respondent", "kind": "legal_person", "name": f"模拟企业乙演{n}", "id_number": f"MONIB{n}01",
             "address": f"模拟街{n}号"},
        ]  # fmt: skip

    def party(self, role: str) -> int:
        return int(self.case.parties.get(role=role).pk)

    def pass_days(self, days: int) -> "Story":
        self.day = min(self.day + timedelta(days), self.today)
        return self

    def do(self, name: str, by: str, *, approve: bool = True, **data: Any) -> "Story":
        """A step or act on the story's day, approved by everyone it asks unless it is to wait."""
        said: dict[str, Any] = dict(data)
        if self.day < self.today and name != "redact":
            said |= {"on": self.day.isoformat(), "late_reason": REASON}
        user = self.house.users[by]
        if steps_of(type(self.row))[name].kind == "act":
            answer = steps.act(self.row.pk, name, by=user, data=said, today=self.today)
        else:
            answer = steps.perform(
                self.row.pk, name, by=user, data=said, version=self.row.version, today=self.today
            )
        if isinstance(answer, steps.Waiting) and approve:
            self._approve(answer.approval)
        self.row = type(self.row).objects.get(pk=self.row.pk)
        return self

    def _approve(self, approval: Any) -> None:
        for role in approval.roles.split(","):
            approval = approvals.decide(
                approval.pk, "approve", by=self.house.users[ROUTE[role]], on=self.day, today=self.today
            )
        if approval.state != "granted":
            raise ValueError(f"{approval.name}: {approval.reason}")

    def both_agree(self) -> "Story":
        for role, way in (("applicant", "application"), ("respondent", "signed")):
            self.do("record_consent", "mediator", party=self.party(role), answer="agree", way=way)
        return self

    def served(self, paper: str, role: str) -> "Story":
        return self.do("serve", "recorder", party=self.party(role), paper=paper, method="direct")
