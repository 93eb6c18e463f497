"""The dossier tells every task with its evidence and gaps; a sample is repeatable and names nobody."""

import io
import json
import zipfile

import pytest
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from cases import attaching, files, steps
from cases.models import AccessLog
from reports.ledger import dossier, handing, sampling
from reports.models import Dossier, Sample
from tests.factories import TODAY, approve_all, body, clerk, first, register, user
from tests.reports.ledger.ground import act, complete, district, leader, read, task

pytestmark = pytest.mark.django_db
NAMES = ("示例商贸有限公司", "演示甲某某")


def inside(stored) -> dict[str, bytes]:
    with files.open(stored.sm3) as opened:
        archive = zipfile.ZipFile(io.BytesIO(opened.read()))
    return {name: archive.read(name) for name in archive.namelist()}


def words_of(content: bytes, name: str) -> str:
    """Every word of a file: the text of a PDF's pages, all parts of a docx, else the bytes."""
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\n", "")
    if name.endswith(".docx"):
        parts = zipfile.ZipFile(io.BytesIO(content))
        return "".join(parts.read(one).decode("utf-8", "replace") for one in parts.namelist())
    return content.decode()


def photograph(row):
    scan = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(scan, "PNG")
    scan.seek(0)
    said = {"title": "会议照片"}
    return attaching.attach(row.case, "照片.png", scan, by=district(), today=TODAY, row=row, said=said)


def test_a_dossier_lists_each_item_with_evidence_digests_and_gaps_by_unit(client):
    read()
    body("bureau")
    complete(1)
    act(task(3), "note_progress", text="已聘 12 人")
    act(task(3), "tie_evidence", source="indicator:aid_and_mediation")
    proof = photograph(task(3))
    row = Dossier(by=leader(), as_of=TODAY)
    handing.begin(row)
    handing.make_dossier(row.pk)
    row = Dossier.objects.get(pk=row.pk)
    assert (row.state, row.rows, row.done) == ("done", 8, 8)
    made = inside(row.zip)
    told = json.loads(made["manifest.json"])
    third = next(one for one in told["items"] if (one["kind"], one["number"]) == ("task", 3))
    assert third["progress"] == [{"on": TODAY.isoformat(), "text": "已聘 12 人"}]
    assert {one["sm3"] for one in third["evidence"]} >= {proof.file.sm3}
    (kept,) = [one["file"] for one in third["evidence"] if one["file"]]
    assert made[kept][:8] == b"\x89PNG\r\n\x1a\n"
    assert all(len(one["sm3"]) == 64 for one in third["evidence"])
    lacking = {unit: [one["item"] for one in rows] for unit, rows in told["gaps_by_unit"].items()}
    assert lacking["丙区"] == ["任务 04", "任务 05"] and third["gaps"] == ["已过完成时限，未确认完成"]
    first_gap = next(one["gaps"] for one in told["items"] if (one["kind"], one["number"]) == ("task", 1))
    assert first_gap == ["没有佐证"]  # done, as the leader agreed; nothing shows it
    pages = PdfReader(io.BytesIO(made["index.pdf"]))
    assert len(pages.outline) == 9
    text = "".join(page.extract_text() for page in pages.pages).replace("\n", "")
    assert "缺口（按责任单位）" in text and "建立示例协调机制" in text and proof.file.sm3[:16] in text
    handing.make_dossier(row.pk)  # a second turn of the worker
    assert Dossier.objects.get(pk=row.pk).ended_at == row.ended_at
    client.force_login(leader())
    address = reverse("dossier_file", args=[row.pk, "zip"])
    assert client.get(address).status_code == 200
    assert AccessLog.objects.filter(act="export", subject=f"dossier:{row.pk}").count() == 1
    client.force_login(clerk())
    assert client.get(address).status_code == 403


def accepted(count: int) -> None:
    head = user("head", ("head", body("centre")))
    for _n in range(count):
        parties = [
            {"role": "applicant", "kind": "legal_person", "name": NAMES[0], "id_number": "91110000802100433B",
             "phone": "13800138000"},
            {"role": "respondent", "kind": "person", "name": NAMES[1]},
        ]  # fmt: skip
        row = first(register(parties=parties, summary=f"{NAMES[1]}销售侵权商品"))
        answer = steps.perform(
            row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
        )
        assert approve_all(answer, head).state == "granted"


def sample(size: int, seed: str = "7") -> Sample:
    row = Sample(by=leader(), code="aid_and_mediation", period="2026", as_of=TODAY, seed=seed, size=size)
    handing.begin(row)
    handing.draw_sample(row.pk)
    return Sample.objects.get(pk=row.pk)


def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another():
    accepted(8)
    once, again = (
        sampling.draw("aid_and_mediation", "2026", TODAY, "7", 3),
        sampling.draw("aid_and_mediation", "2026", TODAY, "7", 3),
    )
    assert once == again and len(set(once.drawn)) == 3 and len(once.population) == 8
    assert len({sampling.draw("aid_and_mediation", "2026", TODAY, str(n), 3).drawn for n in range(8)}) > 1


def test_a_sample_names_no_party_in_any_byte():
    accepted(2)
    row = sample(5)
    assert (row.state, row.added) == ("done", 2) and "只有 2 件" in row.message
    made = inside(row.zip)
    assert sorted(made) == ["001.docx", "001.pdf", "002.docx", "002.pdf", "manifest.json"]
    for name, content in made.items():
        said = words_of(content, name)
        for secret in (*NAMES, "91110000802100433B", "13800138000", "销售侵权商品"):
            assert secret not in said and secret.encode() not in content, name
    assert "演某" in words_of(made["001.pdf"], "001.pdf") and "某单位" in words_of(
        made["001.docx"], "001.docx"
    )
    told = json.loads(made["manifest.json"])
    assert (told["population"], told["drawn"], told["seed"]) == (2, 2, "7")


def test_a_figure_without_a_list_of_cases_cannot_be_sampled():
    row = Sample(by=leader(), code="stations", period="2026", as_of=TODAY, seed="1", size=2)
    handing.begin(row)
    handing.draw_sample(row.pk)
    assert Sample.objects.get(pk=row.pk).state == "failed"


def test_gaps_name_what_is_missing():
    read()
    items = {(one.kind, one.number): one for one in dossier.collect(TODAY)}
    assert items["task", 4].gaps == ["没有佐证", "时限或者内容需要明确"]
    assert "已过完成时限，未确认完成" in items["task", 1].gaps
