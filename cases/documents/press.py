"""A printer in a process of its own, with an end to its time and its memory: paper may take it down, never the worker.

Both ends of the pipe: `Press` asks, `serve` answers. The printer gets no key, no database and no setting. It is kept for
the next paper, ends by itself when nobody holds the other end, and is followed by a fresh one after any failure.
"""

import atexit
import os
import resource
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock, Timer
from typing import IO

from cases.errors import Invalid

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20  # of one paper
MEMORY = 512 * 1024 * 1024  # of the printer's address space; an ordinary paper needs 300 MiB of it
STARTING = 60  # seconds to load fonts and style sheets, once
SHEETS = 500  # papers of one printer, so that nothing it leaks adds up
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")

READY, DONE, HEAVY, FAILED = b"r", b"d", b"h", b"f"


class PaperError(Invalid):
    """The document cannot be printed; the message is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__("not_printable", message)


class PaperTooSlow(PaperError):
    """Printing took longer than the limit and was ended."""


class PaperTooHeavy(PaperError):
    """Printing took more memory than the limit, or took the printer down."""


class Press:
    """One printer, started when first asked; threads wait for each other, a forked process starts its own."""

    def __init__(self, module: str, *, seconds: float | None = None, memory: int | None = None) -> None:
        self.module, self.seconds, self.memory = module, seconds, memory
        self.lock = Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = self.printed = 0

    def print(self, *parts: bytes) -> bytes:
        """What the printer makes of these parts. Raises PaperTooSlow, PaperTooHeavy, PaperError."""
        with self.lock:
            if self.owner != os.getpid():
                self.process = None  # another process's printer
            if self.process is None or self.process.poll() is not None or self.printed >= SHEETS:
                self.close()
                self._start()
            answer = b""
            try:
                status, answer = self._ask(parts, self.seconds or SECONDS)
            except BaseException:
                self._end()
                raise
            self.printed += 1
            if status == DONE:
                return answer
            self._end()
        if status == HEAVY:
            raise _too_heavy()
        raise PaperError(f"文书排印失败（{answer.decode()}），请联系系统管理员")

    def close(self) -> None:
        """Let the printer go; it ends when its input does."""
        if self.process is not None and self.owner == os.getpid():
            self._end()
        self.process = None

    def _start(self) -> None:
        words = [
            sys.executable,
            "-m",
            self.module,
            str(self.memory or MEMORY),
            str(int(self.seconds or SECONDS)),
        ]
        self.process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in KEPT if name in os.environ},
            start_new_session=True,  # Ctrl-C is for the worker, which ends its paper first
        )  # fmt: skip
        self.owner, self.printed = os.getpid(), 0
        try:
            status, _nothing = self._ask((), STARTING)
            if status != READY:
                raise _too_heavy()
        except BaseException:
            self._end()
            raise

    def _ask(self, parts: Sequence[bytes], seconds: float) -> tuple[bytes, bytes]:
        process = self.process
        assert process is not None and process.stdin is not None and process.stdout is not None
        ended = []

        def end() -> None:
            ended.append(True)
            process.kill()

        timer = Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            if parts:
                process.stdin.write(b"".join(_framed(part) for part in parts))
                process.stdin.flush()
            status = process.stdout.read(1)
            answer = _part(process.stdout)
        except OSError:
            status, answer = b"", None
        finally:
            timer.cancel()
        if ended:
            raise PaperTooSlow(f"文书排印超过{seconds:g}秒，已停止，请拆分或缩短后重新出具")
        if not status or answer is None:
            raise _too_heavy()
        return status, answer

    def _end(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            try:
                pipe and pipe.close()
            except OSError:
                pass  # what was left to write
        process.wait()


def _too_heavy() -> PaperTooHeavy:
    return PaperTooHeavy("文书排印所需内存超过上限，已停止，请拆分或缩短后重新出具")


def _framed(part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + part


def _part(stream: IO[bytes]) -> bytes | None:
    """The next part, or None where the stream ends."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = struct.unpack(">I", head)[0]
    part = stream.read(size)
    return part if len(part) == size else None


def serve(number: int, get_ready: Callable[[], object], work: Callable[..., bytes]) -> None:
    """The printer's life: bind itself to its limits, then answer `number` parts with one, until its input ends."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    get_ready()
    target.write(READY + _framed(b""))
    target.flush()
    while True:
        parts = [_part(source) for _n in range(number)]
        if None in parts:
            return
        signal.alarm(seconds + 5)  # should the one who asked be gone
        try:
            status, answer = DONE, work(*parts)
        except MemoryError:
            status, answer = HEAVY, b""
        except Exception as error:  # its text may quote the paper
            status, answer = FAILED, type(error).__name__.encode()
        signal.alarm(0)
        target.write(status + _framed(answer))
        target.flush()


def lasting(module: str) -> Press:
    """A press for the life of this process."""
    press = Press(module)
    atexit.register(press.close)
    return press
