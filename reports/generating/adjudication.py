"""Simulated patent adjudication: filed, served, heard, ruled; lines for the register. What follows a ruling: after_ruling.py."""

import json
from datetime import date
from functools import partial
from typing import Any

from adjudication import register
from adjudication.models import Deliberation, Examination, Omission, Ruling, Service
from adjudication.models.panel import panel_lines
from adjudication.models.proceeding import OUTCOMES
from cases.backfill import CaseHistory, History
from cases.documents import making
from cases.entry import Entry
from cases.models import Event
from cases.models.filing import RULE as ARCHIVE

from . import after_ruling, files
from .draws import Draw
from .talk import Later

CONDITIONS = dict.fromkeys(
    ("interested", "definite_respondent", "definite_claims", "competent", "not_elsewhere"), True
)
RULED = (("established", 60), ("partly", 15), ("not_established", 25))
UNHEARD = "模拟：事实清楚，双方书面意见充分，不举行口头审理"
THROUGH = Ruling.adjudications.through


def adjudicate(draw: Draw, case: CaseHistory, on: date, today: date, *, ending: str, sued: bool) -> History:
    """One request, as far as it has come by today. `ending`: ruled, mediated, dismissed, refused."""
    house, clerk = draw.house, draw.house.clerks[case.case.station_id]  # type: ignore[index]
    row = case.open("adjudication", by=clerk, on=on, today=today, body=house.bodies["bureau"])
    _handled(draw, row, today, ending=ending, sued=sued)
    if row.row.closed_on is not None:  # after the time to sue
        later = Later()
        files.archive(draw, later, row, row.row.closed_on, house.users["office"], days=(17, 21))
        later.run()
    return row


def _handled(draw: Draw, row: History, today: date, *, ending: str, sued: bool) -> None:
    people = draw.house.users
    officer, head, recorder = people["adjudicator"], people["head"], people["recorder"]
    if (day := draw.after(today, 1, 4)) is None:
        return
    if ending == "refused":
        _close(
            row,
            "refuse",
            "refused",
            "refused",
            day,
            officer,
            head,
            data={"grounds": ["sued"], "reasons": [{"text": "模拟：已向法院起诉"}]},
        )
        return
    _file(draw, row, day, officer, head)
    if (day := draw.after(day, 1, 4)) is None:
        return
    _exchange(draw, row, day, recorder)
    if (day := draw.after(day, 12, 60)) is None:
        return
    if ending == "dismissed":
        ground = {"ground": "withdrawn", "detail": ""}
        _close(row, "dismiss", "dismissed", "dismissed", day, officer, head, data=ground)
        return
    if ending == "mediated":
        terms = {"terms": [{"text": "模拟：被请求人停止制造，双方就补偿另行约定。"}]}
        _close(row, "close_mediated", "settled", "mediated", day, officer, head, data=terms)
        return
    _rule(draw, row, day, officer, sued=sued)


def _file(draw: Draw, row: History, on: date, officer: Any, head: Any) -> None:
    people = draw.house.users
    team = _team(draw)
    patent = row.case.rights[0]
    claims = {} if patent.kind == "design" else {"claim_count": 9, "claims_relied": "权利要求1"}
    examination = _examination(row, on, standing="patentee", competence="domicile")
    empty = {"claim_count": None, "claims_relied": ""}

    def tell(entry: Entry) -> None:
        entry.save(examination)
        entry.join(officer, "case_officer")
        for user, capacity in team:
            entry.join(user, capacity)
        entry.fact("accepted", value=patent.kind)
        for rule in ("T-01", "T-02"):
            entry.finish(rule)
        entry.start("T-05")
        entry.start("T-18")
        register.line(entry, None, "pending", entry.on)

    row.step(
        "file", "filed", by=officer, approved_by=head, on=on, series="adjudication",
        columns={"accepted_on": on, "handler": officer, **empty, **claims}, tell=tell,
        data={
            **CONDITIONS, **claims, "competence": "domicile", "acknowledged": True,  # the same people sit again
            "handler": officer.username, "leader": officer.username,
            "members": [{"user": "adjudicator2"}, {"user": "adjudicator3"}], "recorder": people["recorder"].username,
        },
    )  # fmt: skip


