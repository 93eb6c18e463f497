"""`manage.py deadline`: the shape and the exit codes that others rely on, and the office's own holidays."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.calendar import office_calendar
from cases.management.commands.deadline import Command
from stations.models import Holiday


def ask(*words: str) -> tuple[dict[str, Any], int]:
    """The one JSON document on stdout, and the exit code."""
    out = io.StringIO()
    try:
        call_command("deadline", *words, "--json", stdout=out)
        code = 0
    except CommandError as refused:
        code = refused.returncode
    return json.loads(out.getvalue()), code


@pytest.mark.django_db
def test_json_has_the_promised_shape() -> None:
    document, code = ask("T-18", "--from", "2025-03-10", "--exclude", "2025-04-01..2025-05-16")
    assert code == 0
    assert document == {
        "rule": "T-18",
        "from": "2025-03-10",
        "due": "2025-07-25",
        "unit": "M",
        "number": 3,
        "provisional": False,
        "source": "《专利纠纷行政裁决和调解办法》（国家知识产权局令第81号）第三十七条",
        "readings": [],
    }


@pytest.mark.django_db
def test_repeated_options_and_the_regime() -> None:
    assert ask("T-18", "--from", "2025-03-10", "--extend", "1", "--extend", "2")[0]["due"] == "2025-09-10"
    document, code = ask(
        "T-18", "--from", "2025-03-10", "--filed", "2025-01-31", "--extend", "1", "--extend", "2"
    )
    assert (document["code"], code) == ("extend_refused", 1)
    twice = ["--exclude", "2025-04-01..2025-04-20", "--exclude", "2025-04-10..2025-05-16"]
    assert ask("T-18", "--from", "2025-03-10", *twice)[0]["due"] == "2025-07-25"


@pytest.mark.django_db
def test_backward_rule_shows_both_readings() -> None:
    document, _ = ask("T-14", "--from", "2025-10-13")
    assert document["due"] == "2025-09-30"
    assert [reading["due"] for reading in document["readings"]] == ["2025-09-30", "2025-10-09"]
    assert all(set(reading) == {"name", "due", "source"} for reading in document["readings"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["T-01", "--from", "2025-03-10"], "no_number"),
        (["T-07", "--from", "2024-03-01"], "not_in_force"),
        (["X-99", "--from", "2025-03-10"], "unknown_rule"),
        (["T-18", "--from", "2025-03-10", "--extend", "2"], "extend_refused"),
    ],
)
def test_a_refusal_exits_1_with_its_code(words: list[str], code: str) -> None:
    document, exit_code = ask(*words)
    assert exit_code == 1
    assert set(document) == {"code", "detail"}
    assert document["code"] == code and document["detail"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["T-18"],
        ["T-18", "--from", "10.3.2025"],
        ["T-18", "--from", "20250310"],
        ["T-18", "--from", "2025-02-30"],
        ["T-18", "--from", "2025-03-10", "--exclude", "2025-04-01"],
        ["T-18", "--from", "2025-03-10", "--exclude", "2025-04-02..2025-04-01"],
        ["T-18", "--from", "2025-03-10", "--extend", "0"],
        ["T-18", "--from", "2025-03-10", "--extend", "one"],
    ],
)
def test_wrong_usage_exits_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command = Command()
    command._called_from_command_line = True
    with pytest.raises(SystemExit) as left:
        command.create_parser("manage.py", "deadline").parse_args(words)
    assert left.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_the_holiday_table_overrules_the_printed_calendar() -> None:
    assert ask("T-18", "--from", "2025-03-10")[0]["due"] == "2025-06-10"
    Holiday.objects.create(day=date(2025, 6, 10), is_workday=False, name="放假")
    Holiday.objects.create(day=date(2025, 6, 14), is_workday=True, name="补班")
    assert ask("T-18", "--from", "2025-03-10")[0]["due"] == "2025-06-11"
    assert office_calendar().is_working(date(2025, 6, 14))


@pytest.mark.django_db
def test_a_year_without_a_table_is_marked() -> None:
    assert ask("T-18", "--from", "2026-11-02")[0]["provisional"] is True


@pytest.mark.django_db
def test_people_get_the_way_to_the_date() -> None:
    out = io.StringIO()
    call_command(
        "deadline", "T-18", "--from", "2025-03-10", "--exclude", "2025-04-01..2025-05-16", stdout=out
    )
    assert "扣除的日数：45" in out.getvalue()
    assert "届满日：2025-07-25" in out.getvalue()
