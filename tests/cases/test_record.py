"""The record cannot be changed unseen: the database refuses, the chain shows, a seal contradicts."""

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models.signals import pre_migrate  # noqa: TID251  a migration is played
from django.utils import timezone

from cases import chain, guards, kinds, steps
from cases.models import AccessLog, Case, Chain, Event, Number, Proceeding, Seal
from tests.factories import TODAY, approve_all, body, clerk, first, register, user

SQLITE = connection.vendor == "sqlite"


def accepted() -> Proceeding:
    head = user("head", ("head", body("centre")))
    row = first(register())
    answer = steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    approve_all(answer, head)
    return first(row.case)


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def row(db):
    return accepted()


@pytest.fixture
def unguarded(committing):
    """The house with its guards taken down by hand: what somebody with the database's own rights could do."""
    made = accepted()
    guards.drop()
    yield made
    guards.install()


def seal(day: date = TODAY) -> list[Seal]:
    return chain.seal_day(day, timezone.now())


# the chain and the seals see it -----------------------------------------------------------------------------------


def test_an_untouched_record_is_whole(unguarded):
    register(), register()
    seal()
    assert chain.broken_case_chains() == []
    assert chain.broken_case_chains([unguarded.case_id]) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_event SET body = replace(body, 'advice', 'analysis') WHERE case_id = %s AND body LIKE '%%advice%%'",
        "UPDATE cases_event SET body = body || ' ' WHERE case_id = %s AND seq = 2",
        "UPDATE cases_event SET prev = '' WHERE case_id = %s AND seq = 3",
        "UPDATE cases_event SET value = 'adjudication' WHERE case_id = %s AND fact = 'accepted'",
        "UPDATE cases_event SET occurred_on = '2025-11-20' WHERE case_id = %s AND fact = 'accepted'",
        "UPDATE cases_event SET fact = NULL WHERE case_id = %s AND fact = 'applied'",
        "UPDATE cases_event SET approved_by_id = by_id WHERE case_id = %s AND approved_by_id IS NOT NULL",
        "UPDATE cases_event SET at = '2026-01-01 00:00:00+00' WHERE case_id = %s AND seq = 1",
        "UPDATE cases_event SET audience = 'case' WHERE case_id = %s AND audience = 'proceeding' AND seq = 2",
        "DELETE FROM cases_event WHERE case_id = %s AND seq = 3",
        "DELETE FROM cases_event WHERE case_id = %s AND seq = 1",
        "UPDATE cases_chain SET length = length - 1 WHERE kind = 'case' AND key = CAST(%s AS VARCHAR(20))",
        "UPDATE cases_chain SET head = '' WHERE kind = 'case' AND key = CAST(%s AS VARCHAR(20))",
    ],
)
def test_a_changed_or_removed_event_is_found(unguarded, change):
    other = register()
    let_go()
    run(change, unguarded.case_id)
    found = chain.broken_case_chains()
    assert found and all(f"case {unguarded.case_id}:" in line for line in found)
    assert chain.broken_case_chains([unguarded.case_id])
    assert chain.broken_case_chains([other.pk]) == []


def test_reordered_events_are_found(unguarded):
    case = unguarded.case_id
    for old, new in ((1, 1001), (2, 1), (1001, 2)):
        run("UPDATE cases_event SET seq = %s WHERE case_id = %s AND seq = %s", new, case, old)
    found = chain.broken_case_chains()
    assert any("event 1 does not follow" in line or "event 1 was changed" in line for line in found)


def test_an_event_of_another_case_is_found(unguarded):
    other = register()
    run(
        "UPDATE cases_event SET case_id = %s, seq = 4 WHERE case_id = %s AND seq = 3",
        other.pk,
        unguarded.case_id,
    )
    assert chain.broken_case_chains([other.pk]) and chain.broken_case_chains([unguarded.case_id])


def let_go() -> None:
    """Whatever points at an event points at it no longer, so that the database lets the event go."""
    for relation in Event._meta.get_fields(include_hidden=True):
        if not relation.one_to_many:
            continue
        relation.related_model._base_manager.order_by().update(**{relation.field.name: None})


def forge(case_id: int, length: int) -> None:
    """Cut a chain as somebody would who also puts its end right."""
    let_go()
    Event._base_manager.filter(case=case_id, seq__gt=length).delete()
    last = Event.objects.get(case=case_id, seq=length)
    Chain.objects.filter(kind="case", key=str(case_id)).update(length=length, head=last.hash)


def test_a_cut_tail_contradicts_the_seal_and_nothing_else(unguarded):
    case = register()
    assert len(seal()) == 1
    forge(case.pk, 1)
    found = chain.broken_case_chains()
    assert found == [f"seal 1: case {case.pk} had another event 2"]


def test_a_missing_chain_and_a_wholly_removed_record_contradict_the_seal(unguarded):
    case = register()
    seal()
    let_go()
    Event._base_manager.filter(case=case).delete()
    assert f"case {case.pk}: the chain's end does not match its events" in chain.broken_case_chains([case.pk])
    Chain.objects.filter(kind="case", key=str(case.pk)).delete()
    assert any("is missing" in line for line in chain.broken_case_chains())


