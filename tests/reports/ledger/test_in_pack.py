"""The tasks in the pack of a push meeting."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from cases.documents import blocks
from reports.ledger import in_pack
from reports.models import LedgerTask
from tests.reports.ledger import ground

pytestmark = pytest.mark.django_db


def told(days: int = 0) -> str:
    return blocks.plain_text(in_pack.tasks(SimpleNamespace(today=ground.TODAY + timedelta(days=days))))


def test_without_a_plan_the_pack_says_nothing_of_tasks():
    assert told() == ""


def test_the_pack_counts_the_tasks_and_names_those_without_evidence():
    ground.read()
    number = LedgerTask.objects.count()
    assert f"任务共 {number} 项" in told()
    silent = told(days=61)
    assert "第 1 项" in silent and "61 日无新佐证" in silent


def test_a_task_that_is_done_is_not_named():
    ground.read()
    ground.complete(1)
    said = told(days=61)
    assert "已完成 1 项" in said and "第 1 项" not in said
