"""A stream sealed under a passphrase: scrypt, then SM4-GCM piece by piece, so that no size needs memory.

Each piece is bound to its place and the last one says that it is the last: nothing can be changed, moved or cut unseen.
"""

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cases.protection import hmac_sm3

from .problems import BackupRefused, damaged

MAGIC = b"zhiheng-backup-1 scrypt sm4-gcm\n"
PIECE = 256 * 1024
SALT, PREFIX, CHECK, TAG = 16, 7, 64, 16
SHORTEST = 12  # characters of a passphrase
COST = 2**15  # scrypt N with r = 8, p = 1: 32 MiB for each guess


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Source(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class _Pieces:
    """What both directions share: the key from the passphrase, and a nonce per piece."""

    def __init__(self, passphrase: str, header: bytes) -> None:
        salt = header[len(MAGIC) : len(MAGIC) + SALT]
        derived = Scrypt(salt=salt, length=48, n=COST, r=8, p=1).derive(passphrase.encode())
        self.header, self.prefix = header, header[len(MAGIC) + SALT :]
        self.key = derived[:16]
        self.check = hmac_sm3(derived[16:], header).encode()  # tells a wrong passphrase from damage
        self.number = 0

    def cipher(self, *, last: bool, tag: bytes | None = None) -> Cipher[modes.GCM]:
        nonce = self.prefix + self.number.to_bytes(4, "big") + bytes([last])
        self.number += 1
        return Cipher(algorithms.SM4(self.key), modes.GCM(nonce, tag))


class Sealing:
    """Writes plain bytes sealed; `close` ends the stream and must be called, or it cannot be read."""

    def __init__(self, target: Sink, passphrase: str) -> None:
        if len(passphrase) < SHORTEST:
            raise BackupRefused("passphrase", f"备份口令至少 {SHORTEST} 个字符，请换一个更长的口令。")
        self.target = target
        self.pieces = _Pieces(passphrase, MAGIC + os.urandom(SALT + PREFIX))
        self.waiting = bytearray()
        target.write(self.pieces.header + self.pieces.check)

    def write(self, data: bytes) -> int:
        self.waiting += data
        while len(self.waiting) > PIECE:  # the last piece, full or not, is kept for close()
            self._put(bytes(self.waiting[:PIECE]), last=False)
            del self.waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self.waiting), last=True)
        self.waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        cipher = self.pieces.cipher(last=last).encryptor()
        cipher.authenticate_additional_data(self.pieces.header)
        self.target.write(cipher.update(piece) + cipher.finalize() + cipher.tag)


class Opening:
    """Reads plain bytes of a sealed stream. Raises BackupRefused: `passphrase`, `damaged`."""

    def __init__(self, source: Source, passphrase: str) -> None:
        header = source.read(len(MAGIC) + SALT + PREFIX)
        check = source.read(CHECK)
        if len(check) < CHECK or not header.startswith(MAGIC):
            raise damaged("文件头不完整")
        if not passphrase:
            raise BackupRefused("passphrase", "这份备份已加密，请用 --passphrase-file 给出口令文件。")
        self.source = source
        self.pieces = _Pieces(passphrase, header)
        if self.pieces.check != check:
            raise BackupRefused(
                "passphrase", "备份口令不对（或者文件头已损坏），请核对口令文件。没有写入任何内容。"
            )
        self.ahead = source.read(PIECE + TAG)
        self.plain = b""
        self.ended = False

    def read(self, size: int = -1) -> bytes:
        parts, wanted = [], size
        while wanted:
            if not self.plain and not self._next():
                break
            part = self.plain if wanted < 0 else self.plain[:wanted]
            self.plain = self.plain[len(part) :]
            wanted -= len(part) if wanted > 0 else 0
            parts.append(part)
        return b"".join(parts)

    def _next(self) -> bool:
        if self.ended:
            return False
        sealed, self.ahead = self.ahead, self.source.read(PIECE + TAG)
        self.ended = not self.ahead
        if len(sealed) < TAG:
            raise damaged("文件被截断")
        cipher = self.pieces.cipher(last=self.ended, tag=sealed[-TAG:]).decryptor()
        cipher.authenticate_additional_data(self.pieces.header)
        try:
            self.plain = cipher.update(sealed[:-TAG]) + cipher.finalize()
        except InvalidTag:
            raise damaged("密文被改动或截断") from None
        return bool(self.plain) or not self.ended
