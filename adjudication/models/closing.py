"""What the closing report of an adjudication says of its time: dates, days not counted, extension, publication (law.md 6.2)."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import register
from adjudication.checklist import ENDING_PAPERS
from cases.calendar import office_calendar
from cases.clock import Clock
from cases.clock_words import stretches
from cases.documents.template import chinese_date, chinese_number
from cases.models import Deadline

if TYPE_CHECKING:
    from datetime import date

REPORT = "adjudication_closing_report"
# 办法第三十条 knows three forms; the outcome says the rest
FORMS = {"ruled": _("行政裁决书"), "settled": _("调解协议书"), "dismissed": _("撤销案件决定书")}


class ClosingWords:
    """Mixin of `Adjudication`: it only reads."""

    def paper_data(self: Any, kind: str) -> dict[str, Any]:
        """The prefill of every paper, and for the closing report what the clock and the services know."""
        known: dict[str, Any] = super().paper_data(kind)  # type: ignore[misc]
        return {**known, **self._closing_words()} if kind == REPORT else known

    def _closing_words(self: Any) -> dict[str, Any]:
        closing: Deadline | None = self.deadlines.filter(rule="T-18", cancelled=False).last()
        form = FORMS.get(self.state)
        ruling = self.rulings.filter(void=False).last() if self.state == "ruled" else None
        words: dict[str, Any] = {
            "panel_names": "、".join(self.panel_names()) or None,
            "closing_form": f"{form}（{self.outcome_label}）" if form else str(self.outcome_label),
            "publish_by": register.publish_by(ruling.made_on) if ruling is not None else None,
            "served": self._served_words(),
            "used": None,
        }
        if closing is None or self.closed_on is None:
            return words
        clock = Clock.load(self, office_calendar())
        left_out = [
            one for one in stretches(clock, closing, clock.calendar) if one["from_on"] < self.closed_on
        ]
        lost = sum((min(one["to_on"], self.closed_on) - one["from_on"]).days for one in left_out)
        said = [
            f"{one['kinds']}{chinese_date(one['from_on'])}至{chinese_date(one['to_on'])}恢复（{one['days']}日）"
            for one in left_out
        ]
        granted = [int(n) for n in closing.extended.split(",") if n]
        return words | {
            "due_on": closing.due_on,
            "excluded": "；".join([*said, f"合计{lost}日"]) if said else str(_("无")),
            "extended": "、".join(f"{chinese_number(n)}个月" for n in granted) or str(_("无")),
            "used": f"{self._days_used(closing.starts_on, lost)}日",
        }

    def _days_used(self: Any, filed: "date", lost: int) -> int:
        """Natural days from filing to the end that count."""
        return max((self.closed_on - filed).days - lost, 0)

    def _served_words(self: Any) -> str | None:
        paper = ENDING_PAPERS.get(self.state)
        done = (
            self.services.filter(paper=paper, served_on__isnull=False).select_related("party")
            if paper
            else ()
        )
        return "；".join(f"{one.party.name}{chinese_date(one.served_on)}" for one in done) or None
