"""A backup gives everything back, or says why not before it writes: keys, damage, a house that is not empty."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from cases import chain, files, guards, steps, verifying
from cases.backups import container, restoring, sealing, tables, taking
from cases.backups.problems import BackupRefused
from cases.models import AccessLog, Case, Event, Party, StoredFile
from tests import factories
from tests.processes import ROOT

WORD = "correct horse battery"
QUIET = {"tell": lambda said: None}


def house() -> Case:
    """Two cases, one accepted under a number, a stored file, a seal."""
    clerk, head = factories.clerk(), factories.user("head", ("head", factories.body("centre")))
    case = factories.register(clerk)
    factories.register(clerk)
    row = factories.first(case)
    answer = steps.perform(
        row.pk, "accept", by=clerk, data={"help_kind": "advice"}, version=0, today=factories.TODAY
    )
    factories.approve_all(answer, head)
    facts = files.put_bytes(b"kept in the backup" * 20_000, name="a.pdf", type="application/pdf")
    StoredFile.objects.create(sm3=facts.sm3, sha256=facts.sha256, size=facts.size, type=facts.type)
    chain.seal_day(factories.TODAY, timezone.now())
    return case


def empty() -> None:
    """The house burns down: no row but what migrations bring, no file."""
    for sm3 in StoredFile.objects.values_list("sm3", flat=True):
        default_storage.delete(files.storage_name(sm3))
    guards.drop()
    call_command("flush", interactive=False, verbosity=0)


def rows() -> dict[str, int]:
    return {model._meta.db_table: tables.count(model, connection) for model in tables.kept()}


def broken() -> list[str]:
    return [line for finding in verifying.run_all() for line in finding.broken]


@pytest.fixture
def archive(committing, tmp_path):
    house()
    path = tmp_path / "house.backup"
    taking.take(path, **QUIET)
    return path


@pytest.mark.parametrize("word", ["", WORD])
def test_restore_into_an_empty_house_gives_all_back_and_numbers_go_on(committing, tmp_path, word):
    case = house()
    path = tmp_path / "house.backup"
    taken = taking.take(path, passphrase=word, **QUIET)
    before, name = rows(), case.parties.first().name
    assert taken.rows == before and taken.files == 1 and taken.encrypted is bool(word)
    assert AccessLog.objects.filter(act="export", subject="backup").exists()
    content = path.read_bytes()
    assert settings.RECORD_KEY.hex().encode() not in content and path.stat().st_mode & 0o077 == 0
    assert (b"head.json" in content) is not bool(word)

    empty()
    restored = restoring.restore(path, passphrase=word, **QUIET)
    assert restored.rows == before == rows()
    assert broken() == []
    assert Party.objects.filter(case=case.pk).first().name == name
    assert Party.objects.filter(case=case.pk).first().id_number == "91110000802100433B"
    again = factories.register()  # sequences and counters stand where they stood
    assert again.registration_no == "2026-000003" and again.pk > case.pk
    assert broken() == []


def test_restore_with_a_wrong_or_missing_key_is_refused_before_writing(archive, settings):
    empty()
    before = rows()
    right = settings.RECORD_KEY, settings.DATA_KEYS
    for name, value, said in [
        ("RECORD_KEY", bytes(range(32)), "记录密钥"),
        ("INDEX_KEY", bytes(range(32)), "索引密钥"),
        ("DATA_KEYS", {"t2": right[1]["t2"]}, "缺少数据密钥 t1"),
        ("DATA_KEYS", {**right[1], "t1": bytes(range(16))}, "数据密钥 t1"),
    ]:
        kept = getattr(settings, name)
        setattr(settings, name, value)
        with pytest.raises(BackupRefused, match=said) as refused:
            restoring.restore(archive, **QUIET)
        setattr(settings, name, kept)
        assert refused.value.code == "keys"
    assert rows() == before


def test_restore_into_a_house_with_anything_in_it_is_refused(archive):
    before = rows()
    with pytest.raises(BackupRefused) as refused:
        restoring.restore(archive, **QUIET)
    assert refused.value.code == "not_empty" and rows() == before


@pytest.mark.parametrize("word", ["", WORD])
def test_a_cut_or_changed_archive_is_refused(committing, tmp_path, word):
    house()
    path, bad = tmp_path / "house.backup", tmp_path / "bad.backup"
    taking.take(path, passphrase=word, **QUIET)
    restoring.examine(path, passphrase=word, **QUIET)
    whole = path.read_bytes()
    end = whole.rstrip(b"\0") if not word else whole  # behind its end a tar is padded
    for cut in (0, 10, 600, 5_000, len(end) // 2, len(end) - 1000, len(end) - 1):
        bad.write_bytes(end[:cut])
        with pytest.raises(BackupRefused):
            restoring.examine(bad, passphrase=word, **QUIET)
    for place in (700, 2_000, len(end) // 3, len(end) // 2, len(end) - 100):
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            found = restoring.examine(bad, passphrase=word, **QUIET)
        except BackupRefused:
            continue
        # the headers of a tar have fields nobody reads; what was proved is what was written
        assert not word and found == restoring.examine(path, **QUIET)


def test_a_manifest_made_without_the_record_key_is_refused(archive, tmp_path, settings):
    forged = tmp_path / "forged.backup"
    head = container.head_of(archive, "")
    settings.RECORD_KEY = bytes(range(32))
    with forged.open("wb") as target:
        writing = container.Writing(target)
        writing.add(container.HEAD, chain.canonical(head).encode())
        writing.seal({"head": head, "rows": {}})
    settings.RECORD_KEY = bytes(range(1, 33))
    with pytest.raises(BackupRefused, match="校验值"):
        container.proved(forged, "")


def test_a_wrong_or_short_passphrase_says_so(committing, tmp_path):
    path = tmp_path / "sealed.backup"
    with pytest.raises(BackupRefused, match="至少"):
        taking.take(path, passphrase="short", **QUIET)
    assert not path.exists() and list(tmp_path.iterdir()) == []
    taking.take(path, passphrase=WORD, **QUIET)
    for word, said in [("", "已加密"), ("another passphrase", "口令不对")]:
        with pytest.raises(BackupRefused, match=said) as refused:
            restoring.examine(path, passphrase=word, **QUIET)
        assert refused.value.code == "passphrase"


def test_a_backup_during_writes_is_one_moment(committing, tmp_path):
    house()
    stop, failed = threading.Event(), []

    def work(name: str) -> None:
        try:
            while not stop.is_set():
                factories.register(factories.clerk(name))
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    for name in ("clerk", "clerk2"):
        factories.clerk(name)
    writers = [threading.Thread(target=work, args=(name,)) for name in ("clerk", "clerk2")]
    for writer in writers:
        writer.start()
    before = Case.objects.count()
    try:
        paths = [tmp_path / f"{n}.backup" for n in range(2)]
        for path in paths:
            taking.take(path, **QUIET)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    after = Case.objects.count()
    assert failed == [] and after > before
    empty()
    restored = restoring.restore(paths[1], **QUIET)
    assert before <= restored.rows["cases_case"] <= after
    assert Event.objects.count() == restored.rows["cases_event"]
    assert broken() == []


def test_a_lost_file_is_named_and_the_rest_is_saved(committing, tmp_path, capsys):
    house()
    stored = StoredFile.objects.get()
    Path(default_storage.path(files.storage_name(stored.sm3))).write_bytes(b"damaged")
    path = tmp_path / "house.backup"
    with pytest.raises(SystemExit) as end:
        call_command("backup", str(path), "--json")
    said = json.loads(capsys.readouterr().out)
    assert end.value.code == 1 and said["lost"] == [f"{stored.sm3} file_damaged"] and said["files"] == 0
    default_storage.delete(files.storage_name(stored.sm3))
    assert restoring.examine(path, **QUIET)["rows"] == rows()


def test_a_backup_of_a_newer_release_is_refused(archive, monkeypatch):
    empty()
    known = tables.known(connection)
    monkeypatch.setattr(tables, "known", lambda using: known[:-1])
    with pytest.raises(BackupRefused, match="更新的版本") as refused:
        restoring.restore(archive, **QUIET)
    assert refused.value.code == "schema" and Case.objects.count() == 0


def test_columns_are_put_back_by_name_whatever_their_order(committing, tmp_path, monkeypatch):
    """An older release may have had them in another order: what migrations add comes last."""
    house()
    path, fields = tmp_path / "house.backup", tables.fields
    monkeypatch.setattr(tables, "fields", lambda model: fields(model)[::-1])
    taking.take(path, **QUIET)
    monkeypatch.undo()
    empty()
    restoring.restore(path, **QUIET)
    assert broken() == [] and Party.objects.filter(id_number_sealed="").count() == 2
    empty()
    monkeypatch.setattr(tables, "fields", lambda model: fields(model)[:-1])
    with pytest.raises(BackupRefused, match="栏目") as refused:
        restoring.restore(path, **QUIET)
    assert refused.value.code == "schema" and Case.objects.count() == 0


def test_backup_over_a_file_that_is_there_is_refused(committing, tmp_path):
    there = tmp_path / "there"
    there.write_text("kept")
    with pytest.raises(CommandError, match="已经存在"):
        call_command("backup", str(there))
    assert there.read_text() == "kept"
    with pytest.raises(CommandError) as wrong:
        call_command("restore", str(tmp_path / "nowhere"))
    assert wrong.value.returncode == 2


def test_restore_makes_the_database_of_a_fresh_machine(archive, tmp_path):
    """The command itself, into SQLite without a table: what was saved on PostgreSQL opens here, too."""
    home = tmp_path / "home"
    home.mkdir()
    secrets = {name: value for name, value in os.environ.items() if name.endswith(("_KEY", "_KEYS"))}
    clean = {n: v for n, v in os.environ.items() if not n.startswith(("ZHIHENG_", "DJANGO_", "TEST_"))}
    environment = clean | secrets | {"ZHIHENG_HOME": str(home), "DATABASE_URL": "", "REDIS_URL": ""}
    done = subprocess.run(
        [sys.executable, "manage.py", "restore", str(archive), "--json"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["ok"] and said["rows"] == rows() and said["files"] == 1
    assert (home / "zhiheng.sqlite3").exists() and len(list((home / "files").rglob("?" * 64))) == 1
    shutil.rmtree(home)


def test_sealed_streams_of_every_length_come_back(tmp_path):
    for size in (0, 1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1, 2 * sealing.PIECE):
        path, plain = tmp_path / "stream", os.urandom(size)
        with path.open("wb") as target, container.sink(target, WORD) as sink:
            sink.write(plain[: size // 2])
            sink.write(plain[size // 2 :])
        with path.open("rb") as source:
            assert sealing.Opening(source, WORD).read() == plain
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) - sealing.PIECE - sealing.TAG] if size > sealing.PIECE else b"")
        with path.open("rb") as source, pytest.raises(BackupRefused):
            sealing.Opening(source, WORD).read()
