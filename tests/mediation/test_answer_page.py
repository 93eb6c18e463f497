"""The public answer page: a good code opens little and answers once; every other code is answered alike and teaches nothing."""

import json
import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import codes
from cases.limiting import Limit, network
from cases.models import Event
from mediation import answering
from mediation.models import Consent, Invitation
from reports import indicators, periods
from tests.factories import clerk
from tests.mediation.inviting import code_on, invited
from tests.mediation.stage import do, facts, mediator, party, take
from tests.processes import together

pytestmark = pytest.mark.django_db
PAGE = "/answer/"
SAID = "对方报价过高，愿意出两千元"


@pytest.fixture(autouse=True)
def own_limits(monkeypatch):
    """Counts of this test alone: the cache outlives a test."""
    mark = uuid4().hex
    monkeypatch.setattr(answering, "BY_ADDRESS", Limit(f"{mark}-address", 10, 600))
    monkeypatch.setattr(answering, "BY_ALL", Limit(f"{mark}-all", 40, 600))


@pytest.fixture
def unlimited(monkeypatch):
    monkeypatch.setattr(answering, "BY_ADDRESS", Limit(uuid4().hex, 10**9, 600))
    monkeypatch.setattr(answering, "BY_ALL", Limit(uuid4().hex, 10**9, 600))


@pytest.fixture
def today():
    return timezone.localdate()


def ask(code, client=None, **more):
    return (client or Client()).post(PAGE, {"code": code, **more})


def answered(code, answer, remark="", **more):
    return ask(code, step="answer", answer=answer, remark=remark, **more)


def status_of(asked):
    return asked().status_code


def rate(today):
    """被申请人应答率 of this year: numerator, denominator."""
    code = "respondent_answered"
    found = indicators.figures([code], [periods.parse(str(today.year))], today)[code][0]
    return found.numerator, found.denominator


def words(response):
    return re.sub(r"\s+", "", response.content.decode())


# a good code --------------------------------------------------------------------------------------------------------


def test_a_good_code_opens_what_tells_the_matter_apart_and_no_name(today):
    row, made, code = invited(today, cause="侵害商标权纠纷", claim_amount="5000.00")
    shown = ask(code.lower().replace("-", " "))
    text = shown.content.decode()
    assert shown.status_code == 200
    for said in (
        str(row.case),
        "人民调解",
        f"{made.expires_on:%Y-%m-%d}",
        "同意调解",
        "不同意调解",
        "提出方案",
    ):
        assert said in text
    for secret in ("甲公司", "乙公司", "商标", "5000", "5,000", "销售侵权商品"):
        assert secret not in text


def test_the_page_sets_no_cookie_runs_no_script_and_is_not_kept(today):
    _row, _made, code = invited(today)
    for answer in (Client().get(PAGE), ask("wrong"), ask(code), answered(code, "agree")):
        assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
        assert answer["Cache-Control"] == "no-store" and "<script" not in answer.content.decode()
        assert 'name="referrer" content="no-referrer"' in answer.content.decode()


def test_agreeing_is_written_consent_and_ends_the_code(today):
    row, made, code = invited(today)
    done = answered(code, "agree")
    assert (
        done.status_code == 200
        and "已收到您的答复" in done.content.decode()
        and code not in done.content.decode()
    )
    given = row.consents.get()
    assert (given.answer, given.way, given.in_writing, given.on, given.party) == (
        "agree", "page", True, today, made.party,
    )  # fmt: skip
    assert ("answered", "agree") in facts(row) and Invitation.objects.get(pk=made.pk).answered_at is not None
    event = Event.objects.get(proceeding=row.pk, name="answer_invitation")
    assert (event.by.username, event.by.is_active, event.by.has_usable_password()) == (
        "respondent_page",
        False,
        False,
    )
    assert str(event.by) == "当事人（凭邀请码网上答复）"
    do(
        row,
        "record_consent",
        by=clerk(),
        today=today,
        party=party(row, "applicant").pk,
        answer="agree",
        way="signed",
    )
    assert take(row, "accept", today=today).approval.state == "open"  # nothing is missing any more


