"""A printer that does as it is told, for test_press: sleeps, eats memory, dies, fails."""

import os
import time

from cases.documents.press import serve


def work(order: bytes) -> bytes:
    match order:
        case b"sleep":
            time.sleep(30)
        case b"eat":
            return bytes(1 << 30)
        case b"die":
            os.abort()
        case b"fail":
            raise ValueError("李某的住址")
        case b"chatter":
            print("no part of the answer")
        case b"keys":
            return " ".join(name for name in os.environ if name.startswith("ZHIHENG")).encode()
    return str(os.getpid()).encode()


if __name__ == "__main__":
    serve(1, lambda: None, work)
