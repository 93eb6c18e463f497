"""Findings by claim and respondent, the ruling that carries them, its special kinds, the sign-off sheet."""

from datetime import date

import pytest

from adjudication import catalogue
from adjudication.models import Finding, Ruling
from cases import steps
from cases.documents.blocks import from_json, plain_text
from cases.errors import DomainError, Invalid
from cases.models import Document, Event, Party
from stations.models import Setting
from tests.adjudication.story import (
    PARTIES,
    RULING,
    TODAY,
    deliberating,
    filed,
    fresh,
    ruled,
    serve,
    settle,
    staff,
    take,
    vote,
)
from tests.factories import approve_all, body, user
from tests.laid import laid_once

pytestmark = pytest.mark.django_db

TWO = [*PARTIES, {"role": "respondent", "kind": "legal_person", "name": "丙公司", "address": "示例三路3号"}]
STOP = RULING["orders"][0]


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code, refusal.value
    return str(refusal.value)


@laid_once
def two_respondents():
    """Two respondents, both served; neither has answered, so the panel waits for the defence."""
    row = filed(parties=TWO)
    for one in row.case.parties.filter(role="respondent"):
        row = take(row, "serve", {"party": one.pk, "paper": "request", "method": "direct"})
        row = take(row, "receive_defence", {"party": one.pk})
    return take(settle(row), "deliberate")


def respondents(row):
    return {p.name: p.pk for p in row.case.parties.filter(role=Party.Role.RESPONDENT)}


def finding(respondent, claim, outcome, *acts):
    return {"respondent": respondent, "claim": claim, "outcome": outcome, "acts": list(acts)}


def split(row):
    """乙: claim 1 established, claim 3 not; 丙: nothing."""
    pk = respondents(row)
    return [
        finding(pk["乙公司"], "权利要求1", "established", "make", "sell"),
        finding(pk["乙公司"], "3", "not_established"),
        finding(pk["丙公司"], "权利要求1", "not_established"),
        finding(pk["丙公司"], "权利要求3", "not_established"),
    ]


def texts(row, kind="ruling"):
    return plain_text(from_json(row.documents.filter(kind=kind).first().blocks))


# the catalogue ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relied", "claims"),
    [
        ("权利要求1、3", ["权利要求1", "权利要求3"]),
        ("权利要求1至3，5", ["权利要求1", "权利要求2", "权利要求3", "权利要求5"]),
        ("1-2", ["权利要求1", "权利要求2"]),
        ("", [""]),
        ("外观设计图片所示产品", ["外观设计图片所示产品"]),
        ("方法专利2号的权利要求1", ["方法专利2号的权利要求1"]),
    ],
)
def test_claims_relied_on_are_read_one_by_one(relied, claims):
    assert catalogue.claims_of(relied) == claims


def test_the_whole_follows_from_the_parts():
    assert catalogue.overall(["established", "established"]) == "established"
    assert catalogue.overall(["not_established"]) == "not_established"
    assert catalogue.overall(["established", "not_established"]) == "partly"
    assert catalogue.by_respondent([("a", "established"), ("b", "not_established"), ("a", "partly")]) == {
        "a": "partly", "b": "not_established",
    }  # fmt: skip


def test_acts_are_codes_or_their_words():
    assert catalogue.codes("制造、许诺销售") == ["make", "offer"]
    assert catalogue.codes(["sell", "sell"]) == ["sell"]
    assert catalogue.said(["offer", "make"]) == "制造、许诺销售"


# deliberation -------------------------------------------------------------------------------------------------


def test_without_a_table_the_conclusion_holds_for_every_claim_of_every_respondent():
    row = take(two_respondents(), "record_deliberation", vote("not_established"))
    held = Finding.objects.filter(proceeding=row).values_list(
        "respondent__name", "claim", "outcome", "audience"
    )
    assert {*held} == {
        (name, claim, "not_established", "sealed")
        for name in ("乙公司", "丙公司") for claim in ("权利要求1", "权利要求3")
    }  # fmt: skip


