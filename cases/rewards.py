"""Reward schemes as data: tiers, amounts, exclusions. Pure but for the office's choice of a scheme.

Amounts are exact decimals in yuan. Granting and paying stand in models/rewarding.py.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.identifiers import name_key
from stations.models import Setting

FILE = Path(__file__).with_name("rewards.toml")
CENT = Decimal("0.01")
# 奖励暂行办法 excludes these; the last one is what the text means by a clue that the house has not found itself
EXCLUSIONS = {
    "official": _("举报人是市场监督管理、知识产权管理部门工作人员或者依法负有举报义务的人员"),
    "kin": _("举报人是上述人员的近亲属，或者受其指使"),
    "right_holder": _("举报人是被侵权的权利人、其委托代理人或者利害关系人"),
    "wrongdoer": _("举报人是实施违法行为的人（内部举报人除外）"),
    "paid": _("举报人受有偿委托举报"),
    "not_person": _("举报人不是自然人"),
    "known_before": _("举报前有关机关已经发现该线索"),
}


@dataclass(frozen=True)
class Tier:
    """One tier: a share of what was fined and confiscated with a minimum, or a fixed amount."""

    code: str
    label: str
    share: Decimal
    minimum: Decimal


@dataclass(frozen=True)
class Scheme:
    """What a district pays by, with the paper that adopted it."""

    code: str
    name: str
    document: str
    cap: Decimal
    finance_from: Decimal | None
    tiers: tuple[Tier, ...]

    def tier(self, code: str) -> Tier:
        """The tier of this code. Raises `unknown_tier`."""
        for one in self.tiers:
            if one.code == code:
                return one
        raise DomainError("unknown_tier", _("该等级不在本区现行奖励标准中，请重新选择。"))

    def amount(self, code: str, penalty: Decimal | None) -> Decimal:
        """What a tier pays for a case with this penalty; parts of a cent fall away."""
        one = self.tier(code)
        share = ((penalty or Decimal(0)) * one.share / 100).quantize(CENT, ROUND_DOWN)
        return min(max(share, one.minimum), self.cap)


@cache
def schemes() -> dict[str, Scheme]:
    """Every scheme of the file by its code; a change of the file needs a restart."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {code: _read(code, row) for code, row in raw.items()}


def _read(code: str, row: dict[str, object]) -> Scheme:
    tiers = tuple(
        Tier(str(t["code"]), str(t["label"]), Decimal(t.get("share", "0")), Decimal(t["minimum"]))
        for t in row["tiers"]  # type: ignore[attr-defined]
    )
    finance = Decimal(str(row["finance_from"])) if "finance_from" in row else None
    return Scheme(code, str(row["name"]), str(row["document"]), Decimal(str(row["cap"])), finance, tiers)


def scheme_on(day: date) -> Scheme:
    """The scheme the office has chosen by that day. Raises `no_scheme`."""
    found = schemes().get(Setting.on(Setting.Key.REWARD_SCHEME, day) or "")
    if found is None:
        raise DomainError("no_scheme", _("本区尚未选定举报奖励标准，请先在单位选择事项中登记。"))
    return found


def yuan(text: str) -> Decimal:
    """An amount as the office wrote it. Raises `bad_budget`."""
    try:
        return Decimal(text.replace(",", "").replace("，", "").strip()).quantize(CENT)
    except InvalidOperation:
        raise DomainError("bad_budget", _("登记的预算不是金额，请在单位选择事项中更正。")) from None


def name_of(text: str) -> str:
    """A name in the form in which two count as equal."""
    return name_key(text)
