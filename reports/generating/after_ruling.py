"""Simulated ends of a ruling: its disclosure, the lawsuit about it and what the court's result changes in public."""

import json
from datetime import date, timedelta

from adjudication import register
from adjudication.models import Ruling
from adjudication.models.litigation import CHANGING
from cases.backfill import History
from cases.entry import Entry
from cases.models import Event

from .draws import Draw

JUDGED = (("upheld", 74), ("dismissed_suit", 8), ("annulled", 6), ("partly_annulled", 4), ("withdrawn", 8))


def disclose(draw: Draw, row: History, ruling: Ruling, on: date, signed: Event, rule: str = "T-27") -> None:
    """Public in time mostly, sometimes late; one in twenty withheld on a ground."""
    people, number = draw.house.users, row.row.number
    child = row.case.open(
        "disclosure", by=signed.by, on=on, body=draw.house.bodies["bureau"], parent=row, opened_by=signed,
        ruling=ruling, rule=rule,
    )  # fmt: skip
    day = draw.after(on, 21, 30) if draw.odds(0.08) else draw.after(on, 4, 16)
    if day is None:
        return
    if draw.odds(0.05):
        ground = "《政府信息公开条例》第十五条：涉及商业秘密，公开会对第三方合法权益造成损害"

        def withhold(entry: Entry) -> None:
            entry.fact("withheld", value="trade_secret", subject=ruling.subject)
            entry.finish(rule)
            register.line(entry, number, "withheld", entry.on, ground=ground)

        child.step(
            "withhold", "withheld", by=people["reviewer"], approved_by=people["head"], on=day,
            columns={"ground": "trade_secret"}, tell=withhold,
            data={"ground": "trade_secret", "reason": "模拟：双方均主张商业秘密"},
        )  # fmt: skip
        return
    marks = [
        {"original": p.address, "replacement": "（住址略）", "category": "address", "reason": ""}
        for p in row.case.parties
    ]
    child.act(
        "redact", by=people["reviewer"], on=day,
        columns={"revision": 1, "marks_text": json.dumps(marks, ensure_ascii=False)},
        data={"revision": 0, "replacements": marks},
    )  # fmt: skip
    first = rule == "T-27"

    def publish(entry: Entry) -> None:
        entry.fact("published", value="first" if first else "changed", subject=ruling.subject)
        entry.finish(rule)
        line = register.line(entry, number, "published" if first else "changed", entry.on)
        draw.published.append((ruling.pk, child.row.pk, line))

    child.step(
        "publish", "published", by=people["reviewer"], approved_by=people["reviewer2"], on=day, tell=publish,
        data={"revision": 1},
    )  # fmt: skip


def sue(draw: Draw, row: History, ruling: Ruling, served: date) -> None:
    """One side goes to court; months later there is an effective result."""
    office, head = draw.house.users["office"], draw.house.users["head"]
    plaintiff = row.case.parties[0 if ruling.outcome == "not_established" else 1]
    if (day := draw.after(served, 4, 9)) is None:
        return

    def suit(entry: Entry) -> None:
        entry.finish("T-21", subject=f"party:{plaintiff.pk}")
        entry.children.append(("litigation", {}))

    court = "天津市第三中级人民法院"
    opened = row.act(
        "record_suit",
        by=office,
        on=day,
        tell=suit,
        data={"party": plaintiff, "court": court, "court_case_no": ""},
    )
    child = row.case.open(
        "litigation", by=office, on=day, body=row.row.body, parent=row, opened_by=opened, court=court,
        plaintiff=plaintiff, ruling=ruling, handler=row.row.handler,
    )  # fmt: skip
    if (day := draw.after(day, 3, 9)) is None:
        return
    child.step(
        "answer", "answered", by=office, on=day, tell=lambda e: e.finish("T-31"), data={"reason": "模拟数据，应诉材料另行提交"}
    )  # fmt: skip
    if (day := draw.after(day, 50, 110)) is None:
        return
    outcome = draw.one(JUDGED)
    if outcome == "withdrawn":
        child.step(
            "withdraw_suit", "withdrawn_suit", by=office, on=day, columns={"closed_on": day, "outcome": outcome},
            tell=lambda e: _judged(e, row, ruling, outcome),
        )  # fmt: skip
        return
    form = "ruling" if outcome == "dismissed_suit" else "judgment"

    def judged(entry: Entry) -> None:
        entry.finish("T-31")
        entry.start("T-33b" if form == "ruling" else "T-33a")

    child.step(
        "record_judgment", "judged", by=office, on=day, columns={"first_outcome": outcome, "judged_on": day},
        tell=judged,
        data={"outcome": outcome, "judged_on": day.isoformat(), "form": form},
    )  # fmt: skip
    if (day := draw.after(day + timedelta(25), 0, 9)) is None:
        return
    event = child.step(
        "conclude", "concluded", by=office, approved_by=head, on=day, columns={"closed_on": day, "outcome": outcome},
        tell=lambda e: _judged(e, row, ruling, outcome),
    )  # fmt: skip
    if outcome in CHANGING:
        disclose(draw, row, ruling, day, event, rule="T-28")


def _judged(entry: Entry, row: History, ruling: Ruling, outcome: str) -> None:
    entry.fact("judgment", value=outcome, subject=ruling.subject)
    entry.fact("closed", value=outcome)
    entry.finish_all()
    if outcome in CHANGING:
        due = register.publish_by(entry.on, "T-28")
        label = str(dict(entry.proceeding.facts.outcomes)[outcome])
        register.line(entry, row.row.number, "due", entry.on, due_on=due, ground=label)
        entry.children.append(("disclosure", {}))