def test_findings_are_written_with_the_votes_and_agree_with_the_majority():
    row = two_respondents()
    fails("against_majority", row, "record_deliberation", {**vote("established"), "findings": split(row)})
    row = take(row, "record_deliberation", {**vote("partly"), "findings": split(row)})
    last = row.deliberations.get()
    acts = {f.acts for f in last.findings.all() if f.outcome == "established"}
    assert last.findings.count() == 4 and acts == {"make,sell"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: rows[:3], "finding_missing"),
        (lambda rows: [*rows, rows[0]], "finding_twice"),
        (lambda rows: [*rows[:3], {**rows[3], "claim": "权利要求7"}], "finding_unknown"),
    ],
)
def test_every_claim_of_every_respondent_is_found_about_once(change, code):
    row = two_respondents()
    fails(code, row, "record_deliberation", {**vote("partly"), "findings": change(split(row))})


def test_a_finding_names_respondent_and_acts():
    row = two_respondents()
    rows = split(row)
    for bad in ({**rows[0], "respondent": None}, {**rows[0], "acts": []}, {**rows[0], "acts": ["窃取"]}):
        with pytest.raises(Invalid) as refusal:
            take(row, "record_deliberation", {**vote("partly"), "findings": [bad, *rows[1:]]})
        assert "findings" in refusal.value.fields


def test_nothing_is_found_where_the_panel_dismisses():
    row = two_respondents()
    fails("nothing_found", row, "record_deliberation", {**vote("dismiss"), "findings": split(row)})
    row = take(row, "record_deliberation", vote("dismiss"))
    assert not Finding.objects.filter(proceeding=row).exists()


def test_minutes_print_votes_findings_and_dissent_for_the_closed_volume():
    row = two_respondents()
    votes = vote("partly")["votes"]
    votes[2] = {**votes[2], "vote": "not_established", "words": "缺少一项技术特征"}
    row = take(row, "record_deliberation", {"votes": votes, "findings": split(row), "minutes": "逐项评议。"})
    paper = row.documents.get(kind="deliberation_minutes")
    assert (paper.volume, paper.audience) == ("closed", "sealed")
    words = plain_text(from_json(paper.blocks))
    for said in ("adj3：侵权不成立", "缺少一项技术特征", "逐项评议", "丙公司", "权利要求3"):
        assert said in words
    outside = user("other_adj", ("adjudicator", body("bureau")), ("office", body("bureau")))
    for person in (staff()["head"], outside):
        assert not Document.objects.visible_to(person, TODAY).filter(pk=paper.pk).exists()
    assert Document.objects.visible_to(staff()["adj2"], TODAY).filter(pk=paper.pk).exists()


def test_old_measures_deliberate_and_sign_alike():
    early = date(2024, 11, 20)
    row, ruling = ruled(early)
    assert ruling.findings.count() == 2 and "《专利行政执法办法》" in texts(row, "deliberation_minutes")


# the ruling ---------------------------------------------------------------------------------------------------


def orders(row, *more):
    pk = respondents(row)
    return [
        {**STOP, "respondent": pk["乙公司"]},
        {"kind": "dismiss", "respondent": pk["乙公司"]},
        {"kind": "dismiss", "respondent": pk["丙公司"]},
        *more,
    ]


def partly_ruled():
    row = two_respondents()
    row = take(row, "record_deliberation", {**vote("partly"), "findings": split(row)})
    return take(row, "sign_ruling", {**RULING, "outcome": "partly", "orders": orders(row)})


def test_the_ruling_says_what_holds_of_whom():
    row = partly_ruled()
    ruling = row.rulings.get()
    assert (row.outcome, ruling.outcome) == ("ruled_partly", "partly")
    held = ruling.findings.values_list("respondent__name", "claim", "outcome", "acts", "audience")
    assert ("乙公司", "权利要求1", "established", "make,sell", "proceeding") in held and len(held) == 4
    words = texts(row)
    assert "被请求人乙公司：权利要求1侵权成立（制造、销售）；权利要求3侵权不成立。" in words
    assert "被请求人丙公司：权利要求1、3侵权不成立。" in words
    assert "责令被请求人乙公司立即停止制造、销售阀门的侵权行为" in words
    assert "驳回请求人甲公司对被请求人乙公司的其他请求。" in words
    assert "驳回请求人甲公司对被请求人丙公司的请求。" in words


