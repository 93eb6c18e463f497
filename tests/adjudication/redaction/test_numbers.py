"""Numbers of people: found in every writing, exactly where they stand, and nothing else is touched."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudication.redaction import GONE, detect, masked
from tests.adjudication.redaction.planting import DIGITS, KINDS, PROSE, UNSEEN, document, every_way, written

WAYS = list(every_way())


def missed(text, planted):
    """Planted numbers of which anything is left standing."""
    found = [(one.start, one.end) for one in detect(text)]
    return [p for p in planted if not any(a <= p.start and p.end <= b for a, b in found)]


@pytest.mark.parametrize(("kind", "way"), WAYS)
def test_every_kind_in_every_writing(kind, way):
    rng = random.Random(f"{kind} {way}")
    text, planted = document(rng, [(kind, way)] * 8)
    assert not missed(text, planted), text
    found = detect(text)
    assert [(one.start, one.end) for one in found] == [(p.start, p.end) for p in planted]
    assert {one.category for one in found} == {KINDS[kind].category}
    assert all(one.replacement == GONE and one.reason and one.rule and one.certain for one in found)


@given(st.lists(st.sampled_from(WAYS), min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_nothing_else_changes_and_a_second_look_finds_nothing(wanted, rng):
    text, planted = document(rng, wanted)
    expected = text
    for one in reversed(planted):
        expected = expected[: one.start] + GONE + expected[one.end :]
    public = masked(text, detect(text))
    assert public == expected
    assert detect(public) == []


@given(
    st.sampled_from([name for name, kind in KINDS.items() if set(DIGITS) <= set(kind.ways)]),
    st.randoms(use_true_random=False),
    st.lists(st.tuples(st.integers(1, 10), st.sampled_from([" ", "\n", "\t", "-", "－", "·", "\n  ", *UNSEEN])), max_size=4),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_signs_anywhere_inside_a_number_hide_nothing(kind, rng, inserted):
    value = KINDS[kind].make(rng)
    for place, sign in inserted:
        if not any(abs(place - other) < 1 for other, _sign in inserted if (other, _sign) != (place, sign)):
            value = value[:place] + sign + value[place:]
    frame = KINDS[kind].frames[0]
    text = f"另查明，{frame.format(written(value, 'plain', rng))}。{PROSE[0]}"
    start = text.index(value)
    assert any(one.start <= start and start + len(value) <= one.end for one in detect(text)), text


@pytest.mark.parametrize(
    "text",
    [
        *PROSE,
        "统一社会信用代码：91330100799655058B，组织机构代码76858482-4。",
        "申请号202010123456.X，申请日为2020年1月5日，授权公告号CN112345678B，国际专利主分类号F16K31/00。",
        "专利号ZL00112281.9、ZL 2013 2 0012345.6，软著登字第1234567号，国作登字-2020-F-00012345。",
        "最高人民法院（2019）最高法知民终325号、津知裁字〔2026〕3号、（2022）苏05民初277号之一。",
        "快递单号：SF1234567890123，运单号123456789012，商品编号100012345678，公证书编号（2021）津滨海证字第1234号。",
        "货款13800138000元，单价￥1,380.00，占比13.8%，2024年1月2日10:30至2024-01-03 11:45。",
        "第9类商标注册号12345678，第G1234567号国际注册商标，备案号津ICP备12345678号。",
    ],
)
def test_what_must_stay_stays(text):
    assert detect(text) == []


@pytest.mark.parametrize(
    "before", ["+86", "+86 ", "+86-", "0086 ", "86-", "(+86)", "（+86）", "＋８６－", "86 "]
)
@pytest.mark.parametrize("kind", ["mobile", "landline"])
def test_the_country_s_code_goes_with_the_number(before, kind):
    rng = random.Random(f"{before} {kind}")
    for _n in range(20):
        value = KINDS[kind].make(rng)
        number = before + (value.lstrip("0") if kind == "landline" and "86" in before[:4] else value)
        if kind == "landline" and not set(before) & set("+＋"):
            continue
        text = f"联系电话{number}。"
        assert masked(text, detect(text)) == f"联系电话{GONE}。", number


def test_an_identity_number_whose_check_fails_is_hidden_where_the_text_says_what_it_is():
    assert [one.category for one in detect("公民身份号码120116199902301234")] == ["id_number"]
    assert [one.category for one in detect("身份证：12011619990230123")] == ["id_number"]


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("ZHIHENG_LONG"), reason="the large figures run with ZHIHENG_LONG=1")
def test_five_thousand_numbers_in_five_hundred_documents():
    planted_all, missed_all, wrong, masked_all = 0, [], 0, 0
    for seed in range(520):
        rng = random.Random(seed)
        text, planted = document(rng, [rng.choice(WAYS) for _n in range(10)])
        found = detect(text)
        planted_all, masked_all = planted_all + len(planted), masked_all + len(found)
        missed_all += missed(text, planted)
        wrong += sum(not any(p.start <= one.start and one.end <= p.end for p in planted) for one in found)
    assert planted_all >= 5000 and not missed_all
    assert wrong / masked_all <= 0.02
