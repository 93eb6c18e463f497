"""立案审查 point by point, the evaluation report, refusal by coded grounds, requests made again, repeats, reports up."""

import json
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from adjudication import regime
from adjudication.models import Examination, MajorReport, Ruling
from cases import panels, permissions, steps
from cases.documents.blocks import from_json, plain_text
from cases.errors import DomainError, Invalid
from cases.models import Document
from tests.adjudication.story import (
    CONDITIONS,
    FILING,
    PANEL,
    PARTIES,
    TODAY,
    filed,
    fresh,
    later,
    received,
    ruled,
    serve,
    staff,
    take,
)
from tests.factories import clerk
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db
OLD_DAY = date(2025, 1, 10)
MODEL = [{"kind": "utility_model", "number": "ZL201020110210.3", "title": "阀门"}]
REPORT = {"applied_on": "2020-05-08", "days": 15}
MAJOR = {
    "to": "示例市知识产权局",
    "letter_no": "津滨知函〔2026〕9号",
    "office": "办公室",
    "ground": "跨省重大案件",
}


def refusal_of(row, name="file", today=TODAY, by="adj1", **changes):
    """Errors by field of a step that is refused; the filing data are those of the story but for the changes."""
    data = {**(FILING if name == "file" else {}), **changes}
    with pytest.raises(Invalid) as refusal:
        take(row, name, data, by=by, today=today)
    return refusal.value.fields


def text_of(row, kind):
    return plain_text(from_json(row.documents.filter(kind=kind).latest("pk").blocks))


def shown(row, by="adj1", today=TODAY):
    return {str(one["label"]): one for one in panels.of(fresh(row), staff()[by], today).facts}


# standing, competence, limitation, attachments -------------------------------------------------------------------


def test_five_conditions_alone_file_a_patentees_request_and_say_what_was_found():
    row = take(received(), "file", {**PANEL, **CONDITIONS, "claim_count": 1})
    found = row.examinations.get()
    assert (found.standing, found.competence, found.on) == ("patentee", "act", TODAY)
    assert json.loads(found.attachments) == ["copies", "identity", "register"]
    assert shown(row)["请求人资格"]["value"] == "专利权人"


@pytest.mark.parametrize(
    ("standing", "ground", "words"),
    [
        ("sole", "", "专利权人不请求处理"),
        ("sole", "contract", "专利权人不请求处理"),
        ("ordinary", "", "合同约定或者专利权人授权"),
        ("ordinary", "not_filing", "合同约定或者专利权人授权"),
    ],
)
def test_a_licensee_who_may_not_file_alone_is_refused_in_words(standing, ground, words):
    fields = refusal_of(received(), standing=standing, licence_ground=ground)
    assert list(fields) == ["licence_ground"]
    assert words in fields["licence_ground"][0] and "第十二条" in fields["licence_ground"][0]


@pytest.mark.parametrize(
    ("standing", "ground"),
    [
        ("exclusive", ""),
        ("heir", ""),
        ("sole", "not_filing"),
        ("ordinary", "contract"),
        ("ordinary", "authorised"),
    ],
)
def test_who_may_file_alone_files_with_proof_of_interest(standing, ground):
    row = take(received(), "file", {**FILING, "standing": standing, "licence_ground": ground})
    found = row.examinations.get()
    assert (found.standing, found.licence_ground) == (standing, ground)
    assert "interest" in json.loads(found.attachments)


def test_a_requester_who_is_not_the_registered_holder_is_no_patentee():
    row = received()
    right = row.case.rights.get()
    right.holder = "丙公司"
    right.save()
    assert "丙公司" in refusal_of(row)["standing"][0]
    right.holder = "甲公司、丙公司"
    right.save()
    assert take(row, "file", FILING).state == "filed"


def test_competence_is_demanded_where_the_case_does_not_tell_it_since_2025_only():
    row = received(act_place=None)
    assert "第六条" in refusal_of(row)["competence"][0]
    row = take(row, "file", {**FILING, "competence": "domicile"})
    assert row.examinations.get().competence == "domicile"
    old = received(OLD_DAY, act_place=None)
    assert take(old, "file", FILING, today=OLD_DAY).examinations.get().competence == ""


