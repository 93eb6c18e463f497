"""Settings of the test run: the real ones, in a folder of its own, with keys that protect nothing.

Everything that is tested of settings themselves runs config.settings in a process of its own.
"""

import atexit
import os
import shutil
import tempfile


def _remove(home: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked child leaves it to its parent
        shutil.rmtree(home, ignore_errors=True)


_home = os.environ.get("ZHIHENG_TEST_HOME", "")
if not _home:  # a process that a test starts shares the folder of the run
    _home = tempfile.mkdtemp(prefix="zhiheng-test-")
    atexit.register(_remove, _home, os.getpid())
for _name in list(os.environ):
    if _name.startswith("ZHIHENG_") and _name != "ZHIHENG_LONG":
        del os.environ[_name]
os.environ |= {
    "ZHIHENG_MODE": "demo",
    "ZHIHENG_HOME": _home,
    "ZHIHENG_TEST_HOME": _home,
    "ZHIHENG_SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ZHIHENG_DATA_KEYS": "t2:8f1c62a7d0b94e35aa17c3f20956d84e,t1:57e09b3c4d8812f6b06a9ed1732c45fa",
    "ZHIHENG_INDEX_KEY": "3b9a70c5e1f24d6884023fd7a96be05172c8d4f93e6a1b0587dc42f6a1e93b70",
    "ZHIHENG_RECORD_KEY": "c40e7f1b2a9d3658e07bb4c1d2f5986a03e71d8fc6b2a4957e10d3f8b6a5c291",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
    "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
    "STORAGE_URL": "",
}

from config.settings import *  # noqa: E402

# Argon2 takes a tenth of a second by intention; test_settings.py asks the real order.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": None, "user": None}}

RING_WORKER = False