def test_a_refusal_gives_its_reason_under_seal(today):
    row, _made, code = invited(today)
    missing = answered(code, "refuse", " \n")
    assert missing.status_code == 400 and "请填写理由或者方案" in missing.content.decode()
    assert 'value="refuse" required checked' in missing.content.decode()
    assert answered(code, "refuse", SAID).status_code == 200
    assert row.consents.get().remark == SAID and ("answered", "refuse") in facts(row)
    bodies = "".join(Event.objects.filter(case=row.case_id).values_list("body", flat=True))
    assert SAID not in bodies and json.dumps(SAID)[1:-1] not in bodies
    assert SAID not in Consent.objects.get().remark_sealed
    take(row, "decline", today=today, outcome="no_consent", reason="不同意")


def test_a_proposal_is_no_answer_of_the_rate_and_a_later_agreement_is(today):
    row, _made, code = invited(today)
    assert answered(code, "propose", SAID).status_code == 200
    assert row.consents.get().answer == "propose" and rate(today) == (0, 1)
    do(row, "invite", today=today, party=party(row).pk)
    answered(code_on(row.invitations.get(cancelled=False, answered_at__isnull=True)), "agree")
    assert rate(today) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "remark"),
    [("", ""), ("silent", "x"), ("left_out", "x"), ("propose", ""), ("refuse", "长" * 2001)],
)
def test_an_answer_that_does_not_fit_is_said_and_the_code_stays_good(today, answer, remark):
    row, made, code = invited(today)
    refused = answered(code, answer, remark)
    assert refused.status_code == 400 and "请按提示修改后再提交" in refused.content.decode()
    assert not remark or remark in refused.content.decode()
    assert row.consents.count() == 0 and Invitation.objects.get(pk=made.pk).answered_at is None
    assert ask(code).status_code == 200


def test_the_english_page_speaks_english_throughout(today):
    _row, _made, code = invited(today, foreign="foreign")
    pages = [
        Client().get(PAGE, {"lang": "en"}), ask("wrong", lang="en"), ask(code, lang="en"),
        answered(code, "refuse", "", lang="en"), answered(code, "agree", lang="en"),
    ]  # fmt: skip
    assert [page.status_code for page in pages] == [200, 404, 200, 400, 200]
    for page in pages:
        text = page.content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        assert '<html lang="en">' in text and not re.search("[\u4e00-\u9fff]", main)


# every other code -----------------------------------------------------------------------------------------------------


def other(today):
    """An invitation between parties that are in no other case."""
    names = [f"{word}{uuid4().hex[:6]}商行" for word in "甲乙"]
    roles = ("applicant", "respondent")
    parties = [{"role": r, "kind": "legal_person", "name": n} for r, n in zip(roles, names, strict=True)]
    return invited(today, parties=parties, rights=[{"kind": "copyright", "title": uuid4().hex}])


def spent(today):
    """Codes that were good once, each ended in another way."""
    found = {}
    row, _made, found["used"] = other(today)
    answered(found["used"], "agree")
    row, made, found["expired"] = other(today)
    Invitation.objects.filter(pk=made.pk).update(expires_on=today - timedelta(1))
    row, _made, found["withdrawn"] = other(today)
    do(row, "withdraw_invitation", today=today, party=party(row).pk)
    row, _made, found["replaced"] = other(today)
    do(row, "invite", today=today, party=party(row).pk)
    row, _made, found["closed"] = other(today)
    take(row, "withdraw", today=today, outcome="withdrawn", reason="申请人撤回")
    return found


def test_wrong_used_expired_and_ended_codes_get_the_same_bytes_by_the_same_work(today, unlimited):
    tried = {
        **spent(today),
        "wrong": codes.new_code(),
        "blank": "",
        "long": "A" * 5000,
        "odd": "'\"<b>\x00邀请",
    }
    for more in ({}, {"step": "answer", "answer": "agree"}):
        bodies, work = set(), set()
        for code in tried.values():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                response = ask(code, **more)
            bodies.add((response.status_code, response.content, str(sorted(response.headers.items()))))
            work.add(tuple(re.sub(r"'[0-9a-f]{0,64}'", "?", one["sql"]) for one in queries))
        assert len(bodies) == 1 and len(work) == 1 and len(next(iter(work))) == 1
        assert next(iter(bodies))[0] == 404


