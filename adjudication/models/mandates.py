"""Who acts for a party and with which powers: mandates given and ended, what an agent may do (办法第十七条)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import conflicts
from cases.errors import DomainError
from cases.models import Party
from cases.stepping import act

from .rows_request import Mandate
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry

# To admit, waive, change or settle takes an express power (特别授权); to withdraw is to waive the whole request.
GENERAL = {"participate": _("参加审理"), "submit": _("提交材料、证据"), "receive": _("代收文书")}
SPECIAL = {
    "admit": _("特别授权：承认对方请求"), "waive": _("特别授权：放弃请求"), "change": _("特别授权：变更请求"),
    "settle": _("特别授权：和解、调解"), "withdraw": _("特别授权：撤回请求"),
}  # fmt: skip
POWERS = {**GENERAL, **SPECIAL}
AT_ONCE = 2  # agents of one party
ACTED_FOR = ("received", *EXAMINED, "ruled")


def no_mandate(row: Any) -> DomainError | None:
    """What is refused where nobody acts for a party."""
    if row.mandates.filter(to_on__isnull=True).exists():
        return None
    return DomainError("no_mandate", _("没有正在生效的授权委托，请先登记委托。"))


@conflicts.also(lambda: Mandate.objects.select_related("party"), "name", "firm")
def names_of(row: Mandate) -> list[conflicts.Named]:
    """An agent and his firm, for the one conflict check."""
    role = row.party.role_before_judge
    return [
        *conflicts.named(row.name, str(_("%(role)s的委托代理人") % {"role": role})),
        *conflicts.named(row.firm, str(_("%(role)s的代理机构") % {"role": role})),
    ]


def said(powers: str) -> str:
    """The powers of a mandate in words."""
    return "、".join(str(POWERS.get(code, code)) for code in powers.split(",") if code)


class MandateActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=ACTED_FOR, label=_("登记授权委托"), undoable=True)
    def record_mandate(self: Any, entry: "Entry") -> None:
        """授权委托: one or two agents a party, each with the matters and powers written (办法第十七条)."""
        data = entry.data
        row = Mandate(
            case=self.case, proceeding=self, party=data["party"], name=data["name"], firm=data["firm"],
            licence_no=data["licence_no"], powers=",".join(data["powers"]), from_on=data["from_on"] or entry.on,
            proof=data["proof"],
        )  # fmt: skip
        row.phone = data["phone"]
        beside = list(self.mandates.filter(Q(to_on__isnull=True) | Q(to_on__gt=row.from_on), party=row.party))
        if any(one.name == row.name and one.firm == row.firm for one in beside):
            raise DomainError("already_agent", _("该代理人的委托已经登记；权限有变动的，请先终止原委托。"))
        if len(beside) >= AT_ONCE:
            raise DomainError(
                "two_agents",
                _("每一方当事人可以委托一至二人（%(source)s），请先终止其中一人的委托。")
                % {"source": self.cite("agents")},
            )
        entry.save(row)

    @act(open_in=ACTED_FOR, label=_("终止授权委托"), rare=True, undoable=True, ready=no_mandate)
    def end_mandate(self: Any, entry: "Entry") -> None:
        """The mandate is taken back or laid down, or another agent takes it over: from this day on he may do nothing."""
        row: Mandate = entry.data["mandate"]
        if entry.on < row.from_on:
            raise DomainError(
                "date_order", _("终止日期不能早于委托生效的日期 %(day)s。") % {"day": row.from_on}
            )
        row.to_on = entry.on
        entry.save(row)

    # what others ask -------------------------------------------------------------------------------------------

    def mandates_on(self: Any, on: date) -> list[Mandate]:
        """The mandates that hold on this day, in the order in which they came; on the day it ended one no longer does."""
        held = self.mandates.filter(Q(to_on__isnull=True) | Q(to_on__gt=on), from_on__lte=on)
        return list(held.select_related("party"))

    def require_power(self: Any, mandate: Mandate | None, power: str, on: date) -> None:
        """Refuse an agent who may not do this on this day; without an agent the party acts itself.

        Raises `not_agent` (no mandate of this case in force), `no_power` (a special power not expressly given).
        """
        if mandate is None:
            return
        if power not in POWERS:
            raise LookupError(power)
        if all(one.pk != mandate.pk for one in self.mandates_on(on)):
            raise DomainError(
                "not_agent", _("%(name)s 当日不是本案的委托代理人，请核对授权委托。") % {"name": mandate.name}
            )
        if power not in mandate.powers.split(","):
            raise DomainError(
                "no_power",
                _("%(name)s 的授权委托书没有写明“%(power)s”（%(source)s）；"
                  "请由当事人本人办理，或者补交授权委托书后重新登记委托。")
                % {"name": mandate.name, "power": POWERS[power], "source": self.cite("agents")},
            )  # fmt: skip

    def agents_on(self: Any, on: date) -> dict[int, str]:
        """Who acts for each party by its mandates of this day, as papers print it: id of the party -> names and firms."""
        found: dict[int, list[str]] = {}
        for one in self.mandates_on(on):
            found.setdefault(one.party_id, []).append("，".join(filter(None, [one.name, one.firm])))
        return {pk: "；".join(names) for pk, names in found.items()}

    def known_to_forms(self: Any, kind: str) -> dict[str, Any]:
        """On a request the claims relied on and the requester's agents."""
        if kind != "adjudication_request":
            return {}
        held = [
            one for one in self.mandates.filter(to_on__isnull=True) if one.party.role == Party.Role.APPLICANT
        ]
        rows = [{"name": one.name, "firm": one.firm} for one in held]
        first = self.case.parties.filter(role=Party.Role.APPLICANT).exclude(agent_name="").first()
        if not rows and first is not None:
            rows = [{"name": first.agent_name, "firm": first.agent_firm}]
        return {"claims_relied": self.claims_relied, "agents": rows}
