"""Binding and archiving: the volume page by page, the checklist, the lock, and who may read what."""

import io
import json
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter

from cases import archiving, attaching, binding, files, outbox, steps
from cases.documents.making import PDF_TYPE
from cases.models import AccessLog, Document, Evidence, Reading, Volume
from stations.models import User
from tests.factories import TODAY, approve_all, body, clerk, first, register, user
from tests.laid import laid_once
from tests.mediation import stage

pytestmark = pytest.mark.django_db
WITHDRAWN = {"outcome": "withdrawn", "reason": "申请人撤回"}


def pdf(pages=1, size=(595, 842), rotate=0):
    writer = PdfWriter()
    for _n in range(pages):
        writer.add_blank_page(*size).rotate(rotate)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def picture():
    made = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(made, "PNG")
    return made.getvalue()


def hand_in(row, content, name, audience="proceeding"):
    return attaching.attach(
        row.case,
        name,
        io.BytesIO(content),
        by=stage.mediator(),
        today=TODAY,
        row=row,
        audience=audience,
        said={"title": name},
    )


@laid_once
def ended(**changes):
    """A mediation that failed: closed, with its papers."""
    row = stage.accepted(**changes)
    stage.take(row, "fail", ground="no_agreement", routes_told=["judicial"], reason="双方分歧较大")
    return stage.again(row)


def bound(row, kind="open"):
    stage.do(row, "bind_volumes")
    outbox.drain()
    return Volume.objects.get(proceeding=row.pk, kind=kind, cancelled=False)


def pages_of(volume):
    with files.open(volume.pdf.sm3) as opened:
        return PdfReader(io.BytesIO(opened.read())).pages


def running(row):
    """Every deadline that runs, the house's own to archive too."""
    return {d.rule: d.due_on for d in row.deadlines.filter(met_on__isnull=True, cancelled=False)}


def archived(row):
    """Archived with a reason for whatever the file lacks."""
    reasons = {f"reason_{item.code}": "确无此项" for item in archiving.missing(row)}
    stage.do(row, "archive", **reasons)
    return stage.again(row)


# binding -----------------------------------------------------------------------------------------------------


def test_volume_holds_papers_and_files_in_order_each_page_numbered():
    row = ended()
    hand_in(row, pdf(3), "证据甲.pdf")
    hand_in(row, picture(), "现场照片.png")
    hand_in(row, pdf(1, size=(300, 900), rotate=90), "横页.pdf")
    volume = bound(row)
    lines = json.loads(volume.contents)
    titles = [line["title"] for line in lines]
    assert titles.index("人民调解受理登记表") < titles.index("证据甲.pdf") < titles.index("现场照片.png")
    assert titles.index("横页.pdf") < titles.index("终止调解通知书")
    assert lines[0]["first"] == 1 and all(a["last"] + 1 == b["first"] for a, b in pairwise(lines))
    pages = pages_of(volume)
    assert volume.pages == lines[-1]["last"]
    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in pages} == {(595, 842)}
    front = next(n for n, page in enumerate(pages) if page.extract_text().rstrip().endswith("\n1"))
    labels = [page.extract_text().split()[-1] for page in pages[front : front + volume.pages]]
    assert labels == [str(n) for n in range(1, volume.pages + 1)]
    assert "（正卷）" in pages[0].extract_text()
    assert "卷内备考表" in pages[-1].extract_text().replace(" ", "")
    catalogue = "".join(page.extract_text() for page in pages[1:front]).replace(" ", "")
    assert "证据甲.pdf" in catalogue


def test_sealed_and_internal_papers_stand_in_the_closed_volume_only():
    row = ended()
    hand_in(row, pdf(), "密封材料.pdf", audience="sealed")
    hand_in(row, pdf(), "公开材料.pdf")
    volume = bound(row)
    assert "公开材料.pdf" in volume.contents and "密封材料.pdf" not in volume.contents
    closed = Volume.objects.get(proceeding=row.pk, kind="closed")
    assert "密封材料.pdf" in closed.contents and "公开材料.pdf" not in closed.contents


def test_file_that_cannot_be_bound_gets_a_page_with_its_digest_and_a_remark():
    row = ended()
    evidence = hand_in(row, "只是文字".encode(), "说明.txt")
    volume = bound(row)
    line = next(one for one in json.loads(volume.contents) if one["title"] == "说明.txt")
    assert "电子原件另存" in line["remark"]
    text = "".join(page.extract_text() for page in pages_of(volume)).replace("\n", "").replace(" ", "")
    assert evidence.file.sm3 in text and evidence.file.sha256 in text


