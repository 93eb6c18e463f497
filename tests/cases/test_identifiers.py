"""Identifiers: what is right passes, every single slip is caught, spellings of one number agree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from cases.identifiers import (
    OWN_NUMBER,
    RIGHT_KINDS,
    check_court_number,
    check_id_number,
    check_own_number,
    check_phone,
    check_right_number,
    id_key,
    name_key,
    normalise,
    organisation_check,
    patent_check,
    right_key,
)

CITIZEN = "11010519491231002X"
COMPANIES = ["9144030071526726XG", "91110000802100433B", "91330100799655058B"]  # law.md 8.4


def citizen(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")


def company(body: str) -> str:
    """Check character by the letter of GB 32100, written here anew."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]


# --- persons ---


@pytest.mark.parametrize(
    "value",
    [
        CITIZEN,
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231\u200b-002X",
    ],
)
def test_a_citizen_number_is_accepted_however_it_was_typed(value):
    answer = check_id_number(value, "person")
    assert (answer.ok, answer.level, answer.normalised) == (True, "ok", CITIZEN)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("110105194912310021", "校验码"),
        ("1101051949123100", "现为16位"),
        ("11010519491231002XX", "现为19位|不是有效"),
        (citizen("11010519491331002"), "出生日期"),
        (citizen("11010518491231002"), "出生日期"),
        (citizen("99010519491231002"), "前3位"),
        (citizen("19010519491231002"), "省级代码"),
        ("11010519491231OO2X", "混入字母"),
        ("张三", "不是有效的证件号码"),
        (COMPANIES[0], "统一社会信用代码"),
        ("110105000000000", "出生日期"),
    ],
)
def test_a_wrong_citizen_number_is_refused_with_its_reason(value, words):
    answer = check_id_number(value, "person")
    assert not answer.ok and answer.level == "error"
    assert any(word in answer.message for word in words.split("|")), answer.message


def test_a_birth_date_after_today_is_refused_only_when_today_is_known():
    unborn = citizen("12011620300101001")
    assert not check_id_number(unborn, "person", today=date(2026, 1, 1)).ok
    assert check_id_number(unborn, "person", today=date(2030, 1, 1)).ok
    assert check_id_number(unborn, "person").ok


def test_residence_permits_and_permanent_residence_cards_pass():
    for body in ("81000019900101001", "83000019900101001", "91284019800101001"):
        assert check_id_number(citizen(body), "person").level == "ok"


def test_an_unknown_county_is_only_doubted():
    answer = check_id_number(citizen("12019919900101001"), "person")
    assert (answer.ok, answer.level) == (True, "warning")


@pytest.mark.parametrize(
    "value", ["110105491231002", "E12345678", "H12345678", "12345678", "ABC123456789012"]
)
def test_older_and_foreign_papers_are_doubted_not_refused(value):
    answer = check_id_number(value, "person")
    assert (answer.ok, answer.level, answer.normalised) == (True, "warning", value)


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_of_a_citizen_number_is_caught(place, shift):
    wrong = CITIZEN[:place] + str((int(CITIZEN[place]) + shift) % 10) + CITIZEN[place + 1 :]
    assert not check_id_number(wrong, "person").ok


@given(st.integers(0, 15))
def test_every_swap_of_two_neighbours_is_caught(place):
    first, second = CITIZEN[place : place + 2]
    if first != second:
        wrong = CITIZEN[:place] + second + first + CITIZEN[place + 2 :]
        assert not check_id_number(wrong, "person").ok


def test_old_and_new_number_of_one_person_have_one_key():
    assert id_key("110105491231002") == id_key(" 11010519491231002x") == CITIZEN
    assert id_key("999999999999999") == "999999999999999"


# --- entities ---