def test_guessing_teaches_nothing(today, unlimited):
    _row, made, code = invited(today)
    near = [codes.normal(code)[:-1] + last for last in "0123456789ABCDEF" if last != codes.normal(code)[-1]]
    answers = {
        (r.status_code, r.content) for r in (ask(c) for c in [*near, *(codes.new_code() for _ in range(30))])
    }
    assert len(answers) == 1 and answers.pop()[0] == 404
    assert Invitation.objects.get(pk=made.pk).answered_at is None and ask(code).status_code == 200


def test_too_many_wrong_codes_from_one_address_are_held_off_even_a_good_one(today):
    _row, _made, code = invited(today)
    for _time in range(30):
        assert ask(code).status_code == 200  # good codes do not count
    assert {ask(codes.new_code()).status_code for _time in range(10)} == {404}
    held = ask(codes.new_code())
    assert (
        held.status_code == 429 and held["Retry-After"] == "600" and "尝试次数过多" in held.content.decode()
    )
    assert words(ask(code)) == words(held) and ask(code).status_code == 429
    assert ask(code, Client(REMOTE_ADDR="198.51.100.7")).status_code == 200


def test_too_many_wrong_codes_from_everywhere_are_held_off(today):
    _row, _made, code = invited(today)
    for number in range(40):
        assert ask("wrong", Client(REMOTE_ADDR=f"203.0.113.{number}")).status_code == 404
    assert ask(code, Client(REMOTE_ADDR="198.51.100.7")).status_code == 429


def test_one_holder_of_an_ipv6_network_is_one_address():
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") and network("rubbish") == network("")


def test_no_code_or_remark_reaches_the_log(today, caplog):
    _row, _made, code = invited(today)
    ask("7K3M-9QX2-0ABC-1DEF")
    answered(code, "refuse", SAID)
    ask(code)
    logged = caplog.text
    assert "answer_code_refused" in logged
    for secret in (code, codes.normal(code), "7K3M", SAID, "127.0.0.1"):
        assert secret not in logged


def test_the_code_never_stands_in_an_address(today):
    _row, _made, code = invited(today)
    assert Client().get(PAGE, {"code": code}).content == Client().get(PAGE).content
    assert code not in Client().get(PAGE, {"code": code}).content.decode()
    text = ask(code).content.decode()
    assert (
        re.findall(r'action="([^"]*)"', text) == [PAGE]
        and "<a " not in text.split("<main")[1].split("</main>")[0]
    )


# inside ---------------------------------------------------------------------------------------------------------------


def test_a_new_answer_is_marked_until_somebody_acts(client, today):
    row, _made, code = invited(today)
    client.force_login(mediator(), backend="django.contrib.auth.backends.ModelBackend")
    home, case = reverse("home"), f"{reverse('case', args=[row.case_id])}?p={row.pk}"
    assert "新答复" not in client.get(home).content.decode()
    shown = client.get(case).content.decode()
    assert "联系被申请人" in shown and "建议下一步" in shown and "调解邀请函，已发出，待答复" in shown
    answered(code, "propose", SAID)
    assert "新答复" in client.get(home).content.decode() and "新答复" in client.get(case).content.decode()
    assert SAID not in client.get(case).content.decode()
    assert "当事人网上答复" in client.get(case).content.decode()  # on the record
    do(row, "contact", today=today, party=party(row).pk, way="call", result="reached")
    assert "新答复" not in client.get(home).content.decode()


def test_the_act_has_no_page_for_anybody(client, today):
    row, _made, _code = invited(today)
    client.force_login(mediator(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("act", args=[row.pk, "answer_invitation"])).status_code == 404


def test_two_answers_with_one_code_one_wins(committing):
    today = timezone.localdate()
    row, _made, code = invited(today)
    for rounds in range(1, 4):
        both = [partial(answered, code, word, SAID) for word in ("agree", "refuse")]
        answers = together([partial(status_of, one) for one in both])
        assert sorted(a[1] for a in answers) == [200, 404], answers
        assert row.consents.count() == rounds
        do(row, "invite", today=today, party=party(row).pk)
        code = code_on(row.invitations.get(cancelled=False, answered_at__isnull=True))
    assert row.events.filter(name="answer_invitation").count() == 3
