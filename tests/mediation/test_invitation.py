"""Inviting one side: the letter alone holds the code, a later letter ends an earlier one, the ladder suggests, a message
goes out at most once."""

import json
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection

from cases import codes, outbox, steps
from cases.errors import DomainError
from cases.models import Document, Event, Outbox
from cases.permissions import can
from cases.working_days import Calendar
from mediation import ladder, messages
from mediation.ladder import Attempt, Suggestion
from mediation.models import Invitation, Message
from tests.factories import TODAY, body, clerk, station, user
from tests.mediation.inviting import Kept, assigned, invited
from tests.mediation.stage import (
    accepted,
    again,
    committee,
    consent,
    do,
    facts,
    head,
    mediator,
    party,
    received,
    take,
)

pytestmark = pytest.mark.django_db


def undo(row, name, number=-1):
    """Take back the act of this name (the last one), as the mediator."""
    event = list(Event.objects.filter(proceeding=row.pk, name=name).order_by("seq"))[number]
    data = {"act": event.pk, "reason": "登记有误"}
    return steps.act(row.pk, "undo_act", by=mediator(), data=data, today=TODAY)


def text_of(document):
    return json.dumps(json.loads(document.blocks), ensure_ascii=False)


# the letter -----------------------------------------------------------------------------------------------------


def test_invite_writes_contact_invitation_and_letter_and_counts_as_contacted():
    row, made, code = invited(TODAY)
    contact = row.contacts.get()
    assert (contact.way, contact.result, contact.on, made.contact) == ("invitation", "sent", TODAY, contact)
    assert (made.party, made.released_on, made.expires_on) == (party(row), TODAY, TODAY + timedelta(15))
    assert (made.document.kind, made.document.state, made.answered_at) == (
        "mediation_invitation",
        "issued",
        None,
    )
    assert ("contacted", "invitation") in facts(row)
    assert len(codes.normal(code)) == 16 and made.code_digest == Invitation.digest_of(code)


def test_invite_code_stands_on_the_letter_and_nowhere_else():
    row, made, code = invited(TODAY)
    plain = codes.normal(code)
    assert code in made.document.blocks
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for line in cursor.fetchall():
                for name, value in zip(names, line, strict=True):
                    if (table, name) != ("cases_document", "blocks"):
                        assert code not in str(value) and plain not in str(value), (table, name)
    event = Event.objects.get(proceeding=row.pk, name="invite")
    assert set(json.loads(event.body)["notes"]) == {"party", "expires_on"}


def test_invite_letter_is_printed_only_by_those_who_take_part():
    _row, made, _code = invited(TODAY)
    assert Document.objects.visible_to(mediator(), TODAY).filter(pk=made.document_id).exists()
    for other in (clerk(), committee(), head(), mediator("another"), user("leader", ("leader", None))):
        assert not Document.objects.visible_to(other, TODAY).filter(pk=made.document_id).exists(), other


@pytest.mark.parametrize(
    ("foreign", "english"), [("none", False), ("foreign", True), ("hong_kong", False), ("taiwan", False)]
)
def test_invite_letter_has_an_english_half_only_when_foreign_related(foreign, english):
    _row, made, code = invited(TODAY, foreign=foreign, claim_amount="123456.78", cause="侵害商标权纠纷")
    text = text_of(made.document)
    assert ("Invitation to Mediate" in text) is english and ("5 December 2026" in text) is english
    assert text.count(code) == 1 + english
    assert "侵害商标权纠纷" in text and "甲公司" in text and "/answer/" in text and "回　执" in text
    assert "123456" not in text and "123,456" not in text and "销售侵权商品" not in text


def test_invite_without_a_mediator_is_refused_and_says_what_to_do():
    row = received()
    answer = can(mediator(), row, "invite", TODAY)
    assert (answer.allowed, answer.code) == (False, "no_mediator") and "指定调解员" in answer.reason
    with pytest.raises(DomainError) as refusal:
        do(row, "invite", party=party(row).pk)
    assert refusal.value.code == "no_mediator" and not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "committee", "another"])
def test_invite_is_the_mediators_own(who):
    row = assigned(TODAY)
    by = {"clerk": clerk, "committee": committee, "another": lambda: mediator("another")}[who]()
    assert not can(by, row, "invite", TODAY) and not can(by, row, "withdraw_invitation", TODAY)
    assert not can(by, row, "answer_invitation", TODAY)


@pytest.mark.parametrize("days", [0, -1, 61])
def test_invite_with_a_day_out_of_bounds_is_refused(days):
    row = assigned(TODAY)
    with pytest.raises(DomainError) as refusal:
        do(row, "invite", party=party(row).pk, expires_on=(TODAY + timedelta(days)).isoformat())
    assert set(refusal.value.fields) == {"expires_on"}


