"""公开审查 by hand: 公开 or 依法不公开, 撤下, 重新公开; a second reviewer always (办法第八十三条; 政府信息公开条例第十四条、第十五条)."""

from typing import Any

from adjudication import publication
from adjudication.models import Disclosure, PublishedRuling
from cases import steps
from cases.models import Proceeding
from tests.adjudication.after_ruling import ruled
from tests.factories import TODAY
from tests.house import House
from tests.tables import Table, frozen

REVIEWER = frozen("reviewer")
TWO = ("reviewer", "head")
NOBODY = frozen("")
KEPT_BACK = {"ground": "privacy", "reason": "涉及个人隐私"}


def data(step: str, row: Proceeding) -> dict[str, Any]:
    seen = {"revision": Disclosure.objects.get(pk=row.pk).revision}
    return {
        "publish": seen,
        "republish": seen,
        "withhold": KEPT_BACK,
        "withdraw": KEPT_BACK,
        "record_history": {"received_on": "2025-03-03", "closed_on": "2025-04-01", "state": "published"},
    }[step]


def start(house: House) -> Proceeding:
    row = Disclosure.objects.filter(ruling__adjudications=ruled(house)).get()
    if not row.revision:
        mark(row, house)
    return Disclosure.objects.get(pk=row.pk)


def mark(row: Proceeding, house: House) -> None:
    """Save the text once more; the worker's part is done without printing (tests of disclosure print)."""
    now = Disclosure.objects.get(pk=row.pk)
    said = {"revision": now.revision, "replacements": []}
    steps.act(row.pk, "redact", by=house.one("reviewer"), data=said, today=TODAY)
    text = publication.draft(Disclosure.objects.get(pk=row.pk), TODAY)
    text.passed = True
    text.save()


def prepare(step: str, row: Proceeding, house: House) -> None:
    """A page that is up takes only a text that is new."""
    candidate = Disclosure.objects.get(pk=row.pk).candidate()
    if step == "republish" and candidate is not None and candidate.state == PublishedRuling.State.LIVE:
        mark(row, house)


TABLE = Table(
    kind="disclosure",
    states=("received", "published", "withheld", "withdrawn", "void"),
    unreachable=frozen("void"),  # by undoing the ruling only
    edges={
        ("received", "publish"): "published",
        ("received", "withhold"): "withheld",
        ("published", "republish"): "published",
        ("published", "withdraw"): "withdrawn",
        ("withheld", "republish"): "published",
        ("withdrawn", "republish"): "published",
    },
    who={
        "publish": REVIEWER, "republish": REVIEWER, "withhold": REVIEWER, "withdraw": REVIEWER, "undo_last": REVIEWER,
        "correct_record": NOBODY, "void": NOBODY, "record_history": NOBODY,
    },
    sees=frozen("reviewer head legal office"),
    approval={"publish": ("reviewer",), "republish": TWO, "withhold": TWO, "withdraw": TWO, "undo_last": TWO},
    accepting="",
    approves_repairs=TWO,
    start=start,
    data=data,
    prepare=prepare,
    ends=frozen("published withheld withdrawn void"),
    stories=8,
)  # fmt: skip
