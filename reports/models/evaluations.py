"""Yearly evaluation of a station (年度评价): self-score, review by the centre, appeal within days, published result.

Evidence from live records stands beside each score and never decides it; what is scored stands in reports/evaluation.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError, Refused
from cases.kinds import kind
from cases.models import Deadline, Proceeding
from cases.models.matter import PAGE, Matter
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step
from reports.evaluation import evidence
from reports.evaluation.criteria import Edition, edition_of
from stations.models import Body

if TYPE_CHECKING:
    from cases.entry import Entry

GRADES = {"excellent": _("优秀"), "good": _("良好"), "passed": _("合格"), "failed": _("不合格")}
APPEAL = "EV-03"


class EvaluationScore(models.Model):
    """One criterion of one evaluation: what the station gave itself, what the review gave, what the records said."""

    evaluation = models.ForeignKey("reports.Evaluation", models.PROTECT, related_name="scores")
    code = models.CharField(max_length=40)
    name = models.CharField(_("项目"), max_length=60)
    most = models.PositiveSmallIntegerField(_("满分"))
    self_points = models.PositiveSmallIntegerField(_("自评分"))
    self_words = models.CharField(_("自评说明"), max_length=500, blank=True)
    evidence = models.CharField(_("系统记录"), max_length=200, blank=True)
    points = models.PositiveSmallIntegerField(_("审核分"), null=True)
    words = models.CharField(_("审核说明"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = _("评价得分")
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "code"], name="one_score_per_criterion"),
            models.CheckConstraint(
                condition=Q(self_points__lte=models.F("most")) & (Q(points=None) | Q(points__lte=models.F("most"))),
                name="score_within_its_points",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@kind(
    "evaluation",
    label=_("工作站年度评价"),
    states={
        **BASE_STATES, "received": _("自评中"), "scored": _("待审核"), "reviewed": _("已审核"), "appealed": _("申诉中"),
        "published": _("已公布"),
    },
    way=("received", "scored", "reviewed", "published"),
    ends={"published"},
    outcomes=GRADES,
    outcomes_of={"published": tuple(GRADES)},
    body=Body.Kind.CENTRE,
    page=PAGE,
)  # fmt: skip
class Evaluation(Matter, Proceeding):
    """One station's year. `edition` is the first year of the criteria that hold."""

    title = models.CharField(_("名称"), max_length=120)
    year = models.PositiveSmallIntegerField(_("年度"))
    edition = models.PositiveSmallIntegerField(_("评价标准（起用年度）"))
    place = models.CharField(_("工作站代码"), max_length=60)
    stands = models.BooleanField(null=True, default=True, editable=False)  # NULL once void
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    total = models.PositiveSmallIntegerField(_("得分"), null=True)
    appealed_on = models.DateField(_("申诉日期"), null=True, blank=True)
    appeal_reason = models.TextField(_("申诉理由"), blank=True)
    appeal_answer = models.TextField(_("申诉答复"), blank=True)
    accepted = models.BooleanField(_("工作站认可"), default=False)
    published_on = models.DateField(_("公布日期"), null=True, blank=True)

    body_kind = Body.Kind.CENTRE
    listed = {"year": _("年度"), "total": _("得分"), "published_on": _("公布日期")}

    class Meta:
        verbose_name = verbose_name_plural = _("工作站年度评价")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "place"], condition=Q(stands=True), name="one_evaluation_per_station_and_year"
            )
        ]  # fmt: skip

    @property
    def criteria(self) -> Edition:
        """The edition it is scored by. Raises TypeError for a year before the first."""
        found = edition_of(self.edition)
        if found is None:
            raise TypeError(f"no criteria for {self.edition}")
        return found

    def cells(self) -> dict[str, Any]:
        """A total is told once it is published."""
        return super().cells() | ({} if self.state == "published" else {"total": None})

    def begin(self, entry: "Entry") -> None:
        entry.start("EV-01")

    def voided(self, entry: "Entry") -> None:
        self.stands = None

    def undone(self, entry: "Entry", name: str) -> None:
        if name == "publish":
            raise DomainError("published", _("结果已经公布，不能撤回；确有错误的，请作废后重新评价。"))
        if name == "void":
            self.stands = True
        if name == "submit":
            self.scores.all().delete()
        if name == "review":
            self._give(entry, {one.code: (None, "") for one in self.scores.all()})

    def may_still_appeal(self, today: date) -> bool:
        """The station has been told, has not agreed, and its days are not over."""
        open_ = Deadline.objects.filter(proceeding=self.pk, rule=APPEAL, cancelled=False, met_on__isnull=True)
        return self.appealed_on is None and not self.accepted and open_.filter(due_on__gte=today).exists()

    def appealed_once(self) -> DomainError | None:
        """An appeal is answered once; who has agreed does not appeal."""
        if self.appealed_on is not None or self.accepted:
            return DomainError("no_appeal", _("本次评价已经申诉或者认可，不能再申诉。"))
        return None

    # steps -------------------------------------------------------------------------------------------------

    @step(source="received", target="scored", label=_("提交自评"))
    def submit(self, entry: "Entry") -> None:
        """提交自评：站长逐项打分；系统同时留下当日的办理记录作为依据。"""
        self.scored_by = entry.by
        told = evidence.told(self.station, self.year, entry.today)
        for place, one in enumerate(self.criteria.criteria):
            points, words = entry.data["scores"][one.code]
            entry.save(
                EvaluationScore(
                    evaluation=self, code=one.code, name=one.name, most=one.points, self_points=points, self_words=words,
                    evidence=told.get(one.evidence, ""), position=place,
                )
            )  # fmt: skip
        entry.note(self_total=sum(points for points, _words in entry.data["scores"].values()))
        entry.finish("EV-01")
        entry.start("EV-02")

    @step(source="scored", target="reviewed", label=_("审核评分"))
    def review(self, entry: "Entry") -> None:
        """审核评分：逐项核对依据后打分；与自评不一致的写明理由。"""
        if entry.by.pk == self.scored_by_id:
            raise Refused("same_person", _("自评人不能审核自己的评分，请由另一名工作人员办理。"))
        self.reviewed_by = entry.by
        self._give(entry, entry.data["scores"])
        entry.finish("EV-02")
        entry.start(APPEAL)

    def _give(self, entry: "Entry", scores: dict[str, tuple[Any, str]]) -> None:
        for row in self.scores.all():
            row.points, row.words = scores[row.code]
            entry.save(row)
        given = [points for points, _words in scores.values()]
        self.total = None if None in given else sum(given)
        entry.note(total=self.total)

    @act(open_in="reviewed", label=_("认可结果"), ready=lambda row: row.appealed_once())
    def accept_result(self, entry: "Entry") -> None:
        """认可结果：工作站对审核结果没有异议。"""
        self.accepted = True
        entry.finish(APPEAL)

    @step(source="reviewed", target="appealed", label=_("申诉"), ready=lambda row: row.appealed_once())
    def appeal(self, entry: "Entry") -> None:
        """申诉：收到审核结果后在期限内提出，写明哪一项、什么理由。"""
        if not self.may_still_appeal(entry.today):
            raise DomainError("too_late", _("申诉期限已过，不能再提出申诉。"))
        self.appealed_on, self.appeal_reason = entry.on, entry.data["reason"]
        entry.finish(APPEAL)
        entry.start("EV-04")

    @step(source="appealed", target="reviewed", label=_("答复申诉"))
    def answer_appeal(self, entry: "Entry") -> None:
        """答复申诉：重新核对申诉的项目，维持或者改正评分，写明理由。"""
        if entry.by.pk == self.scored_by_id:
            raise Refused("same_person", _("自评人不能答复自己的申诉，请由另一名工作人员办理。"))
        self.appeal_answer = entry.data["answer"]
        self._give(entry, entry.data["scores"])
        entry.finish("EV-04")

    @step(source="reviewed", target="published", label=_("公布结果"), grave=True)
    def publish(self, entry: "Entry") -> None:
        """公布结果：申诉期满、申诉已经答复或者工作站已经认可后公布。"""
        if self.may_still_appeal(entry.today):
            raise DomainError("may_appeal", _("申诉期未满，工作站也未认可结果，暂不能公布。"))
        self.published_on, self.outcome = entry.on, self.criteria.grade(self.total or 0)
        entry.fact("evaluation_published", value=self.outcome)
        entry.finish_all()
        entry.paper("evaluation_sheet", **self.sheet_data())

    def sheet_data(self) -> dict[str, Any]:
        """What the score sheet tells."""
        rows = list(self.scores.all())
        return {
            "station": self.station.name, "year": str(self.year), "criteria": self.criteria.document, "total": str(self.total),
            "grade": str(GRADES[self.outcome]) if self.outcome else "", "appeal": self.appeal_reason,
            "answer": self.appeal_answer,
            "scores": [
                {"name": one.name, "most": one.most, "self": one.self_points, "points": one.points,
                 "evidence": one.evidence or one.self_words, "words": one.words}
                for one in rows
            ],
        }  # fmt: skip


__all__ = ["GRADES", "Evaluation", "EvaluationScore"]
