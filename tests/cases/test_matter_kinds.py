"""移送、案源通报、网格、白名单、订单: each from opening to its end, who may, what comes back, what is counted."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from cases import files, panels, steps
from cases.errors import DomainError, Invalid, Refused
from cases.matters.white_list import showing, waiting
from cases.models import (
    Document,
    Event,
    Evidence,
    Finding,
    LeadNotice,
    Proceeding,
    ServiceOrder,
    StoredFile,
    Tip,
    Transfer,
    WhiteList,
)
from cases.protection import sm3
from stations.models import Appointment, Enterprise, GridCell, Person
from tests.factories import TODAY, approve_all, area, body, clerk, first, register, user
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db
LISTED = "91110000802100433B"  # the applicant of tests.factories.registration


def officer():
    return user("officer", ("adjudicator", body("bureau")))


def head(kind="bureau"):
    return user(f"head-{kind}", ("head", body(kind)))


def office(kind="centre"):
    return user(f"office-{kind}", ("office", body(kind)))


def again(row):
    return type(row).objects.get(pk=row.pk)


def opened(slug, model, by, **data):
    made = steps.open_matter(slug, by=by, data=data, today=data.pop("today", TODAY))
    return model.objects.get(pk=made.proceeding)


def do(row, name, by, today=TODAY, **data):
    return steps.perform(row.pk, name, by=by, data=data, version=again(row).version, today=today)


def granted(answer, boss):
    found = approve_all(answer, boss)
    assert found.state == "granted", found.reason


def running(row):
    return dict(row.deadlines.filter(met_on__isnull=True, cancelled=False).values_list("rule", "due_on"))


# 移送 -----------------------------------------------------------------------------------------------------------

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


# 网格 -----------------------------------------------------------------------------------------------------------

SEEN = {"what": "trademark", "place": "示例市场 12 号摊位", "story": "标识与注册商标近似", "station": "s1"}


def finding(**said) -> Finding:
    body("bureau")
    return opened("finding", Finding, clerk(), **{**SEEN, **said})


def photo() -> bytes:
    """A telephone's photograph, with the place in it."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (39.0, 0.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)}
    exif[0x010F] = "ExamplePhone"
    Image.new("RGB", (3000, 2000), "grey").save(made, "JPEG", exif=exif)
    return made.getvalue()


def test_a_patrol_hands_in_photographs_that_are_made_small_and_lose_their_place(client):
    body("bureau"), clerk()
    cell = GridCell.objects.create(code="TG-01", name="示例市场", area=area(), valid_from=date(2026, 1, 1))
    client.force_login(clerk())
    page = client.get("/matters/finding/").content.decode()
    assert 'enctype="multipart/form-data"' in page and 'accept="image/jpeg,image/png"' in page
    chosen = [SimpleUploadedFile(f"{n}.jpg", photo(), "image/jpeg") for n in "12"]
    answer = client.post("/matters/finding/", {**SEEN, "cell": cell.pk, "photos": chosen})
    row = Finding.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/matters/{row.pk}/" and row.cell == cell
    found = list(Evidence.objects.filter(proceeding=row.pk))
    assert len(found) == 2 and found[0].audience == "proceeding"
    picture = Image.open(files.open(found[0].file.sm3))
    assert max(picture.size) == 1600 and not picture.getexif() and found[0].file.size < 100_000
    noted = [
        json.loads(body)["notes"]
        for body in Event.objects.filter(name="add_evidence").values_list("body", flat=True)
    ]
    assert [one["sm3"] for one in noted] == [one.file.sm3 for one in found]


def test_a_refused_page_keeps_the_photographs(client):
    body("bureau"), clerk()
    client.force_login(clerk())
    chosen = [SimpleUploadedFile("1.jpg", photo(), "image/jpeg")]
    page = client.post("/matters/finding/", {**SEEN, "place": "", "photos": chosen}).content.decode()
    assert "已上传：1.jpg" in page and not Finding.objects.exists()
    token = page.split('name="photos__kept" value="')[1].split('"')[0]
    for forged in ("x", token[:-2] + "aa"):
        client.post("/matters/finding/", {**SEEN, "photos__kept": forged})
        assert not Evidence.objects.exists()
    client.post("/matters/finding/", {**SEEN, "photos__kept": token})
    assert Evidence.objects.count() == 1


