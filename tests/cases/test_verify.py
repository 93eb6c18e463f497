"""`verify` finds what was changed behind the door's back, and says nothing where nothing was."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cases import chain, files, guards, steps, verifying
from cases.models import StoredFile
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted():
    clerk, head = factories.clerk(), factories.user("head", ("head", factories.body("centre")))
    case = factories.register(clerk)
    row = factories.first(case)
    answer = steps.perform(
        row.pk, "accept", by=clerk, data={"help_kind": "advice"}, version=0, today=factories.TODAY
    )
    factories.approve_all(answer, head)
    return factories.first(case)


def broken() -> dict[str, list[str]]:
    return {f.name: f.broken for f in verifying.run_all() if f.broken}


def tamper(sql: str, *values) -> None:
    """Change a row as somebody with the database's own rights would: guards down, guards up again."""
    guards.drop()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    guards.install()


def test_nothing_is_broken_and_every_check_looked_at_something(accepted):
    facts = files.put_bytes(b"paper", name="a.pdf", type="application/pdf")
    StoredFile.objects.create(sm3=facts.sm3, sha256=facts.sha256, size=5, type=facts.type)
    chain.seal_day(factories.TODAY, timezone.now())
    found = {f.name: f for f in verifying.run_all()}
    assert {"chains", "seals", "guards", "projections", "files", "numbers", "register"} <= set(found)
    assert not [f for f in found.values() if f.broken]
    assert all(found[n].checked for n in ("chains", "seals", "guards", "projections", "files", "numbers"))


@pytest.mark.parametrize(
    ("sql", "check"),
    [
        ("UPDATE cases_proceeding SET closed_on = '2026-11-01' WHERE id = %s", "projections"),
        ("UPDATE cases_proceeding SET accepted_on = '2026-11-01' WHERE id = %s", "projections"),
        ("UPDATE cases_proceeding SET state = 'completed' WHERE id = %s", "projections"),
        ("UPDATE cases_proceeding SET version = 5 WHERE id = %s", "projections"),
        ("UPDATE cases_proceeding SET number = '津滨知援字〔2026〕9号' WHERE id = %s", "projections"),
        ("UPDATE cases_proceeding SET is_open = false WHERE id = %s", "projections"),
        ("UPDATE cases_proceeding SET due_on = '2026-01-01' WHERE id = %s", "projections"),
        ("UPDATE cases_event SET fact = NULL WHERE fact = 'accepted' AND proceeding_id = %s", "chains"),
        ("DELETE FROM cases_number WHERE proceeding_id = %s", "numbers"),
    ],
)
def test_each_change_is_found(accepted, sql, check):
    tamper(sql, accepted.pk)
    assert check in broken()


def test_a_changed_end_contradicts_chain_and_seal(accepted):
    chain.seal_day(factories.TODAY, timezone.now())
    sql = "UPDATE cases_event SET hash = 'x' WHERE id = (SELECT MAX(id) FROM cases_event WHERE case_id = %s)"
    tamper(sql, accepted.case_id)
    found = broken()
    assert found["chains"] and found["seals"]


def test_a_lost_and_a_changed_file_are_found(accepted):
    for content in (b"verify one", b"verify two"):
        facts = files.put_bytes(content, name="a.pdf", type="application/pdf")
        StoredFile.objects.create(sm3=facts.sm3, sha256=facts.sha256, size=3, type=facts.type)
    first, second = StoredFile.objects.order_by("pk")
    Path(default_storage.path(files.storage_name(first.sm3))).unlink()
    damaged = Path(default_storage.path(files.storage_name(second.sm3)))
    damaged.write_bytes(b"2wo")
    try:
        assert sorted(line.rpartition(" ")[2] for line in broken()["files"]) == [
            "file_damaged",
            "file_missing",
        ]
    finally:
        damaged.unlink()


def test_a_missing_guard_is_found(accepted):
    name = next(iter(guards.statements(connection.vendor)))
    guards.drop()
    try:
        assert any(name in line for line in broken()["guards"])
    finally:
        guards.install()


def test_the_command_exits_1_and_prints_one_document(accepted, capsys):
    call_command("verify", "--json")
    assert json.loads(capsys.readouterr().out)["ok"] is True
    tamper("UPDATE cases_proceeding SET accepted_on = %s WHERE id = %s", date(2026, 1, 1), accepted.pk)
    with pytest.raises(SystemExit) as end:
        call_command("verify", "--json")
    assert end.value.code == 1
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert [c["name"] for c in document["checks"] if c["broken"]] == ["projections"]
