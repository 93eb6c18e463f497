"""Board, lists, sheets, API and command: the same numbers and rows everywhere, masked, and quick."""

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cases import steps
from cases.models import AccessLog, Party
from reports import lists, periods
from reports.indicators import REGISTRY, FactIndicator, Reading, figures
from stations.models import Appointment, Person, User
from tests.factories import TODAY, approve_all, body, clerk, first, register, station, user
from tests.mediation import stage
from tests.reports.facts import dispute, fact, proceeding

pytestmark = pytest.mark.django_db

ASK = {"period": "2026", "as_of": "2026-11-20"}


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def leader(client):
    who = user("leader", ("leader", None))
    client.force_login(who)
    return client


def story(cases: int = 3) -> None:
    """Something in every list."""
    for n in range(cases):
        case = dispute(station(), summary="x")
        Party.objects.create(case=case, role="applicant", kind="person", name="欧阳晓明", name_key="k")
        Party.objects.create(case=case, role="respondent", kind="legal_person", name="乙公司", name_key="k")
        aid = proceeding("assistance", case)
        fact(aid, "accepted", date(2026, 1, 10), "assistance")
        fact(aid, "closed", date(2026, 1, 12 + n), "completed")
        talk = proceeding("mediation", case, flavour="people")
        fact(talk, "contacted", date(2026, 2, 1), "call", subject=f"party:{n}")
        if n != 1:
            fact(talk, "accepted", date(2026, 2, 3), "people")
        fact(talk, "closed", date(2026, 3, 3), ["written_agreement", "no_answer", "failed"][n % 3])
        fact(
            proceeding("assistance", case),
            "accepted",
            None,
            "assistance",
            known=date(2026, 4, 1),
            origin="imported",
        )
        judged = proceeding("adjudication", case)
        fact(judged, "accepted", date(2026, 1, 5), "adjudication")
        fact(judged, "ruled", date(2026, 4, 1 + n), "established", subject=f"ruling:{n}")
        fact(judged, "closed", date(2026, 4, 1 + n), "ruled_established")
        shown, suit = (proceeding(kind, case, parent=judged) for kind in ("disclosure", "litigation"))
        fact(shown, ["published", "withheld"][n % 2], date(2026, 4, 20), subject=f"ruling:{n}")
        result = ["upheld", "annulled", "withdrawn"][n % 3]
        fact(suit, "judgment", date(2026, 9, 1), result, subject=f"ruling:{n}")
        person = Person.objects.create(name=f"官{n}")
        for kind in ("technical_investigator", "commissioner"):
            Appointment.objects.create(person=person, kind=kind, valid_from=date(2024, 1, 1))


# one story through the door ---------------------------------------------------------------------------------


