"""The sealed sample: a draw nobody steers, anybody repeats, and nobody of the case learns of (users.md 2, 4.2)."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases import chain, outbox, steps
from cases.errors import Conflict, DomainError, NotFound
from cases.models import AccessLog, Case, Event, Outbox
from cases.permissions import can
from cases.protection import sm3
from cases.verifying import run_all
from mediation import sampling
from mediation.models import CallBack, Sample
from reports.indicators import figures
from reports.periods import parse
from stations import policy
from tests.architecture.test_routes import addresses
from tests.factories import TODAY, body, clerk, user
from tests.mediation.stage import (
    SIGNED,
    accepted,
    again,
    approve_all,
    committee,
    do,
    facts,
    mediator,
    settled,
    take,
)
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db

MONTH, SEALED_ON, LATER = "2026-11", date(2026, 12, 1), date(2026, 12, 2)
AT = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)
BLANKED = re.compile(r'"[0-9A-Za-z]{64}"|"[0-9a-f]{32}"')  # tokens against forgery, keys of forms


@pytest.fixture
def december(time_machine):
    time_machine.move_to("2026-12-02T10:00:00+08:00", tick=False)


def seal(day=SEALED_ON):
    return chain.seal_day(day, datetime(day.year, day.month, day.day, 0, 10, tzinfo=UTC))


def draw(month=MONTH, today=LATER):
    return sampling.draw(month, today=today, at=AT)


def office(name="office"):
    return user(name, ("office", body("bureau")))


@pytest.fixture
def drawn(december):
    """One settled mediation, drawn; the people of its case, and who calls back."""
    row = settled()
    seal()
    draw()
    outbox.drain()
    return row, CallBack.objects.get(parent=row.pk)


def call(found, outcome="confirmed", by=None, **more):
    who = found.case.parties.first()
    data = {"party": who.pk, "outcome": outcome, "remark": "当事人说没有签过", **more}
    return take(found, "answer", by=by or office(), today=LATER, **data)


# the draw ------------------------------------------------------------------------------------------------------


def test_draw_repeats_by_hand_from_the_seal_and_the_list(december, settings):
    settings.SAMPLE_LEAST, settings.SAMPLE_PERCENT = 1, 34
    rows = {row.number: row.pk for row in (settled() for _n in range(4))}
    first = seal()[-1]
    seal(date(2026, 12, 2))
    sample, new = draw()
    # independently: two of four, 34 % rounded up, by the smallest digest of seed and number
    seed = sm3(f"{first.hash}:2026-11".encode())
    wanted = sorted(rows, key=lambda number: sm3(f"{seed}:{number}".encode()))[:2]
    assert (new, sample.seed, sample.population, sample.size) == (True, seed, 4, 2)
    assert sample.digest == sm3("\n".join(sorted(rows)).encode())
    assert not CallBack.objects.exists() and outbox.drain() >= 2
    assert set(CallBack.objects.values_list("parent", flat=True)) == {rows[number] for number in wanted}
    assert all(one.body.kind == "bureau" and one.station is None for one in CallBack.objects.all())
    assert [f.broken for f in run_all() if f.name in ("samples", "chains", "projections", "seals")] == [
        []
    ] * 4


def test_one_event_more_before_the_seal_changes_the_seed(december):
    row = settled()

    def seed(more):
        outer = transaction.atomic()
        outer._from_testcase = True  # the door's own transactions are durable
        with outer:
            sid = transaction.savepoint()
            if more:
                do(row, "remind", by=mediator(), term=row.obligations.first().pk, way="phone", reached="yes")
            seal()
            found = draw()[0].seed
            transaction.savepoint_rollback(sid)
        return found

    assert seed(False) == seed(False) != seed(True)
    numbers = [f"{n}号" for n in range(50)]
    assert sampling.drawn("a" * 64, numbers, 10) != sampling.drawn("b" * 64, numbers, 10)
    assert sampling.drawn("a" * 64, numbers[::-1], 10) == sampling.drawn("a" * 64, numbers, 10)


@pytest.mark.parametrize(
    ("month", "today", "sealed", "code"),
    [
        ("2026-11", date(2026, 11, 30), True, "month_not_over"),
        ("2026-11", LATER, False, "no_seal"),
        ("2026-13", LATER, True, "bad_month"),
    ],
)
def test_draw_is_refused_with_its_reason(month, today, sealed, code):
    settled()
    if sealed:
        seal()
    else:
        seal(date(2026, 11, 30))  # made before the month was over
    with pytest.raises(DomainError) as refusal:
        draw(month, today)
    assert refusal.value.code == code and not Sample.objects.exists()


def test_drawing_again_adds_nothing_and_the_command_says_so(december, capsys):
    settled()
    seal()
    call_command("draw_sample", MONTH)
    call_command("draw_sample", MONTH)
    said = capsys.readouterr().out
    assert "共 1 件，抽 1 件，已抽取" in said and "未重复抽取" in said
    assert Sample.objects.count() == 1 and Outbox.objects.filter(name="open_call_back").count() == 1
    for _turn in range(2):
        Outbox.objects.filter(name="open_call_back").update(state="waiting", not_before=AT)
        outbox.drain()
    assert CallBack.objects.count() == 1
    with pytest.raises(CommandError, match="month_not_over"):
        call_command("draw_sample", "2026-12")


def test_two_draws_at_once_make_one_sample(committing):
    settled()
    seal()
    found = together([lambda: draw()[1]] * 3)
    assert outcomes(found) == ["done"] * 3 and sorted(answer[1] for answer in found) == [False, False, True]
    assert Sample.objects.count() == 1 and Outbox.objects.filter(name="open_call_back").count() == 1


def test_population_is_what_the_record_knew_newly_in_effect_by_the_day_of_entry(december):
    plain = settled()
    late = accepted()
    signed = SIGNED | {"parties_signed_on": "2026-11-20", "mediator_signed_on": "2026-11-20"}
    take(late, "sign_agreement", **signed)
    answer = take(late, "seal_agreement", today=LATER, on="2026-11-24", late_reason="外出")
    approve_all(answer, committee(), today=LATER)
    assert again(late).closed_on == date(2026, 11, 24)
    undone = settled()
    approve_all(take(undone, "undo_last", reason="点错"), committee())
    accepted("administrative")
    assert set(sampling.population("2026-11").values()) == {plain.pk}
    assert set(sampling.population("2026-12").values()) == {late.pk}  # never past a draw
    fixed = take(plain, "correct_record", today=LATER, column="closed_on", value="2026-11-21", reason="笔误")
    approve_all(fixed, committee(), today=LATER)
    assert set(sampling.population("2026-11").values()) == {plain.pk}
    assert set(sampling.population("2026-12").values()) == {late.pk}  # a corrected day is no second agreement


def test_what_no_longer_stands_is_not_called_back(december):
    row = settled()
    seal()
    draw()
    approve_all(take(row, "undo_last", today=LATER, reason="点错"), committee(), today=LATER)
    outbox.drain()
    assert not CallBack.objects.exists()


# nobody learns of it ----------------------------------------------------------------------------------------------


def everything(who, row, *, whole=True):
    """Every page, list and answer of the API this person may get, with what differs by chance left out.

    Not `whole`: the case and its lists alone.
    """
    client = Client(raise_request_exception=False)
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    held = policy.standing(who, LATER)
    ids = [row.case_id, row.pk, row.sessions.values_list("pk", flat=True).first() or 0]
    paths = []
    for name, address in addresses().items() if whole else ():
        roles = (policy.route_methods(name) or {}).get("GET", frozenset())
        if name.startswith("admin:") or not roles & held.roles:
            continue
        several = (
            [address.replace("987654321", str(pk)) for pk in ids] if "987654321" in address else [address]
        )
        paths += [path.replace("/none/", "/fail/") for path in several]
    case = reverse("case", args=[row.case_id])
    paths += [
        f"{case}?p={row.pk}&tab={tab}" for tab in ("record", "parties", "files", "meetings", "documents")
    ]
    paths += [f"/api/v1/proceedings/?case={row.case_id}", f"/api/v1/proceedings/{row.pk}/steps/"]
    paths += [f"/proceedings/{row.pk}/steps/{name}/" for name in ("undo_last", "void", "correct_record")]
    paths += [
        f"/search/?q={row.number}",
        "/",
        "/cases/",
        "/api/v1/cases/",
        "/api/v1/deadlines/",
        "/obligations/?which=all",
    ]
    return {
        path: (lambda a: (a.status_code, BLANKED.sub("", text_of(a))))(client.get(path)) for path in paths
    }


def text_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def test_no_page_and_no_answer_changes_for_the_people_of_the_case(december):
    row = settled()
    people = [mediator(), clerk(), committee(), user("station_head", ("station_head", row.station))]
    office()
    outbox.drain()
    before = [everything(who, row, whole=who is people[0]) for who in people]
    seal()
    draw()
    outbox.drain()
    found = CallBack.objects.get(parent=row.pk)
    call(found, "denied")
    for who, seen in zip(people, before, strict=True):
        after = everything(who, row, whole=who is people[0])
        assert sum(code == 200 for code, _text in seen.values()) > (30 if who is people[0] else 10)
        assert [(who.username, path) for path in seen if seen[path] != after[path]] == []
        client = Client()
        client.force_login(who)
        for path in ("/call-backs/0/", "/api/v1/proceedings/0/", "/proceedings/0/steps/answer/"):
            assert client.get(path.replace("0", str(found.pk))).status_code in (403, 404)
        with pytest.raises(NotFound):
            steps.perform(found.pk, "undo_last", by=who, data={}, version=1, today=LATER)


def test_the_opening_is_sealed_in_the_record_and_lifts_no_lock_of_an_archived_case(drawn):
    row, _found = drawn
    opened = Event.objects.get(name="open_call_back")
    assert (opened.audience, opened.proceeding_id, opened.case_id) == ("sealed", None, row.case_id)
    assert not Event.objects.visible_to(office(), LATER).filter(pk=opened.pk).exists()
    settled_row = again(row)
    settled_row.archived_on = LATER  # the archive's own tests walk there through the door
    settled_row.save()
    refused = can(clerk(), row.case, "add_party", LATER)
    assert (bool(refused), refused.code) == (False, "archived")


def test_sampler_cannot_sign_in_and_nobody_may_open_a_call_back(drawn):
    row, _found = drawn
    assert not sampling.sampler().is_active and not sampling.sampler().has_usable_password()
    for who in (clerk(), office(), mediator()):
        with pytest.raises(DomainError):
            steps.case_act(
                row.case_id, "open_call_back", by=who, data={"proceeding": row.pk, "sample": 1}, today=LATER
            )


# who calls back ---------------------------------------------------------------------------------------------------


def test_the_caller_sees_parties_number_and_day_and_nothing_else(drawn, client):
    row, found = drawn
    caller = office()
    client.force_login(caller)
    listed, page = client.get("/call-backs/").content.decode(), client.get(f"/call-backs/{found.pk}/")
    text = page.content.decode()
    assert row.number in listed and row.number in text and "2026-11-20" in text
    assert "甲公司" in text and "乙公司" in text and "13800138000" not in text
    for hidden in (
        "使用近似标识",
        "停止使用争议标识",
        "支付补偿款",
        "10000",
        row.case.summary,
        "12345678",
        "91110000802100433B",
    ):
        assert hidden not in text and hidden not in listed
        for path in ("/", "/cases/", f"/proceedings/{found.pk}/steps/answer/"):
            assert hidden not in client.get(path).content.decode(), (hidden, path)
    assert not Case.objects.visible_to(caller, LATER).exists()
    assert client.get(f"/cases/{row.case_id}/").headers["Location"] == f"/call-backs/{found.pk}/"
    assert client.get(f"/api/v1/cases/{row.case_id}/").status_code == 404
    assert client.get(f"/mediations/{row.pk}/notes/").status_code == 403
    for model in (row.consents, row.documents):
        assert not model.visible_to(caller, LATER).exists()


def test_a_telephone_number_is_shown_once_and_logged(drawn, client):
    _row, found = drawn
    client.force_login(office())
    party = found.case.parties.get(role="applicant")
    page = client.post(f"/call-backs/{found.pk}/", {"party": party.pk})
    assert "13800138000" in page.content.decode()
    assert AccessLog.objects.get(act="read").subject == f"party/{party.pk}/phone"
    assert "13800138000" not in client.get(f"/call-backs/{found.pk}/").content.decode()
    assert client.post(f"/call-backs/{found.pk}/", {"party": 987654}).status_code == 404


def test_who_took_part_is_refused_and_somebody_else_answers(drawn, client):
    _row, found = drawn
    inside = user("committee", ("office", body("bureau")))  # approved the acceptance
    with pytest.raises(DomainError) as refusal:
        call(found, by=inside)
    assert refusal.value.code == "took_part"
    client.force_login(inside)
    text = client.get(f"/call-backs/{found.pk}/").content.decode()
    assert "您参与过本案的办理" in text and "登记回访结果" not in text
    party = found.case.parties.first().pk
    assert client.post(f"/call-backs/{found.pk}/", {"party": party}).status_code == 404
    call(found)
    done = CallBack.objects.get(pk=found.pk)
    assert (done.state, done.handler) == ("answered", office())
    assert set(facts(done)) == {("sampled", None), ("verified", "confirmed"), ("closed", "confirmed")}
    assert not done.deadlines.filter(met_on__isnull=True).exists()
    body_of = json.loads(done.events.get(name="answer").body)
    assert "没有签过" not in json.dumps(body_of, ensure_ascii=False) and done.remark == "当事人说没有签过"
    with pytest.raises(Conflict):
        call(found)


def test_a_denial_says_what_was_denied_and_the_limit_is_of_the_house(drawn):
    _row, found = drawn
    assert found.deadlines.get(rule="CB-01").due_on == date(2026, 12, 23)
    with pytest.raises(DomainError) as refusal:
        call(found, "denied", remark="")
    assert "remark" in refusal.value.fields


# the figure -------------------------------------------------------------------------------------------------------


def test_a_denial_lowers_verified_success_and_nothing_else(drawn):
    _row, found = drawn
    year = [parse("2026")]
    codes = ["mediation_success", "aid_and_mediation", "verified_success", "performed_on_time", "median_days"]

    def said():
        return {code: one[0].as_dict() for code, one in figures(codes, year, LATER).items()}

    before = said()
    assert before["verified_success"]["value"] is None and before["mediation_success"]["value"] == "100"
    call(found, "denied")
    after = said()
    assert (after["verified_success"]["value"], after["verified_success"]["denominator"]) == ("0", 1)
    assert {c: v for c, v in after.items() if c != "verified_success"} == {
        c: v for c, v in before.items() if c != "verified_success"
    }


def test_sample_stays_small_or_whole():
    assert [sampling.size_of(n, least=5, percent=10) for n in (0, 3, 5, 49, 51, 1000)] == [0, 3, 5, 5, 6, 100]
    assert sampling.month_before(TODAY) == "2026-10" and sampling.month_before(date(2027, 1, 1)) == "2026-12"