def test_findings_of_the_ruling_are_those_of_the_deliberation():
    row = two_respondents()
    row = take(row, "record_deliberation", {**vote("partly"), "findings": split(row)})
    data = {**RULING, "outcome": "partly", "orders": orders(row)}
    other = split(row)
    other[0] = {**other[0], "acts": ["import"]}
    fails("against_findings", row, "sign_ruling", {**data, "findings": other})
    row = take(row, "sign_ruling", {**data, "findings": split(row)})
    assert row.state == "ruled"


def test_each_respondent_gets_the_order_that_answers_what_was_found():
    row = two_respondents()
    row = take(row, "record_deliberation", {**vote("partly"), "findings": split(row)})
    whole = orders(row)
    for bad in (
        whole[1:],  # nothing stops 乙
        whole[:2],  # nothing answers 丙
        [{**STOP}, *whole[1:]],  # would stop 丙 too
        [{**whole[0], "acts": ["platform"]}, *whole[1:]],  # a notice to the platform stops nobody
    ):
        with pytest.raises(Invalid) as refusal:
            take(row, "sign_ruling", {**RULING, "outcome": "partly", "orders": bad})
        assert "orders" in refusal.value.fields
    row = take(row, "sign_ruling", {**RULING, "outcome": "partly", "orders": [*whole, {
        "kind": "stop", "respondent": respondents(row)["乙公司"], "acts": ["platform"], "object": "商品链接",
        "scope": "权利要求1",
    }]})  # fmt: skip
    assert "通知电子商务平台经营者对被请求人乙公司的商品链接及时采取删除、屏蔽" in texts(row)


def test_other_acts_are_written_out():
    row = take(deliberating(), "record_deliberation", vote())
    with pytest.raises(Invalid):
        take(row, "sign_ruling", {**RULING, "orders": [{**STOP, "acts": ["other"]}]})
    row = take(
        row, "sign_ruling", {**RULING, "orders": [{**STOP, "acts": ["other"], "text": "责令停止出租。"}]}
    )
    assert "责令停止出租。" in texts(row)


def test_undoing_the_signing_takes_its_findings_with_it(client):
    row, _ruling = ruled()
    row = take(row, "undo_last", {"reason": "误签"})
    assert row.findings.filter(ruling__void=False).count() == 0
    client.force_login(staff()["adj1"])
    assert "逐项认定（" not in client.get(f"/cases/{row.case_id}/?p={row.pk}").content.decode()


def test_case_page_shows_findings_once_ruled_and_deliberation_to_the_panel_only(client):
    row = two_respondents()
    row = take(
        row, "record_deliberation", {**vote("partly"), "findings": split(row), "minutes": "评议要点甲"}
    )
    address = f"/cases/{row.case_id}/?p={row.pk}"
    for name, seen in (("adj2", True), ("head", False), ("office", False)):
        client.force_login(staff()[name])
        said = "".join(
            client.get(f"{address}{tab}").content.decode() for tab in ("", "&tab=meetings", "&tab=documents")
        )
        assert ("评议要点甲" in said) is seen and ("合议笔录" in said) is seen, name
        assert "逐项认定（" not in said
    row = take(row, "sign_ruling", {**RULING, "outcome": "partly", "orders": orders(row)})
    client.force_login(staff()["head"])
    said = client.get(address).content.decode()
    assert "逐项认定（行政裁决" in said and "权利要求3" in said and "评议要点甲" not in said


# kinds of rulings ---------------------------------------------------------------------------------------------


NONE_LEFT = {"kind": "dismissed_first", "outcome": "not_established", "orders": [{"kind": "dismiss"}]}
DECISION = {"invalidation_no": "第567890号", "invalidation_on": "2026-10-12"}


