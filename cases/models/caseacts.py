"""Acts on the case itself: its data put right, files added, a further proceeding opened."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import Conflict, DomainError, VersionMissing
from cases.stepping import act

from .materials import Materials
from .record import Event

if TYPE_CHECKING:
    from cases.entry import Entry


class CaseActs(Materials):
    """Mixin of `Case`; `self` is the locked row."""

    @act(label=_("开启新的办理程序"))
    def open_proceeding(self: Any, entry: "Entry") -> None:
        """A further proceeding on the same dispute."""
        fields = (
            {"flavour": entry.data["mediation_kind"] or "people"}
            if entry.data["proceeding"] == "mediation"
            else {}
        )
        entry.open(entry.data["proceeding"], parent=None, **fields)

    @act(label=_("更正案件信息"), daily=False, revises="case")
    def correct_case(self: Any, entry: "Entry") -> None:
        """更正: summary, cause, amount and the like; old and new values stand on the record."""
        _revise(self, entry, {n: v for n, v in entry.data.items() if n in CASE_COLUMNS and v is not None})

    @act(label=_("更正当事人信息"), daily=False, revises="party")
    def correct_party(self: Any, entry: "Entry") -> None:
        """更正: a party's data. Protected values appear on the record only as keyed digests."""
        party = entry.data["party"]
        _revise(party, entry, {n: v for n, v in entry.data.items() if n in PARTY_COLUMNS and v is not None})

    @act(label=_("追加当事人"), daily=False)
    def add_party(self: Any, entry: "Entry") -> None:
        """A further party of the same dispute."""
        party = self.parties.model(case=self, position=self.parties.count())
        for name, value in entry.data.items():
            if name in PARTY_COLUMNS:
                setattr(party, name, value)
        party.refresh_keys()
        entry.save(party)
        entry.note(role=party.role)

    @act(label=_("更正权利信息"), daily=False, revises="right")
    def correct_right(self: Any, entry: "Entry") -> None:
        """更正: a right's kind, number, title or holder."""
        right = entry.data["right"]
        _revise(right, entry, {n: v for n, v in entry.data.items() if n in RIGHT_COLUMNS and v is not None})

    @act(label=_("并入案件"), daily=False)
    def merge(self: Any, entry: "Entry") -> None:
        """并案: another case ended here; both records name it."""
        entry.note(merged=entry.data["merged"], proceeding=entry.data["proceeding"])

    @act(label=_("撤销并入"), daily=False)
    def unmerge(self: Any, entry: "Entry") -> None:
        """并案 was a mistake: the other case goes on by itself; both records name it."""
        entry.note(merged=entry.data["merged"], proceeding=entry.data["proceeding"])

    @act(label=_("开启抽样回访"), daily=False)
    def open_call_back(self: Any, entry: "Entry") -> None:
        """A sealed sample drew one of its proceedings: nobody of the case learns of it, so the act is sealed, too."""
        drawn = self.proceedings.get(pk=entry.data["proceeding"])
        if drawn.children.filter(kind="call_back").exclude(state="void").exists():
            raise DomainError("already_open", _("该程序已经开启抽样回访。"))
        entry.audience = Event.Audience.SEALED
        entry.open("call_back", parent=drawn, sample_id=entry.data["sample"], station=None)

    @act(label=_("不计入统计"), daily=False)
    def exclude_from_figures(self: Any, entry: "Entry") -> None:
        """Takes the case out of every figure, or back in, with the reason on the record."""
        self.counted = not self.counted
        self.not_counted_reason = "" if self.counted else entry.data["reason"]
        entry.fact("excluded", value="no" if self.counted else "yes")
        entry.save(self)


CASE_COLUMNS = (
    "summary", "cause", "claim_amount", "source", "foreign", "court_case_no", "external_no", "act_place",
    "act_platform", "handled_elsewhere", "batch",
)  # fmt: skip
PARTY_COLUMNS = (
    "role", "kind", "name", "id_number", "phone", "address", "service_address", "legal_representative", "post",
    "agent_name", "agent_firm", "agent_authority",
)  # fmt: skip
RIGHT_COLUMNS = ("kind", "number", "title", "holder")
PROTECTED = ("id_number", "phone", "address", "service_address")


def _revise(row: Any, entry: "Entry", values: dict[str, Any]) -> None:
    """Change columns of a row two people may edit; the caller has seen its revision."""
    seen = entry.data.get("revision")
    if seen is None:
        raise VersionMissing("revision_missing", _("请求缺少修订号（revision），请先读取最新内容。"))
    if seen != row.revision:
        raise Conflict(
            "stale_revision", _("这部分内容刚刚被其他人修改，请刷新后再更正。"), revision=row.revision
        )
    changed = {}
    for name, new in values.items():
        old = getattr(row, name)
        if (old or "") != (new or ""):
            changed[name] = [row.digest_of(name), None] if name in PROTECTED else [_said(old), _said(new)]
            setattr(row, name, new)
            if name in PROTECTED:
                changed[name][1] = row.digest_of(name)
    if not changed:
        raise DomainError("nothing_changes", _("更正后的内容与原记录相同，无需更正。"))
    row.revision += 1
    row.refresh_keys()
    entry.save(row)
    entry.note(row=f"{row._meta.model_name}:{row.pk}", corrected=changed, reason=entry.data.get("reason"))


def _said(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value