def test_the_api_opens_a_finding_with_its_photographs(client):
    body("bureau"), clerk()
    client.force_login(clerk())
    said = {**SEEN, "photos": SimpleUploadedFile("1.jpg", photo(), "image/jpeg")}
    answer = client.post("/api/v1/matters/finding/", said, headers={"Idempotency-Key": "f-1"})
    assert answer.status_code == 201, answer.content
    again = {**SEEN, "photos": SimpleUploadedFile("1.jpg", photo(), "image/jpeg")}
    twin = client.post("/api/v1/matters/finding/", again, headers={"Idempotency-Key": "f-1"})
    assert twin.json() == answer.json() and Finding.objects.count() == 1 and Evidence.objects.count() == 1
    client.force_login(officer())
    assert (
        client.post("/api/v1/matters/finding/", {**SEEN}, headers={"Idempotency-Key": "f-2"}).status_code
        == 403
    )


def test_what_is_no_picture_is_refused_and_nothing_opened(client):
    body("bureau"), clerk()
    client.force_login(clerk())
    answer = client.post(
        "/matters/finding/", {**SEEN, "photos": SimpleUploadedFile("1.jpg", b"MZ" + b"0" * 99, "image/jpeg")}
    )
    assert (
        answer.status_code == 400
        and not Finding.objects.exists()
        and SEEN["place"] in answer.content.decode()
    )


def test_a_lead_becomes_a_tip_a_transfer_or_a_case_and_ends_with_its_result():
    row = finding()
    assert running(row) == {"GF-01": date(2026, 11, 27)}
    do(row, "confirm", clerk())
    do(row, "hand_to_tip", clerk(), accused="示例店铺", story="标识近似")
    tip = Tip.objects.get(parent=row.pk)
    assert (tip.channel, tip.violation, tip.known_before, tip.accused) == (
        "patrol",
        "trademark",
        True,
        "示例店铺",
    )
    assert "R-10" in running(tip) and not Document.objects.exists()
    with pytest.raises(DomainError):  # the tip still runs
        do(row, "close", clerk(), outcome="handled")
    row = finding()
    do(row, "confirm", clerk())
    do(
        row,
        "hand_to_transfer",
        clerk(),
        target="enforcement",
        recipient="综合执法支队",
        content="线索",
        enclosures="",
    )
    child = Transfer.objects.get(parent=row.pk)
    assert child.handler == clerk()
    granted(do(child, "send", clerk(), letter_no="8号"), head())
    do(child, "record_result", clerk(), outcome="punished")
    do(row, "close", clerk(), outcome="handled")
    assert again(row).state == "closed"
    row = finding()
    do(row, "confirm", clerk())
    with pytest.raises(Invalid):
        do(row, "hand_to_case", clerk(), registration_no="2026-999999")
    do(row, "hand_to_case", clerk(), registration_no=register().registration_no)
    do(row, "close", clerk(), outcome="handled")
    assert again(row).of_case is not None


def test_a_finding_taken_back_takes_its_tip_back():
    row = finding()
    do(row, "confirm", clerk())
    do(row, "hand_to_tip", clerk(), accused="示例店铺", story="标识近似")
    do(row, "undo_last", clerk(), reason="选错")
    assert again(row).state == "lead" and Tip.objects.get(parent=row.pk).state == "void"


def test_registration_begins_with_what_the_patrol_saw(client):
    row = finding(
        cell=GridCell.objects.create(code="TG-01", name="市场", area=area(), valid_from=date(2026, 1, 1)).pk
    )
    client.force_login(clerk())
    page = client.get(f"/cases/new/?finding={row.pk}").content.decode()
    assert SEEN["place"] in page and SEEN["story"] in page
    other = clerk("elsewhere", at="s2")
    client.force_login(other)
    assert SEEN["story"] not in client.get(f"/cases/new/?finding={row.pk}").content.decode()