def test_bound_again_the_earlier_volume_no_longer_holds_and_a_later_file_asks_for_it(client):
    row = ended()
    earlier = bound(row)
    assert archiving.is_bound(row)
    hand_in(row, pdf(), "补充材料.pdf")
    assert not archiving.is_bound(stage.again(row))
    later = bound(row)
    assert archiving.is_bound(stage.again(row)) and "补充材料.pdf" in later.contents
    client.force_login(stage.mediator())
    assert client.get(f"/volumes/{earlier.uid}.pdf").status_code == 404
    assert client.get(f"/volumes/{later.uid}.pdf").status_code == 200


def test_volume_is_given_to_those_who_may_and_logged(client):
    row = ended()
    hand_in(row, pdf(), "密封材料.pdf", audience="sealed")
    volume = bound(row)
    closed = Volume.objects.get(proceeding=row.pk, kind="closed")
    judge = user("judge", ("adjudicator", body("bureau")))
    for who, status, sealed in (
        (stage.mediator(), 200, 200), (stage.committee(), 200, 404), (clerk(), 200, 404), (clerk("far", "s2"), 404, 404),
        (judge, 404, 404),
    ):  # fmt: skip
        client.force_login(User.objects.get(pk=who.pk))
        assert client.get(f"/volumes/{volume.uid}.pdf").status_code == status, who
        assert client.get(f"/volumes/{closed.uid}.pdf").status_code == sealed, who
    assert AccessLog.objects.filter(act="read", subject=f"volume/{closed.pk}").count() == 1


def test_hundred_pages_are_bound_in_time():
    row = ended()
    for n in range(10):
        hand_in(row, pdf(9) + b"\n" * n, f"证据{n}.pdf")
    stage.do(row, "bind_volumes")
    began = time.monotonic()
    outbox.drain()
    seconds = time.monotonic() - began
    volume = Volume.objects.get(proceeding=row.pk, kind="open")
    assert volume.pages >= 90 and len(pages_of(volume)) > volume.pages
    assert seconds < 60, seconds
    print(f"bound {volume.pages} pages in {seconds:.1f} s")


def test_open_case_is_not_bound():
    row = stage.accepted()
    with pytest.raises(steps.DomainError) as refused:
        stage.do(row, "bind_volumes")
    assert "尚未结案" in str(refused.value.message)


# archiving ---------------------------------------------------------------------------------------------------


def test_end_starts_the_house_limit_of_thirty_days_and_archiving_meets_it():
    row = ended()
    assert running(row)["AR-01"] == TODAY + timedelta(days=31)  # the thirtieth day is a Sunday
    row = archived(row)
    assert row.archived_on == TODAY and "AR-01" not in running(row)
    assert set(row.documents.values_list("state", flat=True)) == {"archived"}


def test_undoing_the_end_takes_the_limit_back():
    row = ended()
    approve_all(stage.take(row, "undo_last", reason="点错"), stage.committee())
    assert "AR-01" not in running(stage.again(row))


def test_archive_refuses_what_is_missing_unless_each_item_has_its_reason():
    row = ended()
    wanted = {item.code for item in archiving.missing(row)}
    assert {"application", "minutes", "closing_report", "bound"} <= wanted and "consents" not in wanted
    with pytest.raises(steps.Invalid) as refused:
        stage.do(row, "archive", reason_application="口头申请")
    assert set(refused.value.fields) == {f"reason_{code}" for code in wanted} - {"reason_application"}
    hand_in(row, pdf(), "申请书.pdf")
    bound(row)
    assert wanted - {item.code for item in archiving.missing(stage.again(row))} == {"application", "bound"}


def test_archive_waits_for_drafts_and_open_approvals():
    row = ended()
    stage.do(row, "draft_paper", paper="transfer_letter")
    reasons = {f"reason_{item.code}": "确无此项" for item in archiving.missing(row)}
    with pytest.raises(steps.DomainError) as refused:
        stage.do(row, "archive", **reasons)
    assert refused.value.code == "drafts_left"


