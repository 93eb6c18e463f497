"""Checks a register of rulings as a stranger would: `python register_checker.py register.csv [seals.txt]`.

Shares no code with what it checks: nothing is imported but Python's own library, and SM3 (GB/T 32905-2016) is written out.
Prints what held last of every number; exit 1 with the first contradiction.
"""

import csv
import datetime
import re
import sys

COLUMNS = ["seq", "number", "status", "on", "due_on", "ground", "digest", "prev", "hash"]
FOLLOWS = {  # what may stand before a status of the same number; "" is the beginning
    "pending": {"", "due", "closed_without_ruling", "void"},
    "closed_without_ruling": {"pending", "void"},
    "due": {"pending", "published", "changed", "withheld", "withdrawn", "due", "void"},
    "published": {"due", "withheld", "withdrawn", "void"},
    "changed": {"due", "published", "changed", "withheld", "withdrawn", "void"},
    "withheld": {"due", "published", "changed", "void"},
    "withdrawn": {"published", "changed", "void"},
    "void": {"pending", "due", "closed_without_ruling", "published", "changed", "withheld", "withdrawn"},
}


def turned(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def sm3(message: bytes) -> str:
    """The digest in hex."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = message + b"\x80" + b"\0" * ((55 - len(message)) % 64) + (8 * len(message)).to_bytes(8, "big")
    for at in range(0, len(padded), 64):
        w = [int.from_bytes(padded[at + 4 * n : at + 4 * n + 4], "big") for n in range(16)]
        for n in range(16, 68):
            x = w[n - 16] ^ w[n - 9] ^ turned(w[n - 3], 15)
            w.append(x ^ turned(x, 15) ^ turned(x, 23) ^ turned(w[n - 13], 7) ^ w[n - 6])
        a, b, c, d, e, f, g, h = state
        for n in range(64):
            first = turned(
                (turned(a, 12) + e + turned(0x79CC4519 if n < 16 else 0x7A879D8A, n)) & 0xFFFFFFFF, 7
            )
            second = first ^ turned(a, 12)
            ff = a ^ b ^ c if n < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if n < 16 else (e & f) | (~e & g & 0xFFFFFFFF)
            one = (ff + d + second + (w[n] ^ w[n + 4])) & 0xFFFFFFFF
            two = (gg + h + first + w[n]) & 0xFFFFFFFF
            a, b, c, d, e, f, g, h = (
                one,
                a,
                turned(b, 9),
                c,
                two ^ turned(two, 9) ^ turned(two, 17),
                e,
                turned(f, 19),
                g,
            )
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
    return "".join(f"{word:08x}" for word in state)


def check(register: bytes, seals: bytes = b"") -> dict[str, str]:
    """What holds of every number; ValueError with the first contradiction."""
    heading, *lines = register.split(b"\n")
    if heading.decode().split(",") != COLUMNS or lines.pop() != b"":
        raise ValueError("the heading or the end of the file is wrong")
    before, held = "", {}
    for place, line in enumerate(lines, start=1):
        row = dict(zip(COLUMNS, next(csv.reader([line.decode()])), strict=True))
        if row["seq"] != str(place) or row["prev"] != before:
            raise ValueError(f"line {place} does not follow the one before")
        if sm3(line.rpartition(b",")[0]) != row["hash"]:
            raise ValueError(f"line {place} was changed")
        if held.get(row["number"], "") not in FOLLOWS[row["status"]]:
            raise ValueError(f"line {place}: {row['status']} after {held.get(row['number'], 'nothing')}")
        if row["status"] in ("withheld", "withdrawn") and not row["ground"]:
            raise ValueError(f"line {place} names no ground")
        if row["status"] in ("published", "changed") and not re.fullmatch("[0-9a-f]{64}", row["digest"]):
            raise ValueError(f"line {place} names no digest")
        if row["status"] == "due" and row["due_on"] < row["on"]:
            raise ValueError(f"line {place} has no time to be published in")
        datetime.date.fromisoformat(row["on"])
        held[row["number"]], before = row["status"], row["hash"]
    hashes = [line.rpartition(b",")[2].decode() for line in lines]
    for line in seals.decode().splitlines()[1:]:
        day, _seal, _hash, length, head = line.split()
        if int(length) > len(hashes) or (int(length) and hashes[int(length) - 1] != head):
            raise ValueError(f"the register was cut or changed after the seal of {day}")
    return held


def main() -> None:
    files = []
    for name in sys.argv[1:]:
        with open(name, "rb") as file:
            files.append(file.read())
    try:
        held = check(*files)
    except ValueError as contradiction:
        sys.exit(str(contradiction))
    for number, status in held.items():
        print(number, status)


if __name__ == "__main__":
    main()
