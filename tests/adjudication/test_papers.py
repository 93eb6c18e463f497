"""Papers of an adjudication: under which measures they are written, and what becomes of them when they are served."""

from datetime import date, timedelta

import pytest

from adjudication import regime
from adjudication.models import Enforcement
from cases import steps
from cases.documents import template
from cases.errors import DomainError, Invalid
from cases.models import Document, Evidence, StoredFile
from tests.adjudication.story import (
    PARTIES,
    RULING,
    TODAY,
    filed,
    fresh,
    later,
    party,
    received,
    ruled,
    serve,
    staff,
    take,
)  # fmt: skip
from tests.factories import clerk, user

pytestmark = pytest.mark.django_db
OLD_DAY, NEW_DAY = date(2024, 12, 2), date(2025, 3, 3)
MEASURES = {OLD_DAY: (regime.OLD, regime.NEW), NEW_DAY: (regime.NEW, regime.OLD)}
DAYS = pytest.mark.parametrize("day", [OLD_DAY, NEW_DAY], ids=["measures of 2015", "measures of 2025"])
# what the articles are under either text; the house has not read every article of the old one
ARTICLES = {
    "filing_notice": ("第十条规定的条件", "第十二条规定的条件"), "filing_refusal": ("第十三条的规定", "第十六条、第二十条的规定"),
    "correction_notice": ("《专利行政执法办法》的规定", "第十六条的规定"), "defence_notice": ("第十四条的规定", "第二十二条的规定"),
    "stay_notice": ("《专利行政执法办法》的规定", "第二十八条第一款第二项的规定"),
    "stay_refusal": ("《专利行政执法办法》的规定", "第二十九条第四项的规定"),
    "resume_notice": ("《专利行政执法办法》的规定", "第二十八条第二款的规定"),
    "hearing_notice": ("第十六条的规定", "第二十六条的规定"), "dismissal": ("《专利行政执法办法》的规定", "第三十条、第十九条的规定"),
    "mediated_in_case": ("《专利行政执法办法》的规定", "第三十五条的规定"),
    "ruling_correction": ("《专利行政执法办法》的规定", "第三十三条的规定"),
}  # fmt: skip
ONLY_NEW = ("三个工作日内", "管辖有异议", "申请延期", "公证机关")


def words(row, kind):
    return row.documents.filter(kind=kind).latest("pk").blocks


def examined(day):
    """A case with every paper of the examination."""
    row = serve(filed(day), today=day)
    row = take(row, "refuse_stay", {"party": party(row).pk, "item": "4", "reason": "已有生效决定"}, today=day)
    row = take(row, "stay", {"ground": "2"}, today=day)
    row = take(row, "resume", {"reason": "继承人参加处理"}, today=day)
    plan = {"day": (day + timedelta(14)).isoformat(), "time": "09:30", "place": "第一审理室", "mode": "room",
            "is_public": True}  # fmt: skip
    return take(row, "plan_hearing", plan, today=day)


@DAYS
def test_papers_cite_the_measures_of_their_filing_date(day):
    asked = take(received(day), "ask_correction", {"due_on": (day + timedelta(9)).isoformat(), "defects": [
        {"text": "缺专利登记簿副本"}]}, today=day)  # fmt: skip
    refused = take(received(day), "refuse", {"reasons": [{"text": "没有明确的被请求人"}]}, today=day)
    rows = [
        asked,
        refused,
        examined(day),
        take(filed(day), "dismiss", {"ground": "limitation"}, today=day),
        take(filed(day), "close_mediated", {"terms": [{"text": "停止销售；"}]}, today=day),
        take(ruled(day)[0], "correct_ruling", {"wrong": "阀门", "right": "截止阀门"}, today=day),
    ]
    mine, other = MEASURES[day]
    made = {kind for row in rows for kind in row.documents.values_list("kind", flat=True)}
    assert made >= ARTICLES.keys()
    for kind, articles in ARTICLES.items():
        row = next(row for row in rows if row.documents.filter(kind=kind).exists())
        text = words(row, kind)
        assert articles[day == NEW_DAY] in text and mine in text, kind
    for row in rows:
        for document in row.documents.all():
            assert other not in document.blocks, document.kind
            if day == OLD_DAY:
                assert not [word for word in ONLY_NEW if word in document.blocks], document.kind
    assert "《中华人民共和国专利法》第六十五条" in words(rows[2], "filing_notice")


def test_no_template_names_the_measures_itself():
    for kind in (
        *ARTICLES,
        "ruling",
        "evidence_notice",
        "service_proof",
        "disclosure_review",
        "correction_notice",
    ):
        for block in template.load(kind).blocks:
            assert regime.NEW not in str(dict(block)) and regime.OLD not in str(dict(block)), kind


