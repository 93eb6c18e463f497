"""Definition cards say what the code counts; splits add up to the tile; stations stand by code, never by number."""

from datetime import date
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cases.models import Party, Right
from reports import cards, comparison, periods, splits
from reports.indicators import REGISTRY, FactIndicator, Reading
from reports.indicators.base import Version
from reports.models import Delivery
from stations.models import Area, Enterprise, Station
from tests.factories import TODAY, station, user
from tests.reports.facts import dispute, fact, proceeding
from tests.reports.test_board import ASK, story

pytestmark = pytest.mark.django_db

YEAR = periods.parse("2026")
SPLITTABLE = [code for code, one in REGISTRY.items() if splits.can_split(one)]


@pytest.fixture
def leader(client):
    cache.clear()
    client.force_login(user("leader", ("leader", None)))
    return client


# the card ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", REGISTRY)
def test_a_card_says_what_the_figure_says(leader, code):
    story()
    indicator = REGISTRY[code]
    figure = indicator.figures([YEAR], Reading(TODAY))[0]
    told = leader.get(f"/api/v1/indicators/{code}/", ASK).json()
    assert {name: told[name] for name in figure.as_dict()} == figure.as_dict()
    assert {part["name"]: part["number"] for part in told["excluded_parts"]} == figure.excluded
    if isinstance(indicator, FactIndicator) and code != "median_days":
        assert sum(part["number"] for part in told["numerator_parts"]) == figure.numerator
        assert sum(part["number"] for part in told["denominator_parts"]) == (figure.denominator or 0)
    assert [one["text"] for one in told["versions"]][-1] == str(indicator.definition)
    page = leader.get(f"/board/{code}/card/", ASK).content.decode()
    for words in (indicator.definition, indicator.low_is, indicator.high_is, indicator.basis):
        assert str(words) in page
    assert "style=" not in page.split("<main")[1]


def test_every_part_of_a_card_opens_a_list_of_as_many_rows(leader):
    story()
    page = leader.get("/board/mediation_success/card/", ASK)
    parts = [part for group in page.context["groups"] for part in group["parts"] if part["number"]]
    assert {part["label"] for part in parts} == {"达成协议", "调解不成", "未启动"}
    for part in parts:
        assert leader.get(part["url"]).context["count_text"] == f"共 {part['number']} 行"


def test_every_indicator_has_words_for_its_other_readings_and_none_without_them():
    story(6)
    for code, indicator in REGISTRY.items():
        one = indicator.figures([YEAR], Reading(TODAY))[0]
        assert one.low is None or indicator.low_is, code
        assert one.high is None or indicator.high_is, code
        numbers = [version.number for version in indicator.versions]
        assert numbers == list(range(1, indicator.version + 1)) and all(v.why for v in indicator.versions)


def test_a_later_wording_keeps_the_one_before(leader, monkeypatch):
    one = REGISTRY["stations"]
    monkeypatch.setattr(type(one), "earlier", (Version(1, date(2025, 1, 1), "旧的写法", "首次确定"),))
    assert one.version == 2 and one.formula.startswith("第 2 版：")
    page = leader.get("/board/stations/card/", ASK).content.decode()
    assert "旧的写法" in page and page.index("第 2 版</th>") < page.index("第 1 版</th>")


def test_pace_names_the_numbers_behind_it(leader):
    story()
    tile = leader.get("/board/", ASK).context["board"].eight[0]
    figure = REGISTRY["aid_and_mediation"].figures([YEAR], Reading(TODAY))[0]
    assert f"序时应达 {float(figure.wanted):.1f}，实际 5（-" in tile["detail"]
    assert "550" in page_of(leader, "aid_and_mediation") and "参照目标" in page_of(
        leader, "aid_and_mediation"
    )
    assert not cards.pace_text(REGISTRY["stations"].figures([YEAR], Reading(TODAY))[0])


def page_of(client, code: str) -> str:
    return client.get(f"/board/{code}/card/", ASK).content.decode()


def test_a_delivered_figure_names_its_papers_and_obeys_the_day():
    common = {"start": date(2025, 12, 31), "end": date(2025, 12, 31), "entered_on": date(2026, 2, 1)}
    Delivery.objects.create(
        kind="patents",
        numbers='{"value": 9000}',
        source_ref="专利函〔2026〕1号",
        confirmed_on=date(2026, 2, 2),
        **common,
    )
    Delivery.objects.create(
        kind="population",
        numbers='{"value": 2000000}',
        source_ref="统计公报",
        confirmed_on=date(2026, 3, 2),
        **common,
    )
    early, late = (cards.compose("high_value_patents", YEAR, day) for day in (date(2026, 2, 3), TODAY))
    assert (early.figure.value, late.figure.value) == (None, "45")
    assert [len(one.papers) for one in (early, late)] == [1, 2]
    assert "高价值发明专利，2025-12-31，专利函〔2026〕1号" in late.as_dict()["papers"]


def test_stocks_obey_the_day():
    area = Area.objects.first() or Area.objects.create(code="1", name="甲", kind="zone")
    Station.objects.create(
        code="late", name="后设站", area=area, opened_on=date(2026, 6, 1), closed_on=date(2026, 9, 1)
    )
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 8, 31), date(2026, 9, 1))
    assert [REGISTRY["stations"].figures([YEAR], Reading(day))[0].value for day in days] == [0, 1, 1, 0]


