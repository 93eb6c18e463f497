"""The lists of rights assistance: every field of W-09, who sees what, filters, sheets, constant queries."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.views.assistance import ABROAD, COLUMNS
from tests.cases.helping import ABROAD as ABROAD_DATA
from tests.cases.helping import accepted, do, received, take
from tests.cases.pages.desks import people, signed
from tests.factories import body, clerk, user

pytestmark = pytest.mark.django_db
LISTS = ("assistance_list", "overseas_list")


def lines(answer):
    book = openpyxl.load_workbook(BytesIO(answer.content))
    return [list(row) for row in book.active.iter_rows(min_row=2, values_only=True)]


def test_statistics_have_every_field_from_the_record(head):
    row = take(accepted(source="12330"), "complete", opinion="已答复", applicant_type="small")
    party = row.case.parties.get(role="applicant").pk
    do(row, "return_visit", party=party, way="phone", reached="yes", satisfaction=5)
    answer = signed(clerk()).get(reverse("assistance_list"), {"download": "xlsx"})
    heads, *told = lines(answer)
    assert heads == COLUMNS and len(told) == 1
    one = dict(zip(heads, told[0], strict=True))
    assert (one["申请人类型"], one["权利类型"], one["境内外"]) == ("小微企业", "商标", "境内")
    assert (one["援助事项"], one["来源渠道"], one["结果"], one["办理天数"], one["满意度"]) == (
        "咨询指导意见", "12330", "已办结", 0, "非常满意",
    )  # fmt: skip


def test_filters_narrow_and_a_wrong_period_is_said(head):
    accepted("analysis"), accepted("advice"), received()
    client = signed(clerk())
    url = reverse("assistance_list")
    shown = client.get(url, {"help_kind": "analysis", "begin": "2026-11-01", "dated": "accepted_on"})
    assert [one["help"] for one in shown.context["rows"]] == ["分析预警、培训、驻场服务"]
    assert not client.get(url, {"end": "2026-11-01"}).context["rows"]
    assert len(client.get(url, {"station": "s1"}).context["rows"]) == 3
    wrong = client.get(url, {"begin": "2026-11-30", "end": "2026-11-01"})
    assert not wrong.context["rows"] and "结束日期不能早于开始日期" in wrong.content.decode()
    assert client.get(url, {"begin": "昨天", "station": "nowhere"}).status_code == 200


def test_ledger_abroad_shows_the_record_that_counts(head):
    row = do(accepted("overseas"), "record_overseas", **ABROAD_DATA)
    do(row, "record_overseas", **{**ABROAD_DATA, "country": "另一示例国", "loss_avoided": "5000"})
    client = signed(clerk())
    heads, *told = lines(client.get(reverse("overseas_list"), {"download": "xlsx"}))
    assert heads == ABROAD and [line[3] for line in told] == ["另一示例国"]
    page = client.get(reverse("overseas_list")).content.decode()
    assert "另一示例国" in page and "请以当地律师核对的日期为准" in page
    assert not client.get(reverse("overseas_list"), {"country": "第三国"}).context["rows"]


@pytest.mark.parametrize("name", LISTS)
def test_station_sees_its_own_and_the_head_of_the_centre_all(name, head):
    clerk("far", at="s2")
    for by, where in ((clerk(), "s1"), (clerk("far", at="s2"), "s2")):
        row = take(received(by=by, station=where), "accept", by=by, help_kind="overseas")
        do(row, "record_overseas", by=by, **ABROAD_DATA)
    assert len(signed(clerk()).get(reverse(name)).context["rows"]) == 1
    assert len(signed(head).get(reverse(name)).context["rows"]) == 2
    elsewhere = user("bureau_head", ("head", body("bureau")))
    assert len(signed(elsewhere).get(reverse(name)).context["rows"]) == 0
    for role, who in people().items():
        status = signed(who).get(reverse(name)).status_code
        assert status == (200 if role in ("clerk", "station_head", "head", "office") else 403), role


@pytest.mark.parametrize("name", LISTS)
def test_queries_stay_the_same_for_2_and_12_rows(name, head):
    def fill(n):
        for _n in range(n):
            do(accepted("overseas"), "record_overseas", **ABROAD_DATA)

    def asked():
        client = signed(clerk())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(name)).status_code == 200
        return len(seen)

    fill(2)
    before = asked()
    fill(10)
    assert asked() == before
