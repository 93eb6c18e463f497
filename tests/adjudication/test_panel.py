"""Who sits: told to both sides, looked up for conflicts, challenged in time, replaced; nobody decides on himself."""

import json
from datetime import date

import pytest
from django.urls import reverse

from adjudication.models import Recusal
from cases.conflicts import hits
from cases.errors import Invalid
from cases.models import Event, Participation
from stations.models import Interest
from tests.adjudication.story import (
    FILING,
    MEMBERS,
    PANEL,
    TODAY,
    filed,
    later,
    party,
    received,
    serve,
    staff,
    take,
)
from tests.adjudication.test_examination import fails
from tests.adjudication.test_hearing import PLAN
from tests.factories import approve_all, user

pytestmark = pytest.mark.django_db
CHANGED = {**PANEL, "members": [{"user": "adj2"}, {"user": "adj4"}], "reason": "调离"}


def refused(field, *args, **kwargs):
    with pytest.raises(Invalid) as refusal:
        take(*args, **kwargs)
    return "".join(refusal.value.fields[field])


def asked(row, officer="adj2", by="adj1", today=TODAY, **more):
    data = {"officer": officer, "party": party(row).pk, "ground": "interest", "known_on": today.isoformat(),
            "stage": "in_time", **more}  # fmt: skip
    return take(row, "ask_recusal", data, by=by, today=today)


def decision(granted="yes", **more):
    return {"recusal": Recusal.objects.last().pk, "granted": granted, "reason": "理由成立。", **more}


# told -------------------------------------------------------------------------------------------------------------


def test_both_sides_are_told_of_a_changed_panel_and_until_when_recusal_is_asked():
    row = take(filed(), "change_panel", CHANGED)
    paper = row.documents.filter(kind="panel_notice").latest("pk").blocks
    for said in (
        "adj1",
        "adj2",
        "adj4",
        "书记员：rec",
        "三个工作日内",
        "甲公司、乙公司",
        "《专利纠纷行政裁决和调解办法》第五条",
    ):
        assert said in paper, said
    assert "adj3" not in paper
    day = date(2025, 1, 10)
    row = take(filed(day), "change_panel", CHANGED, today=day)
    paper = row.documents.filter(kind="panel_notice").latest("pk").blocks
    assert "三个工作日" not in paper and "《专利行政执法办法》第七条" in paper


def test_the_respondent_is_told_of_the_panel_at_filing():
    row = filed()
    paper = row.documents.get(kind="panel_notice").blocks
    assert "乙公司" in paper and "书记员：rec" in paper and "已经变更" not in paper


# conflicts --------------------------------------------------------------------------------------------------------


def test_a_declared_relative_among_the_parties_bars_unless_shown_to_be_another():
    row = received()
    Interest.objects.create(
        user=staff()["adj2"], relation="relative", name="乙公司", valid_from=date(2024, 1, 1)
    )
    text = refused("members", row, "file", FILING)
    assert "应当回避" in text and "adj2" in text and "乙公司" in text
    row = take(row, "file", {**FILING, "cleared_reason": "系同名的另一公司，已核对登记"})
    notes = json.loads(Event.objects.get(proceeding=row, name="file").body)["notes"]
    assert notes["cleared"][0].startswith("interest:") and notes["cleared_reason"]


def test_what_must_be_weighed_asks_for_a_tick_and_who_sits_already_is_not_asked_again():
    row = filed()
    Interest.objects.create(
        user=staff()["adj4"], relation="client", name="甲公司", valid_from=date(2024, 1, 1)
    )
    Interest.objects.create(
        user=staff()["adj2"], relation="client", name="甲公司", valid_from=date(2024, 1, 1)
    )
    text = refused("acknowledged", row, "change_panel", CHANGED)
    assert "adj4" in text and "adj2" not in text
    row = take(row, "change_panel", {**CHANGED, "acknowledged": True})
    assert (
        len(json.loads(Event.objects.get(proceeding=row, name="change_panel").body)["notes"]["cleared"]) == 1
    )


def test_agents_by_mandate_stand_in_the_one_conflict_check_here_and_elsewhere():
    row = received()
    agent = {
        "party": party(row, "applicant").pk,
        "name": "adj2",
        "firm": "示例律师事务所",
        "powers": ["participate"],
    }
    row = take(row, "record_mandate", agent)
    text = refused("members", row, "file", FILING)
    assert "请求人的委托代理人“adj2”同名" in text
    Interest.objects.create(
        user=staff()["adj3"], relation="relative", name="示例律师事务所", valid_from=date(2024, 1, 1)
    )
    assert "请求人的代理机构" in refused("members", row, "file", FILING)
    found = hits(received().case, [staff()["adj2"]], TODAY, viewer=staff()["adj1"])
    assert [hit.kind for hit in found[staff()["adj2"].pk]] == ["named"]


