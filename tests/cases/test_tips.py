"""举报投诉: what is sealed shows nowhere, who may, the clocks of reports and complaints, passing on and coming back."""

import io
import json
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from cases import attaching, steps
from cases.errors import Conflict, DomainError, Invalid, NotFound, Refused
from cases.matters.tips import unsealing
from cases.models import (
    AccessLog,
    Document,
    Event,
    Evidence,
    Outbox,
    Tip,
    Transfer,
)
from tests.cases.tipping import (
    ACCUSED,
    NAMED,
    PAID,
    PHONE,
    SECRETS,
    STORY,
    TOLD,
    WHO,
    act,
    again,
    checking,
    do,
    due,
    evidence,
    granted,
    head,
    office,
    officer,
    tip,
    verified,
)
from tests.factories import TODAY, body, clerk, user
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db


def test_nothing_of_who_told_it_and_of_whom_stands_in_any_output(client, caplog):
    row = checking(**NAMED, order_no="SH-998877")
    act(row, "add_evidence", file=evidence(row).pk, title="现场照片")
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


def test_what_is_handed_in_later_is_sealed_where_nothing_is_said():
    row = checking(**NAMED)
    scan = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(scan, "PNG")
    scan.seek(0)
    handed_in = attaching.attach(row.case, "来信人.png", scan, by=officer(), today=TODAY, row=row)
    assert handed_in.audience == "sealed"
    assert not Evidence.objects.visible_to(head(), TODAY).filter(pk=handed_in.pk).exists()
    assert Evidence.objects.visible_to(officer(), TODAY).filter(pk=handed_in.pk).exists()
