"""督办提示: found by rules, kept once, answered by who answers for it, raised again while the cause lasts, ended with it."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import outbox
from cases.errors import DomainError
from cases.models import Outbox
from reports.models import Notice, NoticeEntry
from reports.watching import board, keeping
from reports.watching import rules as reading
from reports.watching.checks import rule_name
from reports.watching.rules import Finding, rules
from tests import processes
from tests.factories import body, station, user
from tests.reports.facts import dispute, proceeding

TODAY = date(2026, 11, 20)


def silent(code: str = "s1"):
    where = station(code)
    where.opened_on = date(2024, 1, 1)
    where.save()
    return where


def late(number: int = 1, **columns) -> None:
    for _n in range(number):
        proceeding("mediation", dispute(silent(), received_on=TODAY), due_on=date(2026, 11, 1), due_rule="T-18",
                   is_open=True, **columns)  # fmt: skip


def standing(rule: str):
    return list(Notice.objects.standing().filter(rule=rule))


@pytest.fixture
def only(monkeypatch):
    """One rule whose findings the test says itself."""
    told: list[Finding] = []
    rule = rules()["silent_station"]
    monkeypatch.setitem(reading._checks, "silent_station", lambda _rule, _today: told)
    for code in set(rules()) - {rule.code}:
        monkeypatch.setitem(reading._checks, rules()[code].check, lambda _rule, _today: ())
    return told


# what rules find ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_rule_names_a_check_and_roles_of_the_policy():
    from_policy = {"station_head", "committee", "head", "reviewer", "district"}
    assert len(rules()) >= 6
    for rule in rules().values():
        assert rule.check in reading._checks and set(rule.roles) <= from_policy, rule.code
        assert rule.again_after_days > 0 and rule.tone in ("hot", "warn")


@pytest.mark.django_db
def test_overdue_work_is_told_by_limit_and_place_and_the_board_reads_the_same():
    committee = body("committee")
    late(3, body=committee), late(2, body=body("bureau"))
    keeping.evaluate(TODAY)
    found = {row.body: row.number for row in standing("overdue")}
    assert found == {committee: 3, body("bureau"): 2}
    line = next(line for line in board.attention(TODAY) if line["tag"] == "逾期")
    assert line["text"] == f"{rule_name('T-18', TODAY)} 5 件" and line["tone"] == "hot"
    assert line["url"] == reverse("watch") + "?rule=overdue"


@pytest.mark.django_db
def test_a_silent_station_is_its_heads_and_ends_when_it_registers():
    where = silent()
    keeping.evaluate(TODAY)
    (notice,) = standing("silent_station")
    assert notice.station == where and where.name in notice.text
    dispute(where, received_on=TODAY)
    assert keeping.evaluate(TODAY).ended >= 1 and not standing("silent_station")
    assert [entry.what for entry in notice.entries.all()] == ["opened", "ended"]


@pytest.mark.django_db
def test_figures_behind_their_pace_and_below_their_target_go_to_the_district():
    keeping.evaluate(TODAY)
    (one,) = [row for row in standing("pace") if row.subject == "aid_and_mediation"]
    assert one.roles == " district " and one.place is None and "550" in one.text


@pytest.mark.django_db
def test_a_rule_not_in_force_finds_nothing_and_its_notices_end(only):
    only.append(Finding("s1", "示例"))
    keeping.evaluate(date(2026, 1, 1))
    assert len(standing("silent_station")) == 1
    assert keeping.evaluate(date(2025, 12, 31)).ended == 1


@pytest.mark.django_db
def test_the_checks_take_as_many_queries_for_many_places_as_for_one():
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            for rule in rules().values():
                reading.findings(rule, TODAY)
        return len(found)

    late(1, body=body("committee"))
    before = asked()
    for n in range(5):
        silent(f"x{n}"), late(2, body=body("bureau"))
    assert asked() == before


# the life of a notice ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_rule_and_subject_stay_one_and_follow_the_number(only):
    only.append(Finding("s1", "示例 3 件", 3))
    assert keeping.evaluate(TODAY).opened == 1
    only[:] = [Finding("s1", "示例 5 件", 5)]
    assert keeping.evaluate(TODAY + timedelta(days=1)).opened == 0
    (notice,) = standing("silent_station")
    assert (notice.number, notice.text, notice.opened_on) == (5, "示例 5 件", TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            rule=notice.rule, subject=notice.subject, text="x", roles=" head ", opened_on=TODAY
        )


@pytest.mark.django_db
def test_answered_it_rests_and_comes_back_if_the_cause_lasts(only):
    where = silent()
    head = user("head", ("station_head", where))
    only.append(Finding("s1", "示例", station=where.pk))
    keeping.evaluate(TODAY)
    (notice,) = standing("silent_station")
    keeping.answer(notice.pk, by=head, text="已安排值班", today=TODAY)
    rests = rules()["silent_station"].again_after_days
    assert keeping.evaluate(TODAY + timedelta(days=rests - 1)).again == 0
    assert keeping.evaluate(TODAY + timedelta(days=rests)).again == 1
    assert Notice.objects.get().status == "open"
    only.clear()
    assert keeping.evaluate(TODAY + timedelta(days=rests + 1)).ended == 1
    only.append(Finding("s1", "示例", station=where.pk))
    assert keeping.evaluate(TODAY + timedelta(days=rests + 2)).opened == 1  # a new cause is a new notice
    kept = list(notice.entries.values_list("what", "by__username", "text"))
    assert kept == [
        ("opened", None, "示例"),
        ("answered", "head", "已安排值班"),
        ("again", None, "示例"),
        ("ended", None, ""),
    ]


@pytest.mark.django_db
def test_only_who_answers_for_it_answers_and_only_once(only):
    where = silent()
    only.append(Finding("s1", "示例", station=where.pk))
    keeping.evaluate(TODAY)
    pk = Notice.objects.get().pk
    refused = (
        user("elsewhere", ("station_head", silent("s2"))), user("clerk", ("clerk", where)), user("leader", ("leader", None)),
    )  # fmt: skip
    for person in refused:
        with pytest.raises(DomainError) as refusal:
            keeping.answer(pk, by=person, text="x", today=TODAY)
        assert refusal.value.code == "not_yours"
    head = user("head", ("station_head", where))
    keeping.answer(pk, by=head, text="已办", today=TODAY)
    with pytest.raises(DomainError) as refusal:
        keeping.answer(pk, by=head, text="已办", today=TODAY)
    assert refusal.value.code == "answered_already"


@pytest.mark.django_db
def test_what_became_of_it_cannot_be_changed(only):
    only.append(Finding("s1", "示例"))
    keeping.evaluate(TODAY)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        NoticeEntry.objects.update(text="别的")


def test_two_evaluations_at_once_open_one_notice(committing):
    silent()
    answers = processes.together([lambda: keeping.evaluate(TODAY).opened] * 2)
    assert processes.outcomes(answers) == ["done", "done"], answers
    opened = sorted(value for _done, value in answers)
    assert opened[0] == 0 and opened[1] == Notice.objects.count() > 0


def test_two_answers_at_once_keep_one(committing):
    where = silent()
    people = [user(f"head{n}", ("station_head", where)) for n in (1, 2)]
    keeping.evaluate(TODAY)
    pk = Notice.objects.get(rule="silent_station").pk
    jobs = [lambda by=by: keeping.answer(pk, by=by, text="已办", today=TODAY) and None for by in people]
    assert processes.outcomes(processes.together(jobs)) == ["answered_already", "done"]
    assert NoticeEntry.objects.filter(notice=pk, what="answered").count() == 1


@pytest.mark.django_db
def test_mail_goes_where_the_setting_says_and_names_no_case(only, monkeypatch):
    only.append(Finding("s1", "示例"))
    keeping.evaluate(TODAY)
    assert not Outbox.objects.filter(name="mail_notice").exists()
    monkeypatch.setattr(settings, "WATCH_MAIL", ["office@example.invalid"])
    only.append(Finding("s2", "工作站连续 30 日无登记"))
    keeping.evaluate(TODAY)
    assert outbox.run(outbox.lease(timezone.now()))
    (sent,) = mail.outbox
    assert (
        sent.to == ["office@example.invalid"]
        and "工作站连续" in sent.body
        and sent.extra_headers["Message-ID"]
    )


# pages -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_desk_shows_it_first_and_the_page_keeps_who_looked_and_answered(client, only):
    where = silent()
    head = user("head", ("station_head", where))
    only.append(Finding("s1", "示例站连续 30 日无登记", station=where.pk))
    keeping.evaluate(TODAY)
    client.force_login(head)
    page = client.get("/").content.decode()
    assert "示例站连续 30 日无登记" in page
    one = reverse("watch_one", args=[Notice.objects.get().pk])
    client.get(one), client.get(one)
    assert client.post(one, {"text": ""}).status_code == 400
    assert client.post(one, {"text": "已安排值班"}).status_code == 302
    kept = list(NoticeEntry.objects.values_list("what", "by__username"))
    assert kept == [("opened", None), ("seen", "head"), ("answered", "head")]
    assert "示例站" not in client.get("/").content.decode()
    assert "已安排值班" in client.get(one).content.decode()


@pytest.mark.django_db
def test_others_do_not_find_it_leadership_reads_it_and_the_district_sets_the_check_going(client, only):
    where = silent()
    only.append(Finding("s1", "示例", station=where.pk))
    client.force_login(user("district", ("district", None)))
    assert client.post(reverse("watch")).status_code == 302
    one = reverse("watch_one", args=[Notice.objects.get().pk])
    assert len(client.get(reverse("watch")).context["rows"]) == 1
    assert client.get(reverse("watch") + "?download=xlsx").content[:2] == b"PK"
    client.force_login(user("elsewhere", ("station_head", silent("s2"))))
    assert client.get(one).status_code == 404 and not client.get(reverse("watch")).context["rows"]
    client.force_login(user("leader", ("leader", None)))
    assert client.get(one).status_code == 200 and client.post(one, {"text": "x"}).status_code == 400
    assert not NoticeEntry.objects.filter(what="seen").exists()
