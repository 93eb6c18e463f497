"""The pages: who opens them, filters, sheet, as many queries for few tasks as for many."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from reports.models import LedgerTask
from stations.models import Unit, UnitContact
from tests.factories import clerk
from tests.reports.ledger.ground import complete, district, leader, read
from tests.reports.ledger.plans import PLAN

pytestmark = pytest.mark.django_db
PAGES = ("ledger", "ledger_editions", "units", "dossiers")


@pytest.mark.parametrize("name", PAGES)
def test_district_and_leadership_read_and_others_do_not(client, name):
    read()
    for who, status in ((district(), 200), (leader(), 200), (clerk(), 403)):
        client.force_login(who)
        assert client.get(reverse(name)).status_code == status


def test_the_board_filters_and_its_sheet_has_the_same_lines(client):
    read()
    complete(3)
    client.force_login(leader())
    page = client.get(reverse("ledger"), {"standing": "done"}).content.decode()
    assert "建设示例人才库" in page and "开展示例行动" not in page
    answer = client.get(reverse("ledger"), {"unit": "丙区", "download": "xlsx"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows[2:]] == [4, 5]
    assert "svg" in client.get(reverse("ledger"), {"view": "timeline"}).content.decode()
    assert client.get(reverse("ledger"), {"unit": "无", "view": "timeline"}).status_code == 200


def test_a_task_page_tells_the_plan_evidence_and_standing(client):
    read()
    client.force_login(leader())
    page = client.get(reverse("matter", args=[LedgerTask.objects.get(item=4).pk])).content.decode()
    for words in ("时限需核实", "2024.1", "甲局、丙区", "佐证（随原记录更新）"):
        assert words in page, words


def test_contacts_have_their_time_and_units_their_successor(client):
    read()
    unit = Unit.objects.get(name="丙区")
    client.force_login(district())
    for name, day in (("人员己", "2026-01-01"), ("人员庚", "2026-06-01")):
        said = {"duty": "leader", "name": name, "title": "", "phone": "", "valid_from": day}
        assert client.post(reverse("unit_contact", args=[unit.pk]), said).status_code == 302
    before, now = UnitContact.objects.order_by("valid_from")
    assert (str(before.valid_to), now.valid_to) == ("2026-05-31", None)
    assert client.post(reverse("unit_contact", args=[unit.pk]), {"name": ""}).status_code == 400
    other = Unit.objects.get(name="甲局")
    said = {"kind": "zone", "valid_from": "2000-01-01", "valid_to": "2024-01-31", "successor": other.pk}
    assert client.post(reverse("unit", args=[unit.pk]), said).status_code == 302
    assert Unit.objects.get(pk=unit.pk).successor == other
    client.force_login(leader())
    assert client.post(reverse("unit", args=[unit.pk]), said).status_code == 403
    assert client.get(reverse("unit", args=[unit.pk])).status_code == 200


@pytest.mark.parametrize("name", ["ledger", "units"])
def test_query_count_does_not_grow_with_the_tasks(client, name):
    read()
    client.force_login(leader())
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    more = "".join(f"\n\t{n} \n\t任务{n}。\n\t丙区\n\t人员丙\n\t2024.5\n" for n in range(6, 20))
    read(PLAN.replace("\n附件2", f"{more}\n附件2"))
    assert LedgerTask.objects.count() == 19
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(name))
    assert len(many) == len(few)
