"""Normal form, pairs, parts, passages: without a database."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudication.searching import words
from adjudication.searching.asking import read

CHARS = "专利侵权纠纷缓释制剂的一二𠮷𪚥ＡａBb12９（)〔〕.、 \n\t\u200b\x00é\u0301ﬁ㈱①İß🔧\u202e%_\\\"'*^"


def test_one_writing_for_many():
    same = {
        "津滨知裁字(2026)7号": ["津滨知裁字〔2026〕7号", "津滨知裁字［２０２６］７号", "津滨知裁字【2026】 7 号", "津滨知裁字（2026）7号"],
        "zl201010110210.8": ["ZL201010110210.8", "ＺＬ２０１０１０１１０２１０．８", "zl 2010 1 0110210.8", "Z\u200bL201010110210.8\u00ad"],
        "ss": ["ß", "SS", "s\x00s"],
        "𠮷": ["𠮷", "𠮷\U000e0100"],
    }  # fmt: skip
    for form, writings in same.items():
        assert {words.normal(one) for one in writings} == {form}


@given(st.text(CHARS, max_size=60), st.text(CHARS, min_size=1, max_size=4))
def test_a_word_in_a_text_has_its_tokens_there(text, word):
    body, sought = words.normal(text), words.normal(word)
    if sought and sought in body:
        assert set(words.wanted(sought)) <= words.indexed(body)
    if 0 < len(sought) <= 2:
        assert (set(words.wanted(sought)) <= words.indexed(body)) == (sought in body)


@given(st.text(max_size=30))
def test_tokens_are_small_letters_that_no_database_touches(text):
    body = words.normal(text)
    assert all(re.fullmatch("[a-z]{4}|[a-z]{8}", token) for token in words.indexed(body))
    assert len(words.mark("year", text)) % 2 == 1 and words.mark("year", text).isalpha()


@pytest.mark.parametrize("length", [0, 1, 7_999, 8_000, 8_001, 8_050, 15_901, 40_000])
def test_parts_are_short_and_cut_no_word_in_two(length):
    body = "".join(chr(0x4E00 + n % 20_000) for n in range(length))
    parts = list(words.pieces(body))
    assert all(len(part) <= words.PART for part in parts)
    for start in {0, 1, 7_850, 7_901, 7_950, 7_999, 8_000, 15_800, 15_850, 15_899, max(length - 100, 0)}:
        word = body[start : start + words.LONGEST]
        assert any(word in part for part in parts)


@given(st.text(CHARS, max_size=80), st.text(CHARS, min_size=1, max_size=5))
def test_what_is_marked_is_the_word(line, word):
    sought = words.normal(word)
    shown = words.passages(line, (sought,)) if sought else []
    for runs in shown:
        marked = [run for run, hit in runs if hit]
        assert marked and all(only_the_word(run, sought) for run in marked)
        assert "".join(run for run, _hit in runs).strip("…") in line


def only_the_word(run: str, sought: str) -> bool:
    """Nothing else is marked; a sign that stands for several, as ㈱ for (株), is marked whole."""
    touched = all(set(words.normal(sign)) & set(sought) for sign in run if words.normal(sign))
    return set(words.normal(run)) <= set(sought) or touched


def test_passages_cut_around_the_first_hits_and_merge_overlaps():
    line = "甲" * 100 + "缓释制剂" + "乙" * 300
    runs = words.passages(f"无关的一行\n{line}", ("缓释制剂", "释制剂"))[0]
    assert [run for run, hit in runs if hit] == ["缓释制剂"]
    assert runs[0] == ("…", False) and runs[-1] == ("…", False) and len("".join(r for r, _h in runs)) < 130
    assert [run for run, hit in words.passages("ＺＬ 2010 1", ("zl2010",))[0] if hit] == ["ＺＬ 2010"]
    assert words.passages("没有", ("缓释",)) == []


ASKED = {
    "津滨知裁字〔2026〕7号": ("津滨知裁字(2026)7号",),
    "津滨知裁字 [2026] 7 号": ("津滨知裁字(2026)7号",),
    "2026年7号": ("(2026)7号",),
    "2026年第7号 阀门": ("(2026)7号", "阀门"),
    "〔2026〕7": ("(2026)7号",),
    "阀门 （2026）7号": ("阀门", "(2026)7号"),
    "2026年7月1日": ("2026年7月1日",),
    "ZL201010110210.8": ("201010110210",),
    "ZL 2010 1 0110210.8": ("201010110210",),
    "201010110210.8": ("201010110210",),
    "2010101102108": ("201010110210",),
    "201010110210": ("201010110210",),
    "2010101102107": ("2010101102107",),  # another check digit, nothing says patent: a number like any other
    "专利ZL201010110210.8号": ("专利", "201010110210", "号"),
    "13820012345": ("13820012345",),
    "“缓释制剂” 缓释制剂": ("缓释制剂",),
    "": (),
    " \u3000\u200b\x00": (),
    "％": ("%",),
}


@pytest.mark.parametrize(("typed", "sought"), ASKED.items())
def test_numbers_in_any_writing(typed, sought):
    assert read({"q": typed}).words == sought


def test_a_question_has_an_end():
    long = read({"q": "字" * 100_000})
    assert long.words == ("字" * words.LONGEST,) and long.left_out
    many = read({"q": " ".join(f"词{n}" for n in range(20))})
    assert len(many.words) == 8 and many.left_out
    assert not read({"q": "阀门"}).left_out
    spread = read({"q": "ﷺ" * 50}).words  # one character becomes eighteen, with blanks between
    assert 0 < len(spread) <= 8 and all(len(word) <= words.LONGEST for word in spread)


def test_facets_that_do_not_exist_are_not_asked():
    question = read(
        {
            "q": "x",
            "in": "text",
            "year": "２０２６",
            "right": "trademark",
            "outcome": "' OR 1=1",
            "status": "?",
        }
    )
    assert (question.part, question.chosen) == ("", ())
    assert read({"year": "2026", "status": "sued"}).chosen == (("year", "2026"), ("status", "sued"))
