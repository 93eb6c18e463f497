"""举报奖励: from an anonymous tip to a paid reward; exclusions, schemes, the budget, two at once."""

from datetime import date
from decimal import Decimal

import pytest

from cases import approvals, codes, rewards
from cases.errors import DomainError
from cases.matters.tips import asking
from cases.models import (
    Approval,
    Event,
    TipReward,
)
from stations.models import Interest, Setting
from tests.cases.tipping import (
    ID,
    NAMED,
    PAID,
    PHONE,
    WHO,
    act,
    again,
    checking,
    code_of,
    do,
    due,
    evidence,
    granted,
    office,
    officer,
    verified,
)
from tests.factories import TODAY, body, user
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db


def test_from_an_anonymous_tip_to_a_paid_reward():
    office(reward_budget="10000", reward_scheme="national")
    row = verified()
    code = code_of(row)
    with pytest.raises(DomainError) as anonymous:
        act(row, "grant_reward", tier="second", excluded=[])
    assert anonymous.value.code == "anonymous"
    who = {"tipster": WHO, "contact": PHONE, "id_number": ID}
    with pytest.raises(DomainError) as wrong:
        act(row, "identify", code=codes.new_code(), **who)
    assert wrong.value.code == "wrong_code" and not again(row).tipster
    act(row, "identify", code=code.lower().replace("-", " "), **who)
    assert again(row).tipster == WHO and WHO not in Event.objects.get(name="identify").body
    granted(act(row, "grant_reward", tier="first", excluded=[]))
    reward = TipReward.objects.get()
    assert reward.amount == Decimal("5000.00")  # 5 % of 20 000 is below the minimum
    assert Event.objects.get(fact="reward_granted").value == "5000.00"
    assert due(row, "R-20a") == (date(2026, 12, 11), None)
    act(row, "notify_reward", way="code")
    assert due(row, "R-20b")[1] is None
    with pytest.raises(DomainError) as unpaid:
        do(row, "close")
    assert unpaid.value.code == "reward_open"
    act(row, "pay_reward", receipt=evidence(row).pk)
    assert TipReward.objects.get().paid_on == TODAY
    with pytest.raises(DomainError):
        act(row, "pay_reward", receipt=evidence(row).pk)
    do(row, "close")
    assert asking.stage(code) == asking.STAGES["closed"]


@pytest.mark.parametrize(
    ("penalty", "tier", "amount"),
    [(None, "third", "1000"), ("200000", "second", "6000"), ("33333.33", "first", "5000"), ("99000000", "first", "1000000"),
     ("123456.78", "first", "6172.83")],
)  # fmt: skip
def test_the_national_scheme_pays_a_share_with_a_minimum_and_a_cap(penalty, tier, amount):
    found = rewards.schemes()["national"].amount(tier, Decimal(penalty) if penalty else None)
    assert found == Decimal(amount)


@pytest.mark.parametrize("excluded", [["official"], ["right_holder"], ["kin", "paid"]])
def test_a_stated_exclusion_is_refused(excluded):
    office(reward_budget="10000", reward_scheme="four_tiers")
    row = verified(**NAMED)
    with pytest.raises(DomainError) as refused:
        act(row, "grant_reward", tier="first", excluded=excluded)
    assert refused.value.code == "excluded" and not Approval.objects.exists()


def test_right_holder_officials_their_relatives_and_late_tips_are_found_by_the_house():
    office(reward_budget="10000", reward_scheme="four_tiers")
    ask = {"tier": "first", "excluded": []}

    def refused(row):
        with pytest.raises(DomainError) as found:
            act(row, "grant_reward", **ask)
        return found.value.code == "excluded"

    row = checking(**NAMED)
    do(row, "verify", **PAID, right_holder=f" {WHO} ")
    assert refused(row)
    row = checking(**NAMED)
    do(row, "verify", **PAID, known_before=True)
    assert refused(row)
    row = verified(tipster="officer", contact=PHONE)  # a user of the house has this name
    assert refused(row)
    Interest.objects.create(user=officer(), relation="relative", name=WHO, valid_from=date(2026, 1, 1))
    row = verified(**NAMED)
    assert refused(row)
    granted(act(row, "grant_reward", **ask, namesake="已核对身份证，同名不同人"))


def test_never_above_the_budget_of_the_year():
    office(reward_scheme="four_tiers")
    row = verified(**NAMED)
    with pytest.raises(DomainError) as none:
        act(row, "grant_reward", tier="fourth", excluded=[])
    assert none.value.code == "no_budget"
    Setting.objects.create(key="reward_budget", value="9000", valid_from=date(2025, 1, 1), document="上年")
    with pytest.raises(DomainError):  # last year's is not carried over
        act(row, "grant_reward", tier="fourth", excluded=[])
    office(reward_budget="5400")
    granted(act(row, "grant_reward", tier="first", excluded=[]))
    other = verified(**NAMED)
    with pytest.raises(DomainError) as over:
        act(other, "grant_reward", tier="fourth", excluded=[])
    assert over.value.code == "over_budget" and "400" in str(over.value.message)
    act(row, "lapse_reward", reason="通知后六十个工作日未领")
    granted(act(other, "grant_reward", tier="fourth", excluded=[]))


def test_without_a_scheme_of_the_office_no_reward():
    row = verified(**NAMED)
    with pytest.raises(DomainError) as refused:
        act(row, "grant_reward", tier="first", excluded=[])
    assert refused.value.code == "no_scheme"


def test_two_rewards_at_once_do_not_break_the_budget(committing):
    office(reward_budget="5000", reward_scheme="four_tiers")
    asked = [act(verified(**NAMED), "grant_reward", tier="first", excluded=[]).approval for _n in "12"]
    people = [user(f"head{n}", ("head", body("bureau"))) for n in "12"]
    jobs = [
        lambda a=a, p=p: approvals.decide(a.pk, "approve", by=p, today=TODAY).state
        for a, p in zip(asked, people, strict=True)
    ]
    assert sorted(str(answer[1]) for answer in together(jobs)) == ["granted", "returned"]
    assert TipReward.objects.filter(cancelled=False).count() == 1


def test_two_pay_one_reward_and_one_wins(committing):
    office(reward_budget="5000", reward_scheme="four_tiers")
    row = verified(**NAMED)
    granted(act(row, "grant_reward", tier="first", excluded=[]))
    paper = evidence(row).pk
    answers = together([lambda: act(row, "pay_reward", receipt=paper) and "paid" for _n in "12"])
    assert sorted(outcomes(answers)) == ["done", "later"]
    assert Event.objects.filter(fact="reward_paid").count() == 1
