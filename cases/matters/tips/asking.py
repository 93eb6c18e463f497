"""What the public may do without an account: tell a tip, where the office has opened the page, and ask by its code.

Who may try how often, and the one answer to every code that opens nothing.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import codes, steps
from cases.limiting import Limit, network
from cases.matters import Kept
from cases.models import Tip
from cases.models.tip import CODE
from stations.models import Setting, User

# Tips within an hour, codes within ten minutes: from one address, and from all together.
TELLING, TELLING_ALL = Limit("tip-address", 5, 3600), Limit("tip-all", 200, 3600)
ASKING, ASKING_ALL = Limit("tip-code-address", 10, 600), Limit("tip-code-all", 600, 600)
PAGE_USER = "tip_page"  # who the record names: nobody of the house
STAGES = {
    "received": _("已收到，等待核查"), "checking": _("正在核查"), "transferred": _("已转有权处理的机关"),
    "verified": _("已有核查结果"), "closed": _("已办结"), "refused": _("不予处理"),
}  # fmt: skip


def is_open(today: date) -> bool:
    """Has the office opened the public form? Off until it says so."""
    return Setting.on(Setting.Key.PUBLIC_TIPS, today) == "是"


def may_tell(address: str) -> bool:
    """May this address tell something now? Every try counts."""
    mine, everybody = TELLING.take(network(address)), TELLING_ALL.take()
    return mine and everybody


def may_ask(address: str) -> bool:
    """May this address try a code now? The try counts until `forget` takes it back."""
    mine, everybody = ASKING.take(network(address)), ASKING_ALL.take()
    return mine and everybody


def forget(address: str) -> None:
    """The code was good: the try does not count."""
    ASKING.give_back(network(address))
    ASKING_ALL.give_back()


def stage(code: str) -> Any:
    """What a code tells: the stage alone. One digest and one query, whatever was typed; None opens nothing.

    The lookup is by a keyed digest: how near a guess came changes nothing that could be measured. A tip that was
    made void answers as one that never was.
    """
    state = Tip.objects.filter(code_digest=codes.digest(code, CODE)).values_list("state", flat=True).first()
    return STAGES.get(state or "")


def tell(data: dict[str, Any], files: dict[str, list[Kept]], *, code: str, today: date, key: str) -> str:
    """Enter what the public form brought, by the door; the code, grouped. Raises Invalid with messages by field."""
    said = {**data, "code": code}
    steps.open_matter("tip", by=page_user(), data=said, files=files, today=today, key=key, told=True)
    return codes.grouped(code)


def page_user() -> User:
    """In whose name the page enters tips: no person, without a password, unable to sign in."""
    made, new = User.objects.get_or_create(
        username=PAGE_USER, defaults={"display_name": "网上举报页面", "is_active": False}
    )
    if new:
        made.set_unusable_password()
        made.save(update_fields=["password"])
    return made
