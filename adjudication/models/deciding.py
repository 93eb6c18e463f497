"""The decision: deliberation of the panel, its majority, the ruling as it is signed (办法第二十五条、第三十一条).

How the ruling is drafted stands in ruling_drafts.py, what later becomes of it in changing.py.
"""

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adjudication import catalogue, register, ruling_text
from cases.documents import making
from cases.documents.template import chinese_date, load
from cases.errors import DomainError
from cases.models import Approval, Event, Party
from cases.readiness import all_of, runs_not
from cases.stepping import act, step

from .checking import settled
from .panel import panel_lines
from .rows import Deliberation
from .rows_decision import Finding
from .ruling import Outcome, Ruling
from .stages import DEFENCE, NOT_STAYED

if TYPE_CHECKING:
    from cases.entry import Entry

DISMISS = (
    "dismiss"  # the panel finds that the case is to be dismissed: there is nothing to find of its claims
)
CONCLUSIONS = {**dict(Outcome.choices), DISMISS: _("撤销案件")}
_served = runs_not("T-05", code="not_served", words=_("请求书副本尚未送达全部被请求人，请先登记送达。"))


def served(row: Any) -> DomainError | str | None:
    """The respondents have the request; on repeated infringement the panel need not wait (办法第三十四条)."""
    return None if row.repeats_id else _served(row)


class DecidingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @step(
        source="filed",
        target="deliberating",
        label=_("审理终结，进入合议"),
        ready=all_of(NOT_STAYED, served, settled("deliberate")),
    )
    def deliberate(self: Any, entry: "Entry") -> None:
        """合议: the respondents have been served and heard, or their time has run out."""
        self.refuse_while_stopped(entry)
        running = self.open_deadline(*DEFENCE)
        if running is not None and entry.on <= running.due_on and not self.repeats_id:
            raise DomainError(
                "defence_period_runs",
                _("答辩期至 %(day)s 届满，期满或者收到答辩书后再合议。") % {"day": running.due_on},
            )
        self.refuse_open_points(entry, "deliberate")
        for rule in (*DEFENCE, "T-13"):
            entry.finish(rule)

    @act(open_in="deliberating", label=_("登记合议"), ready=NOT_STAYED)
    def record_deliberation(self: Any, entry: "Entry") -> None:
        """合议: every member of the panel votes, the majority decides, dissent stays in the minutes (办法第二十五条)."""
        votes = entry.data["votes"]
        members = {part.user_id for part in self.panel()}
        if {v["member"].pk for v in votes} != members or len(votes) != len(members):
            raise DomainError("not_whole_panel", _("合议由合议组全体成员参加，请逐人登记意见，每人一次。"))
        self.refuse_while_stopped(entry)
        conclusion, most = Counter(v["vote"] for v in votes).most_common(1)[0]
        if most * 2 <= len(members):
            raise DomainError("no_majority", _("没有形成过半数意见，请继续合议。"))
        entry.audience = Event.Audience.SEALED
        deliberation = Deliberation(
            case=self.case, proceeding=self, audience="sealed", on=entry.on, conclusion=conclusion,
            minutes=entry.data["minutes"],
            votes=json.dumps([{"member": v["member"].pk, "vote": v["vote"], "words": v["words"]} for v in votes],
                             ensure_ascii=False),
        )  # fmt: skip
        findings = self._findings(entry.data["findings"], conclusion)
        entry.save(deliberation)
        for finding in findings:
            finding.deliberation, finding.audience = deliberation, "sealed"
            entry.save(finding)
        entry.paper("deliberation_minutes", **self._minutes(entry, votes, findings, conclusion))

    def _findings(self: Any, rows: list[dict[str, Any]], conclusion: str) -> list[Finding]:
        """What was found of each claim against each respondent; without rows the conclusion holds for all of them."""
        if conclusion == DISMISS:
            if rows:
                raise DomainError("nothing_found", _("合议结论为撤销案件的，不填写逐项认定。"))
            return []
        rows = rows or [
            {"respondent": party, "claim": claim, "outcome": conclusion, "acts": []}
            for party in self.respondents()
            for claim in catalogue.claims_of(self.claims_relied)
        ]
        self._require_every_claim(rows)
        if catalogue.overall(row["outcome"] for row in rows) != conclusion:
            raise DomainError(
                "against_majority",
                _("逐项认定合起来应为“%(held)s”，与多数意见“%(vote)s”不一致，请核对。")
                % {
                    "held": catalogue.FOUND[catalogue.overall(row["outcome"] for row in rows)],
                    "vote": CONCLUSIONS[conclusion],
                },
            )
        return [
            Finding(
                case=self.case, proceeding=self, respondent=row["respondent"], claim=row["claim"],
                outcome=row["outcome"], acts=",".join(row["acts"]),
            )
            for row in rows
        ]  # fmt: skip

    def _require_every_claim(self: Any, rows: list[dict[str, Any]]) -> None:
        claims = catalogue.claims_of(self.claims_relied)
        wanted = {(party.pk, claim): party.name for party in self.respondents() for claim in claims}
        given = Counter((row["respondent"].pk, row["claim"]) for row in rows)
        words = {
            "finding_twice": [f"{wanted[key]}{key[1]}" for key in given if given[key] > 1 and key in wanted],
            "finding_unknown": [claim for pk, claim in given if (pk, claim) not in wanted],
            "finding_missing": [f"{wanted[key]}{key[1]}" for key in wanted if key not in given],
        }
        says = {
            "finding_twice": _("逐项认定有重复：%(what)s。"),
            "finding_unknown": _("逐项认定中的“%(what)s”不是请求人作为依据的权利要求（%(relied)s）。"),
            "finding_missing": _("逐项认定还缺少：%(what)s。对每一被请求人、每一项权利要求都要认定。"),
        }
        for code, found in words.items():
            if found:
                named = {"what": "、".join(found), "relied": self.claims_relied or _("未写明")}
                raise DomainError(code, says[code] % named)

    def _minutes(
        self: Any, entry: "Entry", votes: list[dict[str, Any]], findings: list[Finding], conclusion: str
    ) -> dict[str, Any]:
        team = [(part.user, part.capacity) for part in self.team()]
        dissent = [v for v in votes if v["vote"] != conclusion]
        return {
            "on": entry.on, "panel": panel_lines(team), "minutes": entry.data["minutes"],
            "recorder": next((user.display_name for user, capacity in team if capacity == "recorder"), ""),
            "votes": [
                {"name": v["member"].display_name, "vote": str(CONCLUSIONS[v["vote"]]), "words": v["words"]}
                for v in votes
            ],
            "findings": [
                {"name": one.respondent.name, "claim": one.claim, "outcome": str(one.get_outcome_display()),
                 "acts": catalogue.said(one.acts.split(","))}
                for one in findings
            ],
            "conclusion": str(CONCLUSIONS[conclusion]), "basis": self.cite("deliberation"),
            "dissent": "；".join(f"{v['member'].display_name}：{CONCLUSIONS[v['vote']]}" for v in dissent),
        }  # fmt: skip

    @step(
        source="deliberating",
        target="ruled",
        label=_("签发行政裁决书"),
        ready=all_of(NOT_STAYED, settled("sign_ruling")),
    )
    def sign_ruling(self: Any, entry: "Entry") -> None:
        """行政裁决: made on this day, in the panel's majority; its paper states what 办法第三十一条 demands."""
        data = entry.data
        self.refuse_while_stopped(entry)
        self._require_kind(data)
        findings = self._ruled(self._require_panel_decision(data["outcome"]), data)
        sections = ruling_text.plain(data)
        sections["findings"] = [
            {"respondent": one.respondent_id, "claim": one.claim, "outcome": one.outcome, "acts": one.acts.split(",")}
            for one in findings
        ]  # fmt: skip
        paper = {**ruling_text.paper_of(sections, self.ruling_case()), **self._signed_by()}
        filled = {**making.context(self.case, self, entry, self.body), **paper}
        self._require_contents(filled)
        ruling = Ruling(
            number=self.number or "", made_on=entry.on, outcome=data["outcome"], kind=data["kind"],
            sections=Ruling.sections_of(filled),
        )  # fmt: skip
        ruling.save()  # its id names it in the facts
        ruling.adjudications.add(self.pk)
        entry.save(ruling)
        for finding in findings:
            finding.ruling = ruling
            entry.save(finding)
        entry.fact("ruled", value=ruling.outcome, subject=ruling.subject)
        self._end(entry, f"ruled_{ruling.outcome}", line=False)
        entry.start("T-20")
        entry.paper(Ruling.PAPER, **paper)
        entry.paper("sign_off_sheet", **self._sign_off(entry))
        register.line(entry, self.number, "due", entry.on, due_on=register.publish_by(entry.on))
        entry.open("disclosure", ruling=ruling)

    def _require_kind(self: Any, data: Any) -> None:
        """重复侵权直接责令 only where an earlier ruling stands against it; 先行驳回 only where nothing was found."""
        if data["kind"] == Ruling.Kind.DIRECT_ORDER:
            self.demand_new("repeat", _("没有重复侵权直接责令停止的规定"))
            if not self.repeats_id:
                raise DomainError(
                    "no_earlier_ruling",
                    _("本案没有登记重复侵权的原裁决，不能直接责令停止（%(source)s）。")
                    % {"source": self.cite("repeat")},
                )
            if data["outcome"] == Outcome.NOT_ESTABLISHED:
                raise DomainError("nothing_repeated", _("认定侵权不成立的，不能按重复侵权直接责令停止。"))
        if data["kind"] == Ruling.Kind.DISMISSED_FIRST and data["outcome"] != Outcome.NOT_ESTABLISHED:
            raise DomainError(
                "not_dismissed",
                _("先行驳回以权利要求被宣告无效、侵权不成立为前提，请将裁决结果改为侵权不成立。"),
            )

    def _require_panel_decision(self: Any, outcome: str) -> Deliberation:
        last: Deliberation | None = self.deliberations.last()
        if last is None:
            raise DomainError(
                "no_deliberation", _("请先登记合议（%(source)s）。") % {"source": self.cite("panel")}
            )
        if last.conclusion != outcome:
            raise DomainError("against_majority", _("裁决结果与合议结论不一致，请核对。"))
        return last

    def _ruled(self: Any, last: Deliberation, data: Any) -> list[Finding]:
        """The findings the ruling carries: those of the deliberation, with the acts it may have left open."""
        decided = list(last.findings.select_related("respondent")) or self._findings([], last.conclusion)
        given = {(row["respondent"].pk, row["claim"]): row for row in data["findings"]}
        if data["findings"]:
            self._require_every_claim(data["findings"])
        made = []
        for one in decided:
            row = given.get((one.respondent_id, one.claim))
            acts = ",".join(row["acts"]) if row else one.acts
            if row and (
                row["outcome"] != one.outcome or (one.acts and {*acts.split(",")} != {*one.acts.split(",")})
            ):
                raise DomainError(
                    "against_findings",
                    _("对%(name)s%(claim)s的认定与合议的逐项认定不一致；确需改变的，请重新合议并登记。")
                    % {"name": one.respondent.name, "claim": one.claim},
                )
            made.append(Finding(
                case=self.case, proceeding=self, respondent=one.respondent, claim=one.claim, outcome=one.outcome,
                acts=acts,
            ))  # fmt: skip
        return made

    def _signed_by(self: Any) -> dict[str, Any]:
        team = [(part.user, part.capacity) for part in self.team()]
        recorder = next((user.display_name for user, capacity in team if capacity == "recorder"), "")
        return {"sue_within": str(_("十五日")), "clerk": recorder, "panel": panel_lines(team)}

    def _require_contents(self: Any, filled: dict[str, Any]) -> None:
        """Parties with their addresses; the form sees to facts, reasons, basis and orders (办法第三十一条)."""
        nowhere = [p["name"] for p in filled["parties"] if not p["address"]]
        if nowhere:
            raise DomainError(
                "party_address_missing",
                _("裁决书须写明当事人的名称和地址（%(source)s），请补充地址：%(names)s。")
                % {"source": self.cite("contents"), "names": "、".join(nowhere)},
            )

    def _sign_off(self: Any, entry: "Entry") -> dict[str, Any]:
        """文书签发稿: who drafted, who checked, what each approver wrote, how many copies."""
        asked = Approval.objects.filter(proceeding=self.pk, name=entry.name).order_by("-pk").first()
        decided = [json.loads(line) for line in asked.decided.splitlines() if line] if asked else []
        said: dict[str, list[str]] = {"legal": [], "head": []}
        for one in decided:
            if one["decision"] == "approve" and one["role"] in said:
                day = timezone.localtime(datetime.fromisoformat(one["at"])).date()
                said[one["role"]].append(f"{one['name']}　{chinese_date(day)}：{one['reason'] or '同意。'}")
        parties = list(self.case.parties.order_by("position", "pk"))
        last = self.rulingdrafts.last()
        drafter, day = (last.by, last.on) if last else (entry.by, asked.asked_on if asked else entry.on)
        return {
            "paper_title": load(Ruling.PAPER).title, "drafter": f"{drafter.display_name}　{chinese_date(day)}",
            "checker": next(iter(self.panel_names()), ""), "reviewed": said["legal"], "signed": said["head"],
            "copies": str(_("%(n)s份") % {"n": entry.data["copies"] or len(parties) + 1}),
            "sent_to": [party.name for party in parties],
        }  # fmt: skip

    # reading ---------------------------------------------------------------------------------------------------

    def respondents(self: Any) -> list[Party]:
        """Against whom the request is made, in the order of the case."""
        return [p for p in self.case.parties.all() if p.role == Party.Role.RESPONDENT]

    def ruling_case(self: Any) -> ruling_text.Case:
        """What the words of the ruling need of the case."""
        requesters = [p.name for p in self.case.parties.all() if p.role == Party.Role.APPLICANT]
        earlier = self.repeats
        return ruling_text.Case(
            requester="、".join(requesters), respondents={p.pk: p.name for p in self.respondents()},
            again=earlier.number if earlier else "", again_on=earlier.made_on if earlier else None,
            again_source=self.cite("repeat") if earlier else "",
        )  # fmt: skip
