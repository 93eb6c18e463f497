"""The look before signing, and the papers for the court: what may be confirmed, where, and what goes into the packet."""

import hashlib
import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse

from cases import attaching, outbox, steps
from cases.errors import DomainError, Invalid, Refused
from cases.models import AccessLog, Case, Document
from mediation import confirmable, following
from mediation.models import AgreementCheck, JudicialConfirmation
from tests.factories import TODAY, approve_all, clerk
from tests.mediation.stage import (
    DAY,
    PAY,
    SIGNED,
    STOP,
    TEXT,
    accepted,
    again,
    committee,
    do,
    mediator,
    running,
    settled,
    take,
)

pytestmark = pytest.mark.django_db
YES = {item.key: "yes" for item in confirmable.ITEMS}
PLAIN = {name: value for name, value in SIGNED.items() if name != "no_confirmation"}
PDF = b"%%PDF-1.4\n1 0 obj\n<< /Title (%s) >>\nendobj\nstartxref\n0\n%%%%EOF\n"
NUMBER = "91110000802100433B"
KNOWN = [
    {"role": "applicant", "kind": "legal_person", "name": "甲公司", "id_number": NUMBER, "phone": "13800138000"},
    {"role": "respondent", "kind": "legal_person", "name": "乙公司", "id_number": NUMBER},
]  # fmt: skip


def identified(**changes):
    """In mediation, both sides with a number on record."""
    return accepted(parties=KNOWN, **changes)


def check(row, by=None, **changes):
    return do(row, "check_agreement", by=by, **{**TEXT, **YES, **changes})


def sealed(row):
    """Signed as checked, and sealed."""
    take(row, "sign_agreement", **PLAIN)
    approve_all(take(row, "seal_agreement"), committee())
    return again(row)


def confirmation(row):
    do(row, "open_confirmation")
    return JudicialConfirmation.objects.get(parent=row)


# before signing ------------------------------------------------------------------------------------------------


def test_an_agreement_is_looked_at_before_it_is_signed_unless_both_declare_not_to_apply():
    row = identified()
    with pytest.raises(Invalid) as refusal:
        take(row, "sign_agreement", **PLAIN)
    assert set(refusal.value.fields) == {"no_confirmation"}
    check(row)
    with pytest.raises(Invalid) as refusal:
        take(row, "sign_agreement", **{**PLAIN, "terms": [{**PAY, "amount": "9000"}, STOP]})
    assert "重新审查" in refusal.value.fields["no_confirmation"][0]
    take(row, "sign_agreement", **PLAIN)
    assert again(row).state == "agreed"


def test_the_declaration_is_on_the_record():
    row = accepted()
    take(row, "sign_agreement", **SIGNED)
    assert '"no_confirmation":true' in row.events.get(name="sign_agreement").body


def test_a_check_keeps_its_words_sealed_and_prints_the_list_for_the_judge():
    row = identified()
    check(row, remark="乙公司急于付款")
    held = AgreementCheck.objects.get()
    assert held.confirmable and held.said()["remark"] == "乙公司急于付款" and held.court_level == "basic"
    paper = row.documents.get(kind="confirmation_checklist")
    assert "未发现不能申请司法确认的情形" in paper.blocks and "天津市滨海新区人民法院" in paper.blocks
    for word in ("急于付款", "支付补偿款", "使用近似标识"):
        assert word not in paper.blocks and word not in held.answers_sealed
        assert not row.events.filter(body__contains=word).exists()


def test_the_record_is_not_contradicted():
    row = accepted()  # the respondent's number is not on record
    with pytest.raises(Invalid) as refusal:
        check(row)
    assert set(refusal.value.fields) == {"identity"} and "乙公司" in refusal.value.fields["identity"][0]
    check(row, identity="no")
    assert AgreementCheck.objects.get().lacking() == ["当事人身份不明确"]


