"""Papers of figures: frozen on a day, equal to the board, written in Word, signed with their tables unchanged."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from adjudication.models import PublishedBatch
from cases import attaching, files, outbox, steps
from cases.documents import blocks as b
from cases.documents import docx
from cases.errors import DomainError, Invalid, Refused
from cases.models import Activity, Document, Proceeding
from reports import periods
from reports.indicators import PLAN_EIGHT, REGISTRY, Reading
from reports.models import Bulletin, Frozen
from reports.papers import sections
from tests.factories import body, station, user
from tests.reports import desk
from tests.reports.facts import dispute, fact, proceeding, withdraw

pytestmark = pytest.mark.django_db
QUARTER = periods.quarter(2026, 3)
AS_OF = date(2026, 11, 30)
FULL = {"addressee": "各有关单位", "letter_no": "津滨知发〔2026〕9号", "copies_to": "区知识产权工作专班"}


@pytest.fixture(autouse=True)
def _bodies():
    for kind in ("bureau", "centre"):
        body(kind)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    """The worker's day is the desk's."""
    monkeypatch.setattr("reports.papers.effects.timezone.localdate", lambda: desk.DAY)


def accepted(on, kind="assistance", **columns):
    row = proceeding(kind, dispute(station("s1")), **columns)
    return fact(row, "accepted", on, kind)


def opened(shape="bulletin", period="2026Q3", **data):
    return desk.opened("bulletin", desk.office(), shape=shape, period=period, **{**FULL, **data})


def frozen(row, as_of=AS_OF):
    desk.act(row, "take_figures", desk.office(), as_of=as_of.isoformat())
    return desk.worked(row)


def drafted(row):
    desk.act(row, "draft_paper", desk.office(), paper=row.template)
    outbox.drain()
    return Document.objects.get(proceeding=row.pk, state="draft")


def written(draft, change=lambda blocks: blocks):
    """The draft as it comes back from the word processor, its open places written."""
    read = b.from_json(draft.blocks)
    whole = [
        replace(one, text="各项工作按计划推进。")
        if isinstance(one, b.Paragraph) and "【" in one.text
        else one
        for one in read
    ]
    return docx.render(change(whole), draft.layout)


def bring_back(row, draft, content):
    paper = attaching.attach(
        row.case,
        "修改稿.docx",
        _opened(content),
        by=desk.office(),
        today=desk.DAY,
        row=row,
        said={"title": "修改稿"},
    )
    chosen = f"{draft.pk}:{draft.revision}"
    desk.act(row, "bring_back", desk.office(), draft=chosen, file=paper.pk)
    return Document.objects.get(pk=draft.pk)


def _opened(content):

    return io.BytesIO(content)


def sign(row, draft):
    return desk.act(row, "issue_paper", desk.office(), draft=f"{draft.pk}:{draft.revision}")


def test_frozen_figures_are_the_boards_as_of_that_day_and_stay():
    one, _two = accepted(date(2026, 7, 9)), accepted(date(2026, 8, 9))
    accepted(date(2025, 8, 9))
    row = frozen(opened())
    board = {code: REGISTRY[code].figures([QUARTER], Reading(AS_OF))[0] for code in PLAN_EIGHT}
    assert {code: row.frozen.figure(code)["text"] for code in PLAN_EIGHT} == {
        c: f.text for c, f in board.items()
    }
    assert row.frozen.figure("aid_and_mediation")["value"] == 2
    assert row.before.figure("aid_and_mediation")["value"] == 1
    table = next(one for one in row.blocks() if isinstance(one, b.Table))
    assert [line[2] for line in table.rows] == [board[code].text for code in PLAN_EIGHT]
    withdraw(one, known=date(2026, 12, 1))
    again = desk.again(row)
    assert again.parts == row.parts and again.frozen.figure("aid_and_mediation")["value"] == 2


def test_months_of_the_chart_are_the_boards():
    for day in (date(2026, 7, 9), date(2026, 9, 1), date(2026, 9, 2), date(2025, 7, 1)):
        accepted(day)
    row = frozen(opened())
    chart = next(one for one in row.blocks() if isinstance(one, b.Chart))
    assert chart.labels == ("7月", "8月", "9月")
    assert chart.series == (("2025年", "1", "0", "0"), ("2026年", "1", "0", "2"))


def test_frozen_anew_the_earlier_round_stays():
    row = frozen(opened())
    first = row.frozen_id
    row = frozen(row, date(2026, 11, 20))
    assert row.frozen_id != first and Frozen.objects.filter(pk=first).exists()
    outbox.drain()
    assert Frozen.objects.count() == 4


def test_nothing_is_drafted_before_figures_and_no_other_paper():
    row = opened()
    with pytest.raises(DomainError) as early:
        desk.act(row, "draft_paper", desk.office(), paper="bulletin")
    assert early.value.code == "no_figures"
    row = frozen(row)
    with pytest.raises(DomainError) as other:
        desk.act(row, "draft_paper", desk.office(), paper="annual_report")
    assert other.value.code == "other_paper"


def test_open_places_hinder_signing_and_words_come_back_from_word():
    accepted(date(2026, 7, 9))
    row = frozen(opened())
    draft = drafted(row)
    with pytest.raises(DomainError) as gaps:
        sign(row, draft)
    assert gaps.value.code == "incomplete_paper" and "下一步工作" in str(gaps.value.message)
    draft = bring_back(row, draft, written(draft))
    sign(row, draft)
    paper = Document.objects.get(pk=draft.pk)
    assert paper.state == "issued" and "各项工作按计划推进" in paper.blocks
    kinds = [type(one).__name__ for one in b.from_json(paper.blocks)]
    assert kinds[:3] == ["Head", "Number", "Title"] and kinds.count("Chart") == 2 and kinds[-1] == "Imprint"
    assert desk.do(row, "issue", desk.office()).state == "issued"


@pytest.mark.parametrize("what", ["number", "gone", "chart"])
def test_a_changed_figure_is_not_signed(what):
    accepted(date(2026, 7, 9))
    row = frozen(opened())
    draft = drafted(row)

    def change(blocks):
        if what == "gone":
            return [one for one in blocks if not isinstance(one, b.Table)]
        kind = b.Chart if what == "chart" else b.Table
        at = next(n for n, one in enumerate(blocks) if isinstance(one, kind))
        old = blocks[at]
        if what == "chart":
            new = replace(old, series=((old.series[0][0], "9", *old.series[0][2:]), *old.series[1:]))
        else:
            new = replace(old, rows=((*old.rows[0][:2], "999", *old.rows[0][3:]), *old.rows[1:]))
        return [*blocks[:at], new, *blocks[at + 1 :]]

    draft = bring_back(row, draft, written(draft, change))
    with pytest.raises(DomainError) as refusal:
        sign(row, draft)
    assert refusal.value.code == "figures_changed"
    assert Document.objects.get(pk=draft.pk).state == "draft"


def test_who_may_and_who_may_not():
    with pytest.raises(Refused):
        desk.opened("bulletin", desk.clerk(), shape="bulletin", period="2026Q3")
    row = frozen(desk.opened("bulletin", desk.district(), shape="bulletin", period="2026Q3"))
    draft = drafted(row)
    draft = bring_back(row, draft, written(draft))
    answer = steps.act(
        row.pk,
        "issue_paper",
        by=desk.office(),
        data={"draft": f"{draft.pk}:{draft.revision}"},
        today=desk.DAY,
    )
    assert answer.approval.waiting_role == "head"
    with pytest.raises(DomainError) as unsigned:
        desk.do(row, "issue", desk.office())
    assert unsigned.value.code in ("not_signed", "approval_pending")
    seen = Proceeding.objects.visible_to(desk.clerk(), desk.DAY).filter(pk=row.pk)
    assert not seen.exists()


@pytest.mark.parametrize(
    ("shape", "period"), [("bulletin", "2026"), ("report", "2026Q1"), ("pack", "2027Q1"), ("pack", "x")]
)
def test_a_period_that_does_not_fit_is_refused(shape, period):
    with pytest.raises(Invalid) as refusal:
        opened(shape, period)
    assert set(refusal.value.fields) == {"period"}


def test_the_pack_tells_decisions_and_what_other_modules_add(monkeypatch):
    monkeypatch.setattr(sections, "_sections", dict(sections._sections))
    sections.section("其他事项", of=("pack",), order=46)(
        lambda scope: [b.Item("1.", f"任务 {scope.period.text}")]
    )
    row = frozen(opened("pack", decisions="建立月报制度：已落实\n补充技术调查官：办理中"))
    told = b.plain_text(row.blocks())
    assert "任务 2026Q3" in told and "建立月报制度：已落实" in told
    heads = [one.text for one in row.blocks() if isinstance(one, b.Paragraph) and one.level == 1]
    assert heads[0].startswith("一、") and any("其他事项" in one for one in heads)
    draft = drafted(row)
    assert draft.layout == "legal" and files.open(draft.pdf.sm3).read(5) == b"%PDF-"


def test_without_typed_decisions_the_pack_takes_those_of_the_last_meeting():
    held = {"kind": "push_meeting", "entered_by": desk.office(), "known_on": date(2026, 7, 1)}
    for day, words in ((date(2026, 3, 1), "旧事项"), (date(2026, 6, 30), "建立联席机制")):
        Activity.objects.create(title="推动会", begins_on=day, decisions=words, **held)
    told = b.plain_text(frozen(opened("pack")).blocks())
    assert "建立联席机制" in told and "旧事项" not in told


def test_the_annual_report_tells_typical_cases_in_the_published_words():
    batch = desk.opened("typical_cases", _reviewer(), name="第一批")
    text = '{"introduction": "", "cases": [{"title": "阀门案", "facts": "案情", "result": "责令停止", "significance": "意义", "path": ""}]}'
    PublishedBatch.objects.create(batch=batch, title="第一批", text=text, published_on=date(2026, 5, 1))
    row = frozen(opened("report", "2026"))
    told = b.plain_text(row.blocks())
    assert "（一）阀门案" in told and "责令停止" in told
    assert row.title.endswith("知识产权发展保护报告（2026年）") and row.before.period == "2025"
    assert len(next(one for one in row.blocks() if isinstance(one, b.Chart)).labels) == 12


def _reviewer():

    return user("reviewer", ("reviewer", body("bureau")))


def test_page_of_a_paper(client):
    accepted(date(2026, 7, 9))
    row = frozen(opened())
    client.force_login(desk.office())
    page = client.get(reverse("matter", args=[row.pk])).content.decode()
    assert "冻结的指标" in page and "知识产权人民调解成功率" in page
    assert client.get(reverse("matters", args=["bulletin"])).status_code == 200


def test_two_freezers_end_with_one_round_that_fits():
    row = opened()
    for day in ("2026-11-20", "2026-11-30"):
        desk.act(row, "take_figures", desk.office(), as_of=day)
    row = desk.worked(row)
    assert (row.as_of, row.frozen.as_of) == (date(2026, 11, 30), date(2026, 11, 30))
    assert Bulletin.objects.count() == 1
