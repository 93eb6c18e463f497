"""Two at once: one return per period however it is opened, one confirmation, one publication; in processes of their own."""

import pytest

from cases import chain, steps
from reports.models import Evaluation, Return
from reports.returns import opening
from tests.factories import body, station
from tests.processes import outcomes, together
from tests.reports import desk
from tests.reports.test_evaluation import reviewed

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"report": "station_month", "period": "2026-11", "unit": "station:s1"}


@pytest.fixture(autouse=True)
def _house(committing):
    for kind in ("bureau", "centre"):
        body(kind)
    station("s1")


def step(row, name, by, **data):
    version = row.version

    def job():
        return steps.perform(row.pk, name, by=by, data=data, version=version, today=desk.DAY).state

    return job


def test_a_clerk_and_the_schedule_open_one_return():
    clerk = desk.clerk()
    answers = together(
        [
            lambda: steps.open_matter("return", by=clerk, data=ASKED, today=desk.DAY).state,
            lambda: opening.open_due(desk.DAY),
        ]
    )
    assert {one[0] for one in answers} <= {"done", "refused"}
    assert Return.objects.filter(code="station_month").count() == 1


def test_two_confirmations_one_counts():
    row = desk.opened("return", desk.clerk(), **ASKED)
    row = desk.do(row, "submit", desk.clerk())
    answers = together([step(row, "confirm", desk.station_head()), step(row, "confirm", desk.head())])
    assert outcomes(answers) == ["done", "stale_version"]
    fresh = desk.again(row)
    assert (fresh.state, fresh.version) == ("confirmed", 2)
    assert fresh.documents.count() == 1 and chain.broken_case_chains([row.case_id]) == []


def test_an_appeal_and_an_agreement_do_not_both_stand():
    row = reviewed()
    head = desk.station_head()
    answers = together(
        [
            step(row, "appeal", head, reason="有异议"),
            lambda: steps.act(row.pk, "accept_result", by=head, data={}, today=desk.DAY).state,
        ]
    )
    assert sorted(one[0] for one in answers) == ["done", "refused"]
    fresh = Evaluation.objects.get(pk=row.pk)
    assert (fresh.appealed_on is not None) != fresh.accepted
    assert chain.broken_case_chains([row.case_id]) == []
