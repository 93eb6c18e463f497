"""Which keys a backup needs to be read again: their fingerprints, never the keys."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from cases.protection import hmac_sm3

from .problems import BackupRefused

NAMES = {"index": "索引密钥（ZHIHENG_INDEX_KEY）", "record": "记录密钥（ZHIHENG_RECORD_KEY）"}


def fingerprints() -> dict[str, str]:
    """`index`, `record` and `data:<id>`: 32 digits each, of which nobody computes the key. The session key is no part
    of the data.
    """
    keys = {"index": settings.INDEX_KEY, "record": settings.RECORD_KEY}
    keys |= {f"data:{key_id}": key for key_id, key in settings.DATA_KEYS.items()}
    return {name: hmac_sm3(key, f"fingerprint\0{name}".encode())[:32] for name, key in keys.items()}


def demand(stated: Mapping[str, Any]) -> None:
    """Every key of the backup is here. Raises BackupRefused `keys`, naming each that is missing or another one."""
    here = fingerprints()
    wrong = []
    for name, value in sorted(stated.items()):
        label = NAMES.get(name, f"数据密钥 {name.removeprefix('data:')}（ZHIHENG_DATA_KEYS）")
        if name not in here:
            wrong.append(f"缺少{label}")
        elif here[name] != value:
            wrong.append(f"{label}与备份时的不是同一把")
    if wrong:
        said = "；".join(wrong)
        raise BackupRefused("keys", f"{said}。请换上备份时使用的密钥后重试。没有写入任何内容。")
