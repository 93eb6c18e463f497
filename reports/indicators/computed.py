"""Indicators computed from facts of our own proceedings: assistance, mediation, adjudication, rulings, lawsuits.

What is taken from registers of people and places: stocks.py.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.models import Document, Event, Evidence
from reports import status
from reports.periods import Period

from .base import (
    OUT,
    TAKEN_OUT,
    UNDATED,
    FactIndicator,
    Figure,
    Reading,
    Tally,
    having,
    in_period,
)  # fmt: skip

ASSISTANCE, MEDIATION, ADJUDICATION = "assistance", "mediation", "adjudication"
FLAVOUR = "proceeding__mediation__flavour"
IS_UNDATED = When(occurred_on__isnull=True, then=Value(UNDATED))


def bucket(reading: Reading, *whens: When, default: Any) -> Case:
    """The bucket of a row: the first condition that holds; what is taken out or undated is in no other one."""
    is_out = When(reading.taken_out, then=Value(TAKEN_OUT))
    return Case(is_out, IS_UNDATED, *whens, default=default, output_field=CharField())


class AidAndMediation(FactIndicator):
    """Assistance and mediation accepted in the period; converted assistance counts once, as its mediation."""

    code = "aid_and_mediation"
    name = _("维权援助和调解案件")
    unit = _("件/年")
    is_flow = True
    basis = _("维权援助、调解的受理登记")
    definition = _(
        "期内受理的维权援助与调解程序之和，按受理日期计，各类调解均计，裁决中的调解不单独计，咨询不计。"
        "仅需调解的维权援助以“转调解”结束，其调解已受理的列入不计（截至统计时点判断），否则照计。"
    )
    low_is = _("按纠纷计，同一批量计一件。")
    FLAVOURS = ("people", "administrative", "commercial")
    counts = (ASSISTANCE, *FLAVOURS)
    leaves_out = ("counted_as_mediation", TAKEN_OUT, UNDATED)
    labels = {
        ASSISTANCE: _("维权援助"), "people": _("人民调解"), "administrative": _("行政调解"), "commercial": _("商事调解"),
        "counted_as_mediation": _("转调解，已按调解计"), **OUT, UNDATED: _("受理日期不明"),
    }  # fmt: skip
    NOTICES = ("assistance_acceptance", "mediation_acceptance", "mediation_notice")

    def moved(self, reading: Reading) -> Q:
        """Converted, and its mediation is accepted: sets found once, both are small."""
        converted = reading.live("closed").filter(value="converted", proceeding__kind=ASSISTANCE)
        mediated = reading.live("accepted").filter(
            proceeding__kind=MEDIATION, proceeding__parent__isnull=False
        )
        return Q(
            proceeding__kind=ASSISTANCE,
            proceeding__in=converted.order_by()
            .values("proceeding")
            .filter(proceeding__in=mediated.order_by().values("proceeding__parent")),
        )

    SCOPE = Q(proceeding__kind__in=(ASSISTANCE, MEDIATION))

    def rows(self, reading: Reading) -> QuerySet[Event]:
        return (
            reading.scoped("accepted")
            .filter(self.SCOPE)
            .annotate(
                bucket=bucket(
                    reading,
                    When(self.moved(reading), then=Value("counted_as_mediation")),
                    When(proceeding__kind=ASSISTANCE, then=Value(ASSISTANCE)),
                    default=F(FLAVOUR),
                )
            )
        )

    def counted_rows(self, periods: Sequence[Period], reading: Reading) -> QuerySet[Event]:
        """Exactly the rows of the numerator, in any of the periods or between them."""
        span = Q(occurred_on__gte=min(p.start for p in periods), occurred_on__lte=max(p.end for p in periods))
        return reading.counted("accepted").filter(self.SCOPE, span).exclude(self.moved(reading)).order_by()

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        found = super().figures(periods, reading)
        whole = found[:full]
        asked = {}
        for n, figure in enumerate(whole):
            within = in_period(figure.period)
            in_batch = within & ~Q(case__batch="")
            asked[f"single_{n}"] = Count("case", distinct=True, filter=within & Q(case__batch=""))
            asked[f"batches_{n}"] = Count("case__batch", distinct=True, filter=in_batch)
            asked[f"batched_{n}"] = Count("pk", filter=in_batch)
        told = self.counted_rows([f.period for f in whole], reading).aggregate(**asked) if whole else {}
        for n, figure in enumerate(whole):
            figure.low = told[f"single_{n}"] + told[f"batches_{n}"]
            figure.parts |= {"batches": told[f"batches_{n}"], "batched": told[f"batched_{n}"]}
        return found

    def notice(self) -> QuerySet[Document]:
        """The acceptance notice of a counted file."""
        found = Document.objects.filter(proceeding=OuterRef("proceeding"), kind__in=self.NOTICES)
        return found.exclude(state=Document.State.VOID)

    def application(self) -> QuerySet[Evidence]:
        """The signed application of a counted file."""
        named = Q(title__contains="申请书") | Q(name__contains="申请书")
        return Evidence.objects.filter(named, case=OuterRef("case"))

    def papers(self, period: Period, reading: Reading) -> dict[str, int]:
        """How many of the counted files hold the signed application, and the acceptance notice."""
        return self.counted_rows([period], reading).aggregate(
            notices=Count("pk", filter=Exists(self.notice())),
            applications=Count("pk", filter=Exists(self.application())),
        )


class MediationSuccess(FactIndicator):
    """People's mediation: agreements in effect among what was closed after acceptance."""

    code = "mediation_success"
    name = _("知识产权人民调解成功率")
    unit = "%"
    is_count = False
    basis = _("人民调解的受理与结案登记")
    definition = _(
        "仅计人民调解（含法院委派、委托）。生效的书面或口头协议 ÷ 期内受理后结案（成功＋不成＋终止＋撤回）；"
        "协议按生效日计，撤回仅在登记了和解内容时计为成功，移送不计。"
        "另列÷受理。"
    )
    low_is = _("÷ 期内以任何方式结束的全部申请和委派（含被拒绝、无应答、联系不上、受理前撤回）。")
    high_is = _("÷（成功＋不成）。")
    AGREED = ("written_agreement", "oral_agreement")
    SETTLED = ("agreed", "settled")
    counts = SETTLED
    base = (*SETTLED, "failed", "terminated", "withdrawn")
    leaves_out = ("transferred", "not_started", TAKEN_OUT, UNDATED)
    labels = {
        "agreed": _("达成协议"), "settled": _("和解后撤回"), "failed": _("调解不成"), "terminated": _("终止"),
        "withdrawn": _("受理后撤回"), "not_started": _("未启动"), "transferred": _("移送"), "accepted": _("受理"),
        **OUT, UNDATED: _("结案日期不明"),
    }  # fmt: skip

    def rows(self, reading: Reading) -> QuerySet[Event]:
        enters = Q(fact="closed") | Q(occurred_on__isnull=False) & ~reading.taken_out
        found = reading.scoped("closed", "accepted").filter(
            enters, proceeding__kind=MEDIATION, **{FLAVOUR: "people"}
        )
        started = having(reading, "accepted")
        return found.annotate(
            bucket=bucket(
                reading,
                When(fact="accepted", then=Value("accepted")),
                When(value="transferred", then=Value("transferred")),
                # these ends are reached only after acceptance, also where a sheet does not state its date
                When(value__in=self.AGREED, then=Value("agreed")),
                When(value__in=("failed", "terminated"), then=F("value")),
                When(Q(value="withdrawn_settled") & started, then=Value("settled")),
                When(Q(value__in=("withdrawn", "deemed_withdrawn")) & started, then=Value("withdrawn")),
                default=Value("not_started"),
            )
        )

    def readings(self, tally: Tally) -> tuple[Fraction | None, Fraction | None]:
        agreed = tally.of(self.counts)
        ended = tally.of(self.base) + tally.buckets["not_started"]
        return status.rate(agreed, ended).value, status.rate(agreed, agreed + tally.buckets["failed"]).value