def test_the_patent_law_and_its_rules_have_the_article_of_their_day():
    assert regime.patent_law(date(2021, 5, 31)).endswith("第六十条")
    assert regime.patent_law(date(2021, 6, 1)).endswith("第六十五条")
    assert regime.patent_rules(date(2024, 1, 19)).endswith("第八十二条")
    assert regime.patent_rules(date(2024, 1, 20)).endswith("第九十八条")


def test_stay_for_invalidity_before_2025_rests_on_the_rules_under_the_patent_law():
    row = take(filed(OLD_DAY), "stay", {"ground": "1", "invalidation_no": "4W000001", "invalidation_on": OLD_DAY.isoformat(),
                                       "weighed": "1", "weighed_reason": "已有初步证据"}, today=OLD_DAY)  # fmt: skip
    assert "《中华人民共和国专利法实施细则》第九十八条和《专利行政执法办法》的规定" in words(
        row, "stay_notice"
    )


# evidence, stay, service ------------------------------------------------------------------------------------


def test_evidence_period_is_told_to_both_sides_with_its_last_day():
    row = take(filed(), "set_evidence_period", {"due_on": later(20).isoformat()})
    text = words(row, "evidence_notice")
    assert "甲公司、乙公司" in text and "2026年12月10日" in text and "第五十四条" in text


def test_request_goes_out_with_a_notice_and_a_slip_for_its_respondent_alone():
    second = {"role": "respondent", "kind": "legal_person", "name": "丙公司", "address": "示例三路3号"}
    row = filed(parties=[*PARTIES, second])
    who = row.case.parties.get(name="丙公司")
    row = take(
        row,
        "make_out_service",
        {"party": who.pk, "paper": "request", "method": "direct", "no_domicile": True},
    )
    notice, slip = words(row, "defence_notice"), words(row, "service_proof")
    assert "丙公司" in notice and "乙公司" not in notice and "三十日" in notice
    assert {"丙公司", "示例三路3号", "直接送达", "答辩通知书", "请求书及其附件副本"} <= set(slip.split('"'))
    service = row.services.get()
    assert (service.served_on, service.sent_on) == (None, TODAY)
    with pytest.raises(DomainError) as twice:
        take(row, "make_out_service", {"party": who.pk, "paper": "request", "method": "direct"})
    assert twice.value.code == "already_made_out"
    row = take(row, "serve", {"party": who.pk, "paper": "request", "method": "post"}, today=later(2))
    service = row.services.get()
    assert (service.served_on, service.sent_on, service.method) == (later(2), TODAY, "post")
    assert row.documents.filter(kind="service_proof").count() == 1
    assert row.documents.get(kind="defence_notice").state == "served"


def test_a_service_nothing_was_made_out_for_makes_its_papers_itself():
    row = serve(filed())
    assert row.documents.get(kind="defence_notice").state == "served"
    assert (
        "十五日" in words(row, "defence_notice") and row.documents.filter(kind="service_proof").count() == 1
    )
    row = serve(row, "other", paper_name="合议组成员变更通知书")
    assert "合议组成员变更通知书" in words(row, "service_proof")


def test_a_public_notice_has_no_slip_and_is_served_when_its_days_have_run():
    row = serve(filed(), method="public_notice")
    assert not row.documents.filter(kind="service_proof").exists()
    assert row.documents.get(kind="defence_notice").state == "issued"
    row = take(row, "complete_announcement", {"service": row.services.get().pk}, today=later(30))
    assert row.documents.get(kind="defence_notice").state == "served"


def test_the_request_is_not_served_before_filing():
    with pytest.raises(Invalid) as refusal:
        serve(received())
    assert "立案后" in refusal.value.fields["paper"][0]


def scan(row):
    """The slip that came back, as a file of the case."""
    stored = StoredFile.objects.create(sm3="a" * 64, sha256="b" * 64, size=1, type="application/pdf")
    return Evidence.objects.create(
        case=row.case, proceeding=row, file=stored, name="回证.pdf", uploaded_by=clerk()
    )


def test_the_signed_slip_comes_back_once_to_the_service_it_proves():
    row = serve(filed())
    other = serve(filed())
    slip = scan(row)
    for wrong in ({"service": other.services.get().pk, "proof": slip.pk}, {"service": row.services.get().pk}):
        with pytest.raises(Invalid):
            take(row, "return_proof", wrong)
    row = take(row, "return_proof", {"service": row.services.get().pk, "proof": slip.pk}, by="rec")
    assert row.services.get().proof == slip
    with pytest.raises(DomainError) as again:
        take(row, "return_proof", {"service": row.services.get().pk, "proof": slip.pk})
    assert again.value.code == "nothing_to_prove"