def test_invite_again_ends_the_earlier_code_of_that_party_only():
    row, first, _code = invited(TODAY)
    do(row, "invite", party=party(row, "applicant").pk)
    do(row, "invite", party=party(row).pk)
    cancelled = {one.pk: one.cancelled for one in row.invitations.all()}
    assert cancelled.pop(first.pk) is True and set(cancelled.values()) == {False} and len(cancelled) == 2
    assert [value for name, value in facts(row) if name == "contacted"] == ["invitation"]


def test_withdraw_invitation_ends_the_code_and_keeps_the_contact():
    row, made, _code = invited(TODAY)
    do(row, "withdraw_invitation", party=party(row).pk)
    assert Invitation.objects.get(pk=made.pk).cancelled and not row.contacts.get().cancelled
    assert can(mediator(), row, "withdraw_invitation", TODAY).code == "no_invitation"


# taking back ------------------------------------------------------------------------------------------------------


def test_undo_of_an_invitation_takes_back_code_contact_fact_and_letter():
    row, made, _code = invited(TODAY)
    undo(row, "invite")
    made = Invitation.objects.get(pk=made.pk)
    assert made.cancelled and made.contact.cancelled and made.document.state == "void"
    assert "contacted" not in dict(facts(row))
    assert row.contacts.filter(cancelled=False).count() == 0
    with pytest.raises(DomainError) as refusal:
        take(row, "decline", outcome="no_answer", reason="未答复")
    assert refusal.value.code == "no_contact_recorded"


def test_undo_of_the_first_contact_leaves_the_respondent_contacted_by_the_second():
    row = received()
    for way, by in (("call", clerk()), ("visit", clerk())):
        do(row, "contact", by=by, party=party(row).pk, way=way, result="unanswered")
    undo(row, "contact", 0)
    assert [value for name, value in facts(row) if name == "contacted"] == ["visit"]


def test_undo_of_a_consent_counts_no_more_and_after_acceptance_is_refused():
    row = consent(received())
    undo(row, "record_consent")
    assert "answered" not in dict(facts(row))
    with pytest.raises(DomainError) as refusal:
        take(row, "accept")
    assert refusal.value.code == "consent_missing"


def test_undo_of_a_consent_after_acceptance_is_refused():
    row = accepted()
    with pytest.raises(DomainError) as refusal:
        undo(row, "record_consent")
    assert refusal.value.code == "built_upon" and not row.consents.filter(cancelled=True).exists()


# the ladder -------------------------------------------------------------------------------------------------------

FRIDAY = date(2026, 11, 20)
SENT, RANG = Attempt("invitation", "sent", FRIDAY), Attempt("call", "unanswered", date(2026, 11, 25))


@pytest.mark.parametrize(
    ("attempts", "today", "answer_by", "expected"),
    [
        ([], FRIDAY, None, Suggestion("invitation", FRIDAY, True)),
        ([SENT], FRIDAY, None, Suggestion("call", date(2026, 11, 25), False)),
        ([SENT], date(2026, 11, 25), None, Suggestion("call", date(2026, 11, 25), True)),
        ([Attempt("copy", "sent", FRIDAY)], FRIDAY, None, Suggestion("call", date(2026, 11, 25), False)),
        ([Attempt("invitation", "returned", FRIDAY)], FRIDAY, None, Suggestion("call", FRIDAY, True)),
        ([SENT, RANG], date(2026, 11, 26), None, Suggestion("visit", date(2026, 12, 1), False)),
        (
            [SENT, RANG, Attempt("visit", "unreachable", date(2026, 12, 1))],
            date(2026, 12, 8),
            date(2026, 12, 10),
            Suggestion("decline", date(2026, 12, 11), False),
        ),
        ([SENT, Attempt("call", "reached", FRIDAY)], FRIDAY, None, Suggestion("consent", FRIDAY, True)),
        ([Attempt("invitation", "sent", date(2026, 9, 30))], date(2026, 10, 9), None,
         Suggestion("call", date(2026, 10, 10), False)),  # 2026-10-10 is worked, the National Day is not
    ],
)  # fmt: skip
def test_ladder_suggests_the_next_way_by_working_days(attempts, today, answer_by, expected):
    found = ladder.next_step(
        attempts, ladder=ladder.rungs(), calendar=Calendar(), today=today, answer_by=answer_by
    )  # fmt: skip
    assert found == expected


# short messages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def gateway(settings, monkeypatch):
    settings.SMS_GATEWAY = "tests.mediation.inviting.Kept"
    monkeypatch.setattr(Kept, "sent", [])
    monkeypatch.setattr(Kept, "fails", None)
    return Kept


