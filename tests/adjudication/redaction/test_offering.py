"""Marks for a reviewer: what is offered, what shields, what only a person can decide, what is shown as kept."""

from adjudication.redaction import (
    CATEGORIES,
    KEEP,
    Replacement,
    Subject,
    detect,
    doubts,
    kept_words,
    redact,
    suggest,
)

PARTY = Subject("请求人", "person", "张三", phone="13800138000", addresses=("天津市滨海新区示例路1号",))
SHOP = Subject("被请求人", "sole_trader", "滨海刘小二五金店", representative="刘小二")
SECTIONS = {
    "claims": "张三主张三项权利，住天津市滨海新区示例路1号，电话一三八〇〇一三八〇〇〇。",
    "facts": [{"text": "滨海刘小二五金店的刘小二与证人余小溪到场，小二未答。"}],
    "panel": "合议组组长李大龙，书记员周大若。",
}


def test_marks_make_the_same_public_text_as_the_findings():
    marks = suggest([PARTY, SHOP], SECTIONS)
    assert redact(SECTIONS, marks) == {
        "claims": "张某主张三项权利，住天津市滨海新区，电话×××。",
        "facts": [{"text": "滨海刘某五金店的刘某与证人余某到场，小二未答。"}],
        "panel": SECTIONS["panel"],
    }
    assert all(mark.category in CATEGORIES and mark.reason for mark in marks)
    assert [m.category for m in marks if "主张三项" in m.original] == [KEEP]


def test_a_trade_name_and_a_given_name_wait_for_a_person():
    asked = {one.reason for one in doubts([PARTY, SHOP], SECTIONS, [])}
    assert asked == {"字号可能含经营者姓名，请判断", "可能是当事人的名字，请判断"}
    decided = [Replacement("滨海刘小二五金店", "滨海刘小二五金店", KEEP), Replacement("小二", "小二", KEEP)]
    assert doubts([PARTY, SHOP], SECTIONS, decided) == []


def test_what_must_stay_is_shown_with_its_reason():
    text = "津滨知裁字〔2025〕12号，专利号ZL202020123456.7，91110000802100433B。合议组组长李大龙。委托代理人：白小云，示例律师事务所律师。"
    shown = {mark.original: mark.reason for mark in kept_words({"text": text})}
    assert {"〔2025〕12号", "ZL202020123456.7", "91110000802100433B", "李大龙", "白小云"} <= {
        words.removeprefix("津滨知裁字") for words in shown
    }
    assert all(shown.values())


def test_words_kept_by_the_caller_stay_unless_a_party_bears_them():
    text = "证人李大龙到场，组员李大龙记录。"
    assert detect(text, kept=["李大龙"]) == []
    assert len(detect(text, [Subject("请求人", "person", "李大龙")], kept=["李大龙"])) == 2
