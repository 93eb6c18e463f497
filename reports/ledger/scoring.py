"""A unit's score, with its formula in sight: what is done, what goes on with evidence, what notices are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports import status

from . import standing

DONE_WEIGHT, FRESH_WEIGHT, ANSWERED_WEIGHT = 60, 30, 10
FORMULA = (
    f"得分 = {DONE_WEIGHT} × 已完成 ÷ 应完成 + {FRESH_WEIGHT} × 近 {standing.SILENT_DAYS} 日有佐证的在办任务 ÷ 在办任务"
    f" + {ANSWERED_WEIGHT}（没有逾期未回复的通报、约谈）。应完成不含长期坚持、需要明确的任务；没有在办任务的，第二项得满分。"
)


@dataclass(frozen=True)
class Score:
    """The parts of a score and their sum. `None`: nothing to be scored."""

    done: int
    owed: int
    fresh: int
    open: int
    unanswered: int

    @property
    def value(self) -> Decimal | None:
        if not self.owed and not self.open:
            return None
        done = Fraction(self.done, self.owed) if self.owed else Fraction(1)
        fresh = Fraction(self.fresh, self.open) if self.open else Fraction(1)
        points = DONE_WEIGHT * done + FRESH_WEIGHT * fresh + (0 if self.unanswered else ANSWERED_WEIGHT)
        return status.rounded(points, 1)

    @property
    def worked_out(self) -> str:
        """The formula with this unit's numbers."""
        return (
            f"{DONE_WEIGHT} × {self.done} ÷ {self.owed} + {FRESH_WEIGHT} × {self.fresh} ÷ {self.open}"
            f" + {0 if self.unanswered else ANSWERED_WEIGHT}"
        )


def of(lines: Sequence[standing.Line], unanswered: int) -> Score:
    """The score of the tasks a unit answers for."""
    owed = [one for one in lines if one.standing.code not in (standing.CONTINUING, standing.UNCLEAR)]
    going = [one for one in lines if one.standing.code != standing.DONE]
    return Score(
        done=sum(one.standing.code == standing.DONE for one in owed), owed=len(owed),
        fresh=sum(one.fresh for one in going), open=len(going), unanswered=unanswered,
    )  # fmt: skip