def test_words_of_ownership_ask_for_a_second_look():
    row = identified()
    terms = [{**STOP, "what": "确认争议商标归申请人所有，权属不再争议"}]
    with pytest.raises(Invalid) as refusal:
        check(row, terms=terms)
    assert "权属" in refusal.value.fields["ownership"][0]
    check(row, terms=terms, words_seen=True)
    assert AgreementCheck.objects.get().confirmable
    check(row, terms=terms, ownership="no")
    assert row.last_check.lacking() == ["涉及知识产权确权"]


def test_an_agreement_on_ownership_may_be_signed_but_is_not_taken_to_court(client):
    row = identified()
    check(row, ownership="no")
    take(row, "sign_agreement", **PLAIN)
    assert "不属于人民法院可以司法确认的范围" in row.documents.get(kind="mediation_agreement").blocks
    approve_all(take(row, "seal_agreement"), committee())
    with pytest.raises(DomainError, match="涉及知识产权确权") as refusal:
        do(row, "open_confirmation")
    assert refusal.value.code == "not_confirmable"
    client.force_login(mediator())
    assert "不能申请：涉及知识产权确权" in client.get(reverse("case", args=[row.case_id])).content.decode()
    check(again(row))  # looked at again after the terms were made clear
    assert confirmation(again(row)).state == "received"


@pytest.mark.parametrize(
    ("changes", "level", "name"),
    [
        ({"rights": [{"kind": "trademark", "number": "12345678"}]}, "basic", "滨海新区"),
        ({"rights": [{"kind": "software", "number": ""}]}, "intermediate", "第三中级"),
        ({"source": "court_entrusted", "data": {"materials_on": DAY, "procedure": "ordinary"},
          "rights": [{"kind": "software", "number": ""}]}, "referring", ""),
    ],
)  # fmt: skip
def test_the_court_follows_the_right_or_who_sent_the_dispute(changes, level, name):
    court = confirmable.court_for(Case.objects.get(pk=accepted(**changes).case_id))
    assert court.level == level and name in court.name


def test_the_check_is_the_mediators_and_is_taken_back_only_before_signing():
    row = identified()
    for person in (clerk(), committee()):
        with pytest.raises(Refused):
            check(row, by=person)
    check(row)
    event = row.events.get(name="check_agreement")
    data = {"act": event.pk, "reason": "登错"}
    approve_all(steps.act(row.pk, "undo_act", by=mediator(), data=data, today=TODAY), committee())
    assert again(row).last_check is None and row.documents.get(kind="confirmation_checklist").state == "void"
    check(row)
    take(row, "sign_agreement", **PLAIN)
    data["act"] = row.events.filter(name="check_agreement").last().pk
    with pytest.raises(DomainError) as refusal:
        steps.act(row.pk, "undo_act", by=mediator(), data=data, today=TODAY)
    assert refusal.value.code == "built_upon"


def test_signing_begins_with_the_words_looked_at_for_the_mediator_alone(client):
    row = identified()
    check(row)
    url = reverse("step", args=[row.pk, "sign_agreement"])
    client.force_login(mediator())
    assert "使用近似标识" in client.get(url).content.decode()
    client.force_login(committee())
    refused = client.get(url)
    assert refused.status_code == 403 and "使用近似标识" not in refused.content.decode()


# papers of the other kinds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flavour", "of", "paper"),
    [
        ("administrative", "bureau", "administrative_agreement"),
        ("commercial", "commercial", "commercial_agreement"),
    ],
)
def test_administrative_and_commercial_mediation_have_their_own_papers(flavour, of, paper):
    row = accepted(flavour)
    notice = row.documents.get(kind="mediation_notice")
    assert ("不收取费用" in notice.blocks) == (flavour == "administrative")
    take(row, "sign_agreement", by=mediator(f"mediator_{of}", of), **SIGNED)
    assert row.documents.get(kind=paper).body == row.body
    assert not row.documents.filter(kind__in=["mediation_agreement", "mediation_acceptance"]).exists()


# to the court --------------------------------------------------------------------------------------------------


