"""A public ruling as a reader gets it, against the same bytes as a plain static file: one web worker, real sockets."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection

from django.conf import settings
from django.utils import timezone

from adjudication.models import PublicPage, PublishedRuling
from cases.protection import sm3

from . import ground, rulings
from .ratios import Ratio, side_by_side

FILE = "as-a-file.html"
SIZE = 16 * 1024  # bytes: a ruling of some 5,000 characters
WAIT = 60  # seconds for the server to begin


def measure(*, rounds: int, calls: int) -> Ratio:
    """Both through the same server, a connection for each request, as browsers behind a portal's proxy come."""
    with ground.database("page"):
        rulings.fill(1, timezone.localdate().year, 1)
        text = PublishedRuling.objects.get()
        words = text.text.encode()
        content = (words * (SIZE // len(words) + 1))[:SIZE]
        PublicPage.objects.create(
            published=text, path=text.path, content_type="text/html; charset=utf-8", content=content,
            digest=sm3(content), valid_from=timezone.localdate(),
        )  # fmt: skip
        ground.settle()
    (settings.STATIC_ROOT / FILE).write_bytes(content)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1",
               "--threads", "4", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    # settings of a test run take their database from the second name
    own = dict.fromkeys(("DATABASE_URL", "TEST_DATABASE_URL"), ground.address("page"))
    server = subprocess.Popen(command, env=os.environ | own, cwd=settings.ROOT)
    try:
        page, file = _reader(port, text.path, content), _reader(port, f"/static/{FILE}", content)
        _wait(file)
        found = side_by_side(
            "a public ruling, against the same bytes as a static file",
            page,
            file,
            rounds=rounds,
            calls=calls * 10,
        )
    finally:
        server.terminate()
        server.wait()
    share = sum(found.beneath) / sum(found.ours)
    return Ratio(
        found.subject, found.ours, found.beneath,
        f"{SIZE // 1024} KiB; {share:.0%} of the file's requests a second (at least 80 % wanted)",
    )  # fmt: skip


def _reader(port: int, path: str, content: bytes) -> Callable[[], None]:
    def read() -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=WAIT)
        line.request("GET", path)
        answer = line.getresponse()
        body = answer.read()
        line.close()
        if answer.status != 200 or body != content:
            raise SystemExit(f"{path} answered {answer.status}")

    return read


def _wait(read: Callable[[], None]) -> None:
    """Until the server answers."""
    begun = time.monotonic()
    while time.monotonic() - begun < WAIT:
        with suppress(ConnectionError):
            return read()
        time.sleep(0.2)
    raise SystemExit("the web server did not begin")
