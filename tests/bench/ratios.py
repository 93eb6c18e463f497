"""Timing of two pieces of work side by side, and the line of the table that says what came of it."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """Seconds per call of each round, ours and the work beneath it; `notes` says what else was seen."""

    subject: str
    ours: Sequence[float]
    beneath: Sequence[float]
    notes: str = ""

    @property
    def values(self) -> list[float]:
        """One ratio per round: both sides of it were measured within the same second or two."""
        return [one / other for one, other in zip(self.ours, self.beneath, strict=True)]

    def line(self) -> str:
        low, middle, high = min(self.values), statistics.median(self.values), max(self.values)
        return (
            f"| {self.subject} | {_time(self.ours)} | {_time(self.beneath)} | {low:.2f} | **{middle:.2f}** | {high:.2f} "
            f"| {len(self.values)} | {self.notes} |"
        )


HEADING = (
    "| ours against what is beneath | ours, median | beneath, median | ratio min | median | max | rounds | notes |\n"
    "| --- | --: | --: | --: | --: | --: | --: | --- |"
)


def _time(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.2f} ms"


def side_by_side(
    subject: str,
    ours: Callable[[], object],
    beneath: Callable[[], object],
    *,
    rounds: int,
    calls: int = 1,
    notes: str = "",
) -> Ratio:
    """Measure both in every round, each once unmeasured first; who begins alternates."""
    ours(), beneath()
    taken: dict[Callable[[], object], list[float]] = {ours: [], beneath: []}
    for number in range(rounds):
        for work in (ours, beneath) if number % 2 == 0 else (beneath, ours):
            taken[work].append(per_call(work, calls))
    return Ratio(subject, taken[ours], taken[beneath], notes)


def per_call(work: Callable[[], object], calls: int) -> float:
    """Mean seconds of one call."""
    gc.collect()
    begin = time.perf_counter()
    for _number in range(calls):
        work()
    return (time.perf_counter() - begin) / calls