def test_another_body_that_accepted_first_keeps_the_case():
    row = received()
    fields = refusal_of(row, earlier_body="示例区知识产权局", earlier_on=later(-3).isoformat())
    assert list(fields) == ["earlier_body"]
    assert all(word in fields["earlier_body"][0] for word in ("移送", "指定管辖", "第九十七条"))
    assert list(refusal_of(row, earlier_body="示例区知识产权局")) == ["earlier_on"]
    assert list(refusal_of(row, earlier_on=later(-3).isoformat())) == ["earlier_body"]


def test_limitation_warns_and_never_refuses():
    row = received()
    long_ago = {"knew_on": "2023-11-19"}
    assert "第十九条" in refusal_of(row, **long_ago)["limitation_noted"][0]
    done = take(row, "file", {**FILING, **long_ago, "limitation_noted": True})
    assert "时效抗辩" in str(shown(done)["时效"]["value"])
    goes_on = take(received(), "file", {**FILING, **long_ago, "continuing": True})
    assert "时效" not in shown(goes_on)
    assert (
        take(received(), "file", {**FILING, "knew_on": "2023-11-20"}).state == "filed"
    )  # three years to the day
    assert (
        take(received(OLD_DAY), "file", {**FILING, "knew_on": "2020-01-01"}, today=OLD_DAY).state == "filed"
    )
    assert list(refusal_of(received(), knew_on=later(1).isoformat())) == ["knew_on"]


def test_what_is_lacking_goes_to_correction_first_and_then_to_refusal():
    row = received()
    fields = refusal_of(row, lacking=["register"])
    assert (
        list(fields) == ["lacking"]
        and "专利登记簿副本" in fields["lacking"][0]
        and "通知补正" in fields["lacking"][0]
    )
    assert "副本" in refusal_of(row, copies=0)["lacking"][0]
    row = take(row, "ask_correction", {"lacking": ["register"], "defects": [{"text": "未写明权利要求；"}],
                                       "due_on": later(9).isoformat()})  # fmt: skip
    text = text_of(row, "correction_notice")
    assert text.index("专利登记簿副本") < text.index("未写明权利要求")
    assert "不予立案" in refusal_of(row, lacking=["register"])["lacking"][0]
    assert take(row, "file", {**FILING, "copies": 1}).examinations.get().copies == 1


def test_a_correction_notice_names_something():
    fields = refusal_of(received(), "ask_correction", due_on=later(9).isoformat())
    assert list(fields) == ["defects"]


def test_undone_filing_takes_its_examination_back():
    row = take(filed(), "undo_last", {"reason": "点错"})
    assert not row.examinations.exists() and Examination._base_manager.get().cancelled
    assert take(row, "file", FILING).examinations.count() == 1


# refusal -----------------------------------------------------------------------------------------------------------


def test_refusal_prints_coded_grounds_with_articles_then_words_and_the_remedy():
    row = received()
    data = {
        "grounds": ["standing", "sued"],
        "reasons": [{"text": "许可合同已经终止。"}],
        "standing": "ordinary",
    }
    row = take(row, "refuse", data)
    text = text_of(row, "filing_refusal")
    assert "请求人不是涉案专利的专利权人或者利害关系人（《专利纠纷行政裁决和调解办法》第十二条）" in text
    assert text.index("向人民法院起诉（") < text.index("许可合同已经终止")
    assert "十五日内" in text and "行政诉讼" in text
    assert row.examinations.get().standing == "ordinary"
    row = take(row, "undo_last", {"reason": "点错"})
    assert row.state == "received" and not row.examinations.exists()


@pytest.mark.parametrize(
    ("grounds", "words"),
    [([], "请选择不予立案的事由"), (["not_corrected"], "没有通知过补正"), (["no_report"], "先通知提交评价报告"),
     (["made_up"], "")],
)  # fmt: skip
def test_a_refusal_needs_a_ground_that_holds(grounds, words):
    assert words in refusal_of(received(), "refuse", grounds=grounds)["grounds"][0]