def test_dismissed_first_names_the_invalidation_and_leaves_the_way_open():
    row = take(deliberating(), "record_deliberation", vote("not_established"))
    with pytest.raises(Invalid) as refusal:
        take(row, "sign_ruling", {**RULING, **NONE_LEFT})
    assert {"invalidation_no", "invalidation_on"} <= refusal.value.fields.keys()
    row = take(row, "sign_ruling", {**RULING, **NONE_LEFT, **DECISION})
    assert row.rulings.get().kind == Ruling.Kind.DISMISSED_FIRST
    words = texts(row)
    assert (
        "2026年10月12日作出的第567890号无效宣告请求审查决定宣告无效" in words
        and "可以另行提出处理请求" in words
    )


def test_dismissed_first_is_no_way_to_an_order():
    row = take(deliberating(), "record_deliberation", vote())
    fails("not_dismissed", row, "sign_ruling", {**RULING, **DECISION, "kind": "dismissed_first"})


def repeated():
    _old, ruling = ruled()
    row = filed()
    row.repeats = ruling
    row.save(update_fields=["repeats"])
    return row, ruling


def test_on_repeated_infringement_the_panel_need_not_wait():
    row, ruling = repeated()
    row = take(row, "deliberate")  # neither served nor answered
    row = take(row, "record_deliberation", vote())
    row = take(row, "sign_ruling", {**RULING, "kind": "direct_order"})
    words = texts(row)
    assert row.rulings.get().kind == "direct_order"
    assert f"在{ruling.number}行政裁决之后再次实施的侵权行为，责令被请求人乙公司立即停止" in words
    assert "第三十四条" in words


def test_direct_order_needs_an_earlier_ruling_and_an_infringement():
    row = take(deliberating(), "record_deliberation", vote())
    with pytest.raises(Invalid):  # the page does not offer it
        take(row, "sign_ruling", {**RULING, "kind": "direct_order"})
    row, _ruling = repeated()
    row = take(take(row, "deliberate"), "record_deliberation", vote("not_established"))
    data = {**RULING, "kind": "direct_order", "outcome": "not_established", "orders": [{"kind": "dismiss"}]}
    fails("nothing_repeated", row, "sign_ruling", data)


# signing off --------------------------------------------------------------------------------------------------


def test_sign_off_sheet_says_who_drafted_reviewed_and_signed():
    row = take(deliberating(), "record_deliberation", vote())
    row = take(row, "sign_ruling", {**RULING, "copies": 5})
    sheet = row.documents.get(kind="sign_off_sheet")
    words = plain_text(from_json(sheet.blocks))
    assert sheet.volume == "closed"
    for said in ("adj1", "legal", "head", "5份", "甲公司", "乙公司"):
        assert said in words


def test_legal_review_is_a_choice_of_the_office():
    Setting.objects.create(key="legal_review", value="否", valid_from=TODAY, document="津滨知〔2026〕1号")
    row = take(deliberating(), "record_deliberation", vote())
    waiting = steps.perform(
        row.pk, "sign_ruling", by=staff()["adj1"], data=RULING, version=row.version, today=TODAY
    )
    assert waiting.approval.roles == "head"
    approve_all(waiting, staff()["head"])
    assert fresh(row).state == "ruled" and "未设法制审核环节" in texts(row, "sign_off_sheet")


def test_court_of_review_is_a_choice_of_the_office():
    Setting.objects.create(key="court_of_review", value="示例知识产权法院", valid_from=TODAY, document="通知")
    row, _ruling = ruled()
    assert "向示例知识产权法院提起行政诉讼" in texts(row)


def test_nothing_the_panel_said_stands_in_an_open_event_or_paper():
    row = two_respondents()
    votes = vote("partly")["votes"]
    votes[1] = {**votes[1], "vote": "not_established", "words": "异议理由丁"}
    row = take(row, "record_deliberation", {"votes": votes, "findings": split(row), "minutes": "评议要点甲"})
    row = take(row, "sign_ruling", {**RULING, "outcome": "partly", "orders": orders(row)})
    serve(row, "ruling", "applicant")
    for secret in ("异议理由丁", "评议要点甲"):
        assert not Event.objects.filter(case=row.case_id, body__contains=secret).exists()
        assert not row.documents.filter(blocks__contains=secret).exclude(audience="sealed").exists()