def test_who_comes_new_is_held_against_those_who_sit_already():
    row = filed()
    agent = {"party": party(row).pk, "name": "adj2", "powers": ["participate"]}
    assert "请先办理回避或者变更合议组" in refused("name", row, "record_mandate", agent)
    row = take(row, "record_mandate", {**agent, "cleared_reason": "系同名的另一人，已核对证件"})
    ask = {"role": "respondent", "name": "adj3", "asked_by": party(row, "applicant").pk, "reason": "制造者"}
    row = take(row, "ask_addition", ask)
    data = {"addition": row.additions.get().pk, "granted": "yes", "reason": "有关", "address": "示例路5号"}
    assert "adj3" in refused("addition", row, "decide_addition", data)
    row = take(row, "decide_addition", {**data, "cleared_reason": "系同名的另一人，已核对证件"})
    assert json.loads(Event.objects.get(proceeding=row, name="decide_addition").body)["notes"]["cleared"]


def test_what_was_not_found_is_not_asked_after_another_mistake(client):
    row = received()
    client.force_login(staff()["adj1"])
    address = reverse("act", args=[filed().pk, "record_mandate"])
    page = client.post(address, {"name": "", "key": "k1"}).content.decode()
    assert "委托代理人" in page and "应当回避的情形不成立的理由" not in page
    address = reverse("step", args=[row.pk, "file"])
    page = client.post(address, {"leader": "adj1", "version": row.version, "key": "k2"}).content.decode()
    assert "请先改正" in page and "应当回避的情形不成立的理由" not in page
    assert "已核对检索到的关联情况" not in page


def test_having_judged_the_same_patent_is_no_ground_and_having_mediated_the_dispute_is():
    filed()
    assert filed().panel()
    row = received()
    Participation.objects.create(proceeding=row, user=staff()["adj3"], capacity="mediator", from_on=TODAY)
    fails("mediated_before", row, "file", FILING)


# recusal ----------------------------------------------------------------------------------------------------------


def test_the_recorder_is_challenged_and_replaced_and_both_sides_get_the_decision():
    row = asked(filed(), "rec")
    row = take(row, "decide_recusal", decision(replacement="adj4"))
    assert [p.user.username for p in row.team() if p.capacity == "recorder"] == ["adj4"]
    paper = row.documents.get(kind="panel_recusal").blocks
    assert "书记员rec回避" in paper and "由adj4接替" in paper and "乙公司于2026年11月20日" in paper
    assert "请求人" in paper and "调解" not in paper.replace("《专利纠纷行政裁决和调解办法》", "")
    assert "书记员：adj4" in row.documents.filter(kind="panel_notice").latest("pk").blocks


def test_a_refusal_says_so_and_changes_nothing():
    row = asked(filed())
    assert "清空" in refused("replacement", row, "decide_recusal", decision("no", replacement="adj4"))
    row = take(row, "decide_recusal", decision("no"))
    assert "理由成立。依据" in row.documents.get(kind="panel_recusal").blocks
    assert "驳回申请" in row.documents.get(kind="panel_recusal").blocks and len(row.panel()) == 3
    fails("no_recusal", row, "decide_recusal", decision("no"))


def test_whoever_withdraws_himself_says_so_himself_and_is_never_late():
    row = filed()
    own = {"party": "", "known_on": TODAY.isoformat()}
    fails(
        "whose_wish", row, "ask_recusal", {"officer": "adj2", "ground": "relative", "stage": "in_time", **own}
    )
    row = asked(row, by="adj2", today=later(20), **own)
    assert not Recusal.objects.get().late
    fails("own_cause", row, "decide_recusal", decision(replacement="adj4"), by="adj2", today=later(20))
    row = take(row, "decide_recusal", decision(replacement="adj4"), today=later(20))
    assert "本人于" in row.documents.get(kind="panel_recusal").blocks


def test_nobody_decides_on_himself_even_as_the_head():
    user("adj2", ("head", staff()["head"].grants.get().body))
    row = asked(filed())
    from cases import steps

    answer = steps.act(
        row.pk, "decide_recusal", by=staff()["adj1"], data=decision(replacement="adj4"), today=TODAY
    )
    done = approve_all(answer, user("adj2"))
    assert done.state != "granted" and Recusal.objects.get().decided_on is None


def test_a_challenge_stops_hearing_and_ruling_until_it_is_decided():
    row = asked(serve(take(filed(), "plan_hearing", PLAN)), "rec")
    rows = [{"party": p.pk, "attended": "attended"} for p in row.case.parties.all()]
    fails("recusal_open", row, "record_hearing", {"attendance": rows}, today=later(10))
    row = take(row, "decide_recusal", decision("no"), today=later(10))
    assert take(row, "record_hearing", {"attendance": rows}, today=later(10)).hearings.get().held_on


def test_one_person_is_challenged_at_a_time_and_only_who_takes_part():
    row = filed()
    assert refused("officer", row, "ask_recusal", {"party": party(row).pk, "ground": "other",
                                                   "known_on": TODAY.isoformat(), "stage": "in_time"})  # fmt: skip
    with pytest.raises(Invalid):
        asked(row, "adj4")
    row = asked(row)
    fails("already_asked", row, "ask_recusal", {"officer": "adj2", "party": party(row).pk, "ground": "other",
                                                "known_on": TODAY.isoformat(), "stage": "in_time"})  # fmt: skip
    assert MEMBERS[0]["user"] == "adj2"
