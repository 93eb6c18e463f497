"""Disputes on patents that the bureau mediates by the measures of 2025 (办法第三章; 实施细则第一百零二条).

The limits AM-02 to AM-05 run from willingness.py, where the copy of the request and the answer are recorded; here stand
what such a request must say, and the papers the measures name: the notice to the other side, 不予立案, 撤销案件.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.documents.template import chinese_number
from cases.errors import DomainError
from cases.models import Party
from cases.stepping import act

if TYPE_CHECKING:
    from cases.entry import Entry

MEASURES = "《专利纠纷行政裁决和调解办法》"
ABSENT, SPLIT = "第六十七条", "第六十九条"  # who does not come; who does not agree


class PatentMatter(models.TextChoices):
    """What the dispute is about (办法第六十三条)."""

    APPLICATION_RIGHT = "application_right", _("专利申请权归属")
    PATENT_RIGHT = "patent_right", _("专利权归属")
    INVENTOR = "inventor", _("发明人、设计人资格")
    REWARD = "reward", _("职务发明创造的奖励和报酬")
    PROVISIONAL_FEE = "provisional_fee", _("发明专利申请公布后、授权前的使用费")
    OPEN_LICENCE = "open_licence", _("专利开放许可")
    DAMAGES = "damages", _("侵犯专利权的赔偿数额")
    OTHER = "other", _("其他专利纠纷")


def by_the_measures(row: Any) -> DomainError | None:
    """What is refused where the measures on patent disputes do not govern the mediation."""
    if row.governed_by_measures():
        return None
    return DomainError(
        "other_regime",
        _("本案不是2025年2月1日以后收到的专利纠纷行政调解，无需办理；请用“联系当事人”登记。"),
    )


class PatentMatters(models.Model):
    """What a mediation on a patent adds to `Mediation`."""

    patent_matter = models.CharField(
        _("专利纠纷事项"), max_length=20, choices=PatentMatter.choices, blank=True
    )
    infringement_decision = models.CharField(_("认定侵权的决定文号"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def governed_by_measures(self: Any) -> bool:
        """Is this the bureau's mediation of a patent dispute under the measures of 2025?"""
        return self.received_on is not None and self.measure_sets("AM-02", self.received_on)

    @act(open_in="received", label=_("通知被请求人陈述意见"), ready=by_the_measures)
    def notify_respondent(self: Any, entry: "Entry") -> None:
        """办法第六十五条: the copy of the request goes out within five working days; fifteen days to state a view.

        The notice only; that the copy has arrived is recorded as a contact and starts the fifteen days (AM-03).
        """
        party: Party = entry.data["party"]
        limit = deadlines.rule_of("AM-03", self.received_on)
        entry.paper(
            "mediation_request_notice", addressee=party.name, statement_days=f"{chinese_number(limit.number or 0)}日",
            basis=f"{MEASURES}第六十五条",
        )  # fmt: skip

    def take_patent_matter(self: Any, entry: "Entry") -> None:
        """What is mediated; damages alone only on a decision that found infringement (办法第六十四条)."""
        if not self.governed_by_measures():
            return
        self.patent_matter = entry.data["patent_matter"] or PatentMatter.OTHER
        self.infringement_decision = entry.data["infringement_decision"]
        if self.patent_matter == PatentMatter.DAMAGES and not self.infringement_decision:
            raise DomainError(
                "decision_missing",
                _("仅就赔偿数额请求调解的，须附认定侵权的决定（%(source)s），请填写决定的文号。")
                % {"source": f"{MEASURES}第六十四条"},
            )

    def tell_not_filed(self: Any, entry: "Entry", reason: str) -> None:
        """办法第六十六条: the requester is told that no case is filed, and why."""
        if self.governed_by_measures():
            sides = self.case.parties.filter(role=Party.Role.APPLICANT)
            entry.paper(
                "mediation_not_filed", addressee=[one.name for one in sides], reason=reason,
                basis=f"{MEASURES}第六十六条",
            )  # fmt: skip

    def tell_revoked(self: Any, entry: "Entry", ground: str, article: str) -> None:
        """撤销案件: without an agreement the case ends so, and the parties are told (办法第六十七条、第六十九条)."""
        if self.governed_by_measures():
            sides = self.case.parties.exclude(role=Party.Role.THIRD)
            entry.paper(
                "mediation_revocation", addressee=[one.name for one in sides], ground=ground,
                basis=f"{MEASURES}{article}",
            )  # fmt: skip