def test_archived_file_is_locked_for_pages_api_and_files(client):
    row = archived(ended())
    before = Evidence.objects.count(), Document.objects.count(), row.events.count()
    acts = {
        "add_evidence": {}, "draft_paper": {"paper": "transfer_letter"}, "print_form": {"form": "consent_form"},
        "bind_volumes": {}, "archive": {}, "hand_over": {}, "undo_act": {},
    }  # fmt: skip
    for name, data in acts.items():
        with pytest.raises(steps.DomainError) as refused:
            stage.do(row, name, by=stage.committee() if name == "hand_over" else None, **data)
        assert refused.value.code == "archived", name
    for name in ("undo_last", "correct_record"):
        with pytest.raises(steps.Conflict) as refused:
            stage.take(row, name, reason="点错")
        assert refused.value.code == "archived"
    client.force_login(clerk())
    for address in (f"/api/v1/cases/{row.case_id}/files/",):
        answer = client.post(address, {"file": SimpleUploadedFile("a.pdf", pdf(), PDF_TYPE)})
        assert answer.status_code == 409 and answer.json()["code"] == "archived"
    page = client.post(
        f"/cases/{row.case_id}/files/?p={row.pk}",
        {"upload": SimpleUploadedFile("a.pdf", pdf(), PDF_TYPE), "audience": "proceeding"},
    )
    assert page.status_code == 409 and "归档" in page.content.decode()
    client.force_login(stage.mediator())
    answer = client.post(
        f"/api/v1/proceedings/{row.pk}/acts/draft_paper/",
        {"paper": "transfer_letter"},
        content_type="application/json",
    )
    assert answer.status_code == 409
    assert (Evidence.objects.count(), Document.objects.count(), row.events.count()) == before


def test_another_open_proceeding_of_the_case_goes_on():
    row = ended()
    case = row.case
    steps.case_act(case.pk, "open_proceeding", by=clerk(), data={"proceeding": "assistance"}, today=TODAY)
    archived(row)
    evidence = attaching.attach(case, "a.pdf", io.BytesIO(pdf()), by=clerk(), today=TODAY)
    assert evidence.proceeding_id is None
    with pytest.raises(steps.DomainError):
        attaching.attach(
            case,
            "b.pdf",
            io.BytesIO(pdf()),
            by=clerk(),
            today=TODAY,
            row=stage.again(row),
            audience="proceeding",
        )


def test_reopened_by_approval_it_can_be_completed_and_archived_again():
    row = archived(ended())
    approve_all(stage.do(row, "reopen_archive", reason="漏订一份材料"), stage.committee())
    row = stage.again(row)
    assert row.archived_on is None and "AR-01" in running(row)
    assert set(row.documents.values_list("state", flat=True)) == {"archived"}  # a paper never goes back
    hand_in(row, pdf(), "补充材料.pdf")
    assert archived(row).archived_on == TODAY


@pytest.mark.parametrize("flavour", ["people", "administrative"])
def test_what_was_declined_before_it_had_a_mediator_is_filed_by_its_body(client, flavour):
    row = stage.received(flavour)
    of = row.body.kind
    manager, other = (
        (stage.committee(), stage.head()) if of == "committee" else (stage.head(), stage.committee())
    )
    mediator = stage.mediator(f"mediator_{of}", of)
    stage.take(row, "decline", by=mediator, outcome="refused", reason="不属于受理范围")
    row = stage.again(row)
    reasons = {f"reason_{item.code}": "确无此项" for item in archiving.missing(row)}
    office = user("office", ("office", body("bureau")))
    for who in (
        clerk(),
        office,
        other,
        stage.mediator("elsewhere", "commercial"),
        user("judge", ("adjudicator", body("bureau"))),
    ):
        for name, data in (("bind_volumes", {}), ("archive", reasons)):
            with pytest.raises((steps.Refused, steps.NotFound)):
                stage.do(row, name, by=who, **data)
    client.force_login(manager)
    page = client.get(f"/proceedings/{row.pk}/archiving/").content.decode()
    assert f"/proceedings/{row.pk}/act/bind_volumes/" in page or "装订卷宗" in page
    stage.do(row, "bind_volumes", by=manager)
    outbox.drain()
    reasons = {f"reason_{item.code}": "确无此项" for item in archiving.missing(stage.again(row))}
    assert "reason_bound" not in reasons
    stage.do(row, "archive", by=manager, **reasons)
    assert stage.again(row).archived_on == TODAY
    with pytest.raises(steps.Refused):  # who answers for the body approves it and does not ask
        stage.do(row, "reopen_archive", by=manager, reason="漏订")
    approve_all(stage.do(row, "reopen_archive", by=mediator, reason="漏订"), manager)
    assert stage.again(row).archived_on is None
    stage.do(row, "archive", by=mediator, **reasons)


