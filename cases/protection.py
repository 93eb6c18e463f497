"""Keeping protected values unreadable in the database (SM4-GCM), findable (HMAC-SM3) and masked on screen.

Who may read one in clear, and the log of reading, are decided elsewhere; so are passwords.
"""

import base64
import binascii
import os
import re
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.identifiers import normalise, tidy

SCHEME = "sm4gcm"
NONCE_BYTES = 12
TAG_BYTES = 16


class ProtectionError(DomainError):
    """A protected value cannot be written or read: `no_key`, `unknown_key`, `broken`."""

    status = 500


# --- digests ---


def sm3(data: bytes) -> str:
    """SM3 digest (GB/T 32905), 64 hexadecimal digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def hmac_sm3(key: bytes, data: bytes) -> str:
    """HMAC-SM3, 64 hexadecimal digits."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize().hex()


def keyed_digest(text: str) -> str:
    """What stands in an event body for a protected value: equal values show, the value does not.

    Blank stays blank.
    """
    return hmac_sm3(_mac_key("RECORD_KEY"), b"value\0" + text.encode()) if text else ""


def blind_index(text: str, domain: str = "id_number", *, form: Callable[[str], str] = normalise) -> str:
    """The value to look a protected value up by; the same for every spelling of it. Blank stays blank.

    `domain` is the name of the `Sealed` attribute: equal across tables, different between kinds of value.
    """
    plain = form(text)
    return hmac_sm3(_mac_key("INDEX_KEY"), f"{domain}\0{plain}".encode()) if plain else ""


# --- encryption ---