@pytest.mark.parametrize("value", COMPANIES)
@pytest.mark.parametrize("kind", ["legal_person", "unincorporated", "sole_trader"])
def test_a_credit_code_is_accepted(value, kind):
    answer = check_id_number(f" {value[:9].lower()} {value[9:]}", kind)
    assert (answer.level, answer.normalised) == ("ok", value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("9144030071526726XH", "校验码不符"),
        ("9144030071526726X", "现为17位"),
        ("9144O30071526726XG", "字母O"),
        (CITIZEN, "公民身份号码"),
        ("91A4030071526726XG", "第3至8位"),
        ("120116000000001", "注册号校验码不符"),
        ("有限公司", "只含数字和大写字母"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(value, words):
    answer = check_id_number(value, "legal_person")
    assert not answer.ok
    assert words in answer.message


def test_the_check_inside_the_code_only_warns():
    wrong_inside = company("91440300715267260")  # 9-17 should end in X
    answer = check_id_number(wrong_inside, "legal_person")
    assert (answer.ok, answer.level) == (True, "warning")
    assert "第9至17位" in answer.message


@pytest.mark.parametrize("first", "ANY")
def test_authorities_with_letters_pass(first):
    body = f"{first}1120116MA00001" + "X"
    body = body[:8] + body[8:16] + organisation_check(body[8:16])
    assert check_id_number(company(body), "legal_person").level == "ok"


@pytest.mark.parametrize("value", ["71526726X", "110000012345678", "CR1234567"])
def test_older_and_foreign_registrations_are_doubted(value):
    if value == "110000012345678":  # find the check digit of the old registration number by trial
        answers = [check_id_number(value[:14] + digit, "legal_person") for digit in "0123456789"]
        assert [a.level for a in answers].count("warning") == 1
        return
    assert check_id_number(value, "legal_person").level == "warning"


def test_a_sole_trader_has_a_licence_or_the_operators_number():
    assert check_id_number(CITIZEN, "sole_trader").level == "ok"
    licence = "92120116MA00001" + "0"
    licence = company(licence + organisation_check(licence[8:]))
    assert check_id_number(licence, "sole_trader").level == "ok"
    assert (
        "统一社会信用代码校验码" in check_id_number(licence[:-1] + "Q", "sole_trader").message
        or licence[-1] == "Q"
    )
    assert "公民身份号码校验码" in check_id_number(CITIZEN[:-1] + "1", "sole_trader").message


@pytest.mark.parametrize("kind", ["person", "legal_person", "unincorporated", "sole_trader"])
def test_blank_is_unknown_and_not_wrong(kind):
    assert check_id_number(" \u200b", kind).ok
    assert check_id_number("", kind).normalised == ""


def test_an_unknown_kind_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="robot"):
        check_id_number("1", "robot")
    with pytest.raises(ValueError, match="poem"):
        check_right_number("poem", "1")


# --- patents ---


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("invention", "ZL200710308494.X", "ZL200710308494.X"),
        ("invention", "zl 2007 1030 8494 x", "ZL200710308494.X"),
        ("invention", "ＺＬ２０１０１０１１０２１０．８", "ZL201010110210.8"),
        ("invention", "CN200710308494.X", "200710308494.X"),
        ("invention", "专利号：ZL201010110210.8", "ZL201010110210.8"),
        ("utility_model", "ZL20202000000" + "1." + patent_check("202020000001"), None),
        ("utility_model", "ZL202090000001." + patent_check("202090000001"), None),
        ("design", "202230000001" + patent_check("202230000001"), None),
        ("invention", "ZL201980000001." + patent_check("201980000001"), None),
        ("invention", "ZL98101234." + patent_check("98101234"), None),
        ("design", "ZL03300001" + patent_check("03300001"), None),
    ],
)
def test_patent_numbers(kind, value, stored):
    answer = check_right_number(kind, value)
    assert answer.level == "ok", answer.message
    if stored:
        assert answer.normalised == stored


def test_the_check_digit_of_the_handbook():
    assert patent_check("200710308494") == "X"
    assert patent_check("201010110210") == "8"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("invention", "ZL200710308494.1", "校验位不符"),
        ("design", "ZL200710308494.X", "发明专利，与所选的外观设计专利"),
        ("invention", "ZL2007103084.9", "现有11位"),
        ("invention", "ZL199910308494.0", "年份"),
        ("invention", "ZL200770308494." + patent_check("200770308494"), "第5位"),
        ("invention", "ZL50101234." + patent_check("50101234"), "年份"),
        ("invention", "CN212345678U", "实用新型专利，与所选"),
        ("invention", "CN101234567U", "不一致"),
        ("invention", "CN1A", "公开"),
        ("invention", "一种装置", "专利号应为"),
        ("invention", "ZL٢٠٠٧١٠٣٠٨٤٩٤.X", "专利号应为"),
    ],
)
def test_wrong_patent_numbers(kind, value, words):
    answer = check_right_number(kind, value)
    assert not answer.ok
    assert words in answer.message


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("invention", "ZL201010110210", "缺少"),
        ("invention", "CN101234567A", "公开"),
        ("invention", "CN101234567B", "公开"),
        ("utility_model", "CN212345678U", "公开"),
        ("design", "CN306123456S", "公开"),
        ("invention", "CN1234567C", "公开"),
    ],
)
def test_doubtful_patent_numbers(kind, value, words):
    answer = check_right_number(kind, value)
    assert (answer.ok, answer.level) == (True, "warning")
    assert words in answer.message


@given(st.integers(0, 11), st.integers(1, 9))
def test_every_single_wrong_digit_of_a_patent_number_is_caught(place, shift):
    right = "201010110210"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not check_right_number("invention", f"ZL{wrong}.8").ok