def test_a_chain_without_its_row_is_found(unguarded):
    Chain.objects.filter(kind="case").delete()
    assert chain.broken_case_chains() == [f"case {unguarded.case_id}: its chain is missing"]


def test_changed_cut_and_reordered_seals_are_found(unguarded):
    for n in range(3):
        register()
        seal(TODAY + timedelta(n))
    assert chain.broken_case_chains() == []
    run("UPDATE cases_seal SET body = replace(body, '2026-11-21', '2026-11-22') WHERE id = 2")
    assert "seal 2 was changed or a seal before it is missing" in chain.broken_case_chains()
    run("UPDATE cases_seal SET body = replace(body, '2026-11-22', '2026-11-21') WHERE id = 2")
    assert chain.broken_case_chains() == []
    run("DELETE FROM cases_seal WHERE id = 1")
    assert any(line.startswith("seal 2") for line in chain.broken_case_chains())


def test_a_seal_names_only_what_grew(db):
    register()
    assert len(seal()) == 1
    assert seal() == []
    case = register()
    (made,) = seal()
    grown = Chain.objects.get(kind="case", key=str(case.pk))
    assert [pk for pk, _length, _head in json.loads(made.body)["chains"]] == [grown.pk]


def test_another_record_key_makes_another_record(row, settings):
    settings.RECORD_KEY = bytes(reversed(settings.RECORD_KEY))
    assert len(chain.broken_case_chains()) >= 3


# the database refuses it -------------------------------------------------------------------------------------------

RAW = [
    "UPDATE cases_proceeding SET state = 'completed'",
    "UPDATE cases_proceeding SET state = 'received', version = 0",
    "UPDATE cases_proceeding SET version = version + 1, state = 'completed'",
    "UPDATE cases_proceeding SET version = version - 1",
    "UPDATE cases_proceeding SET number = '津滨知援字〔2026〕9号'",
    "UPDATE cases_proceeding SET number = NULL",
    "UPDATE cases_proceeding SET outcome = 'completed'",
    "UPDATE cases_proceeding SET received_on = '2025-01-01'",
    "UPDATE cases_proceeding SET accepted_on = NULL",
    "UPDATE cases_proceeding SET closed_on = '2026-11-20'",
    "UPDATE cases_proceeding SET kind = 'reference'",
    "UPDATE cases_proceeding SET id = id + 1000",
    "DELETE FROM cases_proceeding",
    "DELETE FROM cases_case",
    "UPDATE cases_case SET registration_no = '2026-000009'",
    "UPDATE cases_case SET registration_no = NULL",
    "UPDATE cases_case SET category = 'matter'",
    "DELETE FROM cases_number",
    "UPDATE cases_event SET body = '{}'",
    "UPDATE cases_event SET value = 'x' WHERE seq = 1",
    "DELETE FROM cases_event",
    "DELETE FROM cases_accesslog",
    "UPDATE cases_accesslog SET outcome = 'ok'",
    "DELETE FROM cases_seal",
    "UPDATE cases_seal SET day = '2020-01-01'",
]


@pytest.mark.parametrize("sql", RAW)
def test_raw_sql_is_refused(row, sql):
    AccessLog.objects.create(at=timezone.now(), act="read", subject="x", outcome="shown")
    seal()
    before = whole()
    with pytest.raises(DatabaseError):
        run(sql)
    assert whole() == before


def whole() -> list[object]:
    """Everything that must not move."""
    tables = (
        "cases_proceeding",
        "cases_event",
        "cases_case",
        "cases_number",
        "cases_seal",
        "cases_accesslog",
    )
    found: list[object] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found.append(cursor.fetchall())
    return found


