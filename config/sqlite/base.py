"""Django's SQLite with a wait for the one writer's place that ends.

SQLite itself asks ten times a second for a lock that others take within a millisecond of its release: among eight
writers one may wait out any timeout. So whoever has waited a second asks every other millisecond until it is his turn.
"""

import random
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

CALM = 1.0  # seconds of SQLite's own waiting, which costs nothing
PAUSE = 0.002  # seconds between two tries after that, on average


class DatabaseWrapper(base.DatabaseWrapper):
    """Everything else is Django's own."""

    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 20))
        ends = time.monotonic() + patience
        self._busy_timeout(min(CALM, patience))
        try:
            while True:
                try:
                    super()._start_transaction_under_autocommit()
                    return
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > ends:
                        raise
                self._busy_timeout(0)
                time.sleep(random.uniform(PAUSE / 2, PAUSE * 1.5))
        finally:
            self._busy_timeout(patience)

    def _busy_timeout(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
