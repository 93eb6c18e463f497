"""The refusals of backup and restore."""

from cases.errors import DomainError


class BackupRefused(DomainError):
    """A backup cannot be made, read or put back: `passphrase`, `damaged`, `keys`, `schema`, `not_empty`, ..."""


def damaged(what: object) -> BackupRefused:
    """The archive is not what was written: cut, changed or not a backup at all."""
    return BackupRefused("damaged", f"备份文件不完整或已损坏：{what}。没有写入任何内容，请换用另一份备份。")
