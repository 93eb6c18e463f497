"""Rights assistance: examination, correction once, review of a refusal, every kind of help to its end (law.md 3)."""

import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from cases import rules, steps
from cases.documents import pdf, template
from cases.errors import DomainError, Refused
from cases.models import Event, Number, Overseas
from stations.models import Appointment, Person
from tests.cases.helping import (
    ABROAD,
    FACTS,
    accepted,
    again,
    do,
    kinds_of_paper,
    live,
    received,
    running,
    take,
    words,
)
from tests.factories import TODAY, body, clerk, user
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db
DEFECTS = {"defects": [{"text": "身份证明"}, {"text": "权利证明"}]}
BEFORE_HOLIDAY = date(2026, 9, 28)
LAST_DAY = date(2026, 10, 13)  # 1—7 October off, Saturday 10 October worked


def refused(call, /, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as error:
        call(*args, **kwargs)
    return error.value.code


# examination --------------------------------------------------------------------------------------------------------


def test_correction_is_told_once_and_in_full():
    row = do(received(), "ask_correction", **DEFECTS)
    assert set(running(row)) == {"W-04"}  # the examination waits for the complete papers
    assert "身份证明" in words(row, "correction_notice") and "权利证明" in words(row, "correction_notice")
    assert refused(do, row, "ask_correction", **DEFECTS) == "correction_once"
    row = do(row, "receive_correction")
    assert set(running(row)) == {"W-03"}
    assert refused(do, row, "ask_correction", **DEFECTS) == "correction_once"
    assert refused(do, row, "receive_correction") == "nothing_asked"


def test_correction_over_the_national_day_counts_working_days_and_lapses_after_the_last():
    row = received(today=BEFORE_HOLIDAY)
    row = do(row, "ask_correction", today=BEFORE_HOLIDAY, **DEFECTS)
    assert running(row) == {"W-04": LAST_DAY}
    late = date(2026, 10, 14)
    said = {"outcome": "deemed_withdrawn", "reason": "逾期"}
    assert refused(take, row, "withdraw", today=LAST_DAY, **said) == "not_lapsed"
    assert refused(do, row, "receive_correction", today=late) == "correction_late"
    assert take(row, "withdraw", today=late, **said).outcome == "deemed_withdrawn"


def test_late_correction_is_taken_with_a_reason_and_the_examination_begins_anew():
    row = do(received(today=BEFORE_HOLIDAY), "ask_correction", today=BEFORE_HOLIDAY, **DEFECTS)
    row = do(row, "receive_correction", today=date(2026, 10, 14), excuse="邮寄途中延误")
    assert running(row) == {"W-03": date(2026, 11, 4)}


def test_deemed_withdrawal_without_a_notice_is_refused():
    said = {"outcome": "deemed_withdrawn", "reason": "逾期"}
    assert refused(take, received(), "withdraw", **said) == "not_lapsed"


def test_correction_notice_taken_back_lets_the_examination_run_on_and_may_be_told_again():
    row = received()
    before = running(row)
    row = do(row, "ask_correction", **DEFECTS)
    event = row.events.get(name="ask_correction")
    row = do(row, "undo_act", act=event.pk, reason="漏写一项")
    assert running(row) == before and kinds_of_paper(row) == []
    assert set(running(do(row, "ask_correction", **DEFECTS))) == {"W-04"}


def test_acceptance_without_competence_is_refused_and_says_where_to_turn():
    row = received(act_place="")
    with pytest.raises(DomainError) as error:
        take(row, "accept", help_kind="advice")
    assert "辖区不符" in error.value.fields["competence"][0]
    assert take(row, "accept", help_kind="advice", competence="applicant").competence == "applicant"


def test_acceptance_starts_the_target_of_its_kind_and_prints_the_day():
    row = accepted("analysis")
    assert running(row) == {"W-07b": date(2026, 12, 18)}  # 20 working days
    assert "2026年12月18日" in words(row, "assistance_acceptance")
    assert row.competence == "act" and row.channel == "counter"


def test_refusal_states_its_grounds_and_needs_one():
    assert refused(take, received(), "refuse") == "invalid"
    body("bureau")
    row = take(received(), "refuse", grounds=["outside", "no_proof"], reason="仅提交口头陈述")
    said = words(row, "assistance_refusal")
    assert "辖区不符" in said and "未提交证明" in said and "仅提交口头陈述" in said
    assert "天津市滨海新区bureau" in said  # where to object


def test_refusal_upheld_stays_and_annulled_is_reinstated_and_counts_once():
    upheld = do(take(received(), "refuse", grounds=["not_ip"]), "record_review", result="upheld")
    assert refused(take, upheld, "reinstate", help_kind="advice") == "not_annulled"
    row = take(received(), "refuse", grounds=["not_ip"])
    assert live(row) == ["applied", "closed", "refused"] and row.number is None
    row = do(row, "record_review", result="annulled", decision_no="示例〔2026〕1号")
    assert refused(do, row, "record_review", result="upheld") == "reviewed"
    row = take(row, "reinstate", help_kind="advice")
    assert sorted(live(row)) == ["accepted", "applied"]
    assert (row.state, row.is_open, row.outcome, row.closed_on) == ("accepted", True, None, None)
    assert Number.objects.filter(proceeding=row, void_on__isnull=True).count() == 1
    event = row.events.get(name="record_review")
    assert refused(do, row, "undo_act", act=event.pk, reason="登记有误") == "built_upon"
    row = take(row, "undo_last", reason="点错")
    assert sorted(live(row)) == ["applied", "closed", "refused"] and row.review == "annulled"


def test_application_form_is_filled_from_the_case_and_never_asks_twice():
    row = do(
        received(), "record_application", applicant_type="small", help_kind="overseas",
        materials=[{"name": "公证书", "proves": "购买经过", "copies": "1"}],
    )  # fmt: skip
    said = words(row, "assistance_application")
    assert all(
        word in said
        for word in ("甲公司", "91110000802100433B", "海外维权指导", "公证书", "小微企业", "乙公司")
    )
    assert (row.applicant_type, row.channel, row.help_kind) == ("small", "counter", "overseas")
    row = take(row, "accept", help_kind="advice")
    assert row.applicant_type == "small"
    assert refused(do, row, "record_application", applicant_type="small", help_kind="overseas") == "invalid"


def test_blank_application_form_asks_for_nothing():
    assert template.compose("assistance_application", {})


# help ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["infringement_opinion", "public_solution", "analysis", "referral_court"])
def test_completion_waits_for_the_opinion_of_its_kind(kind):
    row = accepted(kind)
    ended = {"opinion": "已答复", "applicant_type": "small"}
    assert refused(take, row, "complete", **ended) == "help_missing"
    row = do(row, "issue_opinion", kind="advice", **FACTS)  # another kind does not do
    assert refused(take, row, "complete", **ended) == "help_missing"
    row = take(do(row, "issue_opinion", kind=kind, **FACTS), "complete", **ended)
    assert row.state == "completed" and "assistance_closing_report" in kinds_of_paper(row)
    assert running(row).keys() <= {"AR-01"}


def test_case_page_offers_first_what_the_help_waits_for(client):
    row = accepted("analysis")
    client.force_login(row.handler)

    def offered():
        page = client.get(f"/cases/{row.case_id}/?p={row.pk}").context["actions"]
        return [one["name"] for one in page["due"]], [one["name"] for one in page["steps"]]

    assert offered() == (["issue_opinion"], ["convert"])
    row = do(row, "issue_opinion", kind="analysis", **FACTS)
    assert offered() == ([], ["complete", "convert"])


def test_infringement_opinion_without_comparison_names_what_is_missing():
    row = accepted("infringement_opinion")
    with pytest.raises(DomainError) as error:
        do(row, "issue_opinion", **{**FACTS, "kind": "infringement_opinion", "comparison": []})
    assert list(error.value.fields) == ["comparison"]


def test_consultation_is_completed_in_one_act_with_its_opinion():
    row = take(accepted(), "complete", opinion="建议先行固定证据", applicant_type="person")
    assert "建议先行固定证据" in words(row, "assistance_advice")
    assert kinds_of_paper(row) == ["assistance_acceptance", "assistance_advice", "assistance_closing_report"]


def test_completion_without_the_applicants_type_asks_for_it():
    with pytest.raises(DomainError) as error:
        take(accepted(), "complete", opinion="已答复")
    assert list(error.value.fields) == ["applicant_type"]


def test_opinion_says_on_every_page_what_it_is_not():
    data = {**template.sample("assistance_infringement"), "reasons": "说明。" * 700}
    pages = PdfReader(
        io.BytesIO(pdf.render(template.compose("assistance_infringement", data), "opinion"))
    ).pages
    assert len(pages) > 2
    for page in pages:
        assert "本意见仅供参考，不作为行政处理或者诉讼依据" in page.extract_text().replace("\n", "")


def test_expert_stays_in_the_file_and_only_those_appointed_are_offered():
    expert = Person.objects.create(name="专家甲", unit="示例大学")
    row = accepted("infringement_opinion")
    said = {"expert": expert.pk, "remark": "缺少导向锥面"}
    assert refused(do, row, "consult_expert", **said) == "invalid"
    Appointment.objects.create(person=expert, kind="expert", valid_from=date(2026, 1, 1))
    row = do(row, "consult_expert", **said)
    row = do(row, "issue_opinion", kind="infringement_opinion", **FACTS)
    assert row.experts.get().remark == "缺少导向锥面"
    written = "".join(Event.objects.filter(case=row.case_id).values_list("body", flat=True))
    papers = "".join(row.documents.values_list("blocks", flat=True))
    assert "专家甲" not in written + papers and "缺少导向锥面" not in written + papers
    row = do(row, "undo_act", act=row.events.get(name="consult_expert").pk, reason="登记有误")
    assert row.experts.get().cancelled


def test_limit_abroad_stands_on_the_work_list_and_the_last_record_counts():
    row = accepted("overseas")
    target = running(row)["W-07b"]
    assert refused(do, row, "issue_opinion", kind="overseas", **FACTS) == "overseas_first"
    row = do(row, "record_overseas", **ABROAD)
    assert (row.due_on, row.due_rule) == (min(target, date(2026, 12, 10)), "OG-01")
    row = do(
        row, "record_overseas", **{**ABROAD, "foreign_due_on": "2026-12-01", "loss_avoided": "120000.00"}
    )
    assert running(row)["OG-01"] == date(2026, 12, 1) and row.abroad().loss_avoided == 120000
    last = row.events.filter(name="record_overseas").latest("seq")
    row = do(row, "undo_act", act=last.pk, reason="填错")
    assert running(row)["OG-01"] == date(2026, 12, 10) and row.abroad().loss_avoided is None
    ended = {"opinion": "已指导应诉", "applicant_type": "medium"}
    assert refused(take, row, "complete", **ended) == "help_missing"
    row = take(do(row, "issue_opinion", kind="overseas", **FACTS), "complete", **ended)
    assert "请立即委托当地律师核对" in words(row, "assistance_overseas") and Overseas.objects.count() == 2


def test_limit_abroad_already_past_starts_no_clock():
    row = do(accepted("overseas"), "record_overseas", **{**ABROAD, "foreign_due_on": "2026-11-01"})
    assert "OG-01" not in running(row)


def test_report_passed_on_waits_for_its_receipt():
    row = accepted("referral_report")
    ended = {"opinion": "已转送", "applicant_type": "small"}
    assert refused(do, row, "record_receipt", forwarding=1) == "nothing_sent"
    row = do(row, "pass_on", to="示例区市场监督管理局", matter="销售假冒注册商标的商品")
    assert "销售假冒注册商标的商品" in words(row, "assistance_letter")
    assert "示例区市场监督管理局" in words(row, "assistance_letter_slip")
    assert refused(take, row, "complete", **ended) == "help_missing"
    sent = row.forwardings.get()
    row = do(row, "record_receipt", forwarding=sent.pk, receipt_no="示例〔2026〕2号")
    row = do(row, "undo_act", act=row.events.get(name="record_receipt").pk, reason="不是本件")
    sent = row.forwardings.get()
    assert (sent.cancelled, sent.receipt_on, sent.receipt_no) == (False, None, "")
    row = do(row, "record_receipt", forwarding=sent.pk)
    assert take(row, "complete", **ended).state == "completed"


def test_mediation_as_help_ends_by_conversion_only():
    row = accepted("mediation")
    body("committee")
    assert refused(take, row, "complete", opinion="调解", applicant_type="small") == "help_missing"
    row = take(row, "convert")
    assert row.state == "converted" and row.children.get().kind == "mediation"


def test_return_visit_makes_its_sheet_and_keeps_what_was_said():
    row = take(accepted(), "complete", opinion="已答复", applicant_type="small")
    party = row.case.parties.get(role="applicant").pk
    row = do(
        row, "return_visit", party=party, way="phone", reached="yes", satisfaction=4, said="希望更快一些"
    )
    said = words(row, "return_visit_sheet")
    assert "满意" in said and "希望更快一些" not in said
    assert "希望更快一些" not in json.dumps([e.body for e in row.events.all()], ensure_ascii=False)


# who, and two at once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["issue_opinion", "record_overseas", "pass_on", "consult_expert"])
def test_only_the_station_of_the_case_helps(act):
    row = accepted("overseas")
    for who, code in (
        (clerk("far", at="s2"), "not_found"),
        (user("mediator", ("mediator", body("committee"))), "not_found"),
        (user("office", ("office", body("centre"))), "role"),
    ):
        assert refused(steps.act, row.pk, act, by=who, data={}, today=TODAY) == code
    with pytest.raises(Refused):  # who approves does not also propose
        steps.act(row.pk, act, by=user("head", ("head", body("centre"))), data={}, today=TODAY)


def test_two_receipts_at_once_leave_one(committing):
    row = do(accepted("referral_report"), "pass_on", to="示例局", matter="线索")
    sent = row.forwardings.get().pk

    def job(by):
        return lambda: (
            steps.act(row.pk, "record_receipt", by=by, data={"forwarding": sent}, today=TODAY).event
        )

    answers = together([job(clerk()), job(clerk("clerk2"))])
    assert sorted(outcomes(answers)) in (["done", "invalid"], ["done", "nothing_sent"])
    assert again(row).events.filter(name="record_receipt").count() == 1


def test_two_correction_notices_at_once_leave_one(committing):
    row = received()

    def job(by):
        return lambda: steps.act(row.pk, "ask_correction", by=by, data=DEFECTS, today=TODAY).event

    assert sorted(outcomes(together([job(clerk()), job(clerk("clerk2"))]))) == ["correction_once", "done"]
    assert row.deadlines.filter(rule="W-04").count() == 1


# the district's own limits ------------------------------------------------------------------------------------------

OWN = '[[rule]]\nid = "{id}"\nnumber = 10\nunit = "WD"\nfrom = 2026-06-01\nsource = "本区规定"\n'


@pytest.fixture
def local(tmp_path):
    """A file of the district; the house's rules come back afterwards."""

    def use(text):
        path = tmp_path / "rules.toml"
        path.write_text(text, encoding="utf-8")
        rules.use_local(path)

    yield use
    rules._local.clear()
    rules.load_rules.cache_clear()


def test_district_sets_a_limit_from_a_day_on_and_older_matters_keep_theirs(local):
    local(OWN.format(id="W-03"))
    assert rules.rule_of("W-03", date(2026, 5, 31)).number == 15
    row = received()
    assert running(row) == {"W-03": date(2026, 12, 4)} and rules.rule_of("W-03", TODAY).source == "本区规定"


def test_target_of_the_house_becomes_a_limit_where_the_district_has_one(local):
    local(OWN.format(id="W-07b"))
    assert running(accepted("analysis")) == {"W-07b": date(2026, 12, 4)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (OWN.format(id="T-18"), "text of the law"), (OWN.format(id="W-99"), "no such rule"),
        (OWN.format(id="W-07"), "W-07a"), (OWN.format(id="W-03").replace("number = 10\n", ""), "number"),
        (OWN.format(id="W-03").replace("from = 2026-06-01\n", ""), "from"), (OWN.format(id="W-03") + "soft = true", "soft"),
    ],
)  # fmt: skip
def test_district_file_that_is_wrong_stops_the_start(local, text, why):
    with pytest.raises(ValueError, match=why):
        local(text)
