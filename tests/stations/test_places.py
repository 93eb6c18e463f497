"""Stations: the public diagram, what each square says, staff and roster, who keeps them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from stations import coverage
from stations.models import Appointment, Area, Duty, Person, Staff, Station
from tests.factories import area, station, user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-12-01 10:00+08:00", tick=False):
        yield


def head(at="s1"):
    return user(f"head-{at}", ("station_head", station(at)))


def test_directory_shows_every_area_in_words_without_cookie(client):
    place = station("s1")
    other = Area.objects.exclude(pk=place.area_id).first()
    place.serves.add(other)
    answer = client.get(reverse("station_directory"))
    text = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies and answer["Cache-Control"].startswith("public")
    assert "示意图，不代表行政区划界线" in text and "<svg" not in text
    assert text.count('<li class="full">') == 1 and text.count('<li class="part">') == 1
    assert text.count("未覆盖</span></li>") == Area.objects.count() - 2


def test_directory_names_only_whoever_consented_and_passed(client):
    said = (("甲公开", True, "passed"), ("乙不公开", False, "passed"), ("丙审查中", True, "pending"))
    for name, listed, vetting in said:
        Appointment.objects.create(
            person=Person.objects.create(name=name),
            kind="expert",
            valid_from=TODAY,
            listed=listed,
            vetting=vetting,
        )
    text = client.get(reverse("station_directory")).content.decode()
    assert "甲公开" in text and "乙不公开" not in text and "丙审查中" not in text


def test_closed_station_leaves_the_squares_but_not_the_list(client):
    place = station("s1")
    Station.objects.filter(pk=place.pk).update(closed_on=TODAY)
    client.force_login(head("s2"), backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(reverse("stations")).content.decode()
    assert place.name in text and "已停用" in text
    assert coverage.counted(coverage.tiles(Area.objects.all(), []))["full"] == 0


def test_squares_have_short_distinct_names():
    names = [tile.short for tile in coverage.tiles(Area.objects.all(), [])]
    assert len(names) == len(set(names)) == 26 and max(map(len, names)) <= 8


def sign_in(client, who):
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")


def posted(place, since=TODAY):
    person = Person.objects.create(name="站员甲")
    return Staff.objects.create(station=place, person=person, duty="窗口", valid_from=since)


def test_roster_takes_only_whoever_has_a_post_that_day(client):
    place = station("s1")
    post = posted(place)
    sign_in(client, head())
    address = reverse("station_part", args=[place.pk, "duty"])
    before = TODAY - timedelta(days=1)
    wrong = client.post(address, {"person": post.person_id, "on": before, "shift": "day"})
    assert wrong.status_code == 400 and "当天不在本站任职" in wrong.content.decode()
    right = {"person": post.person_id, "on": TODAY, "shift": "day"}
    assert client.post(address, right).status_code == 302
    assert client.post(address, right).status_code == 400 and Duty.objects.count() == 1
    page = client.get(reverse("station", args=[place.pk]), {"week": "2026-12-03"}).content.decode()
    assert "2026-11-30 至 2026-12-06" in page and "站员甲（全天）" in page


def test_roster_of_another_station_is_as_if_it_were_not_there(client):
    place = station("s1")
    sign_in(client, head("s2"))
    assert client.get(reverse("station_part", args=[place.pk, "duty"])).status_code == 404


def test_post_that_ends_stays_with_the_day_it_was_known(client):
    post = posted(station("s1"), date(2026, 1, 1))
    sign_in(client, head())
    client.post(reverse("station_part_end", args=[post.station_id, "staff", post.pk]))
    post.refresh_from_db()
    assert (post.valid_to, post.end_known_on) == (TODAY, TODAY)


def test_new_station_in_a_time_zone_that_does_not_exist_is_refused(client):
    sign_in(client, user("district", ("district", None)))
    data = {"code": "berlin", "name": "海外站", "kind": "overseas", "area": area().pk, "opened_on": TODAY}
    wrong = client.post(reverse("station_new"), {**data, "timezone": "Europe/Nowhere"})
    assert wrong.status_code == 400 and "没有这个时区" in wrong.content.decode()
    assert client.post(reverse("station_new"), {**data, "timezone": "Europe/Berlin"}).status_code == 302
    assert Station.objects.get(code="berlin").timezone == "Europe/Berlin"
