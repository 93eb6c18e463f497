"""The folder of messages of a machine without Redis: whoever looks while one is being put sees it whole or not at all."""

import threading
from queue import Empty

from kombu import Connection

from config import celery, doorbell


def test_the_application_uses_it(tmp_path):
    folder = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    with Connection("filesystem://", transport_options=folder) as connection:
        assert isinstance(connection.transport, doorbell.Transport) and celery.app.main == "zhiheng"


def test_a_reader_never_meets_half_a_message(tmp_path, monkeypatch):
    folder = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    opened, looked = threading.Event(), threading.Event()
    real = doorbell.dumps

    def slowly(payload):
        opened.set()  # the file is there, nothing is written yet
        assert looked.wait(10)
        return real(payload)

    monkeypatch.setattr(doorbell, "dumps", slowly)
    with Connection("filesystem://", transport_options=folder) as connection:
        channel = connection.channel()
        putting = threading.Thread(target=channel._put, args=("bell", {"n": 1}))
        putting.start()
        assert opened.wait(10)
        try:
            seen = channel._get("bell")
        except Empty:
            seen = None
        looked.set()
        putting.join(10)
        assert seen is None and channel._get("bell") == {"n": 1}