def _examination(row: History, on: date, **found: str) -> Examination:
    return Examination(
        case=row.case.case,
        proceeding_id=row.row.pk,
        on=on,
        attachments='["copies", "identity", "register"]',
        **found,
    )


def _team(draw: Draw) -> list[tuple[Any, str]]:
    people = draw.house.users
    team = [
        (people["adjudicator"], "panel_leader"), (people["adjudicator2"], "panel_member"),
        (people["adjudicator3"], "panel_member"), (people["recorder"], "recorder"),
    ]  # fmt: skip
    return sorted(team, key=lambda one: one[0].pk)


def _serve(row: History, party: Any, paper: str, on: date, by: Any, *tells: Any) -> None:
    service = Service(
        case=row.case.case,
        proceeding_id=row.row.pk,
        party=party,
        paper=paper,
        method="post",
        sent_on=on,
        served_on=on,
    )

    def tell(entry: Entry) -> None:
        entry.save(service)
        for one in tells:
            one(entry)

    row.act("serve", by=by, on=on, tell=tell, data={"party": party, "paper": paper, "method": "post"})


def _exchange(draw: Draw, row: History, on: date, by: Any) -> None:
    """The request goes to the respondent, the defence comes back."""
    _requester, respondent = row.case.parties
    subject = f"party:{respondent.pk}"
    _serve(
        row,
        respondent,
        "request",
        on,
        by,
        lambda e: e.start("T-06", subject=subject),
        lambda e: e.finish("T-05"),
    )
    if draw.odds(0.85) and (day := draw.after(on, 3, 9)) is not None:

        def answered(entry: Entry) -> None:
            for rule in ("T-06", "T-07"):
                entry.finish(rule, subject=subject)
            entry.start("T-08", subject=subject)

        row.act("receive_defence", by=by, on=day, tell=answered, data={"party": respondent})
        if (sent := draw.after(day, 1, 4)) is not None:
            row.act(
                "serve_defence_copy", by=by, on=sent, tell=lambda e: e.finish("T-08", subject=subject),
                data={"party": respondent},
            )  # fmt: skip


def _close(
    row: History, step: str, to: str, outcome: str, on: date, by: Any, head: Any, *, data: Any
) -> None:
    def tell(entry: Entry) -> None:
        if outcome == "refused":
            entry.save(_examination(row, on, standing=""))
            entry.fact("refused", value="refused")
        entry.fact("closed", value=outcome)
        entry.finish_all()
        entry.start(ARCHIVE)
        if row.row.number:
            register.line(
                entry, row.row.number, "closed_without_ruling", entry.on, ground=str(OUTCOMES[outcome])
            )

    row.step(
        step,
        to,
        by=by,
        approved_by=head,
        on=on,
        columns={"closed_on": on, "outcome": outcome},
        tell=tell,
        data=data,
    )


def _rule(draw: Draw, row: History, on: date, officer: Any, *, sued: bool) -> None:
    people = draw.house.users

    def deliberate(entry: Entry) -> None:
        for rule in ("T-06", "T-07", "T-13"):
            entry.finish(rule)

    unheard = Omission(
        case=row.case.case, proceeding_id=row.row.pk, item="hearing", reason=UNHEARD, by=officer, on=on
    )
    row.act(
        "skip_point", by=officer, on=on, tell=lambda entry: entry.save(unheard),
        data={"item": "hearing", "reason": UNHEARD},
    )  # fmt: skip
    row.step("deliberate", "deliberating", by=officer, on=on, tell=deliberate)
    if (day := draw.after(on, 1, 9)) is None:
        return
    outcome = draw.one(RULED)
    names = ("adjudicator", "adjudicator2", "adjudicator3")
    votes = [{"member": name, "vote": outcome, "words": "模拟意见"} for name in names]
    deliberation = Deliberation(
        case=row.case.case, proceeding_id=row.row.pk, audience="sealed", on=day, conclusion=outcome,
        votes=json.dumps([{**v, "member": people[v["member"]].pk} for v in votes], ensure_ascii=False),
    )  # fmt: skip

    def vote(entry: Entry) -> None:
        entry.audience = Event.Audience.SEALED
        entry.save(deliberation)

    row.act("record_deliberation", by=officer, on=day, tell=vote, data={"votes": votes})
    if (day := draw.after(day, 1, 8)) is None:
        return
    ruling, signed = _sign(draw, row, day, officer, outcome)
    after_ruling.disclose(draw, row, ruling, day, signed)
    served = _serve_ruling(draw, row, day, people["recorder"])
    if sued and served is not None:
        after_ruling.sue(draw, row, ruling, served)


