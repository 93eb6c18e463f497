"""Who mediates: chosen by the parties or appointed, checked for conflicts, recused and replaced (人民调解法第十九条)."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.stepping import act

if TYPE_CHECKING:
    from cases.entry import Entry


class Appointing:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in=("received", "in_mediation", "agreed"), label=_("指定调解员"))
    def assign_mediator(self: Any, entry: "Entry") -> None:
        """Chosen by the parties or appointed (人民调解法第十九条); who judges in this dispute is refused by the door."""
        user, replaced = entry.data["user"], entry.data["replaces"]
        entry.join(user, self.handler_capacity)
        if replaced is not None:
            entry.leave(replaced, self.handler_capacity)
        if self.handler is None or self.handler == replaced:
            self.handler = user

    def _mediators(self: Any) -> list[str]:
        parts = self.participations.filter(
            capacity=self.handler_capacity, to_on__isnull=True, cancelled=False
        )
        names = [part.user.display_name for part in parts.select_related("user")]
        return names or ([self.handler.display_name] if self.handler else [])