def test_refusal_before_2025_cites_the_old_measures_and_knows_no_other_agreement():
    row = received(OLD_DAY)
    assert regime.OLD in refusal_of(row, "refuse", today=OLD_DAY, grounds=["agreed_otherwise"])["grounds"][0]
    row = take(row, "refuse", {"grounds": ["respondent"]}, today=OLD_DAY)
    text = text_of(row, "filing_refusal")
    assert "《专利行政执法办法》第十条" in text and regime.NEW not in text


# evaluation report ---------------------------------------------------------------------------------------------------


def test_a_report_is_asked_of_a_utility_model_only():
    assert (
        permissions.can(staff()["adj1"], received(), "ask_evaluation_report", TODAY).code
        == "no_report_of_invention"
    )
    row = take(received(rights=MODEL), "ask_evaluation_report", REPORT)
    text = text_of(row, "evaluation_report_notice")
    assert "2020年5月8日" in text and "15日内" in text and "2026年12月5日" in text and "第十四条" in text
    assert row.deadlines.get(rule="ER-01").due_on == later(15)
    with pytest.raises(DomainError) as again:
        take(row, "ask_evaluation_report", REPORT)
    assert again.value.code == "already_asked"


def test_a_report_not_given_in_time_is_a_ground_of_refusal():
    row = take(received(rights=MODEL), "ask_evaluation_report", REPORT)
    with pytest.raises(DomainError) as early:
        take(row, "receive_evaluation_report", {"result": "not_given"}, today=later(15))
    assert early.value.code == "not_yet_due"
    row = take(row, "receive_evaluation_report", {"result": "not_given"}, today=later(16))
    assert row.evaluation_result() == "not_given" and row.deadlines.get(rule="ER-01").met_on
    row = take(row, "refuse", {"grounds": ["no_report"]}, today=later(16))
    assert "无正当理由未提交专利权评价报告（" in text_of(row, "filing_refusal")


def test_a_report_handed_in_unasked_counts_and_is_taken_back():
    row = received(rights=MODEL)
    with pytest.raises(DomainError) as unasked:
        take(row, "receive_evaluation_report", {"result": "excused"})
    assert unasked.value.code == "not_asked"
    row = take(row, "receive_evaluation_report", {"result": "clear"})
    assert row.evaluation_result() == "clear" and "未发现" in shown(row)["专利权评价报告"]["value"]
    act = row.events.get(name="receive_evaluation_report")
    row = take(row, "undo_act", {"act": act.pk, "reason": "登记错误"})
    assert row.evaluation_result() == ""


def test_the_result_taken_back_waits_again_and_the_notice_cannot_go_before_it():
    row = take(received(rights=MODEL), "ask_evaluation_report", REPORT)
    row = take(row, "receive_evaluation_report", {"result": "defects"})
    asked, received_ = (
        row.events.get(name=n) for n in ("ask_evaluation_report", "receive_evaluation_report")
    )
    with pytest.raises(DomainError):
        take(row, "undo_act", {"act": asked.pk, "reason": "点错"})
    row = take(row, "undo_act", {"act": received_.pk, "reason": "登记错误"})
    assert row.evaluation_result() == "" and row.evaluationreports.get().received_on is None
    assert row.deadlines.filter(rule="ER-01", met_on__isnull=True, cancelled=False).exists()
    row = take(row, "undo_act", {"act": asked.pk, "reason": "点错"})
    assert not row.evaluationreports.exists()


# requests made again, repeated infringement ---------------------------------------------------------------------------


def first_dismissed():
    row, ruling = ruled(later(-90))
    ruling.kind = Ruling.Kind.DISMISSED_FIRST
    ruling.save()
    return row


def test_a_request_made_again_names_the_case_it_renews_and_both_pages_say_so():
    old = first_dismissed()
    row = take(received(), "file", {**FILING, "refiled_of": old.number})
    assert row.refiled_of_id == old.pk
    assert shown(row)["另行请求的原案"]["value"] == old.number
    assert shown(old)["另行请求"]["value"] == row.number
    assert "另行请求的原案" not in shown(row, by="adj4")  # he sees neither
    row = take(row, "undo_last", {"reason": "点错"})
    assert row.refiled_of_id is None