def test_who_patrols_for_another_station_sees_nothing_of_it(client):
    row = finding()
    client.force_login(clerk("other", at="s2"))
    assert client.get(f"/matters/{row.pk}/").status_code == 404
    assert SEEN["place"] not in client.get("/matters/finding/").content.decode()
    with pytest.raises(DomainError):
        do(row, "confirm", clerk("other", at="s2"))


# 白名单 ---------------------------------------------------------------------------------------------------------


def enterprise(code=LISTED):
    return Enterprise.objects.get_or_create(credit_code=code, defaults={"name": "甲公司", "area": area()})[0]


def listed(today=TODAY, until="2027-11-19") -> WhiteList:
    body("centre"), enterprise()
    made = steps.open_matter("white_list", by=office(), data={"enterprise": LISTED.lower()}, today=today)
    row = WhiteList.objects.get(pk=made.proceeding)
    do(row, "review", office(), today=today, advice="grant", words="符合条件")
    found = approve_all(do(row, "grant", office(), today=today, until=until), head("centre"), today=today)
    assert found.state == "granted", found.reason
    return again(row)


def test_an_enterprise_is_listed_once_numbered_suspended_and_expires():
    row = listed()
    assert (
        row.number == "津滨港白字〔2026〕1号"
        and row.accepted_on == TODAY
        and running(row) == {"WL-02": date(2027, 11, 19)}
    )
    with pytest.raises(Invalid):
        steps.open_matter("white_list", by=office(), data={"enterprise": LISTED}, today=TODAY)
    granted(do(row, "suspend", office(), reason="核实"), head("centre"))
    assert not WhiteList.in_force(TODAY).exists()
    granted(do(row, "restore", office(), reason="核实无误"), head("centre"))
    assert WhiteList.in_force(TODAY).exists() and not WhiteList.in_force(date(2027, 11, 20)).exists()
    with pytest.raises(DomainError):
        do(row, "expire", office())
    do(row, "expire", office(), today=date(2027, 11, 20))
    assert again(row).outcome == "expired"


def test_who_may_not_list_an_enterprise():
    body("centre"), enterprise()
    row = opened("white_list", WhiteList, clerk(), enterprise=LISTED)
    with pytest.raises(DomainError):
        do(row, "review", clerk(), advice="grant", words="符合")
    with pytest.raises(Refused):
        opened("white_list", WhiteList, officer(), enterprise=LISTED)
    with pytest.raises(Invalid):
        opened("white_list", WhiteList, clerk(), enterprise="91120000000000000X")


def test_a_listed_party_marks_its_case_and_no_other():
    case, plain = register(), register(parties=[{"role": "applicant", "kind": "legal_person", "name": "丙公司"},
                                               {"role": "respondent", "kind": "legal_person", "name": "乙公司"}])  # fmt: skip
    rows = [Proceeding.objects.get(case=one) for one in (case, plain)]
    assert panels.marks(rows, clerk(), TODAY) == {}
    row = listed()
    person = clerk()
    with CaptureQueriesContext(connection) as queries:
        assert panels.marks(rows, person, TODAY) == {rows[0].pk: [showing.FIRST]}
    assert len([one for one in queries if "cases_whitelist" in one["sql"]]) == 1
    granted(do(row, "suspend", office(), reason="核实"), head("centre"))
    assert panels.marks(rows, clerk(), TODAY) == {}


