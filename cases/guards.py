"""The database's own refusal: SQL guards for both engines, dropped before and installed after migrations.

They refuse what the door would never do, by whatever way it comes: ORM, raw SQL, admin, a migration.
"""

from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

APPEND_ONLY = ["cases_event", "cases_accesslog", "cases_seal"]
LOCKED_WITH_VERSION = ("case_id", "kind", "number", "outcome", "received_on", "accepted_on", "closed_on")
PREFIX = "guard_"


def protect(table: str) -> None:
    """A higher room names a table of its own that is append-only; called where its model stands."""
    if table not in APPEND_ONLY:
        APPEND_ONLY.append(table)


_SAME = {
    "sqlite": lambda c: f"NEW.{c} IS OLD.{c}",
    "postgresql": lambda c: f"NEW.{c} IS NOT DISTINCT FROM OLD.{c}",
}


def _fits(old_state: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM cases_event e WHERE e.proceeding_id = NEW.id AND e.version = NEW.version "  # noqa: S608
        f"AND e.to_state = NEW.state AND e.kind = 'step'{old_state})"
    )


def _rules(vendor: str) -> dict[str, tuple[str, str, str, str]]:
    """name -> (table, timing and event, condition of refusal, message)."""
    same = _SAME[vendor]
    unchanged = " AND ".join(same(c) for c in ("version", "state", *LOCKED_WITH_VERSION))
    moved = f"NEW.version = OLD.version + 1 AND NEW.id = OLD.id AND {_fits(' AND e.from_state = OLD.state')}"
    rules = {
        "guard_proceeding_insert": (
            "cases_proceeding",
            "BEFORE INSERT",
            f"NOT ((NEW.version = 0 AND NEW.state = 'received') OR {_fits('')})",
            "a proceeding begins in received at version 0, or with the event of its history",
        ),
        "guard_proceeding_update": (
            "cases_proceeding",
            "BEFORE UPDATE",
            f"NOT (({unchanged} AND NEW.id = OLD.id) OR ({moved}))",
            "a proceeding moves only with the event that says so",
        ),
        "guard_proceeding_delete": ("cases_proceeding", "BEFORE DELETE", "", "a proceeding is never deleted"),
        "guard_case_delete": ("cases_case", "BEFORE DELETE", "", "a case is never deleted"),
        "guard_case_update": (
            "cases_case",
            "BEFORE UPDATE",
            f"NOT ({same('registration_no')} AND {same('category')} AND NEW.id = OLD.id)",
            "a registration number is never changed",
        ),
        "guard_number_delete": ("cases_number", "BEFORE DELETE", "", "a number given stays"),
    }
    for table in APPEND_ONLY:
        short = table.removeprefix("cases_")
        rules[f"guard_{short}_update"] = (table, "BEFORE UPDATE", "", "the record is append-only")
        rules[f"guard_{short}_delete"] = (table, "BEFORE DELETE", "", "the record is append-only")
    return rules


def _sqlite(name: str, table: str, when: str, condition: str, message: str) -> list[str]:
    clause = f"WHEN {condition} " if condition else ""
    return [
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW {clause}BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ]


def _postgresql(name: str, table: str, when: str, condition: str, message: str) -> list[str]:
    test = f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;"
    if not condition:
        test = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"
    result = "RETURN OLD;" if "DELETE" in when else "RETURN NEW;"
    made = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {test} {result} END $$",
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
    if "DELETE" in when and not condition:
        made.append(
            f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    return made


def statements(vendor: str) -> dict[str, list[str]]:
    """name of guard -> the SQL that installs it."""
    make = _sqlite if vendor == "sqlite" else _postgresql
    return {name: make(name, *rule) for name, rule in _rules(vendor).items()}


def _existing_tables(using: str) -> set[str]:
    return set(connections[using].introspection.table_names())


def _listed(cursor: CursorWrapper, vendor: str) -> dict[str, tuple[str, str]]:
    """Installed guards: name -> (table, definition)."""
    if vendor == "sqlite":
        cursor.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
        )
        return {name: (table, sql) for name, table, sql in cursor.fetchall()}
    cursor.execute(
        "SELECT t.tgname, c.relname, "
        "p.prosrc || pg_get_triggerdef(t.oid, true) || ' ' || t.tgenabled::text FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND t.tgname LIKE 'guard!_%' ESCAPE '!' "
        "AND c.relnamespace = current_schema()::regnamespace"
    )
    return {name: (table, source) for name, table, source in cursor.fetchall()}


def drop(using: str = "default", **_signal: Any) -> None:
    """Take the guards down so that a migration may remake their tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, (table, _sql) in _listed(cursor, connection.vendor).items():
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install(using: str = "default", **_signal: Any) -> None:
    """Put every guard in place whose table exists; safe to repeat."""
    connection = connections[using]
    tables = _existing_tables(using)
    drop(using)
    with connection.cursor() as cursor:
        for name, (table, *_rest) in _rules(connection.vendor).items():
            if table in tables and "cases_event" in tables:
                for sql in statements(connection.vendor)[name]:
                    cursor.execute(sql)


def missing(using: str = "default") -> list[str]:
    """Guards that are not there, switched off, or say something else than this file."""
    connection = connections[using]
    vendor = connection.vendor
    with connection.cursor() as cursor:
        installed = _listed(cursor, vendor)
    wrong = []
    for name, sql in statements(vendor).items():
        _table, definition = installed.get(name, ("", ""))
        if vendor == "sqlite":
            right = definition == sql[0]
        else:
            source = sql[0].split("$$")[1]
            right = definition == f"{source}{sql[1]} O"
            if len(sql) == 3:
                right = right and installed.get(f"{name}_all", ("", ""))[1] == f"{source}{sql[2]} O"
        if not right:
            wrong.append(name)
    return wrong
