"""Settings that start and settings that must not: each in a process of its own, as an operator meets them."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "ZHIHENG_SECRET_KEY": secrets.token_urlsafe(48),
    "ZHIHENG_DATA_KEYS": f"k2:{secrets.token_hex(16)},k1:{secrets.token_hex(16)}",
    "ZHIHENG_INDEX_KEY": secrets.token_hex(32),
    "ZHIHENG_RECORD_KEY": secrets.token_hex(32),
}
PRODUCTION = KEYS | {
    "ZHIHENG_MODE": "production",
    "ZHIHENG_HOSTS": "zhiheng.example,public.zhiheng.example",
    "ALLOW_SQLITE_IN_PRODUCTION": "1",
}
READ = "from django.conf import settings; settings.DEBUG; "


def run(home: Path, changes: dict[str, str | None], *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a clean environment: only PATH, our folder, and `changes` (None = not set)."""
    environ = {
        "PATH": os.environ["PATH"],
        "ZHIHENG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environ |= {name: value for name, value in changes.items() if value is not None}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120
    )


def read(home: Path, changes: dict[str, str | None], expression: str) -> str:
    """What a Python expression over `settings` prints; fails with the error of the start."""
    done = run(home, changes, "-c", f"{READ}print({expression})")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_demo_starts_without_any_setting(tmp_path: Path) -> None:
    assert read(tmp_path / "new", {}, "settings.MODE, settings.DEBUG") == "demo False"


