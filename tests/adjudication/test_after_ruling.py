"""After the ruling: each recipient's time to sue, the way to enforcement, and what the public page says of the last result."""

import json
from datetime import date

import pytest

from adjudication import legal_status, showing_court
from adjudication.models import Disclosure, Litigation, RegisterLine
from adjudication.models.public import LegalStatus
from cases.errors import DomainError, Invalid
from cases.models import Event
from cases.permissions import can
from reports.indicators.computed import RulingUpheld
from tests.adjudication.story import due, fresh, later, party, ruled, serve, staff, take
from tests.laid import laid_once
from tests.reports.test_indicators import figure

pytestmark = pytest.mark.django_db
EVERYTHING_PAST = later(400)


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code, refusal.value
    return str(refusal.value)


@laid_once
def both_served():
    """The requester has it on the day, the respondent four days later."""
    row, ruling = ruled()
    row = serve(row, "ruling", "applicant")
    return serve(row, "ruling", today=later(4)), ruling


def windows(row, today):
    shown = showing_court.suing(row, staff()["adj1"], today)
    return [[cell["text"] for cell in line] for line in shown.tables[0].rows], shown.facts


def test_each_recipient_has_his_own_fifteen_days():
    row, _ruling = ruled()
    assert showing_court.suing(row, None, later(3)).tables == []
    row = serve(serve(row, "ruling", "applicant"), "ruling", today=later(4))
    lines, facts = windows(row, later(18))
    assert lines == [["请求人　甲公司", "2026-11-20", "2026-12-07", "期限已满，请登记是否起诉"],
                     ["被请求人　乙公司", "2026-11-24", "2026-12-09", "期限内"]] and facts == []  # fmt: skip
    row = take(row, "record_no_suit", {"parties": [party(row, "applicant").pk]}, today=later(18))
    suit = {"court": "示例法院", "party": party(row).pk}
    take(row, "record_suit", suit, today=later(18))
    assert [line[3] for line in windows(fresh(row), later(18))[0]] == ["期满未起诉", "已起诉"]


def test_all_whose_time_ran_out_are_recorded_at_once():
    row, _ruling = both_served()
    who = {"parties": [party(row, "applicant").pk, party(row).pk]}
    assert "乙公司" in fails("suing_period_runs", row, "record_no_suit", who, today=later(18))
    assert row.deadlines.filter(rule="T-21", met_on__isnull=True).count() == 2
    row = take(row, "record_no_suit", who, today=later(20))
    assert due(row, "T-21") is None
    notes = json.loads(Event.objects.get(proceeding=row, name="record_no_suit").body)["notes"]
    assert notes["parties"] == [f"party:{pk}" for pk in who["parties"]]
    fails("no_suing_period", row, "record_no_suit", who, today=later(21))
    act = Event.objects.get(proceeding=row, name="record_no_suit")
    row = take(row, "undo_act", {"act": act.pk, "reason": "点错"}, today=later(21))
    assert row.deadlines.filter(rule="T-21", met_on__isnull=True).count() == 2
    with pytest.raises(Invalid):
        take(row, "record_no_suit", {"parties": []}, today=later(21))


def unsued():
    row, ruling = both_served()
    who = {"parties": [party(row, "applicant").pk, party(row).pk]}
    return take(row, "record_no_suit", who, today=later(20)), ruling


def test_the_page_says_until_when_enforcement_can_be_asked_for():
    row, _ruling = unsued()
    (said,) = windows(row, later(20))[1]
    assert "2027-03-09" in str(said["value"]) and said["tone"] == "warn"  # three months from 2026-12-09
    take(row, "open_enforcement", {"suing_ended_on": later(19).isoformat()}, today=later(20))
    assert windows(fresh(row), later(20))[1] == []


def test_a_suit_still_comes_in_when_the_file_is_archived():
    row, _ruling = both_served()
    row.archived_on = later(5)
    row.save()
    people = staff()
    for name in ("record_suit", "record_no_suit"):
        assert can(people["adj1"], fresh(row), name, later(18)), name
    assert can(people["adj1"], fresh(row), "serve", later(18)).code == "archived"
    take(row, "record_suit", {"court": "示例法院", "party": party(row).pk}, today=later(18))
    assert Litigation.objects.get().state == "received"


# the last result in effect ---------------------------------------------------------------------------------------


def sue(row, role, day):
    take(row, "record_suit", {"court": "示例法院", "party": party(row, role).pk}, today=later(day))
    suit = Litigation.objects.latest("pk")
    return take(suit, "answer", {"reason": "另行提交"}, today=later(day))