def test_only_a_request_dismissed_first_over_the_same_patent_is_made_again():
    old = first_dismissed()
    other = received(rights=MODEL)
    assert list(refusal_of(other, claims_relied="权利要求1", refiled_of=old.number)) == ["refiled_of"]
    assert list(refusal_of(received(), refiled_of="津滨知裁字〔2020〕9号")) == ["refiled_of"]
    assert list(refusal_of(received(), refiled_of=ruled(later(-60))[0].number)) == ["refiled_of"]
    blind = {**PANEL, "leader": "adj4"}  # who may not see the old case learns nothing of it
    assert list(refusal_of(received(), by="adj4", **blind, refiled_of=old.number)) == ["refiled_of"]


def effective(day):
    """A ruling against 乙公司, served on both and not sued over."""
    row, ruling = ruled(day)
    for role in ("applicant", "respondent"):
        serve(row, "ruling", role, today=day)
    return ruling


def test_repeated_infringement_names_an_effective_ruling_against_the_same_respondent():
    ruling = effective(later(-60))
    row = take(filed(), "find_repeat", {"ruling": ruling.pk})
    assert row.repeats == ruling and shown(row)["重复侵权的原裁决"]["value"] == ruling.number
    act = row.events.get(name="find_repeat")
    assert take(row, "undo_act", {"act": act.pk, "reason": "认定有误"}).repeats is None


@pytest.mark.parametrize("why", ["suable", "other patent", "other respondent", "other number"])
def test_what_is_no_repeat_cannot_be_named(why):
    ruling = effective(later(-5 if why == "suable" else -60))
    changes = {
        "other patent": {"rights": MODEL},
        "other respondent": {"parties": [PARTIES[0], {**PARTIES[1], "name": "丁公司"}]},
    }.get(why, {})
    if why == "other number":
        known = ruling.adjudications.get().case.parties.get(role="respondent")
        known.id_number = "12120000401354278C"
        known.save()
        changes = {"parties": [PARTIES[0], {**PARTIES[1], "id_number": PARTIES[0]["id_number"]}]}
    row = filed(**changes)
    with pytest.raises(Invalid) as refusal:
        take(row, "find_repeat", {"ruling": ruling.pk})
    assert list(refusal.value.fields) == ["ruling"]


def test_a_ruling_of_a_case_one_may_not_see_is_not_offered_before_it_is_public():
    ruling = effective(later(-60))
    data = {**FILING, "leader": "adj4", "members": [{"user": "adj2"}, {"user": "adj3"}], "handler": "adj4"}
    row = take(received(), "file", data, by="adj4")
    with pytest.raises(Invalid):
        take(row, "find_repeat", {"ruling": ruling.pk}, by="adj4")
    assert take(row, "find_repeat", {"ruling": ruling.pk}, by="adj2").repeats == ruling  # he sat on it


def test_before_2025_nothing_is_ordered_at_once():
    ruling = effective(date(2024, 6, 3))
    row = filed(OLD_DAY)
    with pytest.raises(DomainError) as refusal:
        take(row, "find_repeat", {"ruling": ruling.pk}, today=OLD_DAY)
    assert refusal.value.code == "other_regime" and "第三十四条" in str(refusal.value)


# reports up ---------------------------------------------------------------------------------------------------------


def test_a_major_case_is_reported_up_answered_and_transferred():
    row = take(received(), "report_major", MAJOR)
    text = text_of(row, "major_report")
    assert all(word in text for word in ("示例市知识产权局", "跨省重大案件", "津滨知函〔2026〕9号"))
    assert shown(row)["重大案件上报"]["tone"] == "warn"
    assert permissions.can(staff()["adj1"], row, "report_major", TODAY).code == "report_waits"
    row = take(row, "answer_major", {"answer": "taken", "answer_no": "津知函〔2026〕3号"}, today=later(5))
    assert "请办理移送" in shown(row, today=later(5))["重大案件上报"]["value"]
    assert permissions.can(staff()["adj1"], row, "answer_major", TODAY).code == "no_report"
    row = take(row, "transfer", {"to": MAJOR["to"], "letter_no": "津滨知函〔2026〕10号", "office": "办公室",
                                 "reason": "属于重大专利侵权纠纷", "attachments": []}, today=later(5))  # fmt: skip
    assert row.state == "transferred" and "请办理移送" not in shown(row)["重大案件上报"]["value"]


