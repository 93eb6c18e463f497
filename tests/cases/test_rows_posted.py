"""Rows of a table as a page sends them: a preset choice alone is no row, a chosen person is."""

from django import forms
from django.test import RequestFactory

from adjudication.forms.deciding import RecordDeliberation
from adjudication.forms.ruling import SignRuling
from cases.forms import StepForm, TableField
from cases.views.pages import posted


class Preset(StepForm):
    """A table with a choice that always comes back and a text."""

    table = TableField(
        label="表",
        columns={"kind": forms.ChoiceField(choices=[("a", "甲")]), "text": forms.CharField(required=False)},
    )


def test_a_row_of_preset_choices_only_was_never_filled_in():
    sent = RequestFactory().post(
        "/", {"table-0-kind": "a", "table-0-text": "", "table-1-kind": "a", "table-1-text": "x"}
    )
    assert posted(sent, Preset)["table"] == [{"kind": "a", "text": "x"}]


def test_a_vote_without_words_is_a_vote():
    sent = RequestFactory().post(
        "/", {"votes-0-member": "a", "votes-0-vote": "established", "votes-0-words": "", "votes-1-member": "",
              "votes-1-vote": "", "votes-1-words": ""},
    )  # fmt: skip
    assert [row["member"] for row in posted(sent, RecordDeliberation)["votes"]] == ["a"]


def test_an_order_to_dismiss_without_words_is_an_order():
    """Chosen, 驳回请求 writes its own sentence; a row that was left at 请选择 was never filled in."""
    sent = RequestFactory().post(
        "/", {"orders-0-kind": "stop", "orders-0-acts": "制造", "orders-1-kind": "dismiss", "orders-1-text": "",
              "orders-2-kind": "", "orders-2-text": ""},
    )  # fmt: skip
    assert [row["kind"] for row in posted(sent, SignRuling)["orders"]] == ["stop", "dismiss"]