def seal_text(text: str, aad: str) -> str:
    """Encrypt under the current key, bound to `aad` (where the value stands). Blank stays blank."""
    if not text:
        return ""
    key_id = next(iter(_data_keys()))
    nonce = os.urandom(NONCE_BYTES)
    cipher = Cipher(algorithms.SM4(_data_key(key_id)), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(_bound(key_id, aad))
    body = cipher.update(text.encode()) + cipher.finalize()
    return f"{SCHEME}.{key_id}.{base64.urlsafe_b64encode(nonce + body + cipher.tag).decode()}"


def open_text(token: str, aad: str) -> str:
    """Decrypt what `seal_text` made for the same `aad`.

    Raises ProtectionError: `unknown_key` if its key is not configured, `broken` if it was changed, moved to
    another row or column, or the key of that id is another one.
    """
    if not token:
        return ""
    key_id, raw = _parted(token)
    nonce, body, tag = raw[:NONCE_BYTES], raw[NONCE_BYTES:-TAG_BYTES], raw[-TAG_BYTES:]
    cipher = Cipher(algorithms.SM4(_data_key(key_id)), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(_bound(key_id, aad))
    try:
        return (cipher.update(body) + cipher.finalize()).decode()
    except InvalidTag:
        raise ProtectionError(
            "broken",
            _("受保护的数据无法解密：已被改动、移到了别处，或密钥不对。请联系系统管理员核对。"),
            key_id=key_id,
        ) from None


def reseal_text(token: str, aad: str) -> str:
    """The same value under the current key; the token itself if it already is."""
    return token if not token or is_current(token) else seal_text(open_text(token, aad), aad)


def is_current(token: str) -> bool:
    """Is it encrypted under the current key (or blank)?"""
    return not token or _parted(token)[0] == next(iter(_data_keys()))


def _bound(key_id: str, aad: str) -> bytes:
    return f"{SCHEME}.{key_id}\0{aad}".encode()


def _parted(token: str) -> tuple[str, bytes]:
    try:
        scheme, key_id, encoded = token.split(".")
        raw = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        scheme, key_id, raw = "", "", b""
    if scheme != SCHEME or len(raw) <= NONCE_BYTES + TAG_BYTES:
        raise ProtectionError("broken", _("受保护的数据格式不对，可能已被改动，请联系系统管理员。"))
    return key_id, raw


def _data_keys() -> dict[str, bytes]:
    keys: dict[str, bytes] | None = getattr(settings, "DATA_KEYS", None)
    if not keys:
        raise ProtectionError("no_key", _("没有配置数据密钥（DATA_KEYS），请联系系统管理员。"))
    return keys


def _data_key(key_id: str) -> bytes:
    key = _data_keys().get(key_id)
    if key is None:
        raise ProtectionError(
            "unknown_key",
            _("缺少编号为“%(key)s”的数据密钥，请系统管理员补上后重试。") % {"key": key_id},
            key_id=key_id,
        )
    if not isinstance(key, bytes) or len(key) != 16:
        raise ProtectionError(
            "no_key", _("数据密钥（DATA_KEYS）应为16字节，请系统管理员改正。"), key_id=key_id
        )
    return key


def _mac_key(name: str) -> bytes:
    key = getattr(settings, name, None)
    if not isinstance(key, bytes) or len(key) < 16:
        raise ProtectionError(
            "no_key", _("密钥 %(name)s 没有配置或长度不足，请联系系统管理员。") % {"name": name}
        )
    return key


# --- on a model ---


class Sealed(property):
    """A protected text of a row: `id_number = Sealed("id_number")`.

    The model has a column `<name>_sealed` (ciphertext), a UUID `uid` with a default, and, where it is looked
    up, `<name>_index`; `Party.objects.filter(**Party.id_number.matching(value))` finds rows. Reading decrypts,
    writing fills both columns (save() is the caller's; `columns(row)` names them for `update_fields`).
    It is a property so that Django takes the name as a keyword: `Party(id_number=...)`. `form` is the
    spelling in which two values count as equal.
    """

    def __init__(self, name: str, *, form: Callable[[str], str] = normalise) -> None:
        self.name = name
        self.form = form
        self.sealed_column = f"{name}_sealed"
        self.index_column = f"{name}_index"
        super().__init__(self._read, self._write, doc=f"Protected {name}, in clear.")

    def _read(self, row: Any) -> str:
        return open_text(getattr(row, self.sealed_column), self.aad(row))

    def _write(self, row: Any, value: str | None) -> None:
        text = value or ""
        setattr(row, self.sealed_column, seal_text(text, self.aad(row)))
        if hasattr(type(row), self.index_column):
            setattr(row, self.index_column, self.index_of(text))

    def aad(self, row: Any) -> str:
        """`table:uid:column`: a ciphertext opens only where it was written."""
        meta = row._meta
        if hasattr(meta, "get_field"):  # an inherited column stands in the parent's table
            meta = meta.get_field(self.sealed_column).model._meta
        if not row.uid:
            raise ProtectionError("no_key", _("该行没有 uid，无法加密。请联系系统管理员。"))
        return f"{meta.db_table}:{row.uid}:{self.sealed_column}"

    def index_of(self, value: str) -> str:
        """What stands in the index column for this value."""
        return blind_index(value, self.name, form=self.form)

    def matching(self, value: str) -> dict[str, str]:
        """Filter for rows with this value; raises ValueError for a blank one, which equals nothing."""
        if not (index := self.index_of(value)):
            raise ValueError(f"a blank {self.name} matches nothing")
        return {self.index_column: index}

    def columns(self, row: Any) -> list[str]:
        """Names of the columns that writing fills."""
        both = [self.sealed_column, self.index_column]
        return [column for column in both if hasattr(type(row), column)]

    def present(self, row: Any) -> bool:
        """Is there a value? Does not decrypt."""
        return bool(getattr(row, self.sealed_column))

    def reseal(self, row: Any) -> bool:
        """Bring the value under the current key, in memory; True if that changed the row. The index stays."""
        old: str = getattr(row, self.sealed_column)
        new: str = reseal_text(old, self.aad(row))
        setattr(row, self.sealed_column, new)
        return new != old


# --- masks (security.md T-MASK-1) ---


def masked_id(value: str) -> str:
    """`1101***********011`: four at the head, three at the end; short numbers show less."""
    text = normalise(value)
    if len(text) >= 15:
        return text[:4] + "*" * (len(text) - 7) + text[-3:]
    if len(text) >= 8:
        return text[:2] + "*" * (len(text) - 4) + text[-2:]
    return "*" * len(text)


def masked_phone(value: str) -> str:
    """`138****8000`, `022-****5678`; of other numbers at most the last four, without the extension."""
    text = re.split(r"转|分机|#|[Ee][Xx][Tt]", tidy(value))[0]
    if found := re.fullmatch(r"(0\d{2,3})-?(\d{7,8})(-\d+)?", text.replace(" ", "")):
        return f"{found[1]}-****{found[2][-4:]}"
    digits = re.sub(r"[^0-9]", "", text)
    if re.fullmatch(r"(86)?1[3-9]\d{9}", digits):
        return f"{digits[-11:-8]}****{digits[-4:]}"
    return "*" * (len(digits) - 4) + digits[-4:] if len(digits) >= 8 else "*" * len(tidy(value))