def test_demo_makes_four_private_keys_once(tmp_path: Path) -> None:
    keys = "settings.SECRET_KEY, settings.DATA_KEYS, settings.INDEX_KEY, settings.RECORD_KEY"
    first = read(tmp_path, {}, keys)
    assert read(tmp_path, {}, keys) == first
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["data", "index", "record", "session"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert len({file.read_text() for file in files}) == 4


def test_demo_starting_twice_at_once_agrees_on_the_keys(tmp_path: Path) -> None:
    code = f"{READ}print(settings.SECRET_KEY, settings.INDEX_KEY)"
    environ = {
        "PATH": os.environ["PATH"],
        "ZHIHENG_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environ, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=120)[0] for process in started}) == 1
    assert not list(tmp_path.glob(".keys-*"))


def test_demo_refuses_to_replace_a_lost_key(tmp_path: Path) -> None:
    read(tmp_path, {}, "1")
    (tmp_path / "keys" / "data").unlink()
    done = run(tmp_path, {}, "-c", READ)
    assert done.returncode != 0
    assert "'data' is missing" in done.stderr


def test_production_starts_with_everything_given(tmp_path: Path) -> None:
    shown = read(
        tmp_path, PRODUCTION, "settings.PRODUCTION, list(settings.DATA_KEYS), settings.SECOND_FACTOR"
    )
    assert shown == "True ['k2', 'k1'] totp"
    assert not (tmp_path / "keys").exists()


def test_production_reads_a_key_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "index"
    file.write_text(KEYS["ZHIHENG_INDEX_KEY"] + "\n")
    changes = PRODUCTION | {"ZHIHENG_INDEX_KEY": None, "ZHIHENG_INDEX_KEY_FILE": str(file)}
    assert read(tmp_path, changes, "settings.INDEX_KEY.hex()") == KEYS["ZHIHENG_INDEX_KEY"]


def test_production_on_postgresql_needs_no_permission(tmp_path: Path) -> None:
    changes = PRODUCTION | {"ALLOW_SQLITE_IN_PRODUCTION": None, "DATABASE_URL": "postgres://u@db.example/z"}
    shown = "settings.DATABASES['default']['ENGINE'], settings.DATABASES['default']['CONN_HEALTH_CHECKS']"
    assert read(tmp_path, changes, shown) == "django.db.backends.postgresql True"


REFUSED: dict[str, tuple[dict[str, str | None], str]] = {
    "unknown mode": ({"ZHIHENG_MODE": "staging"}, "ZHIHENG_MODE"),
    **{f"no {name}": ({name: None}, name) for name in KEYS},
    "short session key": ({"ZHIHENG_SECRET_KEY": "x1y2z3" * 8}, "ZHIHENG_SECRET_KEY"),
    "monotonous session key": ({"ZHIHENG_SECRET_KEY": "ab" * 40}, "ZHIHENG_SECRET_KEY"),
    "Django's sample key": (
        {"ZHIHENG_SECRET_KEY": "django-insecure-" + secrets.token_urlsafe(48)},
        "ZHIHENG_SECRET_KEY",
    ),
    "short data key": ({"ZHIHENG_DATA_KEYS": f"k1:{secrets.token_hex(8)}"}, "ZHIHENG_DATA_KEYS"),
    "data key without id": ({"ZHIHENG_DATA_KEYS": secrets.token_hex(16)}, "ZHIHENG_DATA_KEYS"),
    "two data keys of one id": (
        {"ZHIHENG_DATA_KEYS": f"k1:{secrets.token_hex(16)},k1:{secrets.token_hex(16)}"},
        "ZHIHENG_DATA_KEYS",
    ),
    "index key not hexadecimal": ({"ZHIHENG_INDEX_KEY": "z" * 64}, "ZHIHENG_INDEX_KEY"),
    "record key of zeros": ({"ZHIHENG_RECORD_KEY": "00" * 32}, "ZHIHENG_RECORD_KEY"),
    "record key equals index key": (
        {"ZHIHENG_RECORD_KEY": KEYS["ZHIHENG_INDEX_KEY"]},
        "must be different keys",
    ),
    "data key is half of the record key": (
        {"ZHIHENG_DATA_KEYS": "k1:" + KEYS["ZHIHENG_RECORD_KEY"][:32]},
        "must be different keys",
    ),
    "session key spells the index key": (
        {"ZHIHENG_SECRET_KEY": KEYS["ZHIHENG_INDEX_KEY"].upper()},
        "must be different keys",
    ),
    "key both ways": ({"ZHIHENG_INDEX_KEY_FILE": "/dev/null"}, "ZHIHENG_INDEX_KEY_FILE"),
    "key file absent": (
        {"ZHIHENG_INDEX_KEY": None, "ZHIHENG_INDEX_KEY_FILE": "/nonexistent/key"},
        "ZHIHENG_INDEX_KEY_FILE",
    ),
    "debugging": ({"ZHIHENG_DEBUG": "1"}, "ZHIHENG_DEBUG"),
    "no host": ({"ZHIHENG_HOSTS": None}, "ZHIHENG_HOSTS"),
    "every host": ({"ZHIHENG_HOSTS": "zhiheng.example,*"}, "ZHIHENG_HOSTS"),
    "every host below": ({"ZHIHENG_HOSTS": ".zhiheng.example"}, "ZHIHENG_HOSTS"),
    "SQLite": ({"ALLOW_SQLITE_IN_PRODUCTION": None}, "DATABASE_URL"),
    "SQLite by address": (
        {"ALLOW_SQLITE_IN_PRODUCTION": "0", "DATABASE_URL": "sqlite:///x.sqlite3"},
        "DATABASE_URL",
    ),
    "a database we do not know": ({"DATABASE_URL": "mysql://u@db.example/z"}, "DATABASE_URL"),
    "a flag that is none": ({"ALLOW_SQLITE_IN_PRODUCTION": "perhaps"}, "ALLOW_SQLITE_IN_PRODUCTION"),
    "a storage we do not know": ({"STORAGE_URL": "ftp://files.example/"}, "STORAGE_URL"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_production_refuses(tmp_path: Path, name: str) -> None:
    changes, names = REFUSED[name]
    done = run(tmp_path, PRODUCTION | changes, "-c", READ)
    assert done.returncode != 0
    sentence = done.stderr.strip().splitlines()[-1]
    assert sentence.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert names in sentence
    for key in KEYS.values():
        assert key not in done.stderr


def test_deploy_check_is_clean_in_production(tmp_path: Path) -> None:
    done = run(tmp_path, PRODUCTION, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_deploy_check_names_a_missing_second_factor(tmp_path: Path) -> None:
    changes = PRODUCTION | {"ZHIHENG_SECOND_FACTOR": "none"}
    done = run(tmp_path, changes, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode != 0
    assert "zhiheng.W002" in done.stderr


def test_production_refuses_demonstration_users(tmp_path: Path) -> None:
    """Web server, worker and `check --deploy` all find them; a database without them starts."""
    web = ("-c", "import config.wsgi")
    worker = (
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--pool",
        "solo",
        "--without-gossip",
        "--without-mingle",
    )
    assert run(tmp_path, PRODUCTION, "manage.py", "migrate", "--noinput", "-v0").returncode == 0
    assert run(tmp_path, PRODUCTION, *web).returncode == 0
    make = (
        "import django; django.setup(); from django.contrib.auth import get_user_model; "
        "get_user_model().objects.create_user('clerk', display_name='甲', is_demo=True)"
    )
    done = run(tmp_path, PRODUCTION, "-c", make)
    assert done.returncode == 0, done.stderr
    for command in (web, worker, ("manage.py", "check", "--deploy")):
        done = run(tmp_path, PRODUCTION, *command)
        assert done.returncode != 0, command
        assert "clerk" in done.stderr + done.stdout, command


def test_production_cookies_and_headers(tmp_path: Path) -> None:
    expected = {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_DOMAIN": None,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SIGNED_COOKIE_LEGACY_SALT_FALLBACK": False,
        "SESSION_ABSOLUTE_SECONDS": 43200,
        "SESSION_IDLE_SECONDS": 1800,
    }
    shown = read(tmp_path, PRODUCTION, f"[getattr(settings, name) for name in {list(expected)!r}]")
    assert shown == str(list(expected.values()))
    assert read(tmp_path, PRODUCTION, "settings.SECURE_HSTS_SECONDS >= 31536000") == "True"


def test_passwords_are_hashed_with_argon2_first(tmp_path: Path) -> None:
    first = "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert read(tmp_path, PRODUCTION, "settings.PASSWORD_HASHERS[0]") == first


def test_content_policy_allows_nothing_inline(tmp_path: Path) -> None:
    directives = read(tmp_path, {}, "settings.CONTENT_SECURITY_POLICY['DIRECTIVES']")
    assert "unsafe" not in directives and "*" not in directives and "http" not in directives
    assert "'script-src': [\"'self'\"]" in directives
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert f"'{name}': [\"'none'\"]" in directives