def test_accepted_assistance_moves_the_figure_at_once_and_undoing_moves_it_back(leader):
    head = user("head", ("head", body("centre")))
    row = first(register())
    ask = {"period": "2026", "as_of": TODAY.isoformat(), "code": "aid_and_mediation"}
    assert leader.get("/api/v1/indicators/", ask).json()["figures"][0]["value"] == 0
    waiting = steps.perform(
        row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(waiting, head)
    assert leader.get("/api/v1/indicators/", ask).json()["figures"][0]["value"] == 1
    page = leader.get("/board/aid_and_mediation/", ask).content.decode()
    assert "津滨知援字〔2026〕1号" in page and "13800138000" not in page and "91110000802100433B" not in page
    answer = steps.perform(
        row.pk, "undo_last", by=first(row.case).handler, data={"reason": "点错"}, version=1, today=TODAY
    )
    approve_all(answer, head)
    assert leader.get("/api/v1/indicators/", ask).json()["figures"][0]["value"] == 0


def test_mediations_through_the_door_reach_the_rate_by_their_end():
    settled = stage.settled()
    silent = stage.received()
    data = {"party": stage.party(silent).pk, "way": "call", "result": "unanswered"}
    stage.do(silent, "contact", by=clerk(), **data)
    declined = stage.take(silent, "decline", outcome="no_answer", reason="多次联系未果")
    if hasattr(declined, "approval"):
        approve_all(declined, stage.committee())
    found = figures(
        ["mediation_success", "aid_and_mediation", "respondent_answered"], [periods.parse("2026")], TODAY
    )
    success, accepted, answered = (
        found[code][0] for code in ("mediation_success", "aid_and_mediation", "respondent_answered")
    )
    assert (success.numerator, success.denominator, success.excluded["not_started"]) == (1, 1, 1)
    assert (accepted.value, accepted.parts["people"]) == (1, 1)
    assert (answered.numerator, answered.denominator) == (0, 1)
    assert settled.outcome == "written_agreement"


# tile = list = sheet = JSON ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", REGISTRY)
@pytest.mark.parametrize("which", ["numerator", "denominator", "excluded"])
def test_tile_list_sheet_and_json_agree(leader, code, which):
    story()
    indicator = REGISTRY[code]
    if not lists.known_set(indicator, which):
        assert leader.get(f"/board/{code}/", {**ASK, "set": which}).status_code == 404
        return
    one = indicator.figures([periods.parse("2026")], Reading(TODAY))[0]
    wanted = {
        "numerator": one.numerator,
        "denominator": one.denominator,
        "excluded": sum(one.excluded.values()),
    }[which]
    if code == "median_days" and which == "numerator":
        wanted = one.denominator
    if wanted is None:
        wanted = one.numerator
    page = leader.get(f"/board/{code}/", {**ASK, "set": which})
    assert page.status_code == 200 and page.context["count_text"] == f"共 {wanted} 行"
    assert len(page.context["rows"]) == wanted
    sheet = load_workbook(BytesIO(leader.get(f"/board/{code}.xlsx", {**ASK, "set": which}).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[1]) == list(lists.columns(indicator).values()) and len(rows) == 2 + wanted
    listed = leader.get(f"/api/v1/indicators/{code}/cases/", {**ASK, "set": which}).json()["results"]
    assert len(listed) == wanted
    shown = [[cell["value"] for cell in row["cells"]] for row in page.context["rows"]]
    assert shown == [
        ["" if line[name] is None else line[name] for name in lists.columns(indicator)] for line in listed
    ]


def test_parts_of_a_figure_open_their_own_list(leader):
    story()
    page = leader.get("/board/mediation_success/", {**ASK, "set": "not_started"})
    assert [row["cells"][-1]["value"] for row in page.context["rows"]] == ["未启动"]
    assert leader.get("/board/mediation_success/", {**ASK, "set": "nonsense"}).status_code == 404
    assert leader.get("/board/nonsense/", ASK).status_code == 404


def test_the_board_as_a_sheet_has_every_figure(leader):
    story()
    sheet = load_workbook(BytesIO(leader.get("/board/", {**ASK, "download": "xlsx"}).content)).active
    rows = {row[0]: row for row in sheet.iter_rows(min_row=3, values_only=True)}
    found = figures(REGISTRY, [periods.parse("2026")], TODAY)
    assert {code: row[2] for code, row in rows.items()} == {code: one[0].text for code, one in found.items()}
    assert AccessLog.objects.get(act="export").subject == "list/board"


def test_what_is_taken_out_opens_with_its_reason_and_comes_back(leader):
    head = user("head", ("head", body("centre")))
    row = first(register())
    approve_all(
        steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY),
        head,
    )
    ask = {"period": "2026", "as_of": TODAY.isoformat(), "set": "excluded"}

    def listed() -> list[str]:
        return [
            one["cells"][-1]["value"] for one in leader.get("/board/aid_and_mediation/", ask).context["rows"]
        ]

    assert listed() == []
    steps.case_act(row.case_id, "exclude_from_figures", by=head, data={"reason": "重复报送"}, today=TODAY)
    assert listed() == ["不计入统计（已登记理由）：重复报送"]
    told = leader.get("/api/v1/indicators/aid_and_mediation/", ask).json()
    assert (told["value"], told["excluded"]["taken_out"]) == (0, 1)
    steps.case_act(row.case_id, "exclude_from_figures", by=head, data={"reason": "报送有误"}, today=TODAY)
    assert listed() == []
    assert leader.get("/api/v1/indicators/aid_and_mediation/", ask).json()["value"] == 1


# who sees what ----------------------------------------------------------------------------------------------


def test_leader_reads_lines_without_names_and_nothing_of_mediation_parties(leader):
    story(1)
    line = leader.get("/api/v1/indicators/aid_and_mediation/cases/", ASK).json()["results"]
    assert [(one["kind"], one["parties"], one["case"]) for one in line] == [
        ("调解", "不予显示", None), ("维权援助", "欧阳某；乙公司", None)
    ]  # fmt: skip
    assert "欧阳晓明" not in leader.get("/board/aid_and_mediation/", ASK).content.decode()


def test_district_counts_the_same_and_reads_masked_lines(client):
    story(2)
    client.force_login(user("district", ("district", None)))
    found = client.get("/api/v1/indicators/aid_and_mediation/cases/", ASK).json()["results"]
    assert len(found) == 3 and all(
        one["masked"] and one["number"] == "—" and one["station"] == "—" for one in found
    )


def test_other_roles_and_strangers_do_not_reach_the_board(client):
    assert client.get("/board/").status_code == 302
    assert client.get("/api/v1/indicators/").status_code == 401
    client.force_login(clerk())
    for path in ("/board/", "/board/stations/", "/board/stations.xlsx"):
        assert client.get(path).status_code == 403
    assert client.get("/api/v1/indicators/").status_code == 403


def test_export_is_logged(leader):
    story(1)
    leader.get("/board/aid_and_mediation.xlsx", ASK)
    log = AccessLog.objects.get(act="export")
    assert (log.subject, log.outcome, log.user.username) == (
        "board/aid_and_mediation/numerator",
        "2 rows",
        "leader",
    )


# the page ---------------------------------------------------------------------------------------------------


def test_board_shows_the_plans_eight_first_with_definition_and_whole_cycle(leader):
    story()
    page = leader.get("/board/", ASK)
    text = page.content.decode()
    board = page.context["board"]
    assert [tile["code"] for tile in board.eight + board.rest] == list(REGISTRY)
    assert text.count("计量口径") == len(REGISTRY) == text.count("全周期（2023—2025）：")
    success = next(tile for tile in board.eight if tile["code"] == "mediation_success")
    assert success["value"] == "1 / 2" and "含未启动 1 件为 1 / 3" in success["detail"]
    disclosure = next(tile for tile in board.rest if tile["code"] == "ruling_disclosure")
    assert (
        "依法不公开 1" in disclosure["detail"]
        and "期内结案 3 件，其中裁决已公开 2 件" in disclosure["detail"]
    )
    name, months = board.drawings[0].rows[0]
    assert (name, months[:3], months[11]) == ("2026 年", ["6", "2", "0"], "—")
    assert "style=" not in text.split("<main")[1]


@pytest.mark.parametrize("period", ["2025", "2026Q1", "2026-01", "2023..2025", "2026-01-01..2026-02-28"])
def test_board_switches_period(leader, period):
    story(1)
    page = leader.get("/board/", {**ASK, "period": period})
    assert page.status_code == 200 and page.context["board"].period.text == period


def test_unreadable_question_is_answered_in_chinese(leader):
    page = leader.get("/board/", {"period": "2026年"})
    assert page.status_code == 400 and "请写成" in page.content.decode()
    for query in ({"period": "x"}, {"as_of": "yesterday"}, {"code": "nonsense"}):
        answer = leader.get("/api/v1/indicators/", query)
        assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


def test_attention_names_overdue_rules_and_silent_stations(leader):
    body("centre")
    row = first(register(today=date(2026, 8, 3)))
    assert row.due_rule == "W-03"
    attention = leader.get("/board/", ASK).context["board"].attention
    assert any("审查" in line["text"] and line["tone"] == "hot" for line in attention), attention
    assert any("工作站" in line["text"] for line in attention)


# unchanged: 304 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/board/", "/api/v1/indicators/"])
def test_unchanged_is_304_without_computing_and_a_fact_changes_the_etag(leader, path):
    head = user("head", ("head", body("centre")))
    row = first(register())
    etag = leader.get(path, ASK)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = leader.get(path, ASK, headers={"If-None-Match": etag})
    assert again.status_code == 304 and again["ETag"] == etag
    assert not [q for q in queries if "known_on" in q["sql"]]
    waiting = steps.perform(
        row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(waiting, head)
    changed = leader.get(path, ASK, headers={"If-None-Match": etag})
    assert changed.status_code == 200 and changed["ETag"] != etag


# queries ----------------------------------------------------------------------------------------------------


def queries_of(client, path, query) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        assert client.get(path, query).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/board/", 39),
        ("/api/v1/indicators/", 31),
        ("/board/aid_and_mediation/", 20),
        ("/api/v1/indicators/aid_and_mediation/cases/", 12),
    ],
)
def test_query_count_does_not_grow_with_the_cases(leader, path, most):
    story(3)
    leader.get(path, ASK)  # the session is written once
    few = queries_of(leader, path, ASK)
    story(3)
    story(3)
    assert queries_of(leader, path, ASK) == few <= most


