"""An import begun on the upload page: the worker runs it in slices and can be killed at any row.

How far it is stands in `ImportRun` and is saved with the row it speaks of, so that going on never counts twice. Other
runs over lines (批量登记) go the same way: ask, Account, go.
"""

import json
from collections.abc import Iterable
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import files, outbox
from cases.errors import DomainError
from cases.models import Outbox
from cases.models.effects import ImportRun
from cases.models.effects import Run as SomeRun
from cases.outbox import effect

from . import mapping, sheet
from .running import Result, Run, demand_importer

SLICE_SECONDS = 60  # of one turn of the worker; below its time limit and the outbox's lease
SAVE_EVERY = 100  # lines that added nothing
UNFINISHED = (SomeRun.State.WAITING, SomeRun.State.RUNNING)


def ask(run: SomeRun) -> None:
    """Have the worker begin or go on; inside a transaction."""
    key = f"{run.mark}:{run.pk}:{run.done}"
    turn = Outbox.objects.filter(key__startswith=key).count()
    Outbox.objects.create(
        name=run.effect, payload=json.dumps({"run": run.pk}), key=f"{key}:{turn}", not_before=timezone.now()
    )
    transaction.on_commit(outbox.ring, robust=True)


def halted(run: SomeRun) -> bool:
    """Has the worker given up on it, or is nothing under way any more?"""
    waiting = Outbox.objects.filter(key__startswith=f"{run.mark}:{run.pk}:", state=Outbox.State.WAITING)
    return run.state in UNFINISHED and not waiting.exists()


class Account:
    """Keeps the run's row in step with the lines."""

    def __init__(self, row: SomeRun):
        self.row, self.unsaved = row, 0
        self.failed: list[dict[str, Any]] = json.loads(row.failed)
        self.failed_before = len(self.failed)

    def note(self, result: Result) -> None:
        """One line more. Called inside the line's own transaction if it added cases."""
        self.row.done += 1
        self.row.added += result.added
        self.row.unchanged += result.unchanged
        if result.problems:
            self.failed.append(result.failure())
        self.unsaved += 1
        if result.added or self.unsaved >= SAVE_EVERY:
            self.save()

    def save(self) -> None:
        columns = ["done", "added", "unchanged"]
        if len(self.failed) != self.failed_before:
            self.row.failed = json.dumps(self.failed, ensure_ascii=False)
            self.failed_before = len(self.failed)
            columns.append("failed")
        self.row.save(update_fields=columns)
        self.unsaved = 0

    def begin(self, rows: int) -> None:
        self.row.rows, self.row.state = rows, SomeRun.State.RUNNING
        self.row.save(update_fields=["rows", "state"])

    def end(self, state: str, message: object = "") -> None:
        self.save()
        self.row.state, self.row.message, self.row.ended_at = state, str(message)[:300], timezone.now()
        self.row.save(update_fields=["state", "message", "ended_at"])


def go(account: Account, results: Iterable[Result]) -> bool:
    """Take results for a slice of time; True if that was all, else the worker was asked for another turn."""
    row, begun = account.row, monotonic()
    for _result in results:
        if monotonic() - begun > SLICE_SECONDS and row.done < row.rows:
            with transaction.atomic():
                account.save()
                ask(row)
            return False
    return True


def stored_sheet(row: ImportRun) -> sheet.Sheet:
    """The sheet as it was uploaded. Raises SheetRefused or FileLost."""
    if row.file is None:
        raise ValueError("an import without a file")
    with files.open(row.file.sm3) as stored:
        return sheet.read(stored.read(), row.name)


@effect("run_import")
def run_import(run: int) -> None:
    """Run an uploaded sheet from the line where it stopped, for a slice of time; then ask for another turn."""
    row = ImportRun.objects.select_related("file", "by").get(pk=run)
    if row.state not in UNFINISHED:
        return
    account = Account(row)
    today = timezone.localdate()
    try:
        demand_importer(row.by, today)
        found = stored_sheet(row)
        going = Run(found, mapping.parse(row.mapping), by=row.by, today=today, dry_run=row.dry_run)
    except DomainError as refusal:
        account.end(ImportRun.State.FAILED, refusal)
        return
    account.begin(len(found.lines))
    if not go(account, going.rows(row.done, after=account.note)):
        return
    unknown = "、".join(going.plan.unknown)
    account.end(
        ImportRun.State.DONE, _("未识别的栏目已随案保存：%(names)s") % {"names": unknown} if unknown else ""
    )
