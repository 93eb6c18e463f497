"""What becomes of a ruling later: change and annulment after invalidation, errors put right; who may settle or withdraw."""

from datetime import date

import pytest
from django.urls import reverse

from adjudication import legal_status, publication
from adjudication.models import Disclosure, PublicPage, RegisterLine, Ruling
from cases import outbox
from cases.documents.blocks import from_json, plain_text
from cases.errors import DomainError, Invalid, Refused
from cases.models import Event
from cases.permissions import approvers_of
from stations.models import Setting
from tests.adjudication import public_story
from tests.adjudication.story import RULING, TODAY, filed, later, party, ruled, serve, staff, take

pytestmark = pytest.mark.django_db

STOP = RULING["orders"][0]
CHANGE = {
    "kind": "change", "asked": "respondent", "decision_no": "第567890号", "decision_on": TODAY.isoformat(),
    "effective_on": later(40).isoformat(), "scope": "权利要求1", "reasoning": [{"text": "权利要求1自始不存在。"}],
    "outcome": "partly", "orders": [{**STOP, "scope": "权利要求3"}, {"kind": "dismiss"}],
}  # fmt: skip
ANNUL = {
    **{k: v for k, v in CHANGE.items() if k not in ("outcome", "orders")},
    "kind": "annulment",
    "scope": "全部权利要求",
}
THEN = later(50)


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code, refusal.value


def words(row, kind):
    return plain_text(from_json(row.documents.get(kind=kind).blocks))


def findings(row):
    one = party(row).pk
    return [
        {"respondent": one, "claim": "权利要求1", "outcome": "not_established", "acts": []},
        {"respondent": one, "claim": "权利要求3", "outcome": "established", "acts": ["sell"]},
    ]


def test_a_change_is_a_ruling_of_its_own_with_paper_line_and_disclosure():
    row, ruling = ruled()
    row = take(row, "change_ruling", {**CHANGE, "findings": findings(row)}, today=THEN)
    change = Ruling.objects.get(kind="change")
    assert (change.changes, change.outcome, change.number, change.made_on) == (
        ruling,
        "partly",
        row.number,
        THEN,
    )
    assert change.document.kind == "ruling_change" and change.findings.count() == 2
    assert row.current_ruling() == ruling and row.state == "ruled" and row.outcome == "ruled_established"
    said = words(row, "ruling_change")
    for one in (
        "第567890号",
        "权利要求1无效",
        "根据被请求人的申请",
        "范围：权利要求3",
        "不因本决定而具有追溯力",
        "第三十三条",
        "被请求人乙公司：权利要求1侵权不成立；权利要求3侵权成立（销售）",
    ):
        assert one in said
    line = RegisterLine.objects.order_by("seq").last()
    assert (line.status, line.number) == ("due", row.number) and line.due_on > THEN and "无效" in line.ground
    again = Disclosure.objects.get(rule="T-28")
    assert (again.ruling, again.state, again.starts_on) == (ruling, "received", THEN)
    fact = Event.objects.get(fact="ruling_changed")
    assert (fact.value, fact.subject, fact.occurred_on) == ("change", ruling.subject, THEN)
    assert str(legal_status.of(ruling, THEN)[0]) == "changed"


def test_an_annulment_leaves_nothing_to_enforce_and_nothing_to_change():
    row, ruling = ruled()
    row = serve(row, "ruling")
    row = take(row, "change_ruling", ANNUL, today=THEN)
    assert str(legal_status.of(ruling, THEN)[0]) == "annulled"
    said = words(row, "ruling_annulment")
    assert "决定撤销原行政裁决" in said and "全部权利要求无效" in said
    for name, data in (
        ("change_ruling", CHANGE),
        ("correct_ruling", {"wrong": "a", "right": "b"}),
    ):
        fails("ruling_annulled", row, name, data, today=THEN)
    with pytest.raises(DomainError) as nothing:
        take(row, "open_enforcement", {"suing_ended_on": TODAY.isoformat()}, today=THEN)
    assert nothing.value.code in ("nothing_to_enforce", "ruling_annulled")


def test_the_form_of_a_change_offers_every_claim_and_an_annulment_leaves_them(client):
    row, _ruling = ruled()
    client.force_login(staff()["adj1"])
    form = client.get(reverse("act", args=[row.pk, "change_ruling"])).context["form"]
    one = party(row).pk
    offered = [{"respondent": one, "claim": "权利要求1"}, {"respondent": one, "claim": "权利要求3"}]
    assert form.initial["findings"] == offered
    row = take(row, "change_ruling", {**ANNUL, "findings": offered}, today=THEN)
    assert Ruling.objects.get(kind="annulment").findings.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"orders": []}, "orders"),
        ({"outcome": ""}, "outcome"),
        ({"effective_on": later(60).isoformat()}, "effective_on"),
        ({"decision_no": ""}, "decision_no"),
        ({"reasoning": []}, "reasoning"),
        ({"kind": "annulment"}, "orders"),
    ],
)
def test_a_change_states_the_decision_and_what_is_left(changes, field):
    row, _ruling = ruled()
    with pytest.raises(Invalid) as refusal:
        take(row, "change_ruling", {**CHANGE, **changes}, today=THEN)
    assert field in refusal.value.fields