# splits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", splits.SPLITS)
def test_a_split_adds_up_to_its_tile(leader, by):
    story(4)
    for code in SPLITTABLE:
        indicator = REGISTRY[code]
        one = indicator.figures([YEAR], Reading(TODAY))[0]
        whole = splits.total(splits.split(indicator, by, YEAR, Reading(TODAY)), indicator)
        assert (whole.numerator, whole.excluded) == (one.numerator, sum(one.excluded.values())), code
        assert whole.denominator == one.denominator, code
    page = leader.get("/board/aid_and_mediation/split/", {**ASK, "by": by})
    sheet = load_workbook(
        BytesIO(leader.get("/board/aid_and_mediation/split/", {**ASK, "by": by, "download": "xlsx"}).content)
    )
    rows = list(sheet.active.iter_rows(min_row=3, values_only=True))
    assert [list(row) for row in rows] == [*page.context["rows"], page.context["total"]]


def test_splits_name_what_they_know_and_keep_the_unknown_apart():
    maker = Enterprise.objects.create(
        name="制造企业", credit_code="91110000802100433B", area=station().area, industry="C"
    )
    known, unknown = dispute(station(), source="customs"), dispute(source="")
    Right.objects.create(case=known, kind="design", position=1)
    Right.objects.create(case=known, kind="trademark", position=0)
    Party.objects.create(
        case=known, role="applicant", name="制造企业", name_key="k", id_number=maker.credit_code
    )
    Party.objects.create(
        case=unknown, role="respondent", name="制造企业", name_key="k", id_number=maker.credit_code
    )
    for case in (known, unknown):
        fact(proceeding("assistance", case), "accepted", date(2026, 3, 3), "assistance")
    found = {
        by: [
            (row.label, row.numerator)
            for row in splits.split(REGISTRY["aid_and_mediation"], by, YEAR, Reading(TODAY))
        ]
        for by in splits.SPLITS
    }
    names = {
        "right": "商标",
        "source": "海关移送",
        "industry": "制造业",
        "station": station().name,
        "area": station().area.name,
    }
    assert found == {by: [(names[by], 1), ("未知", 1)] for by in found}


def test_what_cannot_be_split_has_no_such_page(leader):
    for code, by in (
        ("median_days", "station"),
        ("stations", "area"),
        ("aid_and_mediation", "mediator"),
        ("x", "area"),
    ):
        assert leader.get(f"/board/{code}/split/", {"by": by}).status_code == 404


# stations side by side --------------------------------------------------------------------------------------


def test_stations_stand_by_area_and_code_whatever_they_count(leader):
    one = station()
    other = Station.objects.create(code="a0", name="另一站", area=one.area, opened_on=date(2021, 1, 1))
    for where, number in ((one, 1), (other, 0), (None, 1)):
        for _n in range(number):
            fact(proceeding("assistance", dispute(where)), "accepted", date(2026, 3, 3), "assistance")
    rows = comparison.compare(YEAR, Reading(TODAY))
    by_code = [name for name in Station.objects.order_by("area__code", "code").values_list("name", flat=True)]
    assert [row["station"] for row in rows] == [*by_code, "未知"]
    mine = next(row for row in rows if row["station"] == one.name)
    assert (mine["accepted"], mine["kinds"], mine["rights"], mine["files"]) == (
        1,
        "维权援助 1",
        "未知 1",
        "0 / 1",
    )
    page = leader.get("/board/comparison/", {**ASK, "sort": "accepted", "order": "-accepted"})
    assert [row[1][1] for row in page.context["rows"]] == [*by_code, "未知"]
    assert "aria-sort" not in page.content.decode()
    sheet = load_workbook(
        BytesIO(leader.get("/board/comparison/", {**ASK, "download": "xlsx"}).content)
    ).active
    assert [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)] == [*by_code, "未知"]


def test_comparison_counts_the_call_backs_of_each_station():
    for n, said in enumerate(("confirmed", "confirmed", "denied")):
        row = proceeding("mediation", dispute(station()), flavour="people")
        fact(row, "accepted", date(2026, 2, 1), "people")
        fact(row, "closed", date(2026, 3, 1 + n), "written_agreement")
        fact(row, "sampled", date(2026, 4, 1), None, subject=f"proceeding:{row.pk}")
        fact(row, "verified", date(2026, 4, 2), said, subject=f"proceeding:{row.pk}")
    (mine,) = [row for row in comparison.compare(YEAR, Reading(TODAY)) if row["accepted"]]
    assert (mine["verified"], mine["kinds"]) == ("2 / 3", "调解 3")


# queries ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/board/aid_and_mediation/card/", "/board/aid_and_mediation/split/?by=industry", "/board/comparison/"],
)
def test_query_count_does_not_grow_with_the_cases(leader, path):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert leader.get(path, ASK if "?" not in path else {}).status_code == 200
        return len(found)

    story(3)
    asked()
    few = asked()
    story(3)
    story(3)
    assert asked() == few <= 20
