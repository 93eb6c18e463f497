"""The register: one line per change, in the format anyone can check, append-only in the database itself."""

import csv
import hashlib
import io

import pytest
from django.db import DatabaseError, connection, transaction

from adjudication import register
from adjudication.models import RegisterLine
from cases import guards
from cases.models import Chain
from tests.adjudication.public_story import decide, published, ruled
from tests.adjudication.story import filed, take

pytestmark = pytest.mark.django_db


def checked(text: str) -> list[dict[str, str]]:
    """Check the file as a stranger would, with nothing of ours, and give its lines."""
    heading, *lines = text.encode().split(b"\n")[:-1]
    assert heading == b"seq,number,status,on,due_on,ground,digest,prev,hash"
    prev = b""
    for n, line in enumerate(lines, start=1):
        before, _comma, last = line.rpartition(b",")
        assert hashlib.new("sm3", before).hexdigest().encode() == last, f"line {n} was changed"
        assert before.split(b",")[0] == str(n).encode()
        assert before.rpartition(b",")[2] == prev, f"line {n} does not follow"
        prev = last
    return list(csv.DictReader(io.StringIO(text)))


def file(client) -> str:
    return client.get("/rulings/register.csv").content.decode()


def test_every_change_of_a_number_is_a_line_that_anyone_can_check(client):
    row, _ruling, disclosure = published()
    decide(disclosure, "withdraw")
    filed()
    lines = checked(file(client))
    first = [line for line in lines if line["number"] == row.number]
    assert [line["status"] for line in first] == ["pending", "due", "published", "withdrawn"]
    assert first[1]["due_on"] == "2026-12-18" and first[0]["due_on"] == ""
    assert first[2]["digest"] == disclosure.candidate().digest
    assert "第十五条" in first[3]["ground"]
    assert lines[-1]["status"] == "pending" and lines[-1]["number"] == "津滨知裁字〔2026〕2号"
    assert register.broken() == []


def test_an_undone_filing_is_void(client):
    row = filed()
    take(row, "undo_last", {"reason": "误立案"})
    assert [line["status"] for line in checked(file(client))] == ["pending", "void"]


def test_undone_signing_goes_back_to_pending(client):
    row, _ruling, disclosure = ruled()
    take(row, "undo_last", {"reason": "误签"})
    assert [line["status"] for line in checked(file(client))] == ["pending", "due", "pending"]
    assert type(disclosure).objects.get(pk=disclosure.pk).state == "void"


@pytest.mark.parametrize("change", ["changed", "removed", "swapped", "cut"])
def test_a_stranger_and_verify_both_see_what_was_done_to_the_lines(client, change):
    filed()
    filed()
    filed()
    guards.drop()
    with connection.cursor() as cursor:
        if change == "changed":
            cursor.execute("UPDATE adjudication_registerline SET status = 'void' WHERE seq = 2")
        elif change == "removed":
            cursor.execute("DELETE FROM adjudication_registerline WHERE seq = 2")
        elif change == "swapped":
            cursor.execute("UPDATE adjudication_registerline SET seq = 99 WHERE seq = 1")
            cursor.execute("UPDATE adjudication_registerline SET seq = 1 WHERE seq = 2")
            cursor.execute("UPDATE adjudication_registerline SET seq = 2 WHERE seq = 99")
        else:
            cursor.execute("DELETE FROM adjudication_registerline WHERE seq = 3")
    assert register.broken()
    text = "".join(register.csv_lines())
    if change == "cut":  # only the seal tells: the chain's end is not in the file
        assert Chain.objects.get(kind="register").length == 3 and len(checked(text)) == 2
    else:
        with pytest.raises(AssertionError):
            checked(text)


@pytest.mark.parametrize(
    "sql", ["UPDATE adjudication_registerline SET ground = 'x'", "DELETE FROM adjudication_registerline"]
)
def test_the_database_refuses_to_change_a_line(sql):
    filed()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    row = RegisterLine.objects.get()
    row.ground = "x"
    with pytest.raises(TypeError):
        row.save()


def test_a_failed_step_leaves_no_line():
    _row, _ruling, disclosure = ruled()
    before = RegisterLine.objects.count()
    with pytest.raises(Exception, match="尚未生成"):
        decide(disclosure, "publish")
    assert RegisterLine.objects.count() == before == 2 and Chain.objects.get(kind="register").length == 2
