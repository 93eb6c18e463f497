"""The log is JSON, one line per event, and holds nothing personal."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRELUDE = "import django, structlog; django.setup(); from logging import getLogger; log = structlog.get_logger('t'); "
ID_NUMBER = "11010519491231002X"


def logged(tmp_path: Path, code: str) -> list[dict[str, object]]:
    """The events that `code` writes to stderr."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code],
        cwd=ROOT,
        env=os.environ | {"ZHIHENG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.isascii()
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_event_is_one_line_of_json(tmp_path: Path) -> None:
    [event] = logged(tmp_path, "log.info('drained\\n\\x1b[31m\\u202e', case=7, rows=2)")
    assert event["event"] == "drained\n\x1b[31m\u202e"
    assert (event["case"], event["rows"], event["level"]) == (7, 2, "info")
    assert str(event["timestamp"]).endswith("Z")


@pytest.mark.parametrize(
    "call",
    [
        f"log.info('seen {ID_NUMBER}')",
        "log.info('call', note='打 13800138000 联系')",
        f"log.info('a', facts={{'row': ['x', '{ID_NUMBER}']}})",
        "log.info('a', facts={'phone': '022-66300000'})",
        "log.info('a', party='张三')",
        f"getLogger('other').warning('seen %s', '{ID_NUMBER}')",
        "getLogger('django.request').warning('Not Found: /张三')",
        "getLogger('django.db.backends').error('SELECT 张三')",
        "getLogger('axes').warning('张三 tried')",
    ],
)
def test_personal_data_is_removed(tmp_path: Path, call: str) -> None:
    shown = json.dumps(logged(tmp_path, call), ensure_ascii=False)
    for personal in (ID_NUMBER, "13800138000", "张三", "022-66300000"):
        assert personal not in shown


def test_error_is_told_by_type_and_place_without_its_message(tmp_path: Path) -> None:
    code = (
        "\ntry:\n    raise ValueError('DETAIL: 张三')\nexcept ValueError:\n"
        "    log.exception('failed'); getLogger('x').exception('failed too')"
    )
    events = logged(tmp_path, code)
    assert [event["event"] for event in events] == ["failed", "failed too"]
    for event in events:
        assert event["error"] == "ValueError"
        assert event["trace"]
        assert "张三" not in json.dumps(event, ensure_ascii=False)
