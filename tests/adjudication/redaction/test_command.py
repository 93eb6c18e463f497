"""`manage.py redact`, as it is called from a shell."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

TEXT = "原告：甄有才，男，住天津市滨海新区示例路1号。\r\n甄有才电话13800138000，专利号ZL202020123456.7。"
PUBLIC = "原告：甄某，男，住天津市滨海新区。\r\n甄某电话×××，专利号ZL202020123456.7。"


def run(*words, stdin=b"", monkeypatch=None):
    if monkeypatch:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    out = io.StringIO()
    call_command("redact", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "裁决书.txt"
    path.write_bytes(TEXT.encode())
    return str(path)


def test_it_prints_the_public_text(paper):
    assert run(paper) == PUBLIC


def test_json_tells_places_in_the_text_given(paper, monkeypatch):
    said = json.loads(run("-", "--json", "--party", "甄有才", stdin=TEXT.encode(), monkeypatch=monkeypatch))
    assert said["text"] == PUBLIC and set(said) == {"text", "spans"}
    assert [(s["type"], TEXT[s["start"] : s["end"]], s["replacement"]) for s in said["spans"]] == [
        ("person", "甄有才", "甄某"), ("address", "示例路1号", ""), ("person", "甄有才", "甄某"), ("phone", "13800138000", "×××"),
    ]  # fmt: skip


def test_the_profile_may_be_another(paper):
    assert run(paper, "--profile", "court_2016") == PUBLIC.replace("甄某", "甄有才")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["没有这个文件.txt"], 1),
        (["."], 1),
        (["{paper}", "--party", "  "], 2),
        (["{paper}", "--profile", "x"], 1),
        ([], 1),
    ],
)
def test_bad_input_is_told_in_chinese(words, code, paper):
    with pytest.raises(CommandError) as refusal:
        run(*[word.format(paper=paper) for word in words])
    assert refusal.value.returncode == code


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\xff\xfe")
    with pytest.raises(CommandError, match="不是 UTF-8 文本") as refusal:
        run(str(path))
    assert refusal.value.returncode == 1