class AdjudicationAccepted(FactIndicator):
    """Adjudications filed (立案) in the period."""

    code = "adjudication_accepted"
    name = _("行政裁决案件受理量")
    unit = _("件/年")
    is_flow = True
    basis = _("行政裁决的立案登记")
    definition = _("期内立案的行政裁决案件，按立案日期计；不予立案的不计，合并审理的各案分别计。")
    counts = ("open", "closed")
    labels = {"closed": _("已结"), "open": _("办理中"), **OUT, UNDATED: _("立案日期不明")}

    def rows(self, reading: Reading) -> QuerySet[Event]:
        found = reading.scoped("accepted").filter(proceeding__kind=ADJUDICATION)
        is_closed = When(having(reading, "closed"), then=Value("closed"))
        return found.annotate(bucket=bucket(reading, is_closed, default=Value("open")))


class RulingUpheld(FactIndicator):
    """Lawsuits about rulings that ended with an effective result."""

    code = "ruling_upheld"
    name = _("行政裁决决定在行政诉讼中维持率")
    unit = "%"
    is_count = False
    basis = _("行政诉讼结果登记（生效裁判文书）")
    definition = _(
        "维持 ÷ 期内以生效裁判结束的行政裁决诉讼。维持：判决驳回诉讼请求、裁定驳回起诉；"
        "未维持：撤销、部分撤销（另列）、变更、确认违法、确认无效；撤诉不计。"
    )
    counts = ("upheld", "dismissed_suit")
    base = (*counts, "annulled", "partly_annulled", "changed", "unlawful", "void")
    leaves_out = ("withdrawn", TAKEN_OUT, UNDATED)
    labels = {
        "upheld": _("判决驳回诉讼请求"), "dismissed_suit": _("裁定驳回起诉"), "annulled": _("撤销"),
        "partly_annulled": _("部分撤销"), "changed": _("变更"), "unlawful": _("确认违法"), "void": _("确认无效"),
        "withdrawn": _("撤诉"), **OUT, UNDATED: _("裁判日期不明"),
    }  # fmt: skip

    def rows(self, reading: Reading) -> QuerySet[Event]:
        return reading.scoped("judgment").annotate(bucket=bucket(reading, default=F("value")))


