"""Nothing of the closed volume in any open output: every address is asked by everybody outside the panel, and searched.

The words of the panel are marked with strings that stand nowhere else; who sits on it does find them.
"""

import io
import re
import zipfile
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from pypdf import PdfReader

from adjudication import publication
from adjudication.models import Adjudication, Disclosure
from cases import approvals, files, outbox, steps
from cases.models import Approval, Document, Evidence, Volume
from cases.stepping import steps_of
from stations.models import Appointment, Person
from tests.adjudication.public_story import decide, reviewers, rows, save
from tests.adjudication.story import RULING, TODAY, filed, fresh, party, serve, settle, staff, take
from tests.architecture.test_routes import walk
from tests.factories import clerk
from tests.laid import laid_once

pytestmark = pytest.mark.django_db
VOTE, DISSENT, MINUTES = "众议甲乙丙丁语", "少数戊己庚辛语", "笔录子丑寅卯语"
ISSUE, OPINION, DRAFT = "疑问辰巳午未语", "调查申酉戌亥语", "草稿天地玄黄语"
APPROVAL = "批示宇宙洪荒语"
PANEL_ALONE = (VOTE, DISSENT, MINUTES, ISSUE, OPINION, DRAFT)
DRAFTED = {
    **RULING, "outcome": "not_established", "claims": f"{DRAFT}一", "defence": f"{DRAFT}二", "evidence": f"{DRAFT}三",
    "facts": [{"text": f"{DRAFT}四"}], "reasoning": [{"text": f"{DRAFT}五"}],
    "orders": [{"kind": "dismiss", "text": f"{DRAFT}六"}],
}  # fmt: skip


def approve(answer: Any, *people: Any) -> None:
    """Each approver in turn, with words of his own."""
    approval = answer.approval
    for who in people:
        approval = approvals.decide(approval.pk, "approve", by=who, reason=APPROVAL, today=TODAY)
    assert approval.state == Approval.State.GRANTED


@laid_once
def decided() -> tuple[Adjudication, Disclosure]:
    """A case with everything a panel keeps to itself, ruled, published, served and bound."""
    adviser = Person.objects.create(name="调查官甲", unit="示例研究所")
    Appointment.objects.create(
        person=adviser, kind="technical_investigator", field="机械", valid_from=date(2025, 1, 1)
    )
    row, people = serve(filed()), staff()
    row = take(row, "appoint_assistant", {"capacity": "investigator", "person": adviser.pk})
    told = {"assistant": row.assistants.get().pk, "issues": ISSUE, "opinion": OPINION}
    row = take(row, "record_opinion", told)
    row = take(row, "receive_defence", {"party": party(row).pk})
    row = take(settle(row), "deliberate")
    row = take(row, "draft_ruling", DRAFTED)
    voted = [
        ("adj1", "established", VOTE),
        ("adj2", "established", VOTE),
        ("adj3", "not_established", DISSENT),
    ]
    votes = [{"member": name, "vote": code, "words": words} for name, code, words in voted]
    row = take(row, "record_deliberation", {"votes": votes, "minutes": MINUTES})
    answer = steps.perform(
        row.pk, "sign_ruling", by=people["adj1"], data=RULING, version=row.version, today=TODAY
    )
    approve(answer, *(people[role] for role in answer.approval.roles.split(",")))
    row = fresh(row)
    row = serve(serve(row, "ruling", "respondent"), "ruling", "applicant")
    disclosure = save(row.rulings.get().disclosures.get(), rows(row.rulings.get()))
    disclosure = decide(disclosure, "publish")
    row = take(row, "bind_volumes")
    outbox.drain()
    assert publication.suggestions(row.rulings.get()) is not None
    return row, disclosure