@pytest.mark.parametrize(("name", "code"), [("clerk", "role"), ("head", "role"), ("adj4", "not_found")])
def test_slips_are_made_out_by_those_who_handle_the_case(name, code):
    row = filed()
    by = {**staff(), "clerk": clerk()}[name]
    for act in ("make_out_service", "return_proof"):
        with pytest.raises(DomainError) as refusal:
            steps.act(row.pk, act, by=by, data={}, today=TODAY)
        assert refusal.value.code == code
    with pytest.raises(DomainError) as refusal:
        steps.act(row.pk, "return_proof", by=user("leader", ("leader", None)), data={}, today=TODAY)
    assert refusal.value.code == "not_found"


def test_a_document_is_served_once_everyone_it_is_addressed_to_has_it():
    row, ruling = ruled()
    row = serve(row, "ruling", "applicant")
    assert Document.objects.get(pk=ruling.document_id).state == "issued"
    row = serve(row, "ruling")
    assert Document.objects.get(pk=ruling.document_id).state == "served"
    row = serve(row, "filing_notice", "applicant")  # addressed to the requester alone
    assert row.documents.get(kind="filing_notice").state == "served"


def test_a_document_never_goes_back():
    row = filed()
    row = take(row, "refuse_stay", {"party": party(row).pk, "item": "1", "reason": "发明专利"})
    paper = row.documents.get(kind="stay_refusal")
    Document.objects.filter(pk=paper.pk).update(state="archived")
    row = serve(row, "stay_refusal")
    assert row.documents.get(kind="stay_refusal").state == "archived"
    row = serve(filed(), "filing_notice", "applicant")
    served = row.documents.get(kind="filing_notice")
    serve(row, "filing_notice", "applicant", later(1))
    assert Document.objects.get(pk=served.pk).state == "served"
    row, _ruling = ruled()
    row = take(row, "undo_last", {"reason": "签发有误"})
    row = take(row, "sign_ruling", RULING)
    row = serve(serve(row, "ruling"), "ruling", "applicant")
    assert set(row.documents.filter(kind="ruling").values_list("state", flat=True)) == {"void", "served"}


def test_a_second_notice_of_hearing_is_not_served_by_the_service_of_the_first():
    row = filed()
    plan = {
        "day": later(20).isoformat(),
        "time": "09:30",
        "place": "第一审理室",
        "mode": "room",
        "is_public": True,
    }
    row = take(row, "plan_hearing", plan)
    row = serve(serve(row, "hearing_notice"), "hearing_notice", "applicant")
    row = take(row, "plan_hearing", {**plan, "day": later(30).isoformat()}, today=later(3))
    first, second = row.documents.filter(kind="hearing_notice").order_by("pk")
    assert (first.state, second.state) == ("served", "issued")
    row = serve(row, "hearing_notice", today=later(4))
    assert Document.objects.get(pk=second.pk).state == "issued"
    serve(row, "hearing_notice", "applicant", later(4))
    assert Document.objects.get(pk=second.pk).state == "served"


# enforcement ----------------------------------------------------------------------------------------------------


def test_demand_and_application_say_what_was_ruled_served_and_demanded():
    row = serve(ruled()[0], "ruling")
    row = take(row, "record_no_suit", {"parties": [party(row).pk]}, today=later(18))
    take(row, "open_enforcement", {"suing_ended_on": later(17).isoformat()}, today=later(18))
    way = take(Enforcement.objects.get(), "demand", today=later(20))
    demand = words(way, "enforcement_demand")
    for said in (
        row.number,
        "2026年11月20日",
        "乙公司2026年11月20日",
        "立即停止制造、销售阀门",
        "十个工作日",
        "申辩",
    ):
        assert said in demand, said
    slip = words(way, "service_proof")
    assert "乙公司" in slip and "履行行政裁决催告书" in slip and row.number in slip
    way = take(way, "demand_served", {"party": party(row).pk, "method": "direct"}, today=later(20))
    way = take(way, "apply", {"court": "示例区人民法院"}, today=date(2026, 12, 25))
    text = words(way, "enforcement_application")
    for said in ("示例区人民法院", row.number, "乙公司", "示例二路2号", "2026年12月7日", "2026年12月10日", "2026年12月24日",
                 "《中华人民共和国专利法》第六十五条", "当事人的意见及催告情况"):  # fmt: skip
        assert said in text, said
    assert (
        "甲公司" not in text.split("申请事项")[0]
        and fresh(row).documents.filter(kind="enforcement_demand").count() == 0
    )
