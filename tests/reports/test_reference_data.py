"""Who edits a target, a station or a holiday changes figures: nothing may be answered as unchanged after it."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cases.models import Stamp
from reports.models import Target
from stations.models import Holiday
from tests.factories import station, user

pytestmark = pytest.mark.django_db
ASK = {"period": "2026", "as_of": "2026-11-20"}


def signed(role: str) -> Client:
    client = Client()
    client.force_login(user(role, (role, None)))
    return client


def edit(client: Client, row, **changes):
    """The row as the admin site's own form sends it, with changes."""
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    initial = client.get(url).context["adminform"].form.initial
    data = {name: "" if value is None else value for name, value in initial.items()}
    answer = client.post(url, {**data, **changes})
    assert answer.status_code == 302, answer.context["errors"]


@pytest.mark.parametrize("path", ["/board/", "/api/v1/indicators/"])
def test_an_edited_target_is_not_answered_as_unchanged(path):
    cache.clear()
    leader = signed("leader")
    etag = leader.get(path, ASK)["ETag"]
    assert leader.get(path, ASK, headers={"If-None-Match": etag}).status_code == 304
    edit(
        signed("district"), Target.objects.filter(code="aid_and_mediation").latest("valid_from"), value="7777"
    )
    changed = leader.get(path, ASK, headers={"If-None-Match": etag})
    assert changed.status_code == 200 and changed["ETag"] != etag


def test_every_edit_of_reference_data_raises_the_stamp():
    client = signed("district")

    def stamp() -> int:
        return sum(Stamp.objects.filter(source="reference_data").values_list("value", flat=True))

    edit(client, station("s1"), name="改名工作站")
    assert stamp() == 1
    client.post(reverse("admin:stations_holiday_add"), {"day": "2027-01-01", "name": "元旦"})
    assert stamp() == 2
    client.post(reverse("admin:stations_holiday_delete", args=[Holiday.objects.get().pk]), {"post": "yes"})
    assert stamp() == 3 and not Holiday.objects.exists()
    client.post(reverse("admin:stations_holiday_add"), {"day": "2027-13-41"})  # refused: nothing changed
    assert stamp() == 3
