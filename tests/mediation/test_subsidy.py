"""以案定补: graded by the committee from a standard that is data, paid by the month, counted exactly; and the signs."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from cases import steps
from cases.documents.template import compose
from cases.errors import DomainError, Refused
from cases.models import Event
from mediation import flags, paying, sameness, subsidy_views
from mediation.models import Agreement, Subsidy
from stations.models import User
from tests.factories import TODAY, approve_all, body, clerk, user
from tests.mediation.stage import SIGNED, accepted, again, committee, do, head, mediator, settled, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: TODAY)


@pytest.fixture
def easy(monkeypatch):
    """The standard without its condition of a complete file."""
    held = paying.standards()
    monkeypatch.setattr(paying, "standards", lambda: tuple(replace(one, complete_file=False) for one in held))


def grade(row, code="ordinary", by=None, **more):
    return do(row, "grade_subsidy", by=by or committee(), grade=code, reason="多次调解", **more)


def pay(row, month="2026-11", by=None):
    return do(row, "pay_subsidy", by=by or committee(), month=month)


def client_of(who):
    client = Client()
    client.force_login(who)
    return client


# grading ---------------------------------------------------------------------------------------------------------


def test_grade_is_refused_with_everything_the_file_lacks():
    row = settled()
    with pytest.raises(DomainError) as refusal:
        grade(row)
    assert refusal.value.code == "not_eligible"
    assert "盖章的调解协议书" in str(refusal.value.message) and "结案报告" in str(refusal.value.message)
    assert not Subsidy.objects.exists()


def test_grade_takes_its_amount_from_the_standard_and_the_last_one_holds(easy):
    row = settled()
    grade(row, "simple")
    grade(row, "difficult")
    assert again(row).subsidy.amount == Decimal("600.00")
    assert [(s.grade, s.cancelled) for s in row.subsidies.all()] == [("simple", True), ("difficult", False)]
    assert (again(row).subsidy.mediator, again(row).subsidy.rules) == (mediator(), "示例标准（2026年版）")
    with pytest.raises(DomainError) as refusal:
        grade(row, "gold")
    assert "grade" in refusal.value.fields


def test_grade_is_the_committees_and_of_peoples_mediation_alone(easy):
    row = settled()
    for who in (mediator(), clerk(), head()):
        with pytest.raises(DomainError) as refusal:
            grade(row, by=who)
        assert isinstance(refusal.value, Refused) or refusal.value.code == "not_found"
    assert paying.against(accepted("administrative")) == ["以案定补仅适用于人民调解"]
    failed = accepted()
    take(failed, "fail", ground="no_agreement", routes_told=["judicial"], reason="分歧较大")
    with pytest.raises(DomainError) as refusal:
        grade(failed)
    assert "不在补贴范围内" in str(refusal.value.message)


def test_an_overdue_obligation_stands_against_a_grade_until_it_is_done(easy):
    row = settled()
    late = date(2026, 12, 21)  # the instalment was due on the 20th
    assert paying.against(again(row), TODAY) == [] and paying.against(again(row)) == []
    assert paying.against(again(row), late) == ["有逾期未履行的协议事项"]
    do(row, "record_performance", term=row.obligations.first().pk, amount="10000.00", completes=True)
    assert paying.against(again(row), late) == []


# paying ----------------------------------------------------------------------------------------------------------


def test_paid_once_and_neither_graded_nor_paid_again(easy):
    row = settled()
    with pytest.raises(DomainError):
        pay(row)
    grade(row)
    for month in ("2026-12", "2026-13", "十一月"):
        with pytest.raises(DomainError) as refusal:
            pay(row, month)
        assert "month" in refusal.value.fields
    pay(row)
    assert (again(row).subsidy.month, again(row).subsidy.paid_on) == ("2026-11", TODAY)
    for again_ in (grade, pay):
        with pytest.raises(DomainError):
            again_(row)


def test_a_payment_taken_back_leaves_the_grade(easy):
    row = settled()
    grade(row), pay(row)
    graded, paid = (Event.objects.get(name=name).pk for name in ("grade_subsidy", "pay_subsidy"))

    def undo(event):
        data = {"act": event, "reason": "重复"}
        answer = steps.act(row.pk, "undo_act", by=mediator(), data=data, today=TODAY)
        return approve_all(answer, committee())

    with pytest.raises(DomainError) as refusal:
        undo(graded)
    assert refusal.value.code == "built_upon"
    undo(paid)
    assert (again(row).subsidy.month, again(row).subsidy.paid_on) == ("", None)
    undo(graded)
    assert again(row).subsidy is None


def test_a_month_is_paid_in_one_go_and_added_up_by_mediator(easy):
    rows = [settled() for _n in range(3)]
    for row, code in zip(rows, ("simple", "major", "none"), strict=True):
        grade(row, code)
    client = client_of(committee())
    waiting = client.get("/mediations/subsidies/?which=waiting").content.decode()
    assert "1,100.00" in waiting and rows[2].number not in waiting  # a grade of nothing is not paid
    ids = list(Subsidy.objects.values_list("pk", flat=True))
    page = client.post("/mediations/subsidies/pay/", {"month": "2026-11", "row": ids, "key": "k" * 32})
    assert page.status_code == 200 and "没有待发放的补贴" in page.content.decode()
    assert Event.objects.filter(name="pay_subsidy").count() == 2
    paid = client.get("/mediations/subsidies/?month=2026-11").content.decode()
    assert "2 件，1,100.00 元" in paid and rows[0].number in paid
    assert client.get("/mediations/subsidies/?month=2026-10").content.decode().count(rows[0].number) == 0
    assert client.get("/mediations/subsidies/?month=2026-11&download=xlsx").status_code == 200
    assert client.get("/mediations/subsidies/?month=x").status_code == 400


def test_sheet_on_paper_adds_up_and_is_the_committees(easy):
    for code in ("simple", "ordinary"):
        row = settled()
        grade(row, code), pay(row)
    found = list(Subsidy.objects.filter(month="2026-11"))
    said = subsidy_views.content_of(found, "2026-11", TODAY)
    assert (said["count"], said["total"], said["month"]) == ("2", "400.00", "2026年11月")
    assert said["sums"] == [{"mediator": "mediator", "n": "2", "amount": "400.00", "signed": ""}]
    assert compose(subsidy_views.KIND, said)
    assert client_of(mediator()).get("/mediations/subsidies/sheet/?month=2026-11").status_code == 403
    assert client_of(committee()).get("/mediations/subsidies/sheet/?month=2026-10").status_code == 404


def test_a_mediator_sees_his_own_subsidies_and_no_other(easy):
    row = settled()
    grade(row), pay(row)
    assert row.number in client_of(mediator()).get("/mediations/subsidies/").content.decode()
    assert row.number not in client_of(mediator("m2")).get("/mediations/subsidies/").content.decode()
    assert client_of(clerk()).get("/mediations/subsidies/").status_code == 403


# signs -----------------------------------------------------------------------------------------------------------


def signs(who: User, kind=""):
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    return [f for f in flags.found(who, TODAY, first, last) if not kind or f.kind == kind]


LONG = {**SIGNED, "facts": "被申请人在店招上使用与申请人注册商标近似的标识，销售同类商品，双方对事实没有争议"}


def test_quick_same_text_and_same_parties_are_told_with_their_reasons():
    rows = []
    for _n in range(2):
        row = accepted()
        take(row, "sign_agreement", **LONG)
        approve_all(take(row, "seal_agreement"), committee())
        rows.append(again(row))
    found = signs(head())
    assert {(f.row.pk, f.kind) for f in found} == {
        (rows[0].pk, "quick"), (rows[1].pk, "quick"), (rows[0].pk, "same_text"), (rows[1].pk, "same_text"),
        (rows[1].pk, "same_parties"),
    }  # fmt: skip
    text = next(f for f in found if f.kind == "same_text" and f.row.pk == rows[1].pk)
    assert rows[0].number in text.reason and "店招" not in text.reason
    digests = set(Agreement.objects.values_list("text_index", flat=True))
    assert len(digests) == 1 and len(digests.pop()) == 64


def test_same_text_ignores_names_figures_and_punctuation_but_not_words():
    words = "被申请人停止使用争议标识，于2026年12月20日前支付补偿款10000元，并销毁全部库存商品"
    one = sameness.index_of(["甲公司" + words], ["甲公司"])
    assert one == sameness.index_of(
        ["丙公司" + words.replace("2026", "2025").replace("，", "。")], ["丙公司"]
    )
    assert one and one != sameness.index_of([words.replace("销毁", "退回")], [])
    assert sameness.index_of(["银行转账"], []) == ""


def test_month_end_counts_by_mediator_and_late_entry_by_working_days(monkeypatch):
    monkeypatch.setattr(flags, "limits", lambda: LIMITS)
    rows = [settled() for _n in range(3)]
    assert not signs(head(), "month_end") and not signs(head(), "late")
    entered = date(2026, 11, 30)
    late = accepted()
    take(late, "sign_agreement", **SIGNED)
    answer = take(late, "seal_agreement", today=entered, on="2026-11-20", late_reason="外出")
    approve_all(answer, committee(), today=entered)
    assert [f.row.pk for f in signs(head(), "late")] == [late.pk]
    end = {f.row.pk for f in flags.found(head(), TODAY, date(2026, 11, 1), TODAY) if f.kind == "month_end"}
    assert end == {*(row.pk for row in rows), late.pk}


LIMITS = {
    "quick_minutes": 60, "month_end_days": 3, "month_end_least": 3, "month_end_percent": 50, "late_working_days": 5,
    "same_months": 12,
}  # fmt: skip


def test_signs_are_shown_to_head_and_district_without_the_case(django_assert_max_num_queries):
    row = settled()
    for who in (head(), user("district", ("district", None))):
        page = client_of(who).get("/mediations/flags/?month=2026-11").content.decode()
        assert row.number in page and f"/cases/{row.case_id}/" not in page and "不表示办理有问题" in page
        assert "甲公司" not in page
    for who in (mediator(), committee(), clerk(), user("office", ("office", body("bureau")))):
        assert client_of(who).get("/mediations/flags/").status_code == 403
    assert client_of(head()).get("/mediations/flags/?month=2026-11&download=xlsx").status_code == 200
    assert client_of(head()).get("/mediations/flags/?month=11").status_code == 400
    for _n in range(3):
        settled()
    with django_assert_max_num_queries(12):
        assert len(signs(User.objects.get(username="head"))) > 4


def test_minutes_are_those_between_the_two_entries(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 1, 0, tzinfo=UTC), tick=False)
    row = accepted()
    time_machine.move_to(datetime(2026, 11, 20, 1, 59, tzinfo=UTC), tick=False)
    take(row, "sign_agreement", **SIGNED)
    approve_all(take(row, "seal_agreement"), committee())
    assert [f.reason for f in signs(head(), "quick")] == ["登记受理后 59 分钟即登记达成协议"]
    time_machine.move_to(datetime(2026, 11, 20, 3, 0, tzinfo=UTC), tick=False)
    slow = accepted()
    time_machine.move_to(datetime(2026, 11, 20, 4, 0, tzinfo=UTC), tick=False)
    take(slow, "sign_agreement", **SIGNED)
    approve_all(take(slow, "seal_agreement"), committee())
    assert [f.row.pk for f in signs(head(), "quick")] == [row.pk]
