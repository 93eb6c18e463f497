"""The broker of a machine without Redis: kombu's files in a folder, each put there whole.

kombu opens a message under its last name and writes it then; a worker that looks in between reads half of it and
stops for good. Here it is written aside and renamed. Imported by config/celery.py, which names it as `filesystem`.
"""

import os
import time
import uuid
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A folder of messages."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        aside = os.path.join(self.data_folder_out, f".{name}.part")
        try:
            with open(aside, "wb") as opened:
                opened.write(str_to_bytes(dumps(payload)))
            os.replace(aside, os.path.join(self.data_folder_out, name))
        except OSError as problem:
            raise ChannelError(f"cannot add {name!r} to the folder of messages") from problem


class Transport(filesystem.Transport):
    """As kombu's, with whole messages."""

    Channel = Channel