def test_a_returned_case_goes_on_here_and_the_answer_is_taken_back():
    row = take(filed(), "report_major", MAJOR)
    row = take(row, "answer_major", {"answer": "returned"}, today=later(3))
    assert row.taken_over() is None and row.state == "filed"
    reported, answered = (row.events.get(name=n) for n in ("report_major", "answer_major"))
    with pytest.raises(DomainError):
        take(row, "undo_act", {"act": reported.pk, "reason": "点错"})
    row = take(row, "undo_act", {"act": answered.pk, "reason": "点错"})
    assert row.majorreports.get().answer == ""


def test_the_head_approves_what_goes_up():
    row = received()
    waiting = steps.act(row.pk, "report_major", by=staff()["adj1"], data=MAJOR, today=TODAY)
    assert waiting.approval.roles == "head" and not MajorReport.objects.exists()


# who may, two at once, the papers -----------------------------------------------------------------------------------------


def test_who_may_and_who_may_not():
    people, row = staff(), received(rights=MODEL)
    for name, allowed in {
        "ask_evaluation_report": {"adj1", "adj2", "adj3", "adj4"},
        "receive_evaluation_report": {"adj1", "adj2", "adj3", "adj4", "rec"},
        "report_major": {"adj1", "adj2", "adj3", "adj4"},
    }.items():
        assert {who for who, one in people.items() if permissions.can(one, row, name, TODAY)} == allowed, name
        assert not permissions.can(clerk(), row, name, TODAY)
    row = filed()
    assert {who for who, one in people.items() if permissions.can(one, row, "find_repeat", TODAY)} == {
        "adj1", "adj2", "adj3",
    }  # fmt: skip


def test_the_request_form_is_filled_from_the_case():
    row = filed()
    steps.act(row.pk, "print_form", by=staff()["adj1"], data={"form": "adjudication_request"}, today=TODAY)
    text = plain_text(from_json(Document.objects.get(kind="adjudication_request").blocks))
    assert all(
        word in text for word in ("甲公司", "乙公司", "权利要求1、3", "ZL201010110210.8", "第三十六条")
    )
    steps.act(row.pk, "print_form", by=staff()["adj1"], data={"form": "evidence_list"}, today=TODAY)
    assert row.number in plain_text(from_json(Document.objects.get(kind="evidence_list").blocks))


def test_two_notices_at_once_ask_for_one_report(committing):
    row, people = received(rights=MODEL), staff()

    def asked_by(who):
        return lambda: (
            steps.act(row.pk, "ask_evaluation_report", by=people[who], data=REPORT, today=TODAY).case
        )

    assert sorted(outcomes(together([asked_by("adj1"), asked_by("adj2")]))) == ["already_asked", "done"]
    assert row.evaluationreports.count() == 1


def test_the_page_is_a_checklist_with_articles_that_sends_to_correction(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: TODAY)
    row, client = received(), Client()
    client.force_login(staff()["adj1"])
    address = reverse("step", args=[row.pk, "file"])
    page = client.get(address).content.decode()
    assert page.count("《专利纠纷行政裁决和调解办法》第十二条") >= len(CONDITIONS)
    assert page.index("请求人是专利权人") < page.index("尚未收齐的附件") < page.index("合议组组长")
    data = {
        **CONDITIONS, "leader": "adj1", "members-0-user": "adj2", "members-1-user": "adj3", "recorder": "rec",
        "claim_count": 9, "claims_relied": "权利要求1", "competence": "act", "standing": "patentee", "version": 0,
        "key": re.search(r'name="key" value="([^"]*)"', page)[1],
    }  # fmt: skip
    answer = client.post(address, {**data, "lacking": ["register"]}).content.decode()
    assert "还缺少：专利登记簿副本" in answer and "通知补正" in answer
    done = client.post(address, data, follow=True).content.decode()
    assert "等待部门负责人审批" in done
