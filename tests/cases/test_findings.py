"""网格巡查: photographs made small, a lead becomes a tip, a transfer or a case, and ends with its result."""

import io
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases import files
from cases.errors import DomainError, Invalid
from cases.models import (
    Document,
    Event,
    Evidence,
    Finding,
    Tip,
    Transfer,
)
from stations.models import GridCell
from tests.cases.acting import (
    again,
    do,
    granted,
    head,
    officer,
    opened,
    running,
)
from tests.factories import area, body, clerk, register

pytestmark = pytest.mark.django_db


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
