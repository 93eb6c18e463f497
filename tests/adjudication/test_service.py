"""Service beyond its first steps: confirmed addresses, electronic consent, who took a paper in, several at once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from adjudication import regime
from adjudication.forms.service import Serve
from adjudication.models import AddressConfirmation, Service
from cases.documents import template
from cases.errors import DomainError, Invalid
from cases.models import Document, Event, Party
from stations.models import Setting
from tests.adjudication.story import (
    PARTIES,
    TODAY,
    due,
    filed,
    fresh,
    later,
    party,
    received,
    ruled,
    serve,
    staff,
    take,
)

pytestmark = pytest.mark.django_db
SECOND = {"role": "respondent", "kind": "legal_person", "name": "丙公司", "address": "示例三路3号"}
EMAIL = {"address": "示例九路9号", "receiver": "孙某", "electronic": True, "electronic_kind": "email",
         "electronic_to": "papers@example.cn"}  # fmt: skip


def confirm(row, today=TODAY, **said):
    data = {"party": party(row).pk, **EMAIL, **said}
    return take(row, "confirm_address", {k: v for k, v in data.items() if v != ""}, today=today)


def electronic(row, paper="request", today=TODAY, **more):
    return serve(row, paper, method="electronic", today=today, **more)


def slip(row):
    return row.documents.filter(kind="service_proof").latest("pk").blocks


# addresses ------------------------------------------------------------------------------------------------------


def test_a_confirmation_allows_electronic_service_and_its_last_one_holds():
    row = filed()
    with pytest.raises(Invalid) as refusal:
        electronic(row)
    assert "同意" in refusal.value.fields["consented"][0]
    row = electronic(confirm(row))
    assert row.services.get().consented and "papers@example.cn" in slip(row)
    row = confirm(row, electronic=False, electronic_kind="", electronic_to="", address="示例十路10号")
    with pytest.raises(Invalid):
        electronic(row, "other")
    row = serve(row, "other", paper_name="通知")
    assert "示例十路10号，孙某" in slip(row) and "papers@example.cn" not in slip(row)


def test_a_confirmation_counts_from_its_day_and_can_be_taken_back():
    row = confirm(filed(), today=later(3))
    assert not row.agreed_to_electronic(party(row), later(2)) and row.agreed_to_electronic(
        party(row), later(3)
    )
    event = Event.objects.get(proceeding=row.pk, name="confirm_address")
    row = take(row, "undo_act", {"act": event.pk, "reason": "登记有误"}, today=later(3))
    assert row.confirmation_of(party(row), later(3)) is None


def test_an_address_is_sealed_and_stands_in_no_event():
    row = confirm(filed())
    held = AddressConfirmation.objects.get()
    assert "示例九路" not in held.address_sealed and held.address == "示例九路9号"
    bodies = "".join(Event.objects.filter(case=row.case).values_list("body", flat=True))
    assert not [word for word in ("示例九路", "孙某", "papers@example.cn") if word in bodies]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"electronic_kind": ""}, "electronic_kind"), ({"electronic_to": ""}, "electronic_to"),
     ({"electronic_to": "nobody"}, "electronic_to"), ({"electronic_kind": "sms", "electronic_to": "12"}, "electronic_to"),
     ({"electronic": False}, "electronic_kind"), ({"address": ""}, "address")],
)  # fmt: skip
def test_a_confirmation_says_how_and_where(said, field):
    with pytest.raises(Invalid) as refusal:
        confirm(filed(), **said)
    assert field in refusal.value.fields


# who took it in -------------------------------------------------------------------------------------------------


def test_who_took_the_paper_in_stands_on_the_slip_with_the_relation():
    row = serve(filed(), substitute="周某", relation="前台工作人员")
    assert "代收人：周某，与受送达人的关系：前台工作人员" in slip(row)
    assert row.services.get().relation == "前台工作人员"
    assert "周某" not in "".join(Event.objects.filter(case=row.case).values_list("body", flat=True))


@pytest.mark.parametrize(
    ("said", "field"),
    [({"substitute": "周某"}, "relation"), ({"relation": "同事"}, "relation"), ({"method": "left"}, "witness"),
     ({"method": "left", "witness": "吴某", "substitute": "周某", "relation": "同事"}, "substitute")],
)  # fmt: skip
def test_a_service_names_what_its_way_needs(said, field):
    with pytest.raises(Invalid) as refusal:
        serve(filed(), **said)
    assert field in refusal.value.fields


def test_left_at_the_door_with_a_witness_and_never_a_mediation_document():
    row = serve(filed(), method="left", witness="吴某，示例社区")
    assert "见证人：吴某，示例社区" in slip(row)
    row = take(row, "close_mediated", {"terms": [{"text": "停止销售"}]})
    for act, more in (("serve", {"witness": "吴某"}), ("make_out_service", {})):
        with pytest.raises(Invalid) as refusal:
            take(row, act, {"party": party(row).pk, "paper": "mediated_in_case", "method": "left", **more})
        assert "签收" in refusal.value.fields["method"][0]


def test_taking_back_leaves_nothing_of_the_service_on_its_slip():
    row = filed()
    row = take(row, "make_out_service", {"party": party(row).pk, "paper": "request", "method": "direct"})
    row = serve(row, substitute="周某", relation="同事")
    event = Event.objects.get(proceeding=row.pk, name="serve")
    row = take(row, "undo_act", {"act": event.pk, "reason": "登记有误"})
    service = row.services.get()
    assert (service.served_on, service.substitute, service.relation) == (None, "", "")


# several at once ------------------------------------------------------------------------------------------------


def everyone(row, paper, today=TODAY, **more):
    who = list(row.case.parties.values_list("pk", flat=True))
    return take(row, "serve_all", {"parties": who, "paper": paper, "method": "post", **more}, today=today)


def test_one_paper_to_several_parties_starts_each_its_own_days():
    row = filed(parties=[*PARTIES, SECOND])
    who = list(row.case.parties.filter(role="respondent").values_list("pk", flat=True))
    row = take(row, "serve_all", {"parties": who, "paper": "request", "method": "post"})
    assert due(row, "T-05") is None
    running = row.deadlines.filter(rule="T-06", met_on__isnull=True)
    assert {one.subject for one in running} == {f"party:{pk}" for pk in who}
    assert row.documents.filter(kind="defence_notice", state="served").count() == 2
    assert row.documents.filter(kind="service_proof").count() == 2
    with pytest.raises(DomainError) as refusal:
        take(row, "serve_all", {"parties": who, "paper": "request", "method": "post"})
    assert refusal.value.code == "already_served"


def test_a_ruling_served_on_all_is_served_and_can_be_taken_back():
    row, ruling = ruled()
    row = everyone(row, "ruling")
    assert Document.objects.get(pk=ruling.document_id).state == "served" and due(row, "T-20") is None
    assert row.deadlines.filter(rule="T-21", met_on__isnull=True).count() == 2
    event = Event.objects.get(proceeding=row.pk, name="serve_all")
    row = take(row, "undo_act", {"act": event.pk, "reason": "登记有误"})
    assert (
        Document.objects.get(pk=ruling.document_id).state == "issued"
        and not row.services.filter(paper="ruling").exists()
    )
    assert due(row, "T-20") and due(row, "T-21") is None


def test_one_public_notice_to_several_pauses_the_clock_once():
    row = everyone(filed(), "evidence_notice", method="public_notice")
    assert row.intervals.filter(kind="announcement").count() == 1
    one, other = row.services.all()
    row = take(row, "complete_announcement", {"service": one.pk}, today=later(30))
    assert row.open_interval("announcement")
    row = take(row, "complete_announcement", {"service": other.pk}, today=later(30))
    assert row.open_interval("announcement") is None


def test_several_are_served_electronically_only_if_each_agreed():
    row = confirm(filed())
    with pytest.raises(Invalid) as refusal:
        everyone(row, "evidence_notice", method="electronic")
    assert (
        "甲公司" in refusal.value.fields["parties"][0] and "乙公司" not in refusal.value.fields["parties"][0]
    )
    row = confirm(row, party=party(row, "applicant").pk)
    assert everyone(row, "evidence_notice", method="electronic").services.filter(consented=True).count() == 2


def test_a_party_of_another_case_is_not_served():
    other = filed()
    with pytest.raises(Invalid):
        take(filed(), "serve_all", {"parties": [party(other).pk], "paper": "other", "method": "post"})


# what starts ----------------------------------------------------------------------------------------------------


def test_who_got_the_notice_late_has_fifteen_days_of_its_own():
    row = take(filed(), "set_evidence_period", {"due_on": later(16).isoformat()})
    row = serve(row, "evidence_notice", "applicant", later(1))
    assert row.deadlines.filter(rule="T-13", met_on__isnull=True).count() == 1
    row = serve(row, "evidence_notice", "respondent", later(5))
    own = row.deadlines.get(rule="T-13", subject=f"party:{party(row).pk}")
    assert own.due_on >= later(20) and not row.evidence_late(party(row), later(20))
    assert row.evidence_late(party(row, "applicant"), later(17))
    with pytest.raises(DomainError) as refusal:
        take(row, "extend_evidence", {"due_on": later(18).isoformat(), "asked_by": "party", "reason": "取证"})
    assert refusal.value.code == "not_later"
    row = take(
        row, "extend_evidence", {"due_on": later(40).isoformat(), "asked_by": "party", "reason": "取证"}
    )
    assert [one.due_on for one in row.deadlines.filter(rule="T-13", met_on__isnull=True)] == [later(40)]


# public notice ----------------------------------------------------------------------------------------------------


def test_the_days_of_a_public_notice_are_those_the_office_chose_by_then():
    assert regime.announced_days(date(2021, 12, 31)) == 60 and regime.announced_days(TODAY) == 30
    Setting.objects.create(key="announced_days", value="60", valid_from=TODAY, document="津知发〔2026〕1号")
    assert regime.announced_days(TODAY - timedelta(1)) == 30
    row = serve(filed(), method="public_notice")
    with pytest.raises(DomainError) as refusal:
        take(row, "complete_announcement", {"service": row.services.get().pk}, today=later(59))
    assert refusal.value.code == "announcement_runs"
    assert take(row, "complete_announcement", {"service": row.services.get().pk}, today=later(60))
    Setting.objects.create(
        key="announced_days", value="很多", valid_from=later(1), document="津知发〔2026〕2号"
    )
    with pytest.raises(DomainError) as refusal:
        regime.announced_days(later(1))
    assert refusal.value.code == "bad_setting"


# papers -------------------------------------------------------------------------------------------------------------


def test_every_paper_to_be_served_has_a_template_of_its_title():
    own = {"request", "other"}
    for paper in Service.Paper:
        if paper not in own:
            assert template.load(paper.value).title.endswith(str(paper.label)), paper


def test_the_form_says_what_each_party_confirmed():
    row = confirm(received())
    form = Serve(proceeding=fresh(row), case=row.case, by=row.handler, today=TODAY)
    said = [str(text) for _key, text in form.fields["party"].choices]
    assert any("同意电子送达：电子邮箱" in one for one in said) and any(
        "未登记送达地址确认书" in one for one in said
    )
    assert not any("示例九路" in one for one in said) and Party.objects.count() == 2


def test_a_service_is_chosen_by_its_party_its_paper_and_its_way(client):
    row = filed()
    client.force_login(staff()["adj1"])
    page = client.get(reverse("act", args=[row.pk, "return_proof"]))
    assert page.status_code == 409 and "尚未收回送达回证" in page.content.decode()
    row = serve(row)
    page = client.get(reverse("act", args=[row.pk, "return_proof"])).content.decode()
    assert "object (" not in page and "乙公司：请求书及其附件副本、答辩通知书（直接送达，" in page
    page = client.get(reverse("act", args=[row.pk, "serve"])).content.decode()
    assert 'data-show-if="method=left"' in page
    said = {"party": party(row).pk, "paper": "other", "method": "direct", "substitute": "张某"}
    page = client.post(reverse("act", args=[row.pk, "serve"]), {**said, "key": "k1"}).content.decode()
    assert "应当同时填写" in page and "请填写文书名称" in page
    assert page.count("data-show-if") == 4  # what is wrong stays in sight