# --- other rights ---


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("trademark", "第１２３４５６７８号", "12345678"),
        ("trademark", "1234567a", "1234567A"),
        ("trademark", "G1234567", "G1234567"),
        ("software", "软著登字第1234567号", "软著登字第1234567号"),
        ("software", "软著登字 第 12345678 号", "软著登字第12345678号"),
        ("software", "2024sr0123456", "2024SR0123456"),
        ("copyright", "国作登字－2024－F－00012345", "国作登字-2024-F-00012345"),
        ("copyright", "津作登字-2023-A-00000001", "津作登字-2023-A-00000001"),
        ("layout_design", "BS.205000123", "BS.205000123"),
        ("layout_design", "bs205000123", "BS.205000123"),
        ("plant_variety", "CNA20161234.5", "CNA20161234.5"),
        ("plant_variety", "20200123", "20200123"),
        ("data", "津数登 2024-001", "津数登 2024-001"),
        ("geographical_indication", "AGI2020-01-02345", "AGI2020-01-02345"),
    ],
)
def test_numbers_of_other_rights(kind, value, stored):
    answer = check_right_number(kind, value)
    assert (answer.level, answer.normalised) == ("ok", stored)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("trademark", "123456789"),
        ("trademark", "0"),
        ("trademark", "12AB"),
        ("trademark", "G"),
        ("software", "软著登字第号"),
        ("software", "2024SR12"),
        ("copyright", "国作登字-24-F-1"),
        ("copyright", "某作登字-2024-F-00012345"),
        ("layout_design", "BS.12"),
        ("plant_variety", "CNA1"),
        ("plant_variety", "津麦"),
        ("other", "x" * 200),
    ],
)
def test_wrong_numbers_of_other_rights(kind, value):
    answer = check_right_number(kind, value)
    assert not answer.ok
    assert answer.message


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("copyright", "2010-F-012345"),
        ("software", "0123456"),
        ("trade_secret", "客户名单"),
        ("layout_design", "12345"),
    ],
)
def test_unusual_numbers_of_other_rights_are_doubted(kind, value):
    assert check_right_number(kind, value).level == "warning"


@pytest.mark.parametrize("kind", RIGHT_KINDS)
def test_a_right_without_number_passes_and_equals_nothing(kind):
    assert check_right_number(kind, " ").ok
    assert right_key(kind, " - ") == ""


def test_spellings_of_one_right_have_one_key():
    assert (
        right_key("invention", "ZL200710308494.X")
        == right_key("invention", "2007 1030 8494 x")
        == right_key("invention", "ＺＬ200710308494")
    )
    assert right_key("invention", "ZL200710308494.1") != right_key("invention", "ZL200710308494.X")
    assert right_key("trademark", "01234567") == right_key("trademark", "第1234567号")
    assert right_key("trademark", "G1234567") != right_key("trademark", "1234567")
    assert right_key("copyright", "国作登字2024F00012345") == right_key(
        "copyright", "国作登字-2024-F-00012345"
    )
    assert right_key("invention", "CN101234567A") != right_key("invention", "CN101234568A")


# --- telephones ---


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("022-65305678", "022-65305678"),
        ("（022）65305678", "022-65305678"),
        ("02265305678", "022-65305678"),
        ("+86 22 6530 5678", "022-65305678"),
        ("+86 10 6530 5678", "010-65305678"),
        ("022-65305678-801", "022-65305678转801"),
        ("022-65305678转801", "022-65305678转801"),
        ("0316-2345678", "0316-2345678"),
    ],
)
def test_telephones(value, stored):
    answer = check_phone(value)
    assert (answer.level, answer.normalised) == ("ok", stored)


@pytest.mark.parametrize(
    "value", ["1380013800", "138001380000", "12800138000", "022-1", "电话", "0", "022653056781234"]
)
def test_wrong_telephones(value):
    answer = check_phone(value)
    assert not answer.ok
    assert answer.message


@pytest.mark.parametrize("value", ["65305678", "12345", "400-800-1234", "+852 9123 4567", "95588"])
def test_doubtful_telephones(value):
    assert check_phone(value).level == "warning"


# --- numbers of cases ---


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("（2024）津03知行初12号", "（2024）津03知行初12号"),
        ("(2024) 津 0116 民特 5 号", "（2024）津0116民特5号"),
        ("〔2023〕最高法知民终100号", "（2023）最高法知民终100号"),
        ("（2022）京73行初18号之一", "（2022）京73行初18号之一"),
    ],
)
def test_court_numbers(value, stored):
    assert check_court_number(value).normalised == stored
    assert check_court_number(value).level == "ok"


def test_court_numbers_of_before_2016_are_doubted_and_nonsense_is_refused():
    assert check_court_number("（2014）一中民五初字第0012号").level == "warning"
    for wrong in (
        "（2024）一中民五初字第12号",
        "（2024）津03知行初012号",
        "津03知行初12号",
        "（24）津03知行初12号",
    ):
        assert not check_court_number(wrong).ok


def test_our_own_numbers():
    assert check_own_number("津滨知裁字〔2026〕3号").level == "ok"
    assert check_own_number("津滨知裁字[2026] 3 号").normalised == "津滨知裁字〔2026〕3号"
    assert OWN_NUMBER.fullmatch("津滨知人调字〔2026〕12号")
    assert "不加0" in check_own_number("津滨知裁字〔2026〕03号").message
    assert not check_own_number("津滨知裁〔2026〕3号").ok


# --- plain forms ---


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


def test_spellings_of_one_name_have_one_key():
    assert name_key("天津 ＡＢＣ（滨海）科技有限公司") == name_key("天津abc(滨海)科技有限公司")
    assert name_key("阿依古丽·买买提") == name_key("阿依古丽•买买提")
    assert name_key("张三") != name_key("张三丰")
    assert name_key("……") != ""
