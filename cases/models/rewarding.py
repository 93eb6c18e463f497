"""举报奖励: granted by a tier of the district's scheme within the year's budget, approved, told, paid or lapsed.

Schemes and exclusions as data and as words: cases/rewards.toml, read by cases/rewards.py.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from cases import rewards
from cases.errors import DomainError
from cases.stepping import act
from stations.models import Interest, Setting, User

from .paper import Evidence
from .papers import later

if TYPE_CHECKING:
    from cases.entry import Entry
    from cases.models import Event

NOTIFY, CLAIM = "R-20a", "R-20b"


class TipReward(models.Model):
    """One reward: what was granted by which scheme, and what became of it. Its receiver stands sealed on the tip."""

    tip = models.ForeignKey("cases.Tip", models.PROTECT, related_name="rewards")
    scheme = models.CharField(_("奖励标准"), max_length=120)
    tier = models.CharField(_("等级"), max_length=60)
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)
    granted_on = models.DateField(_("决定日期"))
    told_on = models.DateField(_("通知日期"), null=True, blank=True)
    paid_on = models.DateField(_("发放日期"), null=True, blank=True)
    lapsed_on = models.DateField(_("逾期未领"), null=True, blank=True)
    receipt = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("举报奖励")
        constraints = [
            models.UniqueConstraint(
                fields=["tip"], condition=models.Q(cancelled=False, lapsed_on__isnull=True), name="one_reward_a_tip"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="reward_is_money"),
        ]  # fmt: skip


def budget_of(year: int, today: date) -> Setting | None:
    """The year's budget as the office set it; last year's is not carried over."""
    found = Setting.chosen(Setting.Key.REWARD_BUDGET, min(today, date(year, 12, 31)))
    return found if found is not None and found.valid_from.year == year else None


def spent_in(year: int) -> Decimal:
    """What was granted in a year and has not lapsed."""
    rows = TipReward.objects.filter(cancelled=False, lapsed_on__isnull=True, granted_on__year=year)
    return Decimal(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def not_rewardable(row: Any) -> DomainError | None:
    """Why no reward can be proposed."""
    if not row.is_report or row.outcome not in ("true", "partly"):
        return later(_("只有查证属实的举报可以奖励。"))
    if row.rewards.filter(cancelled=False, lapsed_on__isnull=True).exists():
        return later(_("本件已经决定奖励。"))
    if not row.tipster_sealed:
        return DomainError(
            "anonymous", _("举报人身份未登记：匿名举报人须凭查询码说明身份，请先“补登举报人身份”。")
        )
    return None


def nothing_granted(row: Any) -> DomainError | None:
    """Why there is nothing to notify, pay or let lapse."""
    return None if row.reward_open() is not None else later(_("没有待发放的奖励。"))


def told_already(row: Any) -> DomainError | None:
    """Why nobody is notified of it again."""
    reward = row.reward_open()
    return None if reward is not None and reward.told_on is None else later(_("没有待通知的奖励。"))


class Rewarding:
    """Mixin of `Tip`; `self` is the locked row."""

    def reward_open(self: Any) -> TipReward | None:
        """The reward that still waits to be taken."""
        found: TipReward | None = self.rewards.filter(
            cancelled=False, paid_on__isnull=True, lapsed_on__isnull=True
        ).first()
        return found

    @act(open_in="verified", label=_("决定奖励"), ready=not_rewardable, undoable=True)
    def grant_reward(self: Any, entry: "Entry") -> None:
        """奖励：按本区标准的等级，经负责人批准，不超过当年预算；排除情形一律不予奖励。"""
        data = entry.data
        scheme = rewards.scheme_on(entry.on)
        if found := self.exclusions(data):
            raise DomainError("excluded", _("不予奖励：%(why)s。") % {"why": "；".join(map(str, found))})
        amount = scheme.amount(data["tier"], self.penalty)
        if scheme.finance_from is not None and amount >= scheme.finance_from and not data["finance_no"]:
            words = _("奖励达到 %(sum)s 元，须先报财政部门同意，请填写文号。") % {"sum": scheme.finance_from}
            raise DomainError("finance", words)
        self._within_budget(amount, entry)
        entry.save(
            TipReward(
                tip=self, scheme=f"{scheme.name}（{scheme.document}）", tier=scheme.tier(data["tier"]).label, amount=amount,
                granted_on=entry.on,
            )
        )  # fmt: skip
        entry.fact("reward_granted", value=str(amount))
        entry.start(NOTIFY)

    def _within_budget(self: Any, amount: Decimal, entry: "Entry") -> None:
        """Never above the budget, two at once included: the year's budget row is locked until this is written."""
        year = entry.on.year
        budget = budget_of(year, entry.on)
        if budget is None:
            words = _("%(year)d 年的举报奖励预算尚未登记，请先在单位选择事项中登记。") % {"year": year}
            raise DomainError("no_budget", words)
        locked = Setting.objects.select_for_update().get(pk=budget.pk)
        left = rewards.yuan(locked.value) - spent_in(year)
        if amount > left:
            words = _("超过预算：本次 %(sum)s 元，%(year)d 年预算余额 %(left)s 元。") % {
                "sum": amount, "year": year, "left": left,
            }  # fmt: skip
            raise DomainError("over_budget", words)

    def exclusions(self: Any, data: Any) -> list[Any]:
        """Grounds of the scheme that shut this tipster out: what the handler states, and what the house knows itself."""
        found = [rewards.EXCLUSIONS[code] for code in data["excluded"]]
        if self.known_before:
            found.append(rewards.EXCLUSIONS["known_before"])
        name = rewards.name_of(self.tipster)
        if self.right_holder and name == rewards.name_of(self.right_holder):
            found.append(rewards.EXCLUSIONS["right_holder"])
        if not data["namesake"] and self._of_the_house(name):
            found.append(_("举报人与工作人员或者其申报的近亲属同名，请核实；确属同名的，写明核实情况"))
        return list(dict.fromkeys(found))

    def _of_the_house(self: Any, name: str) -> bool:
        staff = User.objects.filter(is_active=True).values_list("display_name", flat=True)
        kin = Interest.objects.filter(relation=Interest.Relation.RELATIVE).values_list("name", flat=True)
        return any(rewards.name_of(one) == name for one in (*staff, *kin))

    @act(open_in="verified", label=_("通知领奖"), ready=told_already)
    def notify_reward(self: Any, entry: "Entry") -> None:
        """通知：十五个工作日内通知举报人；自通知之日起六十个工作日内领取。"""
        reward = self.reward_open()
        reward.told_on = entry.on
        entry.save(reward)
        entry.finish(NOTIFY)
        entry.start(CLAIM)

    @act(open_in="verified", label=_("发放奖励"), ready=nothing_granted)
    def pay_reward(self: Any, entry: "Entry") -> None:
        """发放：核对身份后发放，领款凭证密封保存。"""
        reward = self.reward_open()
        reward.paid_on, reward.receipt = entry.on, entry.data["receipt"]
        entry.save(reward)
        entry.finish(NOTIFY)
        entry.finish(CLAIM)
        entry.fact("reward_paid", value=str(reward.amount))

    @act(open_in="verified", label=_("登记逾期未领"), rare=True, ready=nothing_granted)
    def lapse_reward(self: Any, entry: "Entry") -> None:
        """逾期未领：视为放弃，金额退回预算。"""
        reward = self.reward_open()
        reward.lapsed_on = entry.on
        entry.save(reward)
        entry.finish(NOTIFY)
        entry.finish(CLAIM)
        entry.withdraw_facts("reward_granted")

    def act_undone(self: Any, entry: "Entry", event: "Event") -> None:
        """A reward that was paid is not taken back by undoing its grant."""
        if any(row.paid_on for row in entry.rows_of(event) if isinstance(row, TipReward)):
            raise DomainError("built_upon", _("奖励已经发放，不能撤回。"))
        super().act_undone(entry, event)  # type: ignore[misc]