def test_dates_of_the_decision_follow_the_ruling():
    row, _ruling = ruled()
    early = {"decision_on": later(-9).isoformat(), "effective_on": later(-1).isoformat()}
    fails("before_ruling", row, "change_ruling", {**CHANGE, **early}, today=THEN)
    turned = {"decision_on": later(41).isoformat()}
    fails("date_order", row, "change_ruling", {**CHANGE, **turned}, today=THEN)
    bad = [{**one, "outcome": "established", "acts": ["sell"]} for one in findings(row)]
    fails("findings_outcome", row, "change_ruling", {**CHANGE, "findings": bad}, today=THEN)
    fails("finding_missing", row, "change_ruling", {**CHANGE, "findings": bad[:1]}, today=THEN)


def test_legal_and_head_approve_a_change_unless_the_office_chose_otherwise():
    row, _ruling = ruled()
    for person in ("head", "rec", "office"):
        with pytest.raises(Refused):
            take(row, "change_ruling", CHANGE, by=person, today=THEN)
    assert approvers_of(row, "change_ruling") == ("legal", "head")
    Setting.objects.create(key="legal_review", value="否", valid_from=date(2020, 1, 1), document="x")
    assert approvers_of(row, "change_ruling") == ("head",)


def test_signing_is_not_undone_under_a_change():
    row, _ruling = ruled()
    row = take(row, "change_ruling", CHANGE, today=THEN)
    with pytest.raises(DomainError):
        take(row, "undo_last", {"reason": "误签"}, today=THEN)
    assert row.rulings.filter(void=False).count() == 2


def test_the_public_page_says_what_became_of_the_ruling():
    row, ruling, _disclosure = public_story.published()
    data = {**ANNUL, "effective_on": later(40).isoformat()}
    take(row, "change_ruling", data, today=THEN)
    outbox.drain()
    publication.refresh(ruling.pk, THEN)
    page = PublicPage.objects.get(published__ruling=ruling, published__state="live", path__endswith="/")
    said = bytes(page.content).decode()
    assert "已撤销" in said and "第567890号" in said
    for secret in public_story.SECRET:
        assert secret not in said


def test_clerical_errors_leave_register_and_disclosure_alone():
    row, _ruling = ruled()
    lines, opened = RegisterLine.objects.count(), Disclosure.objects.count()
    with pytest.raises(Invalid) as refusal:
        take(row, "correct_ruling", {"wrong": "裁决书没有写过的话", "right": "阀门"})
    assert "没有这段原文" in refusal.value.fields["wrong"][0]
    row = take(row, "correct_ruling", {"wrong": "阀门", "right": "截止阀门"})
    assert (RegisterLine.objects.count(), Disclosure.objects.count()) == (lines, opened)
    assert row.rulings.count() == 1


# settled, withdrawn -------------------------------------------------------------------------------------------


def agent(row, role, *powers):
    row = take(row, "record_mandate", {
        "party": party(row, role).pk, "name": "钱代理", "firm": "示例律师事务所", "powers": ["participate", *powers],
    })  # fmt: skip
    return row, row.mandates.last().pk


def test_who_settles_for_a_party_needs_the_express_power():
    data = {"terms": [{"text": "被请求人停止销售。"}]}
    row, mandate = agent(filed(), "respondent")
    with pytest.raises(Invalid) as refusal:
        take(row, "close_mediated", {**data, "by_agents": [mandate]})
    assert "by_agents" in refusal.value.fields
    row, mandate = agent(filed(), "respondent", "settle")
    row = take(row, "close_mediated", {**data, "by_agents": [mandate]})
    said = words(row, "mediated_in_case")
    for one in (
        "被请求人（委托代理人钱代理）",
        "甲公司",
        "乙公司",
        "案由",
        "立案",
        "合议组",
        "签字或者盖章并加盖本局公章后生效",
    ):
        assert one in said


def test_who_withdraws_for_the_requester_needs_the_express_power():
    row, mandate = agent(filed(), "applicant", "settle")
    with pytest.raises(Invalid) as refusal:
        take(row, "dismiss", {"ground": "withdrawn", "by_agent": mandate})
    assert "by_agent" in refusal.value.fields
    row, mandate = agent(filed(), "applicant", "withdraw")
    with pytest.raises(Invalid):
        take(row, "dismiss", {"ground": "limitation", "by_agent": mandate})
    row = take(row, "dismiss", {"ground": "withdrawn", "by_agent": mandate})
    assert row.state == "dismissed"
    assert "第三十六条" in words(row, "dismissal")
    assert "钱代理" not in Event.objects.get(proceeding=row, to_state="dismissed").body


def test_the_respondent_s_agent_cannot_withdraw_the_request():
    row, mandate = agent(filed(), "respondent", "withdraw")
    with pytest.raises(Invalid):
        take(row, "dismiss", {"ground": "withdrawn", "by_agent": mandate})
