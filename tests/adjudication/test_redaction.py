"""Redaction as plain functions: what is offered, what is replaced however it is written, what is still found."""

import pytest

from adjudication.redaction import (
    KEEP,
    Replacement,
    Secret,
    Subject,
    absent,
    identifiers,
    kept_address,
    leaks,
    mask_people,
    profile,
    redact,
    secrets,
    suggest,
    undecided,
)

DISTRICT = profile("district_default")
NAME = Replacement("张三", "张某", "person")


def first(name: str) -> str:
    return name[0] + "某"


@pytest.mark.parametrize("written", ["张三", "张　三", "张\n三", "张\u200b三", "张 三"])
def test_a_name_is_replaced_however_it_is_written(written):
    assert redact({"facts": [f"证人{written}到场"]}, [NAME]) == {"facts": ["证人张某到场"]}


@pytest.mark.parametrize(
    "written", ["13800138000", "138-0013-8000", "138 0013 8000", "１３８００１３８０００"]
)
def test_a_number_is_replaced_however_it_is_written(written):
    assert redact(f"电话{written}。", [Replacement("13800138000", "×××", "phone")]) == "电话×××。"


def test_longest_mark_wins_and_nothing_is_replaced_twice():
    marks = [NAME, Replacement("张三五金店", "张三某店", "other"), Replacement("某店", "错", "other")]
    assert redact("张三五金店的张三", marks) == "张三某店的张某"


def test_a_kept_passage_shields_a_word_that_only_looks_like_a_name():
    keep = Replacement("主张三项", "主张三项", KEEP)
    assert redact("张三主张三项权利", [NAME, keep]) == "张某主张三项权利"
    hidden = [Secret("person", "张三")]
    assert leaks({"html": "张某主张三项权利"}, hidden, [NAME]) == [("html", "person")]
    assert leaks({"html": "张某主张三项权利"}, hidden, [NAME, keep]) == []
    assert leaks({"html": "张三主张三项权利"}, hidden, [NAME, keep]) == [("html", "person")]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("天津市滨海新区示例一路1号", "天津市滨海新区"),
        ("河北省石家庄市长安区中山路3号", "河北省石家庄市长安区"),
        ("北京市通州区新华小区3栋", "北京市通州区"),
        ("内蒙古自治区呼和浩特市新城区某大街", "内蒙古自治区呼和浩特市新城区"),
        ("天津市滨海新区塘沽街道向阳社区", "天津市滨海新区"),
        ("某路3号", ""),
    ],
)
def test_addresses_are_cut_at_the_district(address, kept):
    assert kept_address(address) == kept
    rest = address[len(kept) :]
    assert [s.value for s in secrets([Subject("请求人", "person", "", addresses=(address,))])] == [rest]


def test_alike_names_are_told_apart_and_companies_lawyers_and_codes_stay():
    assert mask_people(["刘一", "刘二", "王三", "刘一"], first) == {
        "刘一": "刘某甲",
        "刘二": "刘某乙",
        "王三": "王某",
    }
    firm = Subject("请求人", "legal_person", "甲公司", "刘一", "钱律师", "某律师事务所", "91110000802100433B")
    assert [s.value for s in secrets([firm])] == ["刘一"]
    said = suggest([firm], "甲公司（91110000802100433B）法定代表人刘一，代理人钱律师", profile=DISTRICT)
    assert [(m.original, m.replacement) for m in said] == [("刘一", "刘某")]
    citizen = Subject("请求人", "person", "王三", agent="赵四")
    assert [s.category for s in secrets([citizen])] == ["person", "agent"]


def test_only_what_the_text_has_is_offered():
    person = Subject("请求人", "person", "王三", id_number="120105199003078811", phone="13800138000")
    assert [m.original for m in suggest([person], ["王三提出请求"], profile=DISTRICT)] == ["王三"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证１２０１０５１９９００３０７８８１１", ["id_number"]),
        ("电话022-65305678转801", ["phone"]),
        ("a.b@example.cn", ["phone"]),
        ("专利号ZL201010110210.8，金额13800元，2026年11月20日，91110000802100433B", []),
        ("津滨知裁字〔2026〕3号", []),
        ("13812345678" + "ab" * 26 + "c", []),  # a digest that begins like a telephone
        ("13812345678" + "ab" * 10, ["phone"]),
    ],
)
def test_identifiers_in_a_text(text, found):
    assert [one.category for one in identifiers(text)] == found


def test_leaks_see_through_spaces_widths_and_hyphens_and_name_no_value():
    hidden = [Secret("person", "王建国"), Secret("phone", "022-65305678"), Secret("address", "示例一路1号")]
    forms = {
        "pdf": "王 建\n国",
        "json": "０２２ 6530 5678",
        "html": "示例一路 1号",
        "address": "/rulings/2026/1/",
    }
    assert leaks(forms, hidden) == [("pdf", "person"), ("json", "phone"), ("html", "address")]
    assert leaks({"html": "王某"}, hidden, [Replacement("王建国", "王某", "person")]) == []


def test_what_must_stay_is_missed_by_name():
    assert absent(
        {"pdf": "津滨知裁字 〔2026〕\n3号"}, {"number": "津滨知裁字〔2026〕3号", "outcome": "侵权成立"}
    ) == [("pdf", "outcome")]


def test_a_sole_trader_s_name_waits_for_a_person_to_decide():
    shop = Subject("被请求人", "sole_trader", "滨海刘二五金店")
    assert undecided([shop], []) == ["滨海刘二五金店"]
    assert undecided([shop], [Replacement("刘二", "刘某", "representative")]) == []
    assert undecided([shop], [Replacement("滨海刘二五金店", "滨海刘二五金店", KEEP)]) == []