def test_lists_page_by_key(leader):
    for _n in range(lists.PAGE + 5):
        fact(proceeding("assistance"), "accepted", date(2026, 1, 10), "assistance")
    page = leader.get("/board/aid_and_mediation/", ASK)
    assert len(page.context["rows"]) == lists.PAGE and page.context["count_text"] == f"共 {lists.PAGE + 5} 行"
    rest = leader.get(page.context["next"])
    assert len(rest.context["rows"]) == 5 and not rest.context["next"]


# the command ------------------------------------------------------------------------------------------------


def test_command_prints_the_interfaces_json(capsys):
    story()
    call_command("indicators", period="2026", as_of="2026-11-20", json=True)
    body_ = json.loads(capsys.readouterr().out)
    assert (body_["period"], body_["as_of"]) == ("2026", "2026-11-20")
    assert [one["code"] for one in body_["figures"]] == list(REGISTRY)
    call_command("indicators", period="2026Q1", code=["stations", "aid_and_mediation"], json=True)
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["figures"]] == [
        "aid_and_mediation",
        "stations",
    ]


def test_command_table_and_wrong_usage(capsys):
    call_command("indicators", period="2026")
    assert "知识产权人民调解成功率" in capsys.readouterr().out
    for wrong in ({"period": "26"}, {"period": "2026", "code": ["x"]}, {"period": "2026", "as_of": "x"}):
        with pytest.raises(CommandError) as refusal:
            call_command("indicators", **wrong)
        assert refusal.value.returncode == 2


def test_a_day_is_enough_to_tell_apart(leader):
    """`as_of` yesterday is the figure of yesterday."""
    fact(proceeding("assistance"), "accepted", date(2026, 3, 3), "assistance", known=TODAY)
    query = {"period": "2026", "code": "aid_and_mediation"}
    days = [(TODAY - timedelta(days=n)).isoformat() for n in (1, 0)]
    answers = [leader.get("/api/v1/indicators/", {**query, "as_of": day}).json() for day in days]
    assert [answer["figures"][0]["value"] for answer in answers] == [0, 1]


def test_indicators_open_only_what_they_declare():
    for indicator in REGISTRY.values():
        if isinstance(indicator, FactIndicator):
            known = {*indicator.counts, *indicator.base, *indicator.leaves_out}
            assert known <= set(indicator.labels), indicator.code
    assert User.objects.count() == 0