def ready_packet():
    row = identified()
    check(row)
    row = sealed(row)
    child = confirmation(row)
    do(child, "prepare_application", court="天津市滨海新区人民法院")
    case = Case.objects.get(pk=row.case_id)
    for name, title in (("a.pdf", "营业执照/../甲"), ("b.pdf", "聊天记录")):
        attaching.attach(
            case, name, BytesIO(PDF % name.encode()), by=clerk(), today=TODAY, row=None, audience="case",
            said={"title": title, "proves": "", "party": None},
        )  # fmt: skip
    return child


def test_the_application_names_both_the_agreement_and_the_last_day():
    child = ready_packet()
    blocks = child.documents.get(kind="confirmation_application").blocks
    number = child.parent.number
    for words in ("甲公司", "乙公司", number, "2026年12月21日", "自愿达成协议", "天津市滨海新区人民法院"):
        assert words in blocks, words
    proof = child.documents.get(kind="mediation_proof").blocks
    assert number in proof and "支付补偿款" not in proof


@pytest.mark.django_db(transaction=True)
def test_the_packet_is_one_zip_the_same_each_time_with_safe_names(client, committing):
    child = ready_packet()
    url = reverse("confirmation_packet", args=[child.pk])
    client.force_login(mediator())
    assert client.get(url).status_code == 409  # the papers are still being made
    outbox.drain()
    bytes_of = [b"".join(client.get(url).streaming_content) for _twice in range(2)]
    assert bytes_of[0] == bytes_of[1]
    archive = zipfile.ZipFile(BytesIO(bytes_of[0]))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[0] == "00-目录.txt" and names[1:5] == [
        "01-司法确认申请书.pdf", "02-调解协议.pdf", "03-调解情况证明.pdf", "04-司法确认前审查清单.pdf",
    ]  # fmt: skip
    assert len(names) == 6 and not any("/" in n or ".." in n or "聊天" in n for n in names)
    catalogue = archive.read("00-目录.txt").decode("utf-8-sig")
    assert child.parent.number in catalogue and "缺：权利证明" in catalogue
    agreement = Document.objects.get(kind="mediation_agreement")
    assert hashlib.sha256(archive.read(names[2])).hexdigest() == agreement.pdf.sha256
    assert AccessLog.objects.filter(act="export", subject=f"packet/{child.pk}").count() == 2


def test_the_packet_is_for_the_mediator_of_the_case_as_if_not_there_for_others(client):
    child = confirmation(settled())
    url = reverse("confirmation_packet", args=[child.pk])
    for person, status in ((mediator("m2"), 404), (clerk(), 403), (committee(), 403)):
        client.force_login(person)
        assert client.get(url).status_code == status, person
    client.force_login(mediator())
    assert client.get(reverse("confirmation_packet", args=[child.parent_id])).status_code == 404


def test_a_refusal_tells_what_can_still_be_done_and_a_confirmed_one_until_when_to_enforce(client):
    row = settled()
    child = confirmation(row)
    joint = {"court": "甲法院", "applicant_signed_on": DAY, "respondent_signed_on": DAY, "no_ownership": True}
    take(child, "apply", **joint)
    take(child, "refuse", ground="ownership")
    client.force_login(mediator())
    url = reverse("case", args=[row.case_id])
    assert "另向有管辖权的法院共同申请" in client.get(f"{url}?p={child.pk}").content.decode()
    do(row, "open_confirmation")
    second = JudicialConfirmation.objects.get(parent=row, is_open=True)
    take(second, "apply", **joint)
    take(second, "admit")
    take(second, "confirm")
    assert running(second) == {}
    (fact,) = following.enforcement(again(row), date(2027, 1, 5))
    assert fact["value"].startswith("2028-12-20")
    assert following.enforcement(again(row), TODAY) == []
    do(
        row,
        "record_performance",
        today=date(2027, 1, 5),
        term=row.obligations.get(position=1).pk,
        amount="10000",
    )
    do(
        row,
        "record_performance",
        today=date(2027, 1, 5),
        term=row.obligations.get(position=2).pk,
        completes=True,
    )
    assert following.enforcement(again(row), date(2027, 1, 5)) == []
