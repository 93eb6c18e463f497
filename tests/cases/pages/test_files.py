"""Files in and out, documents, the public check of a paper, the monitors."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import attaching, steps
from cases.models import AccessLog, Document, Event, Evidence
from tests.cases.pages.desks import signed
from tests.factories import TODAY, clerk, registration
from tests.mediation import stage

pytestmark = pytest.mark.django_db


def test_a_file_goes_in_tested_and_comes_out_locked_away(case):
    client = signed(clerk())
    url = reverse("case_files", args=[case.pk])
    bad = client.post(url, {"upload": SimpleUploadedFile("a.pdf", b"MZ not a pdf"), "audience": "case"})
    assert bad.status_code == 400 and not Evidence.objects.exists()
    good = client.post(
        url,
        {"upload": SimpleUploadedFile("说明.txt", "证据".encode()), "audience": "case", "title": "情况说明"},
    )
    assert good.status_code == 302
    evidence = Evidence.objects.get()
    assert Event.objects.filter(case=case, name="add_evidence").exists()
    answer = client.get(reverse("file", args=[evidence.pk]))
    assert (
        answer["Content-Disposition"].startswith("attachment")
        and answer["X-Content-Type-Options"] == "nosniff"
    )
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == "证据".encode()
    assert AccessLog.objects.filter(act="read", subject=f"file/{evidence.pk}").exists()
    assert signed(clerk("clerk2", at="s2")).get(reverse("file", args=[evidence.pk])).status_code == 404


def test_the_record_names_a_file_by_its_title_to_whoever_may_read_it_and_never_by_its_digest():
    row = stage.accepted()
    for name, audience, title in (
        ("甲.txt", "case", "材料甲"), ("乙.txt", "sealed", "材料乙"), ("照片说明.txt", "proceeding", ""),
    ):  # fmt: skip
        attaching.attach(
            row.case, name, io.BytesIO(name.encode()), by=stage.mediator(), today=TODAY, row=row, audience=audience,
            said={"title": title},
        )  # fmt: skip
    opened, closed, bare = Evidence.objects.order_by("pk")
    for who, sees in ((clerk(), False), (stage.mediator(), True)):
        page = signed(who).get(reverse("case", args=[row.case_id])).content.decode()
        record = page[page.index('class="record"') :]
        assert record.count("<b>添加材料</b>") == 3
        assert f'<a href="{reverse("file", args=[opened.pk])}">材料甲</a>' in record
        assert f'<a href="{reverse("file", args=[bare.pk])}">照片说明.txt</a>' in record
        assert ("材料乙" in record, reverse("file", args=[closed.pk]) in record) == (sees, sees)
        assert opened.file.sm3 not in record and "SM3" not in record


def test_a_document_being_made_answers_202(case):
    made = steps.register(by=clerk(), data=registration(receipt=True), today=TODAY)
    document = Document.objects.get(case=made.case)
    answer = signed(clerk()).get(reverse("document", args=[document.pk, "pdf"]))
    assert answer.status_code == 202 and "正在制作" in answer.content.decode()


def test_verify_is_public_without_cookie_and_names_no_party(client, case):
    made = steps.register(by=clerk(), data=registration(receipt=True), today=TODAY)
    document = Document.objects.get(case=made.case)
    answer = client.get(reverse("verify", args=[document.code.lower()]))
    text = answer.content.decode()
    assert answer.status_code == 200 and document.digest in text and "甲公司" not in text
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    assert signed(clerk()).get(reverse("verify", args=[document.code])).cookies.keys() <= set()
    assert client.get(reverse("verify", args=["0" * 13])).status_code == 404


def test_monitors(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json() == {
        "status": "ok", "database": "ok", "guards": "ok", "broker": "ok", "storage": "ok",
    }  # fmt: skip


def test_readiness_names_what_is_missing(client, monkeypatch):
    monkeypatch.setattr("cases.guards.missing", lambda *a: ["event_no_update"])
    answer = client.get("/readyz")
    assert (
        answer.status_code == 503
        and answer.json()["guards"] == "failed"
        and answer.json()["database"] == "ok"
    )
