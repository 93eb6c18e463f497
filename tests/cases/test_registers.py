"""People by sheet, enterprises with the cases one may see, activities with their pictures."""

import io
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cases import people_sheet
from cases.imports import sheet
from cases.models import Activity, Party
from cases.uploads.photos import GPS, field_photo
from cases.views.people import certificate
from stations.models import Appointment, Enterprise, Pairing, Person
from stations.register_forms import PersonForm
from tests.factories import area, body, clerk, register, station, user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-12-01 10:00+08:00", tick=False):
        yield


def sign_in(client, who):
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return who


def office():
    return user("office", ("office", body("bureau")))


# people by sheet ---------------------------------------------------------------------------------------------


def line(name, unit="甲所", kind="调解员", licence="", since="2026-01-01", until=""):
    return f"{name},{unit},{kind},{licence},{since},{until}"


def taken(lines, **options):
    text = "姓名,单位,类别,执业证号,聘任日期,届满日期\n" + "\n".join(lines)
    return people_sheet.take(sheet.read(text.encode(), "people.csv"), **options)


def counted(told):
    return [sum(one.outcome == outcome for one in told) for outcome in people_sheet.SAID]


def test_sheet_of_300_with_duplicates_loses_nothing_and_a_second_time_adds_nothing():
    lines = [line(f"人{n:03d}", licence=f"证{n:03d}") for n in range(240)]
    lines += [
        line(f"人 {n:03d}", unit="乙所", kind="专家", licence=f"证{n:03d}") for n in range(30)
    ]  # moved: by licence
    lines += [line(f"人{n:03d}", kind="志愿者") for n in range(30, 40)]  # by name and unit
    lines += [line(f"人{n:03d}", licence=f"证{n:03d}") for n in range(10)]  # twice in the sheet
    lines += [line("张冠", licence="证001"), line("", licence="x"), line("人", kind="法师"), line("人", since="昨天"),
              *[line("人", until="2025-01-01")] * 6]  # fmt: skip
    assert len(lines) == 300
    first = taken(lines)
    assert counted(first) == [240, 40, 10, 10]
    assert all(one.detail for one in first if one.outcome == people_sheet.REFUSED)
    assert (Person.objects.count(), Appointment.objects.count()) == (240, 280)
    again = taken(lines)
    assert counted(again) == [0, 0, 290, 10] and Appointment.objects.count() == 280


def test_sheet_that_is_only_checked_tells_the_same_and_keeps_nothing():
    assert counted(taken([line("甲"), line("甲", kind="专家")], dry_run=True)) == [1, 1, 0, 0]
    assert not Person.objects.exists()


def test_export_is_read_back_and_adds_nothing(client):
    taken([line("甲"), line("乙", kind="保护专员")])
    sign_in(client, office())
    content = client.get(reverse("people"), {"download": "xlsx"}).content
    answer = client.post(reverse("people_import"), {"sheet": SimpleUploadedFile("people.xlsx", content)})
    assert answer.status_code == 200 and "已登记，未重复增加 2 行" in answer.content.decode()
    assert Appointment.objects.count() == 2


def test_person_changed_by_two_at_once_keeps_what_the_second_typed():
    row = Person.objects.create(name="甲", unit="一所")
    forms = [PersonForm({"name": "甲", "unit": unit, "revision": 0}, instance=Person.objects.get(pk=row.pk), today=TODAY)
             for unit in ("二所", "三所")]  # fmt: skip
    assert [form.is_valid() and form.keep() for form in forms] == [True, False]
    assert "刚被他人修改" in str(forms[1].non_field_errors()) and forms[1]["unit"].value() == "三所"
    assert Person.objects.get(pk=row.pk).unit == "二所"


def test_certificate_adds_the_hours_up():
    row = Person.objects.create(name="志愿者01", unit="示例单位")
    for hours in ("1.5", "2"):
        row.services.create(on=TODAY, what="咨询", hours=hours)
    from_page = people_certificate(row)
    assert "2 次，共 3.5 小时" in from_page


def people_certificate(row):
    return "".join(getattr(block, "text", "") for block in certificate(row, TODAY))


# enterprises -------------------------------------------------------------------------------------------------


def enterprise(name="当事人甲公司", code="91120116MA00000001"):
    return Enterprise.objects.create(name=name, credit_code=code, area=area())


def test_enterprise_shows_cases_only_to_whoever_may_see_them(client):
    case = register()
    party = Party.objects.filter(case=case).first()
    row = enterprise(party.name)
    page = reverse("enterprise", args=[row.pk])
    sign_in(client, clerk())
    assert str(case) in client.get(page).content.decode()
    sign_in(client, clerk("far", "s9"))
    assert str(case) not in client.get(page).content.decode()


