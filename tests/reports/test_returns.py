"""Returns: filled from the record, two people, locked once sent, differences after a correction, opened by schedule."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases import files, kinds, outbox, steps
from cases.errors import Conflict, DomainError, Invalid, Refused, VersionMissing
from cases.models import Activity, Consultation, Document, Event, Proceeding
from cases.rules import load_rules
from reports import periods
from reports.indicators import REGISTRY
from reports.models import CaseReturn, Return
from reports.returns import definitions, filling, opening, sources
from stations.models import Station
from tests.factories import body, station
from tests.reports import desk
from tests.reports.facts import dispute, fact, proceeding, restate, withdraw

pytestmark = pytest.mark.django_db
OCTOBER = periods.month(2026, 10)


@pytest.fixture(autouse=True)
def _bodies():
    for kind in ("bureau", "centre", "committee"):
        body(kind)


def accepted(at: Station, on: date, kind: str = "assistance", **columns):
    """An application and its acceptance, as the door leaves them."""
    row = proceeding(kind, dispute(at), **columns)
    fact(row, "applied", on, kind)
    return fact(row, "accepted", on, kind)


def monthly(by=None, period="2026-10", unit="station:s1", today=desk.DAY):
    station("s1")
    return desk.opened("return", by or desk.clerk(), today, report="station_month", period=period, unit=unit)


def confirmed(row, today=desk.DAY):
    desk.do(row, "submit", desk.clerk(), today)
    desk.do(row, "confirm", desk.station_head(), today)
    return desk.worked(row)


def sent(row, today=desk.DAY):
    return desk.do(
        confirmed(row, today), "send", desk.clerk(), today, receiver="区知识产权保护中心", way="mail"
    )


def cell(row, key, today=desk.DAY):
    return row.filled(today).cells()[key].value


# definitions ----------------------------------------------------------------------------------------------------------


def test_every_definition_names_what_exists():
    rules = set(load_rules())
    for one in definitions.all_returns().values():
        assert one.rule in rules and one.kind in kinds.all_kinds() and one.receiver and one.title
        for item in one.items:
            code, _dot, part = item.figure.partition(".")
            assert not code or code in REGISTRY
            known = {"", "value", "numerator", "denominator", *(REGISTRY[code].labels if code else ())}
            assert part in known, item
            assert not item.measure or item.measure in sources._measures
        assert not one.lines or one.lines in sources._lines


@pytest.mark.parametrize("code", definitions.all_returns())
def test_every_return_can_be_filled_and_printed_empty(code):
    one = definitions.get(code)
    sheet = filling.fill(one, one.last_period(desk.DAY), None, {}, desk.DAY)
    assert filling.from_json(sheet.as_json()) == sheet
    assert bool(sheet.lines) == bool(one.items)


# numbers --------------------------------------------------------------------------------------------------------------


def test_a_stations_numbers_are_the_indicators_own_of_its_cases():
    mine, other = station("s1"), station("s2")
    for n in range(3):
        accepted(mine, date(2026, 10, 9 + n))
    accepted(mine, date(2026, 3, 2))
    accepted(other, date(2026, 10, 9))
    accepted(mine, date(2026, 10, 31), "mediation", flavour="people")
    Consultation.objects.create(station=mine, by=desk.clerk(), on=date(2026, 10, 8), question="问")
    held = {"kind": "training", "station": mine, "entered_by": desk.clerk(), "known_on": date(2026, 10, 9)}
    Activity.objects.create(title="培训", begins_on=date(2026, 10, 8), attendance=30, **held)
    Activity.objects.create(title="取消", begins_on=date(2026, 10, 8), cancelled_on=date(2026, 10, 9), **held)
    row = monthly()
    assert cell(row, "participants:period") == 30
    assert [cell(row, f"assistance:{span}") for span in ("period", "year")] == [3, 4]
    assert cell(row, "applied:period") == 4 and cell(row, "people:period") == 1
    assert (cell(row, "consultations:period"), cell(row, "activities:period")) == (1, 1)
    whole = [
        filling.fill(definitions.get("station_month"), OCTOBER, one, {}, desk.DAY).cells()
        for one in (mine, other)
    ]
    figure = REGISTRY["aid_and_mediation"].figures([OCTOBER], sources.UnitReading(desk.DAY))[0]
    assert sum(one["aid_and_mediation:period"].value for one in whole) == figure.numerator == 5


def test_a_correction_known_later_is_not_in_an_earlier_reading():
    one = accepted(station("s1"), date(2026, 10, 9))
    withdraw(one, known=date(2026, 11, 20))
    ask = definitions.get("station_month")
    told = [filling.fill(ask, OCTOBER, station("s1"), {}, day).cells()["assistance:period"].value
            for day in (date(2026, 11, 5), desk.DAY)]  # fmt: skip
    assert told == [1, 0]


def test_a_line_per_mediation_and_no_name_of_a_person():
    one = dispute(
        station("s1"), source="court_assigned", court_case_no="（2026）津0319诉前调1号", cause="商标纠纷"
    )
    one.parties.create(role="applicant", kind="person", name="王小明", name_key="王小明")
    one.parties.create(role="respondent", kind="legal_person", name="乙公司", name_key="乙公司")
    row = proceeding("mediation", one, flavour="people", number="津滨知人调字〔2026〕1号")
    fact(row, "applied", date(2026, 10, 8), "people")
    fact(row, "accepted", date(2026, 10, 9), "people")
    for code, name in (("people_mediation_month", "number"), ("court_mediation_month", "court_no")):
        made = desk.opened(
            "case_return", desk.committee(), report=code, period="2026-10", unit="body:committee"
        )
        (line,) = made.filled(desk.DAY).lines
        told = {one.key.partition(":")[2].rpartition(":")[2]: one.value for one in line.cells}
        assert told["applicants"] == "王某" and told["respondents"] == "乙公司" and told[name]
        assert "王小明" not in made.filled(desk.DAY).as_json()


# the walk -------------------------------------------------------------------------------------------------------------


def test_only_differences_are_typed_each_beside_the_record_with_a_reason():
    accepted(station("s1"), date(2026, 10, 9))
    row = monthly()
    typed = [{"cell": "activities:period", "value": "2", "reason": "补登记"},
             {"cell": "assistance:period", "value": "2", "reason": "一件纸质申请尚未补录"}]  # fmt: skip
    with pytest.raises(Invalid) as bare:
        bad = [{**typed[1], "reason": ""}]
        desk.act(row, "type_cells", desk.clerk(), cells=bad, revision=0)
    assert "原因" in str(bare.value.fields)
    row = desk.act(row, "type_cells", desk.clerk(), cells=typed, revision=0)
    seen = row.filled(desk.DAY).cells()["assistance:period"]
    assert (seen.computed, seen.value, seen.reason) == (1, 2, "一件纸质申请尚未补录")
    assert cell(row, "activities:period") == 2
    with pytest.raises(Conflict):
        desk.act(row, "type_cells", desk.clerk(), cells=typed, revision=0)
    with pytest.raises(VersionMissing):
        desk.act(row, "type_cells", desk.clerk(), cells=typed)
    back = [{"cell": "assistance:period", "value": "", "reason": ""}]
    row = desk.act(row, "type_cells", desk.clerk(), cells=back, revision=1)
    assert cell(row, "assistance:period") == 1


def test_who_submitted_does_not_confirm():
    row = monthly()
    desk.do(row, "submit", desk.station_head())
    with pytest.raises(Refused) as refusal:
        desk.do(row, "confirm", desk.station_head())
    assert refusal.value.code == "same_person"
    assert desk.do(row, "confirm", desk.head()).state == "confirmed"


@pytest.mark.parametrize("name", ["submit", "confirm", "send"])
def test_who_may_not_is_refused_at_every_step(name):
    row = monthly()
    if name != "submit":
        desk.do(row, "submit", desk.clerk())
    if name == "send":
        desk.do(row, "confirm", desk.station_head())
        desk.worked(row)
    data = {"receiver": "中心", "way": "mail"} if name == "send" else {}
    others = [desk.clerk("clerk2", "s2"), desk.station_head("s2"), desk.district()]
    if name == "confirm":
        others.append(desk.clerk())
    for other in others:
        with pytest.raises(DomainError) as refusal:
            desk.do(row, name, other, **data)
        assert refusal.value.status in (403, 404)


def test_sent_is_locked_and_kept_byte_for_byte():
    accepted(station("s1"), date(2026, 10, 9))
    row = sent(monthly())
    assert (row.state, row.receiver, row.sent_on, row.is_open) == (
        "sent",
        "区知识产权保护中心",
        desk.DAY,
        False,
    )
    kept = files.open(row.sheet.sm3).read()
    accepted(station("s1"), date(2026, 10, 10))
    assert files.open(desk.again(row).sheet.sm3).read() == kept
    assert cell(row, "assistance:period") == 1
    for name, data in (
        ("submit", {}),
        ("send_back", {"reason": "错"}),
        ("send", {"receiver": "x", "way": "mail"}),
    ):
        with pytest.raises(DomainError):
            desk.do(row, name, desk.station_head(), **data)
    with pytest.raises(DomainError):
        desk.act(row, "type_cells", desk.clerk(), cells=[{"cell": "visits:period", "value": "1"}], revision=0)
    with pytest.raises(DomainError) as undone:
        desk.do(row, "undo_last", desk.clerk(), reason="点错")
    assert undone.value.code == "sent"
    assert Event.objects.get(fact="return_sent").value == "station_month"


def test_nothing_is_sent_before_its_file_is_made():
    row = monthly()
    desk.do(row, "submit", desk.clerk())
    desk.do(row, "confirm", desk.station_head())
    with pytest.raises(DomainError) as refusal:
        desk.do(row, "send", desk.clerk(), receiver="中心", way="mail")
    assert refusal.value.code == "not_printed"


def test_sent_back_opens_the_numbers_again_and_voids_the_paper():
    row = confirmed(monthly())
    paper = Document.objects.get(proceeding=row.pk)
    assert paper.pdf_id and paper.docx_id
    row = desk.do(row, "send_back", desk.station_head(), reason="补充活动")
    assert (row.state, row.digest, row.sheet, row.as_of) == ("received", "", None, None)
    assert Document.objects.get(pk=paper.pk).state == "void"
    accepted(station("s1"), date(2026, 10, 10))
    assert cell(row, "assistance:period") == 1
    assert confirmed(row).sheet_id is not None


def test_cells_of_the_sheet_are_the_numbers_shown():
    accepted(station("s1"), date(2026, 10, 9))
    row = confirmed(monthly())
    page = load_workbook(io.BytesIO(files.open(row.sheet.sm3).read())).active
    assert page["A1"].value == "知识产权保护工作站工作月报" and "填报单位：工作站s1" in page["A2"].value
    assert [one.value for one in page[3]] == ["序号", "项目", "本期", "本年累计"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    lines = row.filled(desk.DAY).lines
    for place, line in enumerate(lines, 4):
        shown = [
            one.value or "" if isinstance(one.value, str) or one.value is None else one.value
            for one in page[place]
        ]
        assert shown == [place - 3, line.label, *("" if c.value is None else c.value for c in line.cells)]
    foot = page.cell(len(lines) + 4, 1).value
    assert "填报人：clerk" in foot and "审核人：head-of-s1" in foot and "2026年12月1日" in foot


def test_a_correction_of_the_record_shows_as_difference_and_is_sent_anew():
    one = accepted(station("s1"), date(2026, 10, 9))
    row = sent(monthly())
    assert row.differences(desk.DAY) == []
    restate(one, date(2026, 9, 30), known=date(2026, 12, 3))
    later = date(2026, 12, 4)
    (applied, *_rest) = [d for d in row.differences(later) if d.label == "其中：维权援助"]
    assert (applied.column, applied.reported, applied.was, applied.now) == ("本期", 1, 1, 0)
    desk.act(row, "correct", desk.clerk(), later, reason="受理日期更正")
    fresh = Return.objects.get(correction=1)
    assert (fresh.parent_id, fresh.state, fresh.station, fresh.body) == (
        row.pk,
        "received",
        row.station,
        row.body,
    )
    assert cell(fresh, "assistance:period", later) == 0 and cell(row, "assistance:period", later) == 1
    with pytest.raises(DomainError) as twice:
        desk.act(row, "correct", desk.clerk(), later, reason="再次")
    assert twice.value.code == "corrected_already"
    assert sent(fresh, later).state == "sent"


def test_a_year_of_monthly_returns_adds_up():
    at = station("s1")
    for month in range(1, 11):
        for day in range(1, 1 + month % 3):
            accepted(at, date(2026, month, day))
    rows = [monthly(period=f"2026-{month:02d}") for month in range(1, 11)]
    assert sum(cell(row, "assistance:period") for row in rows) == cell(rows[-1], "assistance:year")
    assert Return.objects.count() == 10


# opening --------------------------------------------------------------------------------------------------------------


def test_once_per_period_and_unit_and_again_once_void():
    row = monthly()
    with pytest.raises(Invalid) as twice:
        monthly()
    assert "已经建立" in str(twice.value.fields)
    desk.do(row, "void", desk.station_head(), reason="重复", ground="mistake")
    assert monthly().pk != row.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"period": "2026-12"}, "period"), ({"period": "2026Q3"}, "period"), ({"period": "十月"}, "period"),
     ({"unit": "station:s2"}, "unit"), ({"report": "people_mediation_month"}, "report")],
)  # fmt: skip
def test_what_cannot_be_opened_is_refused_by_field(changes, field):
    station("s1"), station("s2")
    data = {"report": "station_month", "period": "2026-10", "unit": "station:s1", **changes}
    with pytest.raises(Invalid) as refusal:
        desk.opened("return", desk.clerk(), **data)
    assert set(refusal.value.fields) == {field}


def test_the_schedule_opens_what_is_missing_once_and_only_on_working_days():
    station("s1"), station("s2")
    monthly(period="2026-11")
    assert opening.open_due(date(2026, 11, 29)) == 0  # a Sunday
    first = opening.open_due(desk.DAY)
    assert first == len([d for d in definitions.all_returns().values() if d.unit != "station"]) + 1
    assert opening.open_due(desk.DAY) == 0
    made = Return.objects.get(unit="station:s2")
    assert made.scheduled and made.body.kind == "centre" and made.due_on == date(2026, 12, 7)
    assert CaseReturn.objects.get(code="overseas_month").body.kind == "centre"


def test_lists_are_seen_only_by_those_who_see_their_cases():
    asked = {"report": "people_mediation_month", "period": "2026-10", "unit": "body:committee"}
    row = desk.opened("case_return", desk.committee(), **asked)
    seen = {who: Proceeding.objects.visible_to(who, desk.DAY).filter(pk=row.pk).exists()
            for who in (desk.committee(2), desk.office(), desk.head(), desk.district(), desk.clerk())}  # fmt: skip
    assert list(seen.values()) == [True, False, False, False, False]


# pages ----------------------------------------------------------------------------------------------------------------


def test_pages_of_a_return(client):
    accepted(station("s1"), date(2026, 10, 9))
    row = monthly()
    client.force_login(desk.clerk())
    page = client.get(reverse("matter", args=[row.pk])).content.decode()
    assert "知识产权保护工作站工作月报" in page and "其中：维权援助" in page
    draft = client.get(reverse("return_sheet", args=[row.pk]))
    assert "草稿" in load_workbook(io.BytesIO(draft.content)).active["A1"].value
    form = client.get(reverse("act", args=[row.pk, "type_cells"])).content.decode()
    assert 'name="revision" value="0"' in form and "宣传、培训活动（场） · 本期" in form
    calendar = client.get(reverse("returns_due")).content.decode()
    assert "报送日历" in calendar and "工作站s2" not in calendar
    client.force_login(desk.clerk("clerk2", "s2"))
    assert client.get(reverse("return_sheet", args=[row.pk])).status_code == 404


def test_the_calendar_costs_the_same_for_many_stations(client, django_assert_max_num_queries):
    for n in range(3, 15):
        station(f"s{n}")
    client.force_login(desk.district())
    with django_assert_max_num_queries(60):
        found = client.get(reverse("returns_due")).content.decode()
    assert found.count("知识产权保护工作站工作月报") == Station.objects.count()


def test_two_senders_one_wins():
    """The version the second has seen is no longer the row's."""
    row = confirmed(monthly())
    data = {"receiver": "中心", "way": "mail"}
    steps.perform(row.pk, "send", by=desk.clerk(), data=data, version=row.version, today=desk.DAY)
    with pytest.raises(Conflict) as late:
        steps.perform(row.pk, "send", by=desk.station_head(), data=data, version=row.version, today=desk.DAY)
    assert late.value.code == "stale_version"
    assert outbox.drain() == 0
