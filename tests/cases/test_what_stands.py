"""Which steps of a proceeding still stand, and what may not be dated before or corrected past them."""

import pytest

from cases import steps
from cases.errors import Invalid
from cases.models.papers import _course as course
from cases.models.repair import first_done, standing_steps
from tests.factories import TODAY, approve_all, body, clerk, first, register, user
from tests.tables import fresh

pytestmark = pytest.mark.django_db


def perform(row, name, **data):
    return steps.perform(row.pk, name, by=clerk(), data=data, version=fresh(row).version, today=TODAY)


def correct(row, value):
    return perform(row, "correct_record", column="received_on", value=value, reason="日期登记有误")


def test_an_undone_correction_takes_no_other_step_with_it():
    head = user("head", ("head", body("centre")))
    row = first(register(received_on="2026-11-17"))
    approve_all(perform(row, "accept", help_kind="advice"), head)
    told = course(fresh(row))
    approve_all(correct(row, "2026-11-16"), head)
    approve_all(perform(row, "undo_last", reason="原来的日期正确"), head)
    assert [step.name for step in standing_steps(row)] == ["accept"]
    assert course(fresh(row)) == told


def test_receipt_is_not_corrected_past_what_was_done_since():
    row = first(register(received_on="2026-11-17"))
    said = {"defects": [{"text": "营业执照"}], "on": "2026-11-18"}
    steps.act(row.pk, "ask_correction", by=clerk(), data=said, today=TODAY)
    assert first_done(row)[1] == "ask_correction"
    with pytest.raises(Invalid) as refusal:
        correct(row, "2026-11-19")
    assert "2026-11-18 已办理" in str(refusal.value.fields)
    correct(row, "2026-11-18")
    assert str(fresh(row).received_on) == "2026-11-18"
