"""移送、案源通报: signed, receipted, answered or returned; the evidence package says what it holds."""

import hashlib
import io
import json
import zipfile
from datetime import date

import pytest

from cases import files, steps
from cases.errors import DomainError, Invalid, Refused
from cases.models import (
    Document,
    Event,
    Evidence,
    LeadNotice,
    StoredFile,
    Transfer,
)
from cases.protection import sm3
from tests.cases.acting import (
    again,
    do,
    granted,
    head,
    office,
    officer,
    opened,
    running,
)
from tests.factories import TODAY, body, clerk, register, user
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db


LETTER = {"subject": "移送示例公安分局：假冒商品", "target": "police", "recipient": "示例公安分局",
          "content": "甲公司涉嫌销售假冒注册商标的商品。", "enclosures": "检查笔录（共4页）\n照片（共8张）"}  # fmt: skip


def transfer(**said) -> Transfer:
    body("bureau")
    return opened("transfer", Transfer, officer(), **{**LETTER, **said})


def test_a_transfer_goes_out_signed_is_receipted_and_answered():
    row = transfer()
    assert row.handler == officer() and not running(row)
    answer = do(row, "send", officer(), letter_no="津滨知函〔2026〕6号")
    assert again(row).state == "received" and not Document.objects.exists()
    granted(answer, head())
    letter = Document.objects.get(kind="lead_transfer_letter")
    assert (
        LETTER["content"] in letter.blocks
        and "津滨知函〔2026〕6号" in letter.blocks
        and letter.body.kind == "bureau"
    )
    assert Document.objects.filter(kind="lead_transfer_slip").count() == 1
    assert running(row) == {"TR-01": date(2026, 12, 1), "TR-02": date(2027, 1, 19)}
    do(row, "record_receipt", officer(), receipt_no="收字8号")
    assert set(running(row)) == {"TR-02"}
    do(row, "record_result", officer(), outcome="filed", result_no="立字9号", words="已立案侦查")
    row = again(row)
    assert (row.state, row.outcome, row.closed_on, row.is_open) == ("closed", "filed", TODAY, False)
    assert not running(row) and LETTER["content"] not in "".join(Event.objects.values_list("body", flat=True))


def test_the_head_reads_the_letter_before_signing(client):
    answer = do(transfer(), "send", officer(), letter_no="津滨知函〔2026〕6号")
    client.force_login(head())
    assert LETTER["content"] in client.get(f"/approvals/{answer.approval.pk}/").content.decode()


def test_who_may_not_send_a_transfer_and_of_which_case():
    with pytest.raises(Refused):
        opened("transfer", Transfer, user("m", ("mediator", body("committee"))), **LETTER)
    case = register()
    with pytest.raises(Invalid) as foreign:  # a case the officer does not see
        transfer(of_case=case.registration_no)
    assert "of_case" in foreign.value.fields
    row = opened("transfer", Transfer, clerk(), **LETTER, of_case=case.registration_no)
    assert row.of_case == case
    with pytest.raises(DomainError):
        do(row, "send", officer(), letter_no="1")


def test_two_record_the_end_of_a_transfer_and_one_wins(committing):
    row = transfer()
    granted(do(row, "send", officer(), letter_no="6号"), head())
    seen, who = again(row).version, officer()
    jobs = [
        lambda name=name, data=data: (
            steps.perform(row.pk, name, by=who, data=data, version=seen, today=TODAY).state
        )
        for name, data in (
            ("record_result", {"outcome": "filed"}),
            ("record_return", {"reason": "不属于职责"}),
        )
    ]
    assert sorted(outcomes(together(jobs))) == ["done", "stale_version"]


def test_the_evidence_package_lists_what_it_holds(client):
    row = transfer()
    content = "现场检查笔录".encode()
    kept = StoredFile.objects.create(
        sm3=sm3(content), sha256=hashlib.sha256(content).hexdigest(), size=len(content), type="text/plain"
    )
    files.put_bytes(content, name="笔录.txt", type="text/plain")
    Evidence.objects.create(
        case=row.case,
        proceeding=row,
        file=kept,
        name="笔录.txt",
        audience="proceeding",
        uploaded_by=officer(),
    )
    client.force_login(officer())
    package = zipfile.ZipFile(io.BytesIO(client.get(f"/matters/{row.pk}/package.zip").content))
    told = json.loads(package.read("清单.json"))["files"]
    assert [(one["sha256"], one["sm3"]) for one in told] == [
        (hashlib.sha256(package.read(told[0]["name"])).hexdigest(), sm3(content))
    ]
    client.force_login(head())
    assert client.get(f"/matters/{row.pk}/package.zip").status_code == 404


def test_a_lead_notice_is_receipted_and_answered():
    body("bureau")
    said = {
        "subject": "涉嫌假冒专利线索",
        "partner": "hebei",
        "sender": "示例市知识产权局",
        "their_no": "冀知函8号",
    }
    row = opened("lead_notice", LeadNotice, office("bureau"), **said)
    assert running(row) == {"TR-03": date(2026, 11, 27)}
    do(row, "accept", officer())
    assert "冀知函8号" in Document.objects.get(kind="lead_notice_receipt").blocks
    granted(
        do(row, "report", officer(), outcome="filed", words="已立案调查", letter_no="津滨知函〔2026〕7号"),
        head(),
    )
    assert again(row).state == "closed" and "已立案" in Document.objects.get(kind="lead_notice_reply").blocks


@pytest.mark.parametrize("slug", ["tip", "transfer", "lead_notice", "finding", "white_list", "service_order"])
def test_every_kind_has_its_list_page_and_sheet(slug, client):
    for kind in ("bureau", "centre"):
        body(kind)
    person = office("bureau") if slug in ("tip", "transfer", "lead_notice") else clerk()
    client.force_login(person)
    answer = client.get(f"/matters/{slug}/")
    assert answer.status_code == 200 and "<form" in answer.content.decode()
    assert client.get(f"/matters/{slug}/?download=xlsx").status_code == 200
