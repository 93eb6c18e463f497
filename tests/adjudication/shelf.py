"""Public texts put on the shelf without a story: what search finds, whatever led there."""

import json
from datetime import date
from typing import Any

from adjudication import searching
from adjudication.models import Disclosure, Outcome, PublishedRuling, Ruling
from adjudication.models.public import LegalStatus
from tests.adjudication.story import received

State = PublishedRuling.State


class Shelf:
    """Live texts, numbered in the order in which they are put there."""

    def __init__(self) -> None:
        self.row = received()
        self.reviews: Disclosure | None = None
        self.serials: dict[int, int] = {}

    def text(
        self, text: str = "正文", *, year: int = 2026, state: str = State.LIVE, parties: tuple[str, ...] = (),
        panel: tuple[str, ...] = (), orders: tuple[str, ...] = (), right: str = "invention",
        outcome: str = Outcome.ESTABLISHED, status: str = LegalStatus.EFFECTIVE, **columns: Any,
    ) -> PublishedRuling:  # fmt: skip
        """A text not saved yet, with the next number of its year."""
        serial = columns.pop("serial", None) or self.serials.get(year, 0) + 1
        self.serials[year] = max(serial, self.serials.get(year, 0))
        number, made_on = f"津滨知裁字〔{year}〕{serial}号", date(year, 6, 30)
        ruling = Ruling.objects.create(number=number, made_on=made_on, outcome=outcome, sections="{}")
        if self.reviews is None:
            self.reviews = Disclosure(
                case=self.row.case,
                kind="disclosure",
                parent=self.row,
                station=self.row.station,
                ruling=ruling,
            )
            self.reviews.save()
        sections = {
            "parties": [{"role": "请求人", "name": name} for name in parties],
            "panel": [{"role": "审理员", "name": name} for name in panel],
            "orders": list(orders),
        }
        return PublishedRuling(
            ruling=ruling, disclosure=self.reviews, revision=1, state=state, basis="", passed=True, number=number,
            year=year, serial=serial, title="专利侵权纠纷行政裁决书", right_kind=right, outcome=outcome, status=status,
            made_on=made_on, published_on=made_on, sections=json.dumps(sections, ensure_ascii=False),
            text="\n".join([number, *parties, columns.get("cause", ""), text, *orders, *panel]), unindexed=False,
            digest="0" * 64, **columns,
        )  # fmt: skip

    def put(self, *texts: str, **columns: Any) -> list[PublishedRuling]:
        """Texts saved and kept for search as the worker does."""
        made = [self.text(text, **columns) for text in texts]
        for one in made:
            one.save()
            searching.index_ruling(one.ruling_id)
        return made