def test_reading_is_registered_after_archiving_and_listed(client):
    row = archived(ended())
    stage.do(row, "record_reading", reader="律师甲", capacity="代理人", what="第1至8页", copied=True)
    assert Reading.objects.get().reader == "律师甲"
    client.force_login(stage.mediator())
    address = f"/readings/?from={TODAY}&to={TODAY}"
    assert "律师甲" in client.get(address).content.decode()
    assert client.get(address + "&download=xlsx").status_code == 200
    client.force_login(user("stranger", ("mediator", body("commercial"))))
    assert "律师甲" not in client.get(address).content.decode()


def test_assistance_is_archived_by_the_station_and_nobody_else():
    row = first(register())
    steps.perform(row.pk, "withdraw", by=clerk(), data=WITHDRAWN, version=row.version, today=TODAY)
    row = first(row.case)
    data = {f"reason_{item.code}": "确无此项" for item in archiving.missing(row)}
    for who in (clerk("far", "s2"), stage.mediator()):
        with pytest.raises(steps.DomainError):
            steps.act(row.pk, "archive", by=who, data=data, today=TODAY)
    steps.act(row.pk, "archive", by=clerk(), data=data, today=TODAY)
    assert first(row.case).archived_on == TODAY


@pytest.mark.parametrize("rows", [1, 12])
def test_list_to_archive_costs_the_same_for_one_and_many(client, django_assert_max_num_queries, rows):
    for n in range(rows):
        row = first(register(summary=f"事项{n}"))
        steps.perform(row.pk, "withdraw", by=clerk(), data=WITHDRAWN, version=row.version, today=TODAY)
    client.force_login(clerk())
    with django_assert_max_num_queries(24):
        answer = client.get("/archiving/")
    assert answer.content.decode().count('/archiving/">') >= rows
    assert client.get("/archiving/?download=xlsx").status_code == 200


def test_archiving_page_shows_what_is_missing_and_the_way(client):
    row = ended()
    client.force_login(stage.mediator())
    page = client.get(f"/proceedings/{row.pk}/archiving/").content.decode()
    assert "缺少" in page and "装订卷宗" in page and "2026-12-21" in page
    client.force_login(clerk("far", "s2"))
    assert client.get(f"/proceedings/{row.pk}/archiving/").status_code == 404


def test_the_closing_report_is_drafted_from_the_checklist_with_one_press_and_issued_as_it_stands(client):
    row = ended()
    address = f"/proceedings/{row.pk}/archiving/"
    client.force_login(stage.committee())  # sees the file, does not draft
    assert "已拟稿" not in (page := client.get(address).content.decode()) and "draft_paper" not in page
    client.force_login(stage.mediator())
    assert 'value="mediation_closing_report"' in client.get(address).content.decode()
    sent = {"paper": "mediation_closing_report", "key": "once"}
    for _n in range(2):  # pressed twice: one draft
        answer = client.post(f"/proceedings/{row.pk}/acts/draft_paper/?from=archiving", sent)
        assert (answer.status_code, answer.url) == (302, address)
    draft = row.documents.get(kind="mediation_closing_report")
    assert draft.state == "draft" and "双方分歧较大" not in draft.blocks and "待补充" not in draft.blocks
    page = client.get(address).content.decode()
    assert (
        "已拟稿，尚未签发" in page
        and "draft_paper" not in page
        and f"/proceedings/{row.pk}/acts/issue_paper/" in page
    )
    approve_all(stage.do(row, "issue_paper", draft=f"{draft.pk}:{draft.revision}"), stage.committee())
    assert "closing_report" not in {item.code for item in archiving.missing(stage.again(row))}
    assert "已拟稿" not in client.get(address).content.decode()


@pytest.mark.parametrize("flavour", ["people", "administrative", "commercial"])
def test_the_paper_of_acceptance_of_every_flavour_is_found_in_the_file(flavour):
    assert "acceptance" not in {item.code for item in archiving.missing(stage.accepted(flavour))}


def test_order_of_a_file_begins_with_the_application_and_ends_with_the_closing():
    kinds = ["mediation_agreement", "hearing_notice", "mediation_application", "mediation_acceptance"]
    assert sorted(kinds, key=binding.rank) == [
        "mediation_application", "mediation_acceptance", "hearing_notice", "mediation_agreement",
    ]  # fmt: skip
