"""举报投诉: from an anonymous tip to a paid reward; what is sealed shows nowhere; clocks, exclusions, budget, the code."""

import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import approvals, codes, rewards, steps
from cases.errors import Conflict, DomainError, Invalid, NotFound, Refused
from cases.matters.tips import asking, unsealing
from cases.models import (
    AccessLog,
    Approval,
    Document,
    Event,
    Evidence,
    Outbox,
    StoredFile,
    Tip,
    TipReward,
    Transfer,
)
from stations.models import Interest, Setting
from tests.factories import TODAY, approve_all, area, body, clerk, user
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db
WHO, PHONE, ID, ACCUSED, STORY = (
    "举报人子丑",
    "13912345678",
    "110101199003078515",
    "被举报的某店铺",
    "夜间在后门装卸假冒商品",
)
SECRETS = (WHO, PHONE, ID, ACCUSED, STORY)
TOLD = {"nature": "report", "channel": "12345", "violation": "trademark", "accused": ACCUSED, "story": STORY}
NAMED = {"tipster": WHO, "contact": PHONE}
PAID = {"outcome": "true", "filed": "yes", "finding": "现场查获假冒商品", "penalty": "20000"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def officer(name="officer"):
    return user(name, ("adjudicator", body("bureau")))


def head():
    return user("head", ("head", body("bureau")))


def tip(**said) -> Tip:
    body("bureau")
    made = steps.open_matter("tip", by=clerk(), data={**TOLD, "station": "s1", **said}, today=TODAY)
    return Tip.objects.get(pk=made.proceeding)


def again(row):
    return type(row).objects.get(pk=row.pk)


def do(row, name, by=None, today=TODAY, **data):
    return steps.perform(row.pk, name, by=by or officer(), data=data, version=again(row).version, today=today)


def act(row, name, by=None, today=TODAY, **data):
    return steps.act(row.pk, name, by=by or officer(), data=data, today=today)


def granted(answer):
    found = approve_all(answer, head())
    assert found.state == "granted", found.reason
    return found


def checking(**said) -> Tip:
    row = tip(**said)
    act(row, "take")
    do(row, "begin_check")
    return row


def verified(**said) -> Tip:
    row = checking(**said)
    do(row, "verify", **{**PAID, **said.pop("found", {})} if "found" in said else PAID)
    return row


def code_of(row) -> str:
    blocks = Document.objects.get(proceeding=row.pk, kind="tip_receipt").blocks
    found = [
        word for word in json.dumps(json.loads(blocks), ensure_ascii=False).split('"') if word.count("-") == 3
    ]
    return found[0]


def office(**values):
    for key, value in values.items():
        Setting.objects.create(key=key, value=value, valid_from=date(TODAY.year, 1, 1), document="模拟文号")


def due(row, rule):
    found = row.deadlines.filter(rule=rule, cancelled=False).order_by("pk").last()
    return found and (found.due_on, found.met_on)


# sealed ---------------------------------------------------------------------------------------------------------


def test_nothing_of_who_told_it_and_of_whom_stands_in_any_output(client, caplog):
    row = checking(**NAMED, order_no="SH-998877")
    act(row, "add_evidence", file=_evidence(row).pk, title="现场照片")
    do(row, "verify", **PAID, right_holder="权利人某公司")
    office(reward_budget="10000", reward_scheme="four_tiers")
    granted(act(row, "grant_reward", tier="fourth", excluded=[]))
    pages = []
    for person in (officer(), head(), clerk()):
        client.force_login(person)
        for path in (f"/matters/{row.pk}/", "/matters/tip/", "/", "/approvals/"):
            pages.append(client.get(path).content.decode())
        sheet = openpyxl.load_workbook(io.BytesIO(client.get("/matters/tip/?download=xlsx").content))
        pages.append(str([[cell.value for cell in line] for line in sheet.active]))
        for path in (
            "/api/v1/matters/tip/",
            f"/api/v1/proceedings/{row.pk}/",
            f"/api/v1/cases/{row.case_id}/",
        ):
            pages.append(client.get(path).content.decode())
        for words in (WHO, PHONE, ACCUSED):  # it is not found by what is sealed
            for answer in (client.post("/search/", {"q": words}), client.get("/matters/tip/", {"q": words})):
                assert f"/matters/{row.pk}/" not in answer.content.decode()
    stored = [
        *Event.objects.values_list("body", flat=True),
        *Document.objects.values_list("blocks", flat=True),
    ]
    stored += [
        *AccessLog.objects.values_list("subject", flat=True),
        *Outbox.objects.values_list("payload", flat=True),
    ]
    stored += [row.case.summary, again(row).title, str(again(row))]
    told = "\n".join([*pages, *stored, caplog.text])
    assert f"/matters/{row.pk}/" in told  # it was looked at
    for secret in (*SECRETS, "SH-998877", "权利人某公司", PAID["finding"]):
        assert secret not in told, secret
    with connection.cursor() as cursor:  # not in a column of the row either
        cursor.execute("select * from cases_tip where proceeding_ptr_id = %s", [row.pk])
        assert not any(secret in str(cursor.fetchone()) for secret in SECRETS)


def _evidence(row):
    stored, _new = StoredFile.objects.get_or_create(
        sm3="a" * 64, defaults={"sha256": "b" * 64, "size": 1, "type": "image/png"}
    )
    return Evidence.objects.create(
        case=row.case, proceeding=row, file=stored, name="1.png", audience="sealed", uploaded_by=officer()
    )


def test_only_who_handles_it_reads_the_sealed_part_and_leaves_a_trace(client):
    row = tip(**NAMED)
    for person in (clerk(), head(), officer(), officer("another")):
        with pytest.raises(NotFound):
            unsealing.read(again(row), by=person, today=TODAY, reason="核查")
    act(row, "take")
    seen = unsealing.read(again(row), by=officer(), today=TODAY, reason="核查")
    assert {value for _label, value in seen} == {WHO, PHONE, ACCUSED, STORY}
    assert AccessLog.objects.get(act="read").subject == f"tip/{row.pk}"
    path = f"/matters/{row.pk}/sealed/"
    for person, status in ((officer("another"), 404), (head(), 403), (clerk(), 403), (officer(), 200)):
        client.force_login(person)
        assert client.get(path).status_code == status
    assert client.post(path, {"reason": ""}).status_code == 400
    assert WHO in client.post(path, {"reason": "核对"}).content.decode()
    assert AccessLog.objects.filter(act="read").count() == 2


def test_a_letter_that_names_the_tipster_is_refused():
    row = checking(**NAMED)
    said = {"target": "police", "recipient": "示例公安分局", "enclosures": ""}
    with pytest.raises(Invalid) as refused:
        do(row, "transfer", **said, content=f"据{WHO}反映，某店铺销售假冒商品")
    assert "content" in refused.value.fields
    do(row, "transfer", **said, content="某店铺销售假冒商品")
    assert again(row).state == "transferred"


# who ------------------------------------------------------------------------------------------------------------


def test_who_may_not_open_take_or_decide_is_told():
    with pytest.raises(Refused):
        steps.open_matter("tip", by=user("m", ("mediator", body("committee"))), data=TOLD, today=TODAY)
    row = tip()
    for person in (clerk(), head()):
        with pytest.raises(Refused):
            act(row, "take", by=person)
    with pytest.raises(DomainError):  # nobody has taken it on
        do(row, "begin_check")
    act(row, "take")
    with pytest.raises(NotFound):  # another officer's matter is no matter of his
        do(row, "begin_check", by=officer("another"))


def test_two_take_one_tip_and_one_wins(committing):
    row = tip()
    people = [officer("one"), officer("two")]
    body("bureau")
    answers = together([lambda p=p: act(row, "take", by=p) and "taken" for p in people])
    assert sorted(outcomes(answers)) in (["done", "later"], ["done", "not_found"], ["done", "relation"])
    assert again(row).handler in people


# the law's clock ------------------------------------------------------------------------------------------------


def test_a_report_runs_fifteen_working_days_and_fifteen_more_by_the_head():
    row = checking(**NAMED)
    assert due(row, "R-10") == (date(2026, 12, 11), None)  # 15 working days after 2026-11-20
    granted(act(row, "extend", days=15, reason="案情复杂"))
    assert due(row, "R-10") == (date(2027, 1, 1), None)  # provisional: that year has no calendar yet
    with pytest.raises(DomainError):
        act(row, "extend", days=15, reason="再延长")
    do(row, "verify", **PAID)
    assert due(row, "R-10")[1] == TODAY
    assert due(row, "R-09") == (date(2026, 11, 27), None)  # 5 working days
    with pytest.raises(DomainError) as untold:
        do(row, "close")
    assert untold.value.code == "not_told"
    act(row, "inform", way="letter", words="线索属实")
    assert Document.objects.get(proceeding=row.pk, kind="tip_reply").audience == "sealed"
    do(row, "close")
    assert (again(row).state, again(row).outcome, again(row).closed_on) == ("closed", "true", TODAY)


def test_an_anonymous_report_is_told_by_its_code_alone():
    row = verified()
    assert due(row, "R-09") is None
    with pytest.raises(DomainError):
        act(row, "inform", way="phone")


def test_counterfeit_patents_have_ten_working_days_a_complaint_seven_and_fortyfive():
    row = tip(violation="counterfeit_patent")
    assert due(row, "R-15b") == (date(2026, 12, 4), None)
    row = tip(nature="complaint", **NAMED)
    assert due(row, "R-03") == (date(2026, 12, 1), None) and due(row, "R-10") is None
    act(row, "take")
    do(row, "begin_check")
    assert due(row, "R-03")[1] == TODAY and due(row, "R-05")[1] is None
    do(row, "verify", outcome="failed", finding="未达成一致")
    assert due(row, "R-07") == (date(2026, 12, 1), None)


def test_tests_and_identification_do_not_count():
    row = checking()
    act(row, "pause", kind="appraisal", ground="送检样品两件")
    assert again(row).due_on == date(9999, 12, 31)
    act(row, "resume", today=date(2026, 11, 30))
    assert due(row, "R-10")[0] > date(2026, 12, 11)


def test_refusing_needs_the_head_and_that_a_named_tipster_was_told():
    row = checking(**NAMED)
    with pytest.raises(Invalid) as untold:
        do(row, "refuse", ground="no_clue")
    assert "told" in untold.value.fields
    granted(do(row, "refuse", ground="no_clue", told=True))
    assert (again(row).state, again(row).is_open) == ("refused", False)


def test_passed_on_it_waits_for_the_answer_and_comes_back_when_returned():
    row = checking()
    do(
        row,
        "transfer",
        target="police",
        recipient="示例公安分局",
        content="某店铺销售假冒商品",
        enclosures="照片（共2张）",
    )
    child = Transfer.objects.get(parent=row.pk)
    assert child.station is None and due(row, "R-10")[1] == TODAY
    with pytest.raises(DomainError) as waiting:
        do(row, "verify", **PAID)
    assert waiting.value.code == "not_answered"
    granted(do(child, "send", letter_no="津滨知函〔2026〕6号"))
    letter = Document.objects.get(proceeding=child.pk, kind="lead_transfer_letter")
    assert (
        letter.audience == "sealed"
        and "某店铺" in letter.blocks
        and not any(s in letter.blocks for s in SECRETS)
    )
    assert (
        not Document.objects.visible_to(user("o", ("office", body("bureau"))), TODAY)
        .filter(pk=letter.pk)
        .exists()
    )
    do(child, "record_return", reason="不属于职责")
    do(row, "take_back")
    assert again(row).state == "checking" and due(row, "R-10")[1] is None


# reward ---------------------------------------------------------------------------------------------------------


def test_from_an_anonymous_tip_to_a_paid_reward():
    office(reward_budget="10000", reward_scheme="national")
    row = verified()
    code = code_of(row)
    with pytest.raises(DomainError) as anonymous:
        act(row, "grant_reward", tier="second", excluded=[])
    assert anonymous.value.code == "anonymous"
    who = {"tipster": WHO, "contact": PHONE, "id_number": ID}
    with pytest.raises(DomainError) as wrong:
        act(row, "identify", code=codes.new_code(), **who)
    assert wrong.value.code == "wrong_code" and not again(row).tipster
    act(row, "identify", code=code.lower().replace("-", " "), **who)
    assert again(row).tipster == WHO and WHO not in Event.objects.get(name="identify").body
    granted(act(row, "grant_reward", tier="first", excluded=[]))
    reward = TipReward.objects.get()
    assert reward.amount == Decimal("5000.00")  # 5 % of 20 000 is below the minimum
    assert Event.objects.get(fact="reward_granted").value == "5000.00"
    assert due(row, "R-20a") == (date(2026, 12, 11), None)
    act(row, "notify_reward", way="code")
    assert due(row, "R-20b")[1] is None
    with pytest.raises(DomainError) as unpaid:
        do(row, "close")
    assert unpaid.value.code == "reward_open"
    act(row, "pay_reward", receipt=_evidence(row).pk)
    assert TipReward.objects.get().paid_on == TODAY
    with pytest.raises(DomainError):
        act(row, "pay_reward", receipt=_evidence(row).pk)
    do(row, "close")
    assert asking.stage(code) == asking.STAGES["closed"]


@pytest.mark.parametrize(
    ("penalty", "tier", "amount"),
    [(None, "third", "1000"), ("200000", "second", "6000"), ("33333.33", "first", "5000"), ("99000000", "first", "1000000"),
     ("123456.78", "first", "6172.83")],
)  # fmt: skip
def test_the_national_scheme_pays_a_share_with_a_minimum_and_a_cap(penalty, tier, amount):
    found = rewards.schemes()["national"].amount(tier, Decimal(penalty) if penalty else None)
    assert found == Decimal(amount)


@pytest.mark.parametrize("excluded", [["official"], ["right_holder"], ["kin", "paid"]])
def test_a_stated_exclusion_is_refused(excluded):
    office(reward_budget="10000", reward_scheme="four_tiers")
    row = verified(**NAMED)
    with pytest.raises(DomainError) as refused:
        act(row, "grant_reward", tier="first", excluded=excluded)
    assert refused.value.code == "excluded" and not Approval.objects.exists()


def test_right_holder_officials_their_relatives_and_late_tips_are_found_by_the_house():
    office(reward_budget="10000", reward_scheme="four_tiers")
    ask = {"tier": "first", "excluded": []}

    def refused(row):
        with pytest.raises(DomainError) as found:
            act(row, "grant_reward", **ask)
        return found.value.code == "excluded"

    row = checking(**NAMED)
    do(row, "verify", **PAID, right_holder=f" {WHO} ")
    assert refused(row)
    row = checking(**NAMED)
    do(row, "verify", **PAID, known_before=True)
    assert refused(row)
    row = verified(tipster="officer", contact=PHONE)  # a user of the house has this name
    assert refused(row)
    Interest.objects.create(user=officer(), relation="relative", name=WHO, valid_from=date(2026, 1, 1))
    row = verified(**NAMED)
    assert refused(row)
    granted(act(row, "grant_reward", **ask, namesake="已核对身份证，同名不同人"))


def test_never_above_the_budget_of_the_year():
    office(reward_scheme="four_tiers")
    row = verified(**NAMED)
    with pytest.raises(DomainError) as none:
        act(row, "grant_reward", tier="fourth", excluded=[])
    assert none.value.code == "no_budget"
    Setting.objects.create(key="reward_budget", value="9000", valid_from=date(2025, 1, 1), document="上年")
    with pytest.raises(DomainError):  # last year's is not carried over
        act(row, "grant_reward", tier="fourth", excluded=[])
    office(reward_budget="5400")
    granted(act(row, "grant_reward", tier="first", excluded=[]))
    other = verified(**NAMED)
    with pytest.raises(DomainError) as over:
        act(other, "grant_reward", tier="fourth", excluded=[])
    assert over.value.code == "over_budget" and "400" in str(over.value.message)
    act(row, "lapse_reward", reason="通知后六十个工作日未领")
    granted(act(other, "grant_reward", tier="fourth", excluded=[]))


def test_without_a_scheme_of_the_office_no_reward():
    row = verified(**NAMED)
    with pytest.raises(DomainError) as refused:
        act(row, "grant_reward", tier="first", excluded=[])
    assert refused.value.code == "no_scheme"


def test_two_rewards_at_once_do_not_break_the_budget(committing):
    office(reward_budget="5000", reward_scheme="four_tiers")
    asked = [act(verified(**NAMED), "grant_reward", tier="first", excluded=[]).approval for _n in "12"]
    people = [user(f"head{n}", ("head", body("bureau"))) for n in "12"]
    jobs = [
        lambda a=a, p=p: approvals.decide(a.pk, "approve", by=p, today=TODAY).state
        for a, p in zip(asked, people, strict=True)
    ]
    assert sorted(str(answer[1]) for answer in together(jobs)) == ["granted", "returned"]
    assert TipReward.objects.filter(cancelled=False).count() == 1


def test_two_pay_one_reward_and_one_wins(committing):
    office(reward_budget="5000", reward_scheme="four_tiers")
    row = verified(**NAMED)
    granted(act(row, "grant_reward", tier="first", excluded=[]))
    paper = _evidence(row).pk
    answers = together([lambda: act(row, "pay_reward", receipt=paper) and "paid" for _n in "12"])
    assert sorted(outcomes(answers)) == ["done", "later"]
    assert Event.objects.filter(fact="reward_paid").count() == 1


# public ---------------------------------------------------------------------------------------------------------


def told_publicly(**said):
    data = {"violation": "trademark", "accused": ACCUSED, "story": STORY, "area": area().code, **said}
    return Client(enforce_csrf_checks=True).post("/tips/", data)


def test_the_public_form_is_closed_until_the_office_opens_it():
    assert Client().get("/tips/").status_code == 404 and told_publicly().status_code == 404
    assert not Tip.objects.exists()
    office(public_tips="是")
    page = Client().get("/tips/")
    assert page.status_code == 200 and not page.cookies and "Cookie" not in page.get("Vary", "")


def test_a_public_tip_gives_a_code_that_tells_the_stage_alone():
    office(public_tips="是")
    body("bureau")
    answer = told_publicly(
        nature="complaint", channel="12315", code="0" * 16
    )  # what the page does not ask counts nothing
    row = Tip.objects.get()
    assert answer.status_code == 200 and not answer.cookies
    assert (row.channel, row.nature, row.real_name, row.received_on) == (
        "web",
        "report",
        False,
        row.case.received_on,
    )
    code = code_of(row)
    assert code in answer.content.decode() and codes.normal(code) not in Event.objects.get(name="opened").body
    page = Client().post("/tips/status/", {"code": code})
    assert "等待核查" in page.content.decode() and not page.cookies
    assert not any(secret in page.content.decode() for secret in SECRETS)


def test_a_bad_public_tip_keeps_what_was_typed_and_rate_is_limited():
    office(public_tips="是")
    body("bureau")
    answer = told_publicly(story="", tipster=WHO)
    said = answer.content.decode()
    assert answer.status_code == 400 and ACCUSED in said and WHO in said and not Tip.objects.exists()
    assert {told_publicly(story="").status_code for _n in range(4)} == {400}
    assert told_publicly().status_code == 429 and not Tip.objects.exists()


def test_a_code_that_opens_nothing_gets_one_answer_by_the_same_work():
    row = tip()
    code = code_of(row)
    dead = code_of(other := tip())
    boss = head()
    steps.perform(
        other.pk, "void", by=boss, data={"ground": "mistake", "reason": "重复"}, version=0, today=TODAY
    )
    seen = set()
    for text in (codes.new_code(), dead, "", "x" * 500, code[:-1] + ("0" if code[-1] != "0" else "1")):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = Client().post("/tips/status/", {"code": text})
        asked = [q["sql"] for q in queries if "cases_tip" in q["sql"]]
        seen.add((answer.status_code, answer.content, len(queries), len(asked)))
    assert len(seen) == 1 and {one[0] for one in seen} == {404}


def test_guessing_codes_is_stopped_and_good_codes_do_not_count():
    code = code_of(tip())
    for _n in range(12):
        assert Client().post("/tips/status/", {"code": code}).status_code == 200
    assert {Client().post("/tips/status/", {"code": codes.new_code()}).status_code for _n in range(10)} == {
        404
    }
    assert Client().post("/tips/status/", {"code": code}).status_code == 429


def test_the_list_asks_the_same_for_few_and_many(client):
    client.force_login(clerk())

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/matters/tip/").status_code == 200
        return len(queries)

    tip()
    asked()
    few = asked()
    for _n in range(8):
        tip()
    assert asked() == few


def test_the_api_opens_and_moves_a_tip(client):
    body("bureau")
    client.force_login(clerk())
    answer = client.post("/api/v1/matters/tip/", json.dumps({**TOLD, "station": "s1"}), content_type="application/json",
                         headers={"Idempotency-Key": "tip-1"})  # fmt: skip
    assert answer.status_code == 201, answer.content
    row = Tip.objects.get()
    act(row, "take", today=row.received_on)
    with pytest.raises(Conflict):
        steps.perform(row.pk, "begin_check", by=officer(), data={}, version=5, today=row.received_on)
    do(row, "begin_check", today=row.received_on)
    assert again(row).state == "checking"
