"""Forms of the evaluation: which station and year, points by criterion, appeal and answer."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.errors import Conflict
from cases.forms import LongField, StepForm
from cases.matters import OpeningForm, opens
from reports.models.evaluations import Evaluation
from reports.returns.opening import hold
from stations.models import Station

from .criteria import edition_of

OPENED = _("该工作站这个年度的评价已经建立，请在列表中打开。")


@opens("evaluation")
class OpenEvaluation(OpeningForm):
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    station = forms.ModelChoiceField(
        Station.objects.order_by("code"), label=_("工作站"), to_field_name="code", empty_label=_("请选择")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        year, station = cleaned.get("year"), cleaned.get("station")
        if year is None or station is None:
            return cleaned
        if edition_of(year) is None:
            self.add_error("year", _("该年度没有评价标准，请先确定标准。"))
        elif year > self.today.year:
            self.add_error("year", _("该年度尚未开始。"))
        elif not _open_in(station, year):
            self.add_error("station", _("该工作站在这个年度没有运行。"))
        elif _stands(station, year):
            self.add_error("station", OPENED)
        return cleaned

    def title(self) -> str:
        return f"{self.cleaned_data['station'].name} {self.cleaned_data['year']} 年度评价"

    def columns(self) -> dict[str, Any]:
        """Inside the door: whoever opened the same a moment ago is found."""
        year, station = self.cleaned_data["year"], self.cleaned_data["station"]
        hold(station)
        if _stands(station, year):
            raise Conflict("opened_already", OPENED)
        edition = edition_of(year)
        if edition is None:
            raise TypeError("the year was checked")
        return {
            "title": self.title(), "year": year, "edition": edition.begins, "place": station.code, "station": station,
        }  # fmt: skip


def _stands(station: Station, year: int) -> bool:
    return Evaluation.objects.filter(year=year, place=station.code, stands=True).exists()


def _open_in(station: Station, year: int) -> bool:
    return station.opened_on <= date(year, 12, 31) and (
        station.closed_on is None or station.closed_on >= date(year, 1, 1)
    )


class Scores(StepForm):
    """Base: points and words for every criterion of the edition; `scores` in the cleaned data, code -> both."""

    words_label: Any = _("说明")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.codes: list[str] = []
        for one in self.proceeding.criteria.criteria if self.proceeding is not None else ():
            self.codes.append(one.code)
            self.fields[f"points_{one.code}"] = forms.IntegerField(
                label=_("%(name)s（满分 %(most)d 分）") % {"name": one.name, "most": one.points},
                min_value=0, max_value=one.points, help_text=one.guide,
            )  # fmt: skip
            self.fields[f"words_{one.code}"] = forms.CharField(
                label=_("%(name)s：%(words)s") % {"name": one.name, "words": self.words_label},
                max_length=500, required=False,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["scores"] = {
            code: (cleaned.get(f"points_{code}"), cleaned.get(f"words_{code}", "")) for code in self.codes
        }
        return cleaned


class SubmitScores(Scores):
    step = Evaluation.submit
    words_label = _("自评说明")


class Reviewed(Scores):
    """Base of the two reviews: where the points are not the station's own, it is said why."""

    words_label = _("审核说明")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.own: dict[str, int] = {}
        for row in self.proceeding.scores.all() if self.proceeding is not None else ():
            self.own[row.code] = row.self_points
            field = self.fields[f"points_{row.code}"]
            field.initial = row.self_points if row.points is None else row.points
            said = [_("自评 %d 分") % row.self_points, row.self_words, row.evidence]
            field.help_text = "；".join(str(one) for one in said if one)
            self.fields[f"words_{row.code}"].initial = row.words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for code, (points, words) in cleaned["scores"].items():
            if points is not None and points != self.own.get(code) and not words:
                self.add_error(f"words_{code}", _("与自评不一致，请写明理由。"))
        return cleaned


class Review(Reviewed):
    step = Evaluation.review


class AnswerAppeal(Reviewed):
    step = Evaluation.answer_appeal
    answer = LongField(label=_("答复意见"), max_length=1000)


class Appeal(StepForm):
    step = Evaluation.appeal
    reason = LongField(label=_("申诉理由"), max_length=1000, help_text=_("写明对哪一项有异议、事实和理由。"))


class AcceptResult(StepForm):
    step = Evaluation.accept_result
    dated = False


class Publish(StepForm):
    step = Evaluation.publish