def judge(suit, outcome, day):
    form = "ruling" if outcome == "dismissed_suit" else "judgment"
    data = {"outcome": outcome, "form": form, "judged_on": later(day).isoformat()}
    return take(suit, "record_judgment", data, today=later(day))


def decided(row, role, outcome, day):
    return take(judge(sue(row, role, day), outcome, day), "conclude", today=later(day + 40))


def status(ruling):
    found, history = legal_status.of(ruling, EVERYTHING_PAST)
    return found, [(later.words, later.on) for later in history]


def test_upheld_remanded_annulled_only_the_last_result_counts():
    row, ruling = both_served()
    suit = judge(sue(row, "respondent", 5), "upheld", 30)
    assert status(ruling) == (LegalStatus.SUED, [("行政诉讼：人民法院正在审理", later(5))])
    suit = take(suit, "appeal", {"appellant": "party"}, today=later(40))
    suit = take(suit, "remand", {"judged_on": later(80).isoformat()}, today=later(80))
    assert status(ruling)[0] == LegalStatus.SUED
    suit = judge(suit, "annulled", 120)
    assert status(ruling)[0] == LegalStatus.SUED
    lines = RegisterLine.objects.count()
    suit = take(suit, "conclude", today=later(160))
    assert status(ruling) == (LegalStatus.ANNULLED, [("行政诉讼：判决撤销（已生效）", date(2027, 4, 29))])
    assert Disclosure.objects.filter(ruling=ruling, rule="T-28").exclude(state="void").count() == 1
    last = RegisterLine.objects.order_by("seq").last()
    assert (RegisterLine.objects.count(), last.status, last.number) == (lines + 1, "due", row.number)
    one = figure(RulingUpheld.code, later(170), "2027")
    assert (one.numerator, one.denominator, one.parts["annulled"]) == (0, 1, 1)
    fails(
        "ruling_annulled",
        fresh(row),
        "open_enforcement",
        {"suing_ended_on": later(19).isoformat()},
        today=later(170),
    )
    take(suit, "undo_last", {"reason": "误登"}, today=later(170))
    assert status(ruling)[0] == LegalStatus.SUED
    assert figure(RulingUpheld.code, later(170), "2027").denominator == 0


@pytest.mark.parametrize(
    ("outcome", "said", "published_again"),
    [("upheld", LegalStatus.EFFECTIVE, 0), ("dismissed_suit", LegalStatus.EFFECTIVE, 0), ("unlawful", LegalStatus.EFFECTIVE, 0),
     ("partly_annulled", LegalStatus.CHANGED, 1), ("changed", LegalStatus.CHANGED, 1), ("annulled", LegalStatus.ANNULLED, 1),
     ("void", LegalStatus.ANNULLED, 1)],
)  # fmt: skip
def test_what_each_result_makes_of_the_ruling(outcome, said, published_again):
    row, ruling = both_served()
    decided(row, "respondent", outcome, 30)
    assert status(ruling)[0] == said
    assert Disclosure.objects.filter(ruling=ruling, rule="T-28").count() == published_again
    assert RegisterLine.objects.filter(status="due").count() == 1 + published_again


def test_a_mixed_result_is_shown_apart_in_the_figure_and_a_withdrawn_suit_in_none():
    row, ruling = both_served()
    decided(row, "applicant", "upheld", 30)
    decided(row, "respondent", "partly_annulled", 31)
    take(sue(row, "applicant", 80), "withdraw_suit", today=later(90))
    assert status(ruling)[0] == LegalStatus.CHANGED
    one = figure(RulingUpheld.code, later(170), "2027")
    assert (one.numerator, one.denominator, one.parts["partly_annulled"], one.excluded["withdrawn"]) == (
        1,
        2,
        1,
        1,
    )


def test_what_one_plaintiff_won_stands_though_the_other_lost_later():
    row, ruling = both_served()
    decided(row, "applicant", "partly_annulled", 30)
    decided(row, "respondent", "upheld", 90)
    assert status(ruling)[0] == LegalStatus.CHANGED


def test_a_retrial_of_the_same_suit_says_the_last_word():
    row, ruling = both_served()
    decided(row, "respondent", "annulled", 30)
    again = sue(row, "respondent", 100)
    assert status(ruling)[0] == LegalStatus.SUED
    take(judge(again, "upheld", 150), "conclude", today=later(190))
    assert status(ruling)[0] == LegalStatus.EFFECTIVE


def test_unsued_it_takes_effect_after_the_last_recipient_s_time():
    _row, ruling = both_served()
    assert status(ruling)[0] == LegalStatus.EFFECTIVE
    assert legal_status.of(ruling, date(2026, 12, 9))[0] == LegalStatus.SUABLE
    assert legal_status.of(ruling, date(2026, 12, 10))[0] == LegalStatus.EFFECTIVE