@pytest.mark.skipif(not SQLITE, reason="REPLACE is SQLite's")
@pytest.mark.parametrize("table", ["cases_proceeding", "cases_event", "cases_case", "cases_number"])
def test_replace_does_not_pass_by_the_guards(row, table):
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    forged = {"outcome": "'x'", "value": "'x'", "summary": "'x'", "void_on": "'2026-01-01'"}
    names = ", ".join(f'"{name}"' for name in columns)
    said = ", ".join(forged.get(name, f'"{name}"') for name in columns)
    before = whole()
    with pytest.raises(IntegrityError):
        run(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {said} FROM {table}")
    assert whole() == before


@pytest.mark.skipif(SQLITE, reason="TRUNCATE is PostgreSQL's")
@pytest.mark.parametrize(
    "table", ["cases_event", "cases_proceeding", "cases_case", "cases_accesslog", "cases_seal"]
)
def test_truncate_is_refused(row, table):
    with pytest.raises(DatabaseError):
        run(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("kind", sorted(kinds.all_kinds()))
def test_a_proceeding_is_born_received_or_with_its_event(row, kind):
    model = kinds.get(kind).model
    for state, version in (("received", 1), (kinds.get(kind).way[-1], 0), ("nonsense", 0), ("void", 1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            fresh = Proceeding(case=row.case, kind=kind, state=state, version=version)
            fresh.save(force_insert=True)
    assert model._meta.get_field("state").protected


@pytest.mark.parametrize(
    "model", [Proceeding, Case, Event, *(known.model for known in kinds.all_kinds().values())],
    ids=lambda m: m.__name__,
)  # fmt: skip
def test_bulk_writes_are_refused(row, model):
    for write in (
        lambda: model.objects.update(pk=1),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_create([model()]),
        lambda: model.objects.bulk_update([model()], ["pk"]),
        lambda: model.objects.update_or_create(pk=1),
    ):
        with pytest.raises(TypeError):
            write()


def test_plain_querysets_past_our_manager_are_refused_by_the_database(row):
    for write in (
        lambda: models.QuerySet(Proceeding).update(state="completed"),
        lambda: models.QuerySet(Proceeding).filter(pk=row.pk).update(number="x"),
        lambda: models.QuerySet(Event).update(fact="closed"),
        lambda: models.QuerySet(Event).filter(seq=1)._raw_delete("default"),
        lambda: models.QuerySet(Proceeding).bulk_create(
            [Proceeding(case=row.case, kind="assistance", state="completed", version=3)]
        ),
        lambda: row.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert chain.broken_case_chains() == []


def test_a_stale_copy_cannot_be_saved_over_a_later_state(row):
    stale = type(row).objects.get(pk=row.pk)
    data = {"to": "法院", "reason": "管辖"}
    steps.perform(row.pk, "transfer", by=clerk(), data=data, version=1, today=TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        stale.save()
    assert type(row).objects.get(pk=row.pk).state == "transferred"


def test_the_state_cannot_be_assigned(row):
    with pytest.raises(AttributeError):
        row.state = "completed"
    with pytest.raises(TypeError):
        row.refresh_from_db()


def test_what_is_free_stays_free(row):
    run("UPDATE cases_proceeding SET due_on = '2027-01-01', due_rule = 'W-03', handler_id = NULL")
    run("UPDATE cases_case SET summary = '别的'")


def test_no_case_data_is_in_the_admin():
    for model in admin.site._registry:
        beside = {f.related_model._meta.app_label for f in model._meta.get_fields() if f.many_to_one}
        assert model._meta.app_label in ("stations", "reports") and beside <= {"stations"}, model


# the guards stand, through migrations too ---------------------------------------------------------------------------


def test_all_guards_stand(db):
    assert guards.missing() == []


@pytest.mark.parametrize("name", sorted(guards.statements(connection.vendor)))
def test_a_guard_dropped_by_hand_is_missed(db, name):
    table = guards._rules(connection.vendor)[name][0]
    run(f"DROP TRIGGER {name}" + ("" if SQLITE else f" ON {table}"))
    assert guards.missing() == [name]


def test_a_guard_that_says_something_else_is_missed(db):
    name, table = "guard_event_update", "cases_event"
    run(f"DROP TRIGGER {name}" + ("" if SQLITE else f" ON {table}"))
    if SQLITE:
        run(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN 0 BEGIN SELECT 1; END")
    else:
        run(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (false) EXECUTE FUNCTION {name}()"
        )
    assert guards.missing() == [name]


@pytest.mark.skipif(SQLITE, reason="PostgreSQL's ways")
@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE cases_event DISABLE TRIGGER guard_event_update",
        "DROP TRIGGER guard_event_delete_all ON cases_event",
        "ALTER TABLE cases_event DISABLE TRIGGER guard_event_delete_all",
        "CREATE OR REPLACE FUNCTION guard_event_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    ],
)
def test_a_guard_switched_off_is_missed(db, sql):
    run(sql)
    assert len(guards.missing()) == 1


def test_a_migration_that_remakes_a_table_finds_the_guards_down_and_leaves_them_up(committing):
    """SQLite remakes a table to alter a column and drops its triggers silently."""
    row = accepted()
    seen = {}

    def before(**_signal):
        seen["down"] = len(guards.missing()) == len(guards.statements(connection.vendor))
        with connection.schema_editor() as editor:
            old = Event._meta.get_field("value")
            new = models.CharField(max_length=61, null=True)
            new.set_attributes_from_name("value")
            editor.alter_field(Event, old, new)
            editor.alter_field(Event, new, old)

    house = apps.get_app_config("cases")
    pre_migrate.connect(before, sender=house, dispatch_uid="test.remake")
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(sender=house, dispatch_uid="test.remake")
    assert seen == {"down": True}
    assert guards.missing() == []
    with pytest.raises(DatabaseError):
        run("UPDATE cases_event SET value = 'x'")
    assert chain.broken_case_chains() == [] and Event.objects.filter(case=row.case_id).count() > 3


def test_all_guards_down_are_all_missed(db):
    guards.drop()
    assert set(guards.missing()) == set(guards.statements(connection.vendor))
    guards.install()
    assert guards.missing() == []


def test_numbers_given_stay(row):
    assert Number.objects.get().text == row.number
