"""The register against a checker that shares no code with it; the count on the pages and the indicator agree with it."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from adjudication import register_views
from adjudication.models import Disclosure
from cases import chain
from reports import periods
from reports.indicators import Figure, figures
from tests.adjudication import public_story as story
from tests.adjudication import register_checker
from tests.adjudication.story import TODAY, filed, take

pytestmark = pytest.mark.django_db
CHECKER = Path(register_checker.__file__)


def every_status() -> dict[str, str]:
    """A number for each status there is; what holds of each."""
    held = {filed().number: "pending"}
    undone = filed()
    take(undone, "undo_last", {"reason": "误立案"})
    held[undone.number] = "void"
    ended = take(filed(), "dismiss", {"ground": "withdrawn"})
    held[ended.number] = "closed_without_ruling"
    row, _ruling, _disclosure = story.ruled()
    held[row.number] = "due"
    row, _ruling, _disclosure = story.published()
    held[row.number] = "published"
    row, ruling, disclosure = story.published()
    story.save(
        disclosure,
        [*story.rows(ruling, story.WITNESS), {**story.WITNESS, "original": "阀门", "replacement": "产品"}],
    )
    story.decide(disclosure, "republish")
    held[row.number] = "changed"
    row, _ruling, disclosure = story.marked()
    story.decide(disclosure, "withhold")
    held[row.number] = "withheld"
    row, _ruling, disclosure = story.published()
    story.decide(disclosure, "withdraw")
    held[row.number] = "withdrawn"
    return held


def figure(as_of: date) -> Figure:
    return figures(["ruling_disclosure"], [periods.parse(str(TODAY.year))], as_of)["ruling_disclosure"][0]


def files(client, folder: Path) -> list[str]:
    names = []
    for name in ("register.csv", "seals.txt"):
        (folder / name).write_bytes(client.get(f"/rulings/{name}").content)
        names.append(str(folder / name))
    return names


def run(*names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(CHECKER), *names], capture_output=True, text=True, check=False
    )


def test_a_stranger_s_checker_agrees_and_so_does_the_indicator(client, tmp_path):
    held = every_status()
    chain.seal_day(TODAY, timezone.now())
    names = files(client, tmp_path)
    done = run(*names)
    assert (done.returncode, done.stderr) == (0, "")
    assert dict(line.split() for line in done.stdout.splitlines()) == held
    assert set(held.values()) == {
        "pending",
        "closed_without_ruling",
        "due",
        "published",
        "changed",
        "withheld",
        "withdrawn",
        "void",
    }
    now = register_views.counted(TODAY)
    one = figure(TODAY)
    assert (now["published"], now["should"]) == (one.numerator, one.denominator) == (2, 3)
    assert (
        (now["withheld"], now["withdrawn"]) == (one.excluded["withheld"], one.parts["unpublished"]) == (1, 1)
    )
    past = date(TODAY.year, 12, 31)  # the time of what was ruled today is over
    one = figure(past)
    owed = register_views.counted(past)
    assert (owed["published"], owed["should"]) == (one.numerator, one.denominator) == (2, 4)

    text = Path(names[0]).read_bytes()
    for done_to_it, says in (
        (text.replace(b",published,", b",withheld,", 1), "changed"),
        (text.replace(b"withheld", b"withdrawn"), "changed"),
        (b"\n".join(text.split(b"\n")[:3] + text.split(b"\n")[4:]), "follow"),
        (b"\n".join(text.split(b"\n")[:-2]) + b"\n", "cut"),
    ):
        (tmp_path / "other.csv").write_bytes(done_to_it)
        found = run(str(tmp_path / "other.csv"), names[1])
        assert found.returncode == 1 and says in found.stderr, (says, found.stderr)


def test_the_ten_lines_of_the_public_page_really_check(client, tmp_path):
    """The program printed on the page, run as it stands there, on the file of this server."""
    story.published()
    page = client.get("/rulings/about/").content.decode()
    program = page.partition("核对登记簿的程序")[2].partition(">")[2].partition("</pre>")[0]
    program = program.replace("&quot;", '"').replace("&#x27;", "'").replace("&lt;", "<")
    assert len(program.strip().splitlines()) == 10 + 1  # and the line that prints what was seen
    name = tmp_path / "register.csv"
    name.write_bytes(client.get("/rulings/register.csv").content)
    address = program.partition('urlopen("')[2].partition('"')[0]
    assert address.endswith("/rulings/register.csv")
    said = run_program(program.replace(address, name.as_uri()))
    assert said.returncode == 0 and said.stdout.startswith("3 行，最后一行"), said.stderr
    name.write_bytes(name.read_bytes().replace(b"due", b"pub"))
    assert "被改动" in run_program(program.replace(address, name.as_uri())).stderr


def run_program(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)


def test_late_is_flagged_in_line_and_count(client, time_machine):
    time_machine.move_to(f"{TODAY}T10:00:00+08:00", tick=False)
    in_time = story.published()[0].number
    _row, _ruling, late = story.marked()
    owed = story.ruled()[0].number
    day = Disclosure.objects.get(pk=late.pk).publish_by.replace(day=30)
    time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)
    story.decide(late, "publish", today=day)
    rows = {}
    for row in client.get("/rulings/register/").content.decode().split("<tr id=")[1:]:
        number = row.partition('scope="row"')[2].partition("号")[0].rpartition("津滨")[2]
        rows.setdefault(f"津滨{number}号", []).append("超期" in row)
    assert not any(rows[in_time])
    assert rows[late.ruling.number] == [True, False, False]  # the line that published it, not the one before
    assert rows[owed] == [True, False]
    assert register_views.counted(day)["late"] == 2
    assert "超期 <b" in client.get("/rulings/register/").content.decode()
    only = client.get("/rulings/register/?number=2026年1号").content.decode()
    assert only.count("<tr id=") == 3 and in_time in only and owed not in only
    assert "没有这个案号的记录" in client.get("/rulings/register/?number=2031-99").content.decode()
    assert client.get("/rulings/register/?number=' OR 1=1").content.decode().count("<tr id=") == 0