class RulingDisclosure(FactIndicator):
    """Rulings made in the period: published, due, overdue or lawfully withheld, as known on the day."""

    code = "ruling_disclosure"
    name = _("行政裁决案件公开率")
    unit = "%"
    is_count = False
    basis = _("裁决、公开与不公开登记（与公开登记簿一致）")
    definition = _(
        "期内作出、公开期限（20 个工作日，专利纠纷行政裁决和调解办法第八十三条）已满或已公开的裁决："
        "已公开 ÷（上述裁决－依法不公开）。逾期公开的计入并标明；公开后撤下的计入分母。"
        "导入的历史裁决在登记簿中没有记录，列入不计。"
    )
    low_is = _("已公开 ÷（已公开＋待公开＋逾期未公开＋依法不公开）。")
    counts = ("published",)
    base = ("published", "overdue", "unpublished")
    leaves_out = ("withheld", "due", "imported", TAKEN_OUT, UNDATED)
    extra = ("published_on",)
    labels = {
        "published": _("已公开"), "due": _("未到期"), "overdue": _("逾期未公开"), "withheld": _("依法不公开"),
        "unpublished": _("公开后撤下"), "imported": _("导入的历史裁决"), **OUT,
        UNDATED: _("作出日期不明"),
    }  # fmt: skip
    STATES = ("published", "withheld", "unpublished")
    LATEST = (F("occurred_on").desc(nulls_last=True), "-pk")
    RULE, FIRST_IN_FORCE = "T-27", date(2015, 7, 1)

    def rows(self, reading: Reading) -> QuerySet[Event]:
        again = reading.live("ruled").filter(subject=OuterRef("subject"), pk__lt=OuterRef("pk"))
        said = reading.live(*self.STATES).filter(subject=OuterRef("subject"))
        published = said.filter(fact="published").order_by().values("subject").annotate(d=Min("occurred_on"))
        latest = said.order_by(*self.LATEST).values("fact")[:1]
        has_run_out = When(occurred_on__lte=self.run_out(reading), then=Value("overdue"))
        unsaid = Case(has_run_out, default=Value("due"), output_field=CharField())
        return (
            reading.scoped("ruled")
            .filter(~Exists(again))  # joined cases: one ruling counts once
            .annotate(
                published_on=Subquery(published.values("d")[:1]),
                bucket=bucket(
                    reading,
                    When(origin=Event.Origin.IMPORTED, then=Value("imported")),
                    default=Coalesce(Subquery(latest), unsaid, output_field=CharField()),
                ),
            )
        )

    def due_on(self, made_on: date, reading: Reading) -> date:
        """The last day of the 20 working days (T-27)."""
        return deadlines.due(
            self.RULE, made_on, filed=max(made_on, self.FIRST_IN_FORCE), calendar=reading.calendar
        ).due

    def run_out(self, reading: Reading) -> date:
        """The latest day of signing whose limit has run out before the day of reading."""
        day = reading.as_of
        while self.due_on(day, reading) >= reading.as_of:
            day -= deadlines.DAY
        return day

    def readings(self, tally: Tally) -> tuple[Fraction | None, Fraction | None]:
        every = tally.of((*self.base, "due", "withheld"))
        return status.rate(tally.buckets["published"], every).value, None

    def parts(self, tally: Tally) -> dict[str, Any]:
        return super().parts(tally) | {"late": tally.buckets["late"]}

    def tallies(self, periods: Sequence[Period], reading: Reading) -> list[Tally]:
        """Late ones count and are flagged: published after the last day of the limit."""
        found = super().tallies(periods, reading)
        for tally in found:
            for cell in tally.cells:
                on, shown = cell.on, cell.extra[0]
                if cell.bucket == "published" and on and shown and shown > self.due_on(on, reading):
                    tally.buckets["late"] += cell.number
        return found

    def closings(self, periods: Sequence[Period], reading: Reading) -> list[dict[str, int]]:
        """Also listed: adjudications closed in the period, and those whose ruling is published."""
        ruled = reading.live("ruled").filter(proceeding=OuterRef("proceeding"))
        said = reading.live(*self.STATES).filter(subject=OuterRef("subject")).order_by(*self.LATEST)
        out = ruled.annotate(disclosure=Subquery(said.values("fact")[:1])).filter(disclosure="published")
        rows = reading.counted("closed").filter(proceeding__kind=ADJUDICATION).order_by()
        told = rows.annotate(out=Exists(out)).aggregate(
            **{f"closed_{n}": Count("pk", filter=in_period(p)) for n, p in enumerate(periods)},
            **{f"told_{n}": Count("pk", filter=in_period(p) & Q(out=True)) for n, p in enumerate(periods)},
        )
        return [{"closed": told[f"closed_{n}"], "told": told[f"told_{n}"]} for n in range(len(periods))]


