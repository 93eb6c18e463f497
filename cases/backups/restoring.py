"""Puts a backup back into an empty house, whole or not at all: everything is tested before anything is written."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps as current_apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from cases import chain, files, guards
from cases.protection import sm3

from . import container, keys, tables
from .container import HEAD, MANIFEST, Measured, Member
from .problems import BackupRefused, damaged

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What was put back."""

    made_at: str
    rows: dict[str, int]
    files: int
    counters: list[list[Any]]
    lost: list[str]


def examine(path: Path, *, passphrase: str = "", tell: Tell) -> dict[str, Any]:
    """The manifest of an archive that is whole and whose keys are here. Writes nothing. Raises BackupRefused."""
    head = container.head_of(path, passphrase)
    keys.demand(head["keys"])
    tell("核对备份文件")
    manifest = container.proved(path, passphrase)
    if manifest["head"] != head:
        raise damaged("开头的说明与清单不符")
    return manifest


def restore(path: Path, *, passphrase: str = "", tell: Tell) -> Restored:
    """Put everything back. Raises BackupRefused before anything is written: `keys`, `damaged`, `passphrase`, `schema`,
    `not_empty`.
    """
    manifest = examine(path, passphrase=passphrase, tell=tell)
    migrations = [(app, name) for app, name in manifest["head"]["migrations"]]
    _demand_known(migrations)
    _demand_empty(migrations)
    models = tables.kept(_apps_of(migrations))
    _demand_columns(manifest["head"]["columns"], models)
    if not tables.applied(connection):
        tell("建立数据库结构")
        _migrate_to(migrations)
    with transaction.atomic():
        guards.drop()
        _clear(models)
        _fill(path, passphrase, manifest, {m._meta.db_table: m for m in models}, tell)
        _compare(manifest, models)
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(sql)
        connection.check_constraints()
        guards.install()
    tell("升级数据库结构，安装数据库守护")
    call_command("migrate", interactive=False, verbosity=0)
    for model, rebuild in tables.DERIVED.items():
        tell(f"重建 {model}")
        rebuild()
    return Restored(
        manifest["head"]["made_at"],
        manifest["rows"],
        manifest["files"],
        manifest["counters"],
        manifest["lost"],
    )


# before -------------------------------------------------------------------------------------------------------


def _demand_known(migrations: tables.Migrations) -> None:
    unknown = sorted(set(migrations) - set(tables.known(connection)))
    if unknown:
        app, name = unknown[0]
        raise BackupRefused(
            "schema", f"备份由更新的版本制作（{app}.{name}），请先升级程序。没有写入任何内容。"
        )


def _demand_empty(migrations: tables.Migrations) -> None:
    """No row but those that migrations put in, and the schema of the backup or none yet."""
    existing = set(connection.introspection.table_names())
    for model in tables.kept():
        if model._meta.label_lower in tables.FILLED_BY_MIGRATIONS or model._meta.db_table not in existing:
            continue
        if tables.count(model, connection):
            raise BackupRefused(
                "not_empty",
                f"目标数据库不是空的（{model._meta.db_table} 中已有数据）。恢复只写入空的数据库，"
                "请另建一个空库后重试。没有写入任何内容。",
            )
    if tables.applied(connection) not in ([], sorted(migrations)):
        raise BackupRefused(
            "schema",
            "目标数据库的结构与备份时的不同。请给出一个还没有运行过 migrate 的空数据库。没有写入任何内容。",
        )


def _leaves(migrations: tables.Migrations) -> tables.Migrations:
    """The last migration of each app: none of its own app stands on it."""
    graph = MigrationLoader(connection).graph
    mine = set(migrations)
    return [
        node
        for node in migrations
        if not any(child.key[0] == node[0] and child.key in mine for child in graph.node_map[node].children)
    ]


def _migrate_to(migrations: tables.Migrations) -> None:
    """The schema of the backup, without what `migrate` does afterwards: the guards come after the rows."""
    MigrationExecutor(connection).migrate(_leaves(migrations))


def _apps_of(migrations: tables.Migrations) -> Any:
    if sorted(migrations) == tables.known(connection):
        return current_apps
    return MigrationLoader(connection).project_state(_leaves(migrations)).apps


def _demand_columns(stated: dict[str, list[str]], models: list[tables.Model]) -> None:
    """The migrations make the very columns that were saved."""
    here = {model._meta.db_table: set(tables.columns(model)) for model in models}
    for table, names in stated.items():
        if set(names) != here.get(table):
            raise BackupRefused(
                "schema", f"{table} 的栏目与备份时的不同，程序与备份不是同一系列的版本。没有写入任何内容。"
            )


# writing ------------------------------------------------------------------------------------------------------


def _clear(models: list[tables.Model]) -> None:
    """Take out what migrations put in; foreign keys are compared at the end."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _fill(
    path: Path, passphrase: str, manifest: dict[str, Any], models: dict[str, tables.Model], tell: Tell
) -> None:
    """Rows, then files, each compared once more with the proved manifest: the archive may have changed since."""
    stated = {row[0]: Member(*row) for row in manifest["members"]}
    put, table = 0, ""
    with container.opened(path, passphrase) as members:
        for name, content in members:
            if name in (HEAD, MANIFEST):
                continue
            data = _whole(content, stated.get(name))
            if name.startswith("tables/"):
                if table != name.split("/")[1]:
                    table = name.split("/")[1]
                    tell(f"{table}：{manifest['rows'].get(table)} 行")
                written = manifest["head"]["columns"][table]
                tables.put(models[table], written, gzip.decompress(data).split(b"\n"), connection)
            elif name.startswith("files/"):
                kept = files.put_bytes(data, name="restored", type="application/octet-stream")
                if kept.sm3 != name.removeprefix("files/"):
                    raise damaged(f"文件 {name} 与其摘要不符")
                put += 1
                if put % 100 == 0 or put == manifest["files"]:
                    tell(f"文件：{put} / {manifest['files']}")


def _whole(content: Measured, stated: Member | None) -> bytes:
    """A member, at most one upload or one part of a table in size, if it is what the manifest says."""
    if stated is None:
        raise damaged(f"成员 {content.name} 不在清单中")
    data = content.read(stated.size)
    if content.rest() != stated:
        raise damaged(f"成员 {stated.name} 与清单不符")
    return data


def _compare(manifest: dict[str, Any], models: list[tables.Model]) -> None:
    """What stands in the tables now is what stood there then."""
    for table, wrong in _differences(manifest, models):
        raise damaged(f"{table} 恢复后为 {wrong} 行，备份时为 {manifest['rows'].get(table)} 行")
    ends = chain.canonical({"ends": tables.chain_ends(connection)}).encode()
    if sm3(ends) != manifest["chains"]["sm3"]:
        raise damaged("办案记录链的末端与备份时不符")


def _differences(manifest: dict[str, Any], models: list[tables.Model]) -> Iterator[tuple[str, int]]:
    for model in models:
        found = tables.count(model, connection)
        if found != manifest["rows"].get(model._meta.db_table, 0):
            yield model._meta.db_table, found
