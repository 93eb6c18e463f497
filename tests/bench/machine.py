"""The machine in one line: cores, memory, versions. No host name and no path."""

import os
import platform
from importlib.metadata import version

from django.db import connection


def described() -> str:
    """What the figures were measured on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        engine = str(cursor.fetchone()[0]).split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = [
        f"{len(os.sched_getaffinity(0))} cores ({platform.machine()})",
        f"{memory:.0f} GiB",
        f"Python {platform.python_version()}",
        f"{ {'sqlite': 'SQLite', 'postgresql': 'PostgreSQL'}[connection.vendor] } {engine}",
        *(f"{name} {version(name)}" for name in ("Django", "gunicorn", "WeasyPrint")),
    ]
    return ", ".join(parts)
