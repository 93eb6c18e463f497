"""The four keys: sessions, data, blind index, record. None is derived from another.

What is done with them belongs in cases.protection and cases.chain; rotation in docs/operations.
"""

import os
import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.env import Env

SESSION = "ZHIHENG_SECRET_KEY"
DATA = "ZHIHENG_DATA_KEYS"
INDEX = "ZHIHENG_INDEX_KEY"
RECORD = "ZHIHENG_RECORD_KEY"
FILES = {SESSION: "session", DATA: "data", INDEX: "index", RECORD: "record"}

SESSION_CHARACTERS = 50
DATA_BYTES = 16  # SM4
MAC_BYTES = 32  # HMAC-SM3
KEY_ID = re.compile(r"[a-z0-9]{1,12}")


@dataclass(frozen=True, repr=False)
class Keys:
    """All keys of one installation. `data` maps key id to key; the first entry encrypts, all decrypt."""

    session: str
    data: dict[str, bytes]
    index: bytes
    record: bytes


def read(env: Env, *, folder: Path, may_make: bool) -> Keys:
    """The keys from the environment or, in a demonstration (`may_make`), from `folder`, made on first use.

    Raises ImproperlyConfigured, naming the variable, when a key is missing, short, malformed,
    guessable or equal to another one.
    """
    given = {name: env.secret(name) for name in FILES}
    missing = [name for name, value in given.items() if not value]
    if missing and not may_make:
        raise ImproperlyConfigured(
            f"Missing key: set {' and '.join(missing)} (or the same name with _FILE). "
            "See docs/operations for how to make keys."
        )
    if missing:
        stored = demonstration_keys(folder)
        given.update({name: stored[name] for name in missing})
    return checked(given)


def checked(given: dict[str, str]) -> Keys:
    """The keys decoded, or ImproperlyConfigured saying which variable is wrong; never shows a value."""
    session = given[SESSION]
    if len(session) < SESSION_CHARACTERS or len(set(session)) < 5 or session.startswith("django-insecure-"):
        raise ImproperlyConfigured(f"{SESSION} must be random and at least {SESSION_CHARACTERS} characters.")
    data: dict[str, bytes] = {}
    for part in given[DATA].split(","):
        name, colon, value = part.strip().partition(":")
        if not colon or not KEY_ID.fullmatch(name) or name in data:
            raise ImproperlyConfigured(
                f"{DATA} must be a list ID:HEX,ID:HEX with different ids of 1 to 12 small letters or digits."
            )
        data[name] = _decoded(DATA, value, DATA_BYTES)
    keys = Keys(
        session=session,
        data=data,
        index=_decoded(INDEX, given[INDEX], MAC_BYTES),
        record=_decoded(RECORD, given[RECORD], MAC_BYTES),
    )
    _refuse_related(keys)
    return keys


def _decoded(name: str, value: str, size: int) -> bytes:
    try:
        key = bytes.fromhex(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be hexadecimal.") from None
    if len(key) != size:
        raise ImproperlyConfigured(f"{name} must be {size} bytes ({2 * size} hexadecimal digits).")
    if len(set(key)) < 5:
        raise ImproperlyConfigured(f"{name} must be random.")
    return key


def _refuse_related(keys: Keys) -> None:
    """Refuse a key that equals, contains or spells out another one."""
    values = [(SESSION, keys.session.lower()), (INDEX, keys.index.hex()), (RECORD, keys.record.hex())]
    values += [(DATA, key.hex()) for key in keys.data.values()]
    for (one, first), (other, second) in combinations(values, 2):
        if first in second or second in first:
            raise ImproperlyConfigured(f"{one} and {other} must be different keys.")


def demonstration_keys(folder: Path) -> dict[str, str]:
    """Keys of a demonstration, from `folder`; the folder is made whole or not at all, so two starts agree.

    Raises ImproperlyConfigured when the folder stands but lacks a file: new keys would make what is
    already encrypted unreadable.
    """
    if not folder.is_dir():
        _make(folder)
    found = {}
    for name, file in FILES.items():
        try:
            found[name] = (folder / file).read_text(encoding="ascii").strip()
        except OSError:
            raise ImproperlyConfigured(
                f"The key file {file!r} is missing under {folder}. Put it back; or, if nothing has to be "
                "kept, remove the whole folder that ZHIHENG_HOME names."
            ) from None
    return found


def _make(folder: Path) -> None:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".keys-", dir=folder.parent))  # mkdtemp gives 0700
    values = {
        SESSION: secrets.token_urlsafe(48),
        DATA: f"k1:{secrets.token_hex(DATA_BYTES)}",
        INDEX: secrets.token_hex(MAC_BYTES),
        RECORD: secrets.token_hex(MAC_BYTES),
    }
    for name, file in FILES.items():
        handle = os.open(draft / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(values[name] + "\n")
    try:
        draft.rename(folder)
    except OSError:  # another process was first: its keys hold
        shutil.rmtree(draft)
        if not folder.is_dir():
            raise
