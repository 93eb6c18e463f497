"""A public text reviewed by keyboard, signed by a second reviewer, read by anybody."""

import pytest

from tests.journeys.disputes import FIRST, PANEL, answered, approve, filed, photograph, take

pytestmark = pytest.mark.browser
NUMBER = "津滨知裁字〔2026〕1号"
WITNESS, PHONE = "王建国", "13820012345"
RULING = {
    "outcome": "established", "procedure": "依法组成合议组审理终结。", "defence": "采用现有技术。",
    "claims": f"请求责令停止侵权，主张三项权利。{WITNESS}到场，电话{PHONE}，邮箱wang@example.com，甲方资料中另有{WITNESS}签名。",
    "facts": [{"text": "专利有效。"}], "reasoning": [{"text": "落入权利要求1、3的保护范围。"}],
    "basis": "《中华人民共和国专利法》第六十五条",
    "orders": [{"kind": "stop", "acts": "制造、销售", "object": "阀门", "scope": "权利要求1、3"}],
}  # fmt: skip
SELECT = """words => {
  const line = [...document.querySelectorAll('#text .from')].find(p => p.textContent.includes(words));
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const at = node.textContent.indexOf(words);
    if (at < 0) { continue; }
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + words.length);
    getSelection().removeAllRanges(); getSelection().addRange(range);
    return;
  }
}"""


def ruled(today):
    """A ruling that names a witness whom no register of the case knows."""
    row = answered(filed(today, FIRST), today)
    for point in row.skippable_points():
        row = take(row, today, "skip_point", item=point.point.code, reason="书面审理已经查明")
    row = take(row, today, "deliberate")
    row = take(
        row,
        today,
        "record_deliberation",
        votes=[{"member": n, "vote": "established", "words": ""} for n in PANEL],
    )
    return take(row, today, "sign_ruling", **RULING)


def said(person, *words):
    """What the screen reader is told of the chosen place."""
    person.page.wait_for_function(
        "words => words.every(w => document.getElementById('said').textContent.includes(w))", arg=list(words)
    )


def test_by_keyboard_from_the_suggestions_to_the_public_page(open_for, today, work):
    ruled(today)
    reviewer = (
        open_for("reviewer")
        .go("/disclosures/")
        .follow(NUMBER)
        .sees("系统建议，尚未保存", "尚未录入采用文号")
        .fits()
    )
    keys = reviewer.page.keyboard
    chosen = reviewer.page.locator("a.s.on")
    first = chosen.inner_text()
    keys.press("j")
    said(reviewer, "第 2 处")
    keys.press("k")
    assert chosen.inner_text() == first
    keys.press("x")  # kept, and masked again
    said(reviewer, "不遮盖")
    assert "k" in chosen.get_attribute("class").split()
    keys.press("a")
    said(reviewer, "公开为")

    if WITNESS not in reviewer.page.locator("#text .from a.s").all_inner_texts():  # nobody has offered it
        reviewer.page.evaluate(SELECT, WITNESS)
        keys.press("a")
    else:
        reviewer.page.locator("#text .from a.s", has_text=WITNESS).first.click()
    said(reviewer, WITNESS, "公开为", "2 处")
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("证人王某")
    keys.press("Enter")
    assert chosen.inner_text() == WITNESS  # back where it was
    public = reviewer.page.locator("#text .to")
    assert (
        public.filter(has_text="证人王某到场").count() == 1 and public.filter(has_text=WITNESS).count() == 0
    )
    assert reviewer.page.locator("form[data-dirty]").count() == 1  # leaving would ask first
    for doubt in reviewer.page.locator("#doubts a.s.a").all():
        if doubt.is_visible():
            doubt.click()
            keys.press("x")
    photograph(reviewer, "review")
    reviewer.press("保存并检查").sees("第 1 次修订")
    work()
    reviewer.page.wait_for_selector(
        "#standing .tag.good"
    )  # asked for every few seconds, without pressing anything
    reviewer.sees("未发现残留", "均在").follow("公开", within="#standing").fill(privacy=True).press(
        "提出拟办意见"
    ).sees("等待公开审核审批")

    second = open_for("reviewer2").go("/approvals/").follow("公开")
    second.sees("检查报告", "未发现残留", WITNESS, "证人王某到场").fits()
    photograph(second, "review_signing")
    approve(second, "公开", "检查报告")
    work()
    reader = open_for("").go("/rulings/2026/1/").sees("证人王某到场", "主张三项权利")
    reader.misses(WITNESS, PHONE)


def test_without_a_script_the_table_does_it_all(open_for, today, work):
    ruled(today)
    reviewer = open_for("reviewer", screen="phone", script=False).go("/disclosures/").follow(NUMBER)
    assert not reviewer.page.locator("#chosen").is_visible()
    lines = reviewer.page.locator('#rows input[name$="-original"]')
    if WITNESS not in [one.input_value() for one in lines.all()]:
        n = reviewer.row_of("")
        reviewer.fill({
            f"replacements-{n}-original": WITNESS, f"replacements-{n}-replacement": "王某", f"replacements-{n}-category": "person",
        })  # fmt: skip
    reviewer.press("预览（不保存）").sees("尚未保存的修改", "王某到场")
    photograph(reviewer, "review_no_script")
    reviewer.press("保存并检查").sees("第 1 次修订")
    work()
    reviewer.page.reload()
    reviewer.sees("未发现残留")