class RespondentAnswered(FactIndicator):
    """Respondents who were asked to mediate, and those who answered, whatever they answered."""

    code = "respondent_answered"
    name = _("被申请人应答率")
    unit = "%"
    is_count = False
    basis = _("调解中被申请人的联系与答复登记")
    definition = _("已答复（同意或者不同意）的被申请人 ÷ 期内首次联系的被申请人，按首次联系日期计。")
    counts = ("agree", "refuse")
    base = (*counts, "silent")
    labels = {
        "agree": _("同意调解"),
        "refuse": _("不同意调解"),
        "silent": _("未答复"),
        **OUT,
        UNDATED: _("联系日期不明"),
    }

    def rows(self, reading: Reading) -> QuerySet[Event]:
        answers = reading.live("answered").filter(
            proceeding=OuterRef("proceeding"), subject=OuterRef("subject"), value__in=self.counts
        )
        found = reading.scoped("contacted").filter(proceeding__kind=MEDIATION)
        answer = Subquery(answers.order_by("-pk").values("value")[:1])
        return found.annotate(
            bucket=bucket(reading, default=Coalesce(answer, Value("silent"), output_field=CharField()))
        )


__all__ = [
    "AdjudicationAccepted", "AidAndMediation", "MediationSuccess", "RespondentAnswered", "RulingDisclosure", "RulingUpheld",
]  # fmt: skip
