"""Every entry of the schedule names a real task that takes the arguments given."""

import inspect

import pytest
from django.conf import settings

from config.celery import app

ENTRIES = settings.CELERY_BEAT_SCHEDULE


@pytest.fixture(scope="module", autouse=True)
def _tasks() -> None:
    app.loader.import_default_modules()


@pytest.mark.parametrize("name", ENTRIES)
def test_entry_names_a_task_and_its_arguments(name: str) -> None:
    entry = ENTRIES[name]
    assert entry["task"] in app.tasks
    inspect.signature(app.tasks[entry["task"]].run).bind(*entry.get("args", ()), **entry.get("kwargs", {}))


def test_frequent_rings_do_not_pile_up_while_no_worker_listens() -> None:
    for entry in ENTRIES.values():
        if isinstance(entry["schedule"], int | float):
            assert entry["options"]["expires"] <= entry["schedule"]


def test_worker_takes_json_only_and_loses_no_task() -> None:
    conf = app.conf
    assert conf.accept_content == ["json"]
    assert conf.task_acks_late and conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    visibility = conf.broker_transport_options.get("visibility_timeout", 3600)
    assert conf.task_soft_time_limit < conf.task_time_limit < visibility


def test_task_arguments_are_ids_and_codes() -> None:
    """A task's parameters are annotated with int or short code: nothing else goes through the queue."""
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert ours
    for task in ours:
        for parameter in inspect.signature(task.run).parameters.values():
            assert parameter.annotation in (int, str, "int", "str"), f"{task.name}({parameter.name})"
