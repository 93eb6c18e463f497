"""The checklist at work: a stage is not left while a point of it is open, unless it was left out with a reason."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import checklist
from cases.errors import DomainError
from cases.stepping import Ready, act

from .closing import ClosingWords
from .rows_decision import Omission

if TYPE_CHECKING:
    from cases.entry import Entry


def settled(step: str) -> Ready:
    """No point that this step waits for may be open; limits are left to the step itself, which knows its day."""

    def ready(row: Any) -> DomainError | None:
        return refusal(row, checklist.open_for(row, step))

    return ready


def refusal(row: Any, names: list[checklist.Found]) -> DomainError | None:
    """The points in words with their articles; what to do about them."""
    if not names:
        return None
    said = "；".join(f"{one.point.words}（{one.point.source(row.filed)}）" for one in names)
    if all(one.point.skip for one in names):
        words = _("办案清单还有未完成的事项：%(names)s。请办理，或者以“跳过事项”写明理由。")
    else:
        words = _("办案清单还有未完成的事项：%(names)s。请先办理。")
    code = next((one.point.refusal for one in names if not one.point.skip), "points_open")
    return DomainError(code, words % {"names": said})


def nothing_to_skip(row: Any) -> DomainError | None:
    """Why no point can be left out."""
    if row.skippable_points():
        return None
    return DomainError("later", _("办案清单没有可以跳过的事项。"))


class CheckingActs(ClosingWords):
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(label=_("跳过事项"), rare=True, undoable=True, ready=nothing_to_skip)
    def skip_point(self: Any, entry: "Entry") -> None:
        """跳过事项: a point of the checklist is left out, and why; nothing is skipped silently."""
        item = entry.data["item"]
        if item not in {one.point.code for one in self.skippable_points()}:
            raise DomainError("not_open", _("该事项已经完成或者已经跳过，无需跳过。"))
        entry.save(Omission(
            case=self.case, proceeding=self, item=item, reason=entry.data["reason"], by=entry.by, on=entry.on,
        ))  # fmt: skip

    def refuse_open_points(self: Any, entry: "Entry", step: str) -> None:
        """Refuses a step while a point it waits for is open on its day."""
        found = refusal(self, checklist.open_for(self, step, entry.on))
        if found is not None:
            raise found

    # reading ---------------------------------------------------------------------------------------------------

    def skippable_points(self: Any) -> list[checklist.Found]:
        """Open points of the present stage that may be left out with a reason."""
        return checklist.skippable(self)

    def due_now(self: Any, today: date) -> tuple[str, ...]:
        """What the case waits for first: an agreement to be signed, a hand-over, then the acts of open points."""
        if self.state in ("filed", "deliberating"):
            if self.open_interval("stay"):
                return ("resume",) if self.stay_cause_gone() else ()
            if self.settled_in_talks():
                return ("close_mediated",)
            if self.objection_sustained():
                return ("transfer",)
        here = {one.code for one in checklist.present(self)}
        waits = [
            one.point.act
            for one in checklist.checked(self, today)
            if one.stops and one.point.act and one.point.stage in here
        ]
        return tuple(dict.fromkeys([*waits, *self.due_after_ruling(today)]))