@cache  # a paper is fetched by many, its text read once
def said(content: bytes) -> str:
    """The text of a page, a PDF, a Word file or a workbook, without blanks and tags."""
    if content.startswith(b"%PDF"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            text = "".join(
                packed.read(name).decode("utf-8", "ignore")
                for name in packed.namelist()
                if name.endswith("xml")
            )
    else:
        text = content.decode("utf-8", "ignore")
        if text.lstrip().startswith(("{", "[")):
            text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"<[^>]*>|\s", "", text)


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def addresses(row: Adjudication, disclosure: Disclosure) -> list[str]:
    """Every address that answers a GET, with each id, name and code of this case that fits it."""
    numbers = [row.case_id, row.pk, disclosure.pk]
    papers = list(Document.objects.values_list("pk", flat=True))
    kept = list(Evidence.objects.values_list("pk", flat=True))
    asked = list(Approval.objects.values_list("pk", flat=True))
    doing = [
        {"pk": one.pk, "name": name}
        for one in (row, disclosure)
        for name, meta in steps_of(type(one)).items()
        if meta.open_in(one.state)
    ]
    year, serial = re.findall(r"\d+", row.number or "")
    fitting: dict[str, list[dict[str, Any]]] = {
        "file": [{"pk": pk} for pk in kept],
        "document": [{"pk": pk, "ending": ending} for pk in papers for ending in ("pdf", "docx")],
        "approval": [{"pk": pk} for pk in asked],
        "volume": [{"uid": uid} for uid in Volume.objects.values_list("uid", flat=True)],
        "verify": [{"code": one.code} for one in Document.objects.all() if one.code],
    }
    found = []
    for name, pattern in walk(get_resolver()):
        if name.endswith(":") or name.startswith(("admin:", "api:docs", "api:schema", "logout")):
            continue
        words = set(
            pattern.pattern.regex.groupindex
            if hasattr(pattern.pattern, "_regex")
            else pattern.pattern.converters
        )
        short = name.removeprefix("api:")
        if short in fitting:
            choices = fitting[short]
        elif not words:
            choices = [{}]
        elif words == {"pk"}:
            choices = [{"pk": pk} for pk in numbers]
        elif words == {"pk", "name"}:
            choices = doing
        elif words == {"year", "serial"}:
            choices = [{"year": int(year), "serial": int(serial)}]
        elif words == {"code"}:
            choices = [
                {"code": one} for one in ("adjudication_accepted", "ruling_upheld", "ruling_disclosure")
            ]
        else:
            continue
        found += [reverse(name, kwargs=one) for one in choices]
    case = reverse("case", args=[row.case_id])
    tabs = ("record", "parties", "rights", "files", "meetings", "documents")
    found += [f"{case}?p={pk}&tab={tab}" for pk in numbers[1:] for tab in tabs]
    found += [
        f"{reverse('cases')}?q={row.number}",
        f"{reverse('search')}?q={row.number}",
        f"{reverse('cases')}?format=xlsx",
    ]
    return list(dict.fromkeys(found))


def outsiders() -> dict[str, Any]:
    """Everybody who sees something of the case without sitting on its panel; None is the public."""
    people = staff()
    return {
        "public": None, "clerk": clerk(), "legal": people["legal"], "adj4": people["adj4"],
        "reviewer": reviewers()["reviewer"],
    }  # fmt: skip


@pytest.fixture
def whole() -> tuple[Adjudication, Disclosure]:
    return decided()


def test_nothing_of_the_closed_volume_in_any_open_output(whole):
    row, disclosure = whole
    every, client = addresses(row, disclosure), Client(raise_request_exception=True)
    answered: dict[str, int] = {}
    for name, person in outsiders().items():
        client.logout()
        if person is not None:
            client.force_login(person)
        for url in every:
            answer = client.get(url)
            if answer.status_code != 200:
                continue
            answered[name] = answered.get(name, 0) + 1
            text = said(body_of(answer))
            leaked = [mark for mark in PANEL_ALONE if mark in text]
            assert not leaked, (name, url, leaked)
            assert name not in ("public", "clerk") or APPROVAL not in text, (name, url)
    # the search saw something: whoever sees the case opened its pages, the public opened the ruling
    assert answered["public"] >= 8 and min(answered[name] for name in ("clerk", "legal")) >= 25, answered


def test_neither_the_open_volume_nor_a_paper_of_the_parties_says_it(whole):
    row, _disclosure = whole
    volume = Volume.objects.get(proceeding=row.pk, kind="open", cancelled=False)
    with files.open(volume.pdf.sm3) as opened:
        text = said(opened.read())
    assert "行政裁决书" in text and not [mark for mark in (*PANEL_ALONE, APPROVAL) if mark in text]
    checked = 0
    for one in Document.objects.filter(case=row.case_id, volume="open").exclude(
        audience__in=("sealed", "side")
    ):
        for stored in (one.pdf, one.docx):
            if stored is not None:
                with files.open(stored.sm3) as opened:
                    text = said(opened.read())
                assert not [mark for mark in (*PANEL_ALONE, APPROVAL) if mark in text], one.kind
                checked += 1
    assert checked >= 8


def test_who_sits_on_the_panel_finds_it_where_it_belongs(whole):
    row, _disclosure = whole
    client = Client()
    client.force_login(staff()["adj2"])
    page = client.get(f"{reverse('case', args=[row.case_id])}?p={row.pk}&tab=meetings")
    text = said(page.content)
    assert VOTE in text and DISSENT in text and MINUTES in text
    volume = Volume.objects.get(proceeding=row.pk, kind="closed", cancelled=False)
    with files.open(volume.pdf.sm3) as opened:
        bound = said(opened.read())
    assert DISSENT in bound and MINUTES in bound and APPROVAL in bound
    assert DRAFT in row.rulingdrafts.get().sections
    opinions = client.get(reverse("technical_opinions", args=[row.pk]))
    shown = said(opinions.content)
    if OPINION not in shown:  # a reason is asked first, and the reading logged
        shown = said(
            client.post(reverse("technical_opinions", args=[row.pk]), {"reason": "合议参考"}).content
        )
    assert OPINION in shown and ISSUE in shown