def test_second_commissioner_in_the_same_time_is_refused(client):
    row = enterprise()
    terms = [
        Appointment.objects.create(
            person=Person.objects.create(name=name), kind="commissioner", valid_from=TODAY
        )
        for name in ("甲", "乙")
    ]
    sign_in(client, office())
    address = reverse("enterprise_part", args=[row.pk, "pairing"])
    answers = [
        client.post(address, {"commissioner": one.pk, "valid_from": TODAY}).status_code for one in terms
    ]
    assert answers == [302, 400] and Pairing.objects.count() == 1
    assert "结对企业 1 / 100" in client.get(reverse("enterprises")).content.decode()


@pytest.mark.parametrize("route", ["people", "enterprises", "activities", "partners"])
def test_lists_take_the_same_number_of_queries_for_one_row_and_for_many(
    client, route, django_assert_max_num_queries
):
    by = sign_in(client, office())
    for n in range(12):
        term = Appointment.objects.create(
            person=Person.objects.create(name=f"人{n}", area=area()), kind="commissioner", valid_from=TODAY
        )
        Pairing.objects.create(
            enterprise=enterprise(f"企业{n}", f"code{n}"), commissioner=term, valid_from=TODAY
        )
        Activity.objects.create(
            kind="visit", title="走访", begins_on=TODAY, entered_by=by, station=station("s1")
        )
    with django_assert_max_num_queries(22):
        assert client.get(reverse(route)).status_code == 200


# activities --------------------------------------------------------------------------------------------------


def picture(place=True, size=(2400, 1200)):
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    if place:
        exif[GPS] = {1: "N", 2: (39.0, 0.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "JPEG", exif=exif, comment=b"private")
    return out.getvalue()


@pytest.mark.parametrize("keeps", [False, True])
def test_picture_is_shrunk_and_keeps_the_place_only_when_asked(keeps):
    with Image.open(io.BytesIO(field_photo(picture(), keeps_place=keeps))) as made:
        assert made.size == (1600, 800)
        assert bool(made.getexif().get_ifd(GPS)) is keeps
        assert 0x010F not in made.getexif() and "comment" not in made.info


def entered(**changes):
    return {"kind": "training", "title": "培训", "begins_on": TODAY, "attendance": 3, **changes}


def test_station_enters_its_own_activity_with_a_picture_and_no_other_ones(client):
    place, other = station("s1"), station("s2")
    sign_in(client, clerk())
    upload = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    answer = client.post(reverse("activity_new"), entered(station=place.pk, photos=[upload]))
    row = Activity.objects.get()
    assert answer.status_code == 302 and row.photos.get().file.type == "image/jpeg"
    shown = client.get(reverse("activity_photo", args=[row.photos.get().pk]))
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    assert client.post(reverse("activity_new"), entered(station=other.pk)).status_code == 400
    sign_in(client, clerk("far", "s2"))
    assert client.get(reverse("activity_edit", args=[row.pk])).status_code == 404


def test_file_that_is_no_picture_is_refused_and_what_was_typed_stays(client):
    sign_in(client, clerk())
    upload = SimpleUploadedFile("a.jpg", b"%PDF-1.4 x", "image/jpeg")
    answer = client.post(
        reverse("activity_new"), entered(title="很长的标题", station=station("s1").pk, photos=[upload])
    )
    assert (
        answer.status_code == 400
        and "很长的标题" in answer.content.decode()
        and not Activity.objects.exists()
    )


def test_joint_enforcement_without_departments_and_visit_without_enterprise_are_refused(client):
    sign_in(client, office())
    for kind in ("enforcement", "visit"):
        data = entered(kind=kind, body=body("bureau").pk)
        assert client.post(reverse("activity_new"), data).status_code == 400


def test_cancelled_activity_stays_with_its_reason_and_is_cancelled_once(client):
    by = sign_in(client, office())
    row = Activity.objects.create(
        kind="press", title="发布会", begins_on=TODAY, entered_by=by, body=body("bureau")
    )
    address = reverse("activity_cancel", args=[row.pk])
    client.post(address, {"reason": ""})
    assert Activity.objects.get().cancelled_on is None
    assert client.post(address, {"reason": "重复登记"}).status_code == 302
    assert client.post(address, {"reason": "再次"}).status_code == 404
    row.refresh_from_db()
    assert (row.cancelled_on, row.cancelled_because) == (TODAY, "重复登记")


# terms that end, and who is suggested ------------------------------------------------------------------------


def test_term_within_60_days_of_its_end_stands_on_the_desk_of_who_keeps_the_roster(client):
    for n, until in enumerate((date(2026, 11, 30), TODAY, date(2027, 1, 30), date(2027, 1, 31), None)):
        Appointment.objects.create(
            person=Person.objects.create(name=f"人{n}"),
            kind="expert",
            valid_from=date(2024, 1, 1),
            valid_to=until,
        )
    sign_in(client, office())
    assert "60 日内届满的聘任 2 项" in client.get(reverse("home")).content.decode()
    listed = client.get(reverse("people"), {"ending": "1"}).content.decode()
    assert "人1" in listed and "人2" in listed and "人3" not in listed
    sign_in(client, clerk())
    assert "60 日内届满的聘任" not in client.get(reverse("home")).content.decode()
