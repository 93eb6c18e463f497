"""The page of the sealed notes: those who take part, with a reason, logged; everybody else finds nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import AccessLog
from tests.mediation.stage import accepted, committee, do, mediator, party

pytestmark = pytest.mark.django_db
SAID = "双方愿意以一万元了结"


@pytest.fixture
def row():
    today = timezone.localdate()
    made = accepted(today=today)
    sitting = {"mode": "in_person", "attendance": [{"name": "王某", "party": "乙公司", "capacity": "经理"}],
               "result": "continues", "minutes": SAID}  # fmt: skip
    do(made, "session", today=today, **sitting)
    do(made, "contact", today=today, party=party(made).pk, way="call", result="reached", remark="愿意面谈")
    return made


def test_the_mediator_reads_them_with_a_reason_and_the_reading_is_logged_first(client, row):
    client.force_login(mediator(), backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("mediation_sealed", args=[row.pk])
    assert SAID not in client.get(page).content.decode()
    refused = client.post(page, {"reason": " "})
    assert refused.status_code == 400 and SAID not in refused.content.decode()
    assert not AccessLog.objects.filter(act="read").exists()
    shown = client.post(page, {"reason": "续调前核对"}).content.decode()
    assert SAID in shown and "愿意面谈" in shown and "王某（经理），代表乙公司" in shown
    line = AccessLog.objects.get(act="read")
    assert (line.subject, line.reason) == (f"mediation/{row.pk}", "续调前核对")


@pytest.mark.parametrize(
    "who", [committee, lambda: mediator("another")], ids=["committee", "another mediator"]
)
def test_whoever_does_not_take_part_finds_nothing(client, row, who):
    client.force_login(who(), backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("mediation_sealed", args=[row.pk])
    assert client.get(page).status_code == client.post(page, {"reason": "好奇"}).status_code == 404
    assert client.get(reverse("mediation_sealed", args=[row.pk + 999])).status_code == 404