def test_waiting_time_of_listed_and_others_is_counted_apart():
    boss, before = head("centre"), TODAY - timedelta(30)
    listed(today=before)
    plain = [
        {"role": "applicant", "kind": "legal_person", "name": "丙公司", "id_number": "91350100M000100Y43", "phone": "13800138000"},
        {"role": "respondent", "kind": "legal_person", "name": "乙公司"},
    ]  # fmt: skip

    def closed_after(days, **said):
        row, end = first(register(today=before, **said)), before + timedelta(days)
        approve_all(do(row, "accept", clerk(), today=before, help_kind="advice"), boss, today=before)
        answer = do(row, "complete", clerk(), today=end, opinion="已答复", applicant_type="small")
        if isinstance(answer, steps.Waiting):
            approve_all(answer, boss, today=end)

    for days in (2, 4, 10):
        closed_after(days)
    for days in (20, 8):
        closed_after(days, parties=plain)
    assert waiting.median_days(TODAY) == {True: (4, 3), False: (8, 2)}
    assert waiting.median_days(TODAY + timedelta(400)) == {True: (None, 0), False: (None, 0)}


def test_the_list_of_the_white_list_shows_both_medians(client):
    listed()
    client.force_login(office())
    page = client.get("/matters/white_list/").content.decode()
    assert "名单内当事人案件" in page and "津滨港白字〔2026〕1号" in page


# 订单 -----------------------------------------------------------------------------------------------------------


def test_an_order_names_a_team_delivers_and_is_reviewed():
    body("centre")
    people = [Person.objects.create(name=f"专家{n}") for n in "甲乙丙"]
    for one in people[:2]:
        Appointment.objects.create(person=one, kind="expert", valid_from=date(2026, 1, 1))
    said = {
        "subject": "海外展会前的侵权风险排查",
        "what": "expert",
        "client": "甲公司",
        "need": "三项产品",
        "agreed_on": "2026-12-20",
    }
    row = opened("service_order", ServiceOrder, clerk(), **said)
    assert running(row) == {"SO-01": date(2026, 12, 4), "SO-02": date(2026, 12, 20)}
    with pytest.raises(Invalid) as unappointed:
        do(row, "name_team", clerk(), experts=[people[2].pk], lead=people[2].pk)
    assert set(unappointed.value.fields) == {"experts", "lead"}
    with pytest.raises(Invalid):
        do(row, "name_team", clerk(), experts=[people[0].pk], lead=people[1].pk)
    do(row, "name_team", clerk(), experts=[one.pk for one in people[:2]], lead=people[1].pk)
    assert [(m.person, m.leads) for m in row.team.filter(cancelled=False)] == [
        (people[1], True),
        (people[0], False),
    ]
    do(row, "deliver", clerk(), deliverable="排查报告")
    assert running(row) == {}
    do(row, "rework", clerk(), agreed_on="2026-12-25", reason="补充一项")
    assert running(row) == {"SO-02": date(2026, 12, 25)}
    do(row, "deliver", clerk(), deliverable="排查报告（补充）")
    do(row, "accept_work", clerk(), outcome="satisfied", words="有帮助")
    assert (again(row).state, again(row).outcome) == ("closed", "satisfied")


def test_a_team_taken_back_is_none():
    body("centre")
    one = Person.objects.create(name="专家甲")
    Appointment.objects.create(person=one, kind="expert", valid_from=date(2026, 1, 1))
    said = {
        "subject": "排查",
        "what": "prosecution",
        "client": "甲公司",
        "need": "三项",
        "agreed_on": "2026-12-20",
    }
    row = opened("service_order", ServiceOrder, clerk(), **said)
    do(row, "name_team", clerk(), experts=[one.pk], lead=one.pk)
    do(row, "undo_last", clerk(), reason="选错")
    assert not row.team.filter(cancelled=False).exists() and again(row).state == "received"


@pytest.mark.parametrize("slug", ["tip", "transfer", "lead_notice", "finding", "white_list", "service_order"])
def test_every_kind_has_its_list_page_and_sheet(slug, client):
    for kind in ("bureau", "centre"):
        body(kind)
    person = office("bureau") if slug in ("tip", "transfer", "lead_notice") else clerk()
    client.force_login(person)
    answer = client.get(f"/matters/{slug}/")
    assert answer.status_code == 200 and "<form" in answer.content.decode()
    assert client.get(f"/matters/{slug}/?download=xlsx").status_code == 200
