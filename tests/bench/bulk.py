"""Rows for the measurements: many open cases at one desk, and a generated history. All by the product's own backfill."""

import io
from datetime import date, timedelta
from functools import partial

from django.core.management import call_command

from cases.backfill import Backfill
from cases.entry import Entry
from cases.models import Case, Party, Right
from stations.models import Station, User
from tests.factories import body, clerk, station, user

BATCH = 1000  # cases of one transaction


def open_cases(number: int, today: date) -> User:
    """So many open cases, all at one station, received over the last 40 days; returns the station's clerk.

    Of three cases one waits for assistance, one for mediation, one is in mediation with its month running.
    """
    desk, person = station(), clerk()
    body("centre")
    mediator = user("mediator", ("mediator", body("committee")))
    for start in range(0, number, BATCH):
        with Backfill() as backfill:
            for n in range(start, min(start + BATCH, number)):
                _open_case(backfill, n, desk, person, mediator, today)
    return person


def _open_case(backfill: Backfill, n: int, desk: Station, person: User, mediator: User, today: date) -> None:
    on = today - timedelta(days=n % 40)
    case = Case(
        station=desk,
        received_on=on,
        cause="侵害商标权纠纷",
        summary=f"销售带有争议标识的商品（{n}）",
        simulated=True,
    )
    parties = [
        Party(role=Party.Role.APPLICANT, kind=Party.Kind.LEGAL, name=f"申请公司{n}"),
        Party(role=Party.Role.RESPONDENT, kind=Party.Kind.LEGAL, name=f"被申请公司{n}"),
    ]
    history = backfill.case(case, parties, [Right(kind=Right.Kind.TRADEMARK, number=str(10_000_000 + n))],
                            by=person, on=on, today=on)  # fmt: skip
    if n % 3 == 0:
        history.open("assistance", by=person, on=on)
        return
    mediation = history.open("mediation", by=person, on=on, flavour="people")
    if n % 3 == 1:
        mediation.step(
            "accept", "in_mediation", by=mediator, on=on, series="people_mediation",
            columns={"accepted_on": on, "handler": mediator}, tell=partial(_accepted, mediator),
        )  # fmt: skip


def _accepted(mediator: User, entry: Entry) -> None:
    """What the acceptance of a people's mediation says."""
    entry.fact("accepted", value="people")
    entry.join(mediator, "mediator")
    entry.start("M-20")


def generated(number: int, years: str) -> None:
    """A history as `manage.py generate` makes it; public pages are printed elsewhere."""
    quiet = io.StringIO()
    call_command(
        "generate", str(number), f"--years={years}", "--seed=1", "--pages=0", stdout=quiet, stderr=quiet
    )
