"""授权委托: two agents a party, powers by item, what takes an express power, whom papers name."""

import json

import pytest

from adjudication import protected, publication, redaction
from adjudication.models import Mandate
from cases import panels, permissions
from cases.documents.blocks import from_json, plain_text
from cases.errors import DomainError, Invalid
from tests.adjudication.story import (
    RULING,
    TODAY,
    deliberating,
    filed,
    fresh,
    later,
    party,
    received,
    staff,
    take,
    vote,
)
from tests.factories import clerk

pytestmark = pytest.mark.django_db
PHONE = "13900001111"


def mandate(row, role="applicant", name="钱某", today=TODAY, **more):
    data = {"party": party(row, role).pk, "name": name, "firm": "示例律师事务所", "powers": ["participate", "receive"],
            **more}  # fmt: skip
    return take(row, "record_mandate", data, today=today)


def code(call):
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.code


def test_a_mandate_keeps_powers_by_item_and_its_telephone_sealed():
    row = mandate(received(), phone=PHONE)
    found = row.mandates.get()
    assert (found.powers, found.from_on, found.phone) == ("participate,receive", TODAY, PHONE)
    event = row.events.get(name="record_mandate")
    notes = json.loads(event.body)["notes"]
    assert notes["party"] == f"party:{party(row, 'applicant').pk}" and "钱某" not in event.body
    assert PHONE not in event.body and PHONE not in found.phone_sealed
    tables = panels.of(fresh(row), staff()["adj1"], TODAY).tables
    table = next(one for one in tables if one.title == "委托代理人")
    assert [cell["text"] for cell in table.rows[0]][1:3] == ["钱某，示例律师事务所", "参加审理、代收文书"]
    assert PHONE not in str(table)


def test_at_most_two_at_a_time_for_one_party():
    row = mandate(mandate(received()), name="周某")
    assert code(lambda: mandate(row, name="吴某")) == "two_agents"
    assert code(lambda: mandate(received_with_one(), name="钱某")) == "already_agent"
    assert mandate(row, role="respondent", name="吴某").mandates.count() == 3
    first = row.mandates.first()
    row = take(row, "end_mandate", {"mandate": first.pk}, today=later(1))
    row = mandate(row, name="吴某", today=later(1))
    assert [one.name for one in row.mandates_on(later(1)) if one.party.role == "applicant"] == [
        "周某",
        "吴某",
    ]
    assert first in row.mandates_on(TODAY)


def received_with_one():
    return mandate(received())


@pytest.mark.parametrize(
    ("change", "field"),
    [({"powers": []}, "powers"), ({"powers": ["everything"]}, "powers"), ({"from_on": later(1).isoformat()}, "from_on"),
     ({"name": ""}, "name"), ({"party": 10**9}, "party")],
)  # fmt: skip
def test_bad_mandates_are_refused_at_their_field(change, field):
    with pytest.raises(Invalid) as refusal:
        mandate(received(), **change)
    assert list(refusal.value.fields) == [field]


def test_an_agent_withdraws_only_with_the_express_power():
    row = mandate(received())
    plain = row.mandates.get()
    with pytest.raises(Invalid) as refusal:
        take(row, "withdraw_before", {"reason": "和解", "by_agent": plain.pk})
    assert (
        "第十七条" in refusal.value.fields["by_agent"][0]
        and "撤回请求" in refusal.value.fields["by_agent"][0]
    )
    row = mandate(row, name="周某", powers=["participate", "withdraw"])
    special = row.mandates.last()
    done = take(row, "withdraw_before", {"reason": "和解", "by_agent": special.pk})
    assert done.state == "withdrawn_before"
    assert json.loads(done.events.get(version=1).body)["notes"]["by_agent"] == f"mandate:{special.pk}"


def test_neither_the_other_sides_agent_nor_one_of_another_case_nor_a_former_one_withdraws():
    other = mandate(received(), powers=["withdraw"]).mandates.get()
    row = mandate(mandate(received(), powers=["withdraw"]), role="respondent", powers=["withdraw"])
    mine, opposite = row.mandates.all()
    row = take(row, "end_mandate", {"mandate": mine.pk})
    for one in (other, opposite, mine):
        with pytest.raises(Invalid) as refusal:
            take(row, "withdraw_before", {"reason": "和解", "by_agent": one.pk})
        assert list(refusal.value.fields) == ["by_agent"]
    assert take(row, "withdraw_before", {"reason": "和解"}).state == "withdrawn_before"  # the party itself


def test_require_power_says_why():
    row = mandate(received(), powers=["settle"])
    one = row.mandates.get()
    row.require_power(None, "withdraw", TODAY)
    row.require_power(one, "settle", TODAY)
    assert code(lambda: row.require_power(one, "withdraw", TODAY)) == "no_power"
    assert code(lambda: row.require_power(one, "settle", later(-1))) == "not_agent"
    with pytest.raises(LookupError):
        row.require_power(one, "fly", TODAY)


def test_papers_name_the_agents_of_the_day():
    row = filed()
    assert row.agents_of(party(row, "applicant"), TODAY) == ""
    row = mandate(mandate(row), name="周某", firm="")
    row = take(row, "close_mediated", {"terms": [{"text": "停止销售；"}]})
    paper = row.documents.get(kind="mediated_in_case")
    assert "钱某，示例律师事务所；周某" in plain_text(from_json(paper.blocks))


def test_registered_agents_stand_until_a_mandate_is_entered():
    row = received()
    one = party(row, "applicant")
    one.agent_name, one.agent_firm = "赵律师", "旧所"
    one.save()
    assert row.agents_of(one, TODAY) == "赵律师，旧所"
    assert mandate(row).agents_of(one, TODAY) == "钱某，示例律师事务所"


def test_mandate_and_its_end_are_taken_back():
    row = mandate(received())
    row = take(row, "end_mandate", {"mandate": row.mandates.get().pk})
    assert code(lambda: take(row, "end_mandate", {"mandate": row.mandates.get().pk})) == "no_mandate"
    made, ended = (row.events.get(name=name) for name in ("record_mandate", "end_mandate"))
    row = take(row, "undo_act", {"act": ended.pk, "reason": "点错"})
    assert row.mandates.get().to_on is None
    row = take(row, "undo_act", {"act": made.pk, "reason": "点错"})
    assert not row.mandates.exists() and Mandate._base_manager.get().cancelled


def test_who_may_enter_mandates():
    people, row = staff(), received()
    may = {who for who, one in people.items() if permissions.can(one, row, "record_mandate", TODAY)}
    assert may == {"adj1", "adj2", "adj3", "adj4", "rec"} and not permissions.can(
        clerk(), row, "record_mandate", TODAY
    )
    row = filed()
    assert not permissions.can(people["adj4"], row, "record_mandate", TODAY)


def test_the_public_text_hides_who_acts_without_a_firm_and_every_telephone():
    row = mandate(mandate(deliberating(), name="孙二娘", firm=""), phone=PHONE)
    row = take(row, "record_deliberation", vote())
    ruling = take(row, "sign_ruling", RULING).rulings.get()
    assert "孙二娘" in ruling.sections and PHONE not in ruling.sections
    known = protected.subjects(ruling)
    assert PHONE in {one.phone for one in known}
    hidden = str(redaction.redact(ruling.data(), publication.suggestions(ruling)))
    assert "孙二娘" not in hidden and "钱某，示例律师事务所" in hidden