def _sign(draw: Draw, row: History, on: date, officer: Any, outcome: str) -> tuple[Ruling, Event]:
    people = draw.house.users
    requester, respondent = row.case.parties
    stop = {"kind": "stop", "acts": "制造、销售", "object": "模拟产品", "scope": "涉案专利的保护范围"}
    orders = {
        "established": [stop],
        "partly": [stop, {"kind": "dismiss"}],
        "not_established": [{"kind": "dismiss"}],
    }[outcome]
    words = {
        "stop": f"责令被请求人{respondent.name}立即停止制造、销售模拟产品的侵权行为，范围：涉案专利的保护范围。",
        "dismiss": f"驳回请求人{requester.name}的请求。",
    }
    held = "落入" if outcome != "not_established" else "不落入"
    paper: dict[str, Any] = {
        "procedure": "【模拟数据】本局立案后依法组成合议组，现已审理终结。",
        "claims": "被请求人未经许可实施涉案专利，请求责令停止侵权行为。", "defence": "被诉产品不落入涉案专利的保护范围。",
        "evidence": "请求人提交了专利登记簿副本和被诉产品。", "facts": ["涉案专利至今有效。", "被请求人制造、销售被诉产品。"],
        "reasoning": [f"被诉产品{held}涉案专利的保护范围。"],
        "basis": "《中华人民共和国专利法》第十一条、第六十四条、第六十五条",
    }  # fmt: skip
    data = {
        **paper, "outcome": outcome, "orders": orders,
        "facts": [{"text": t} for t in paper["facts"]], "reasoning": [{"text": t} for t in paper["reasoning"]],
    }  # fmt: skip
    paper |= {
        "orders": [words[o["kind"]] for o in orders], "stop_ordered": outcome != "not_established",
        "sue_within": "十五日", "clerk": people["recorder"].display_name, "panel": panel_lines(_team(draw)),
    }  # fmt: skip
    case = row.case.case
    case.__dict__[
        "_prefetched_objects_cache"
    ] = {  # not in the database yet: the template reads them from here
        "parties": list(row.case.parties),
        "rights": list(row.case.rights),
    }
    entry = row.case.entry("sign_ruling", row.row, by=officer, on=on, today=on)
    filled = {**making.context(case, row.row, entry, draw.house.bodies["bureau"]), **paper}
    ruling = Ruling(number=row.row.number, made_on=on, outcome=outcome, sections=Ruling.sections_of(filled))
    store = row.case.backfill
    store.add(ruling)
    store.add(THROUGH(ruling_id=ruling.pk, adjudication_id=row.row.pk))

    def tell(entry: Entry) -> None:
        entry.save(ruling)
        entry.fact("ruled", value=outcome, subject=ruling.subject)
        entry.fact("closed", value=f"ruled_{outcome}")
        entry.finish_all()
        entry.start(ARCHIVE)
        entry.start("T-20")
        register.line(entry, row.row.number, "due", entry.on, due_on=register.publish_by(entry.on))
        entry.children.append(("disclosure", {}))

    event = row.step(
        "sign_ruling", "ruled", by=officer, approved_by=people["head"], on=on,
        columns={"closed_on": on, "outcome": f"ruled_{outcome}"}, tell=tell, data=data,
    )  # fmt: skip
    return ruling, event


def _serve_ruling(draw: Draw, row: History, on: date, by: Any) -> date | None:
    """Both sides get the ruling; from then on they may sue for fifteen days."""
    if (day := draw.after(on, 1, 5)) is None:
        return None
    last = len(row.case.parties) - 1
    for n, party in enumerate(row.case.parties):
        started = partial(_start_suing, subject=f"party:{party.pk}")
        _serve(row, party, "ruling", day, by, started, *([lambda e: e.finish("T-20")] if n == last else []))
    return day


def _start_suing(entry: Entry, subject: str) -> None:
    entry.start("T-21", subject=subject)
