"""A few matters of the demonstration, taken through the door: tips, transfers, a patrol, a listing, an order."""

from datetime import date, timedelta
from typing import Any

from cases import steps
from cases.models import Case, Proceeding
from stations.models import Appointment, Area, Enterprise, GridCell, Setting

from .house import House
from .story import Story

PAPER = "模拟数据：演示用文号"
LISTED = "91120116MA00000A0X"


class MatterStory(Story):
    """One matter on its way."""

    def __init__(self, house: House, today: date, days_ago: int, slug: str, by: str, **words: Any):
        self.house, self.today, self.number = house, today, 0
        self.day = today - timedelta(days_ago)
        made = steps.open_matter(slug, by=house.users[by], data=words, today=self.day)
        self.case = Case.objects.get(pk=made.case)
        self.case.simulated = True
        self.case.save(update_fields=["simulated"])
        self.row = Proceeding.objects.get(pk=made.proceeding).concrete()

    def child(self) -> "MatterStory":
        """Goes on with what this one opened."""
        self.row = self.row.children.order_by("pk").last().concrete()
        return self


def tell(house: House, today: date) -> None:
    """All of them."""
    _choices(today)
    _tips(house, today)
    _grid(house, today)
    _served(house, today)


def _choices(today: date) -> None:
    """What the office has chosen: a scheme of rewards and this year's budget. The public form stays closed."""
    first = date(today.year, 1, 1)
    for key, value in (("reward_scheme", "four_tiers"), ("reward_budget", "50000")):
        Setting.objects.get_or_create(key=key, valid_from=first, defaults={"value": value, "document": PAPER})


def _tips(house: House, today: date) -> None:
    def tip(days_ago: int, **said: Any) -> MatterStory:
        words = {
            "nature": "report", "channel": "12345", "violation": "trademark", "accused": "模拟店铺（模拟路9号）",
            "story": "模拟：店内销售标有他人注册商标的商品。", "area": "120116001", "station": "s01",
        }  # fmt: skip
        return MatterStory(house, today, days_ago, "tip", "clerk", **{**words, **said})

    tip(1, violation="counterfeit_patent", channel="window")
    tip(4, channel="12315", nature="complaint", tipster="模拟投诉人", contact="022-66880001").do(
        "take", "adjudicator"
    )
    tip(9).do("take", "adjudicator").pass_days(1).do("begin_check", "adjudicator")
    passed = tip(20, channel="letter").do("take", "adjudicator").pass_days(1).do("begin_check", "adjudicator")
    passed.pass_days(3).do(
        "transfer", "adjudicator", target="police", recipient="模拟公安分局",
        content="模拟：核查发现一店铺销售的商品涉嫌假冒注册商标，数额较大。", enclosures="现场检查笔录（共4页）",
    )  # fmt: skip
    passed.child().pass_days(1).do("send", "adjudicator", letter_no="津滨知函〔模拟〕6号")
    paid = tip(30, tipster="模拟举报人", contact="022-66880002").do("take", "adjudicator")
    paid.pass_days(1).do("begin_check", "adjudicator").pass_days(6).do(
        "verify",
        "adjudicator",
        outcome="true",
        filed="yes",
        finding="模拟：现场查获商品若干。",
        penalty="12000",
    )
    paid.pass_days(2).do("inform", "adjudicator", way="phone")
    paid.pass_days(3).do("grant_reward", "adjudicator", tier="second", excluded=[])
    paid.pass_days(1).do("notify_reward", "adjudicator", way="phone")


def _grid(house: House, today: date) -> None:
    area = Area.objects.get(code="120116001")
    cell, _made = GridCell.objects.get_or_create(
        code="TG-01", valid_from=date(today.year, 1, 1), defaults={"name": "模拟市场网格", "area": area}
    )
    seen = {
        "what": "trademark",
        "place": "模拟市场 12 号摊位",
        "story": "模拟：标识近似。",
        "station": "s01",
        "cell": cell.pk,
    }
    MatterStory(house, today, 1, "finding", "clerk", **seen)
    handed = MatterStory(house, today, 8, "finding", "clerk", **seen).pass_days(1).do("confirm", "clerk")
    handed.pass_days(1).do(
        "hand_to_transfer",
        "clerk",
        target="enforcement",
        recipient="模拟综合执法支队",
        content="模拟：巡查线索。",
    )
    said = {
        "subject": "模拟：展会假冒专利线索",
        "partner": "hebei",
        "sender": "模拟市知识产权局",
        "their_no": "模拟函8号",
    }
    MatterStory(house, today, 6, "lead_notice", "office", **said).pass_days(2).do("accept", "adjudicator")


def _served(house: House, today: date) -> None:
    area = Area.objects.get(code="120116403")
    Enterprise.objects.get_or_create(credit_code=LISTED, defaults={"name": "模拟港口企业", "area": area})
    listed = MatterStory(
        house, today, 60, "white_list", "office", enterprise=LISTED, reason="模拟：三年无违法记录。"
    )
    listed.pass_days(8).do("review", "office", advice="grant", words="模拟：符合条件。")
    listed.pass_days(4).do("grant", "office", until=(listed.day + timedelta(365)).isoformat())
    agreed = (today + timedelta(20)).isoformat()
    order = MatterStory(
        house, today, 10, "service_order", "clerk", subject="模拟：海外参展前的风险排查", what="expert", client="模拟企业丁",
        need="模拟：三项产品的侵权风险。", agreed_on=agreed,
    )  # fmt: skip
    experts = list(Appointment.objects.in_force(today).order_by("pk").values_list("person", flat=True)[:2])
    order.pass_days(3).do("name_team", "clerk", experts=experts, lead=experts[0])
