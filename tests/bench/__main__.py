"""`python -m tests.bench`: prints the machine and one table of ratios. `--tiny` only shows that everything runs."""

import argparse
import sys
from collections.abc import Callable
from typing import NamedTuple

from tests.bench import ground

words = argparse.ArgumentParser(prog="script/bench", description=__doc__)
words.add_argument("--tiny", action="store_true", help="smallest sizes; the ratios mean nothing")
words.add_argument(
    "--only",
    action="append",
    choices=("registration", "queue", "figures", "paper", "search", "page", "feed", "unchanged"),
    default=None,
)
words.add_argument("--rounds", type=int, default=None, help="rounds of each measurement (default 9)")
chosen = words.parse_args()
ground.lay()

from tests.bench import feed, figures, finished_page, machine, paper, queue_page, ratios, registration, search  # noqa: E402


class Sizes(NamedTuple):
    """How much of everything."""

    rounds: int
    calls: int
    few: int
    many: int
    generated: int
    rulings: int


sizes = Sizes(1, 1, 3, 12, 20, 60) if chosen.tiny else Sizes(9, 20, 100, 100_000, 100_000, 100_000)
if chosen.rounds:
    sizes = sizes._replace(rounds=chosen.rounds)

MEASUREMENTS: dict[str, Callable[[], ratios.Ratio]] = {
    "registration": lambda: registration.measure(rounds=sizes.rounds, calls=sizes.calls),
    "queue": lambda: queue_page.measure(
        rounds=sizes.rounds, calls=sizes.calls, small=sizes.few, large=sizes.many
    ),
    "figures": lambda: figures.measure(rounds=sizes.rounds, cases=sizes.generated),
    "feed": lambda: feed.measure(rounds=sizes.rounds, cases=sizes.generated),
    "unchanged": lambda: feed.unchanged(rounds=sizes.rounds, calls=sizes.calls, cases=sizes.generated),
    "paper": lambda: paper.measure(rounds=sizes.rounds, calls=sizes.calls),
    "search": lambda: search.measure(rounds=sizes.rounds, calls=sizes.calls, number=sizes.rulings),
    "page": lambda: finished_page.measure(rounds=sizes.rounds, calls=sizes.calls),
}


def main() -> None:
    print(f"{machine.described()}\n\n{ratios.HEADING}", flush=True)
    for name, measure in MEASUREMENTS.items():
        if chosen.only is None or name in chosen.only:
            print(f"bench: {name}", file=sys.stderr, flush=True)
            print(measure().line(), flush=True)


main()