def with_mobile():
    where = station()
    where.phone = "022-65305678"
    where.save()
    parties = [
        {"role": "applicant", "kind": "legal_person", "name": "甲公司", "id_number": "91110000802100433B"},
        {"role": "respondent", "kind": "person", "name": "王某某", "phone": "13800138000"},
    ]
    return received(parties=parties, cause="侵害商标权纠纷", claim_amount="9999.00")


def test_send_message_is_not_offered_without_a_gateway(settings):
    row = with_mobile()
    assert settings.SMS_GATEWAY == "" and can(clerk(), row, "send_message", TODAY).code == "not_configured"
    with pytest.raises(DomainError) as refusal:
        do(row, "send_message", by=clerk(), party=party(row).pk)
    assert refusal.value.code == "not_configured" and "短信网关" in str(refusal.value)


def test_send_message_says_only_where_to_ring_back_and_goes_out_once(gateway):
    row = with_mobile()
    do(row, "send_message", by=clerk(), party=party(row).pk)
    assert gateway.sent == [] and Message.objects.get().state == "waiting"
    outbox.drain()
    ((phone, text, reference),) = gateway.sent
    made = Message.objects.get()
    assert (phone, reference, made.state) == ("13800138000", str(made.uid), "handed")
    assert "022-65305678" in text and str(row.case) in text
    for secret in ("王某某", "甲公司", "商标", "9999"):
        assert secret not in text
    Outbox.objects.update(state="waiting", done_at=None)  # the effect itself runs twice
    outbox.drain()
    assert len(gateway.sent) == 1
    assert "13800138000" not in "".join(Outbox.objects.values_list("payload", flat=True))
    with pytest.raises(DomainError) as refusal:
        do(row, "send_message", by=clerk(), party=party(row).pk)
    assert refusal.value.code == "sent_today"


@pytest.mark.parametrize(
    ("fails", "state"), [(messages.NotSent("403"), "not_sent"), (TimeoutError(), "unknown")]
)
def test_send_message_that_fails_is_never_tried_again(gateway, fails, state):
    row = with_mobile()
    gateway.fails = fails
    do(row, "send_message", by=clerk(), party=party(row).pk)
    outbox.drain()
    gateway.fails = None
    outbox.drain()
    assert Message.objects.get().state == state and len(gateway.sent) == 1
    assert Outbox.objects.get(name="send_message").state == "done"


def test_send_message_to_a_party_without_a_mobile_number_is_refused(gateway):
    row = received()
    with pytest.raises(DomainError) as refusal:
        do(row, "send_message", by=clerk(), party=party(row).pk)
    assert set(refusal.value.fields) == {"party"}


@pytest.mark.parametrize(("status", "raises"), [(202, None), (403, messages.NotSent), (500, Exception)])
def test_http_gateway_hands_over_json_with_the_token(settings, status, raises):
    heard = []

    class Told(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((self.path, self.headers["Authorization"], body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.handle_request, daemon=True).start()
    settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/send?v=1", "t0ken"
    try:
        if raises is None:
            messages.HttpGateway().send("13800138000", "请回电", "r1")
        else:
            with pytest.raises(raises) as failure:
                messages.HttpGateway().send("13800138000", "请回电", "r1")
            assert isinstance(failure.value, messages.NotSent) == (status == 403)
    finally:
        server.server_close()
    assert heard == [
        ("/send?v=1", "Bearer t0ken", {"phone": "13800138000", "text": "请回电", "reference": "r1"})
    ]


def test_http_gateway_that_is_not_reached_has_certainly_not_sent(settings):
    settings.SMS_URL = "http://127.0.0.1:9/send"
    with pytest.raises(messages.NotSent):
        messages.HttpGateway().send("13800138000", "请回电", "r1")


def test_answer_invitation_is_open_to_nobody_but_the_page():
    row, made, _code = invited(TODAY)
    data = {"invitation": made.pk, "party": made.party_id, "answer": "agree"}
    for by in (mediator(), clerk(), committee(), user("district", ("district", None))):
        with pytest.raises(DomainError) as refusal:
            do(row, "answer_invitation", by=by, **data)
        assert refusal.value.code in ("not_in_policy", "not_found")
    assert Invitation.objects.get(pk=made.pk).answered_at is None
    body("bureau")
    assert again(row).consents.count() == 0


def test_code_is_read_as_people_type_it():
    code = "7K3M-9QX2-0ABC-1DEF"
    for typed in ("7k3m9qx20abc1def", "７Ｋ３Ｍ 9QX2 oabc ldef", " 7K3M–9QX2—OABC·IDEF "):
        assert Invitation.digest_of(typed) == Invitation.digest_of(code)
    assert Invitation.digest_of("7K3M-9QX2-0ABC-1DEG") != Invitation.digest_of(code)
    assert len({codes.new_code() for _ in range(500)}) == 500
