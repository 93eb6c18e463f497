"""Texts made to hold the engine up: it reads at least 50,000 characters a second, on one core."""

import os
import random
import time

import pytest

from adjudication.redaction import Subject, detect, masked, spans, suggest
from adjudication.redaction.marks import Replacement
from tests.adjudication.redaction.planting import PROSE, document, every_way

LONG = bool(os.environ.get("ZHIHENG_LONG"))
SIZE = 1_000_000 if LONG else 60_000
RATE = (
    50_000 if LONG else 10_000
)  # a loaded core does five times this; what grows with the square of the text does a hundredth

PIECES = {
    "digits": "1", "digits apart": "1 ", "digits joined": "1-", "numerals": "一二三", "one surname": "张", "dots": "张·",
    "brackets": "(", "letters": "a", "mail": "a@", "lines": "\n", "cells": "|a", "offices": "原告", "labels": "账号",
    "papers": "房产证", "districts": "天津市滨海新区", "streets": "住址新港路", "constructions": "由张三",
    "companies": "天津张三公司", "names": "原告张三、", "dates": "11010119900101", "patents": "zl ",
    "certificates": "(2021)津房", "unseen": "\u200b1", "aliases": "（曾用名", "numbers of cases": "（2023）津03民初",
    "sex": "，男，",
}  # fmt: skip


def rate(text, work):
    begun = time.process_time()
    work(text)
    return len(text) / max(time.process_time() - begun, 1e-6)


@pytest.mark.parametrize("name", PIECES)
def test_no_row_of_signs_holds_it_up(name):
    piece = PIECES[name]
    assert rate(piece * (SIZE // len(piece)), detect) > RATE


def test_prose_full_of_people_and_numbers_is_read_as_fast():
    rng, ways = random.Random(7), list(every_way())
    text = "".join(document(rng, [rng.choice(ways) for _n in range(5)])[0] for _n in range(SIZE // 700))
    assert rate(text, detect) > RATE


def test_many_marks_are_one_pass():
    names = [f"{chr(0x4E00 + n)}{chr(0x5000 + n)}{chr(0x6000 + n)}" for n in range(400)]
    text = "".join(f"{PROSE[n % len(PROSE)]}{name}" for n, name in enumerate(names))
    marks = [Replacement(name, "某", "person") for name in names]
    assert sum(one.mark is not None for one in spans(text, marks)) == 400
    assert rate(text, lambda whole: spans(whole, marks)) > RATE
    people = [Subject("请求人", "person", name) for name in names]
    assert rate(text * 2, lambda whole: suggest(people, whole)) > RATE


@pytest.mark.parametrize("seed", range(10))
def test_a_public_text_holds_nothing_more_to_find(seed):
    rng, ways = random.Random(seed), list(every_way())
    text, _planted = document(rng, [rng.choice(ways) for _n in range(8)])
    text += "原告：甄有才，男，1970年1月1日出生，住天津市滨海新区示例里3号楼402室。证人贾大山、余小溪到场，甄先生签字。"
    public = masked(text, detect(text, [Subject("请求人", "person", "甄有才")]))
    assert detect(public, [Subject("请求人", "person", "甄有才")]) == []


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\u200b", "\ud800", "\x00", "张", "1", "\ue000", "a" * 70, "住", "："]
)
def test_next_to_nothing_is_no_trouble(text):
    assert detect(text) == [] and masked(text, []) == text
