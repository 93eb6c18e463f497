"""The import page: upload, progress, going on after a kill, the returned rows; for the district alone."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from cases import outbox
from cases.imports import uploaded
from cases.models import AccessLog, Case, Outbox
from cases.models.effects import ImportRun
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = (
    "来源,原编号,办理方式,权利类型\n"
    + "".join(f"旧台账,A{n},维权援助,商标\n" for n in range(5))
    + "旧台账,B,没有,商标\n"
)


@pytest.fixture
def district(client):
    user = factories.user("district", ("district", None))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client, text: str = TEXT, **data):
    file = SimpleUploadedFile("cases.csv", text.encode(), content_type="text/csv")
    return client.post(reverse("import"), {"sheet": file, **data})


def test_upload_run_and_returned_rows(district):
    answer = upload(district)
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("import_run", args=[run.pk])
    page = district.get(answer["Location"])
    assert "第 0 行，共 6 行" in page.content.decode()
    assert outbox.drain() == 1
    run = ImportRun.objects.get()
    assert (run.state, run.rows, run.done, run.added, run.unchanged, len(json.loads(run.failed))) == (
        "done", 6, 6, 5, 0, 1,
    )  # fmt: skip
    body = district.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in body and "<html" not in body
    sheet = district.get(reverse("import_failed", args=[run.pk]))
    rows = list(load_workbook(io.BytesIO(sheet.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2 and rows[1][:4] == ("旧台账", "B", "没有", "商标")
    assert AccessLog.objects.filter(act="export", subject=f"import:{run.pk}").exists()
    assert {e.by_id for e in Case.objects.first().events.all()} == {run.by_id}


def test_the_list_of_runs_downloads_whole_without_formulas_and_is_logged(district):
    by = factories.user("district")
    for n in range(25):
        ImportRun.objects.create(by=by, name=f"=HYPERLINK({n})", dry_run=n == 0, rows=n, failed="[{}]")
    page = district.get(reverse("import")).content.decode()
    assert "共 25 次，列出最近 20 次" in page and 'href="?download=xlsx"' in page
    answer = district.get(reverse("import"), {"download": "xlsx"})
    cells = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=3))
    assert len(cells) == 25 and not [c for row in cells for c in row if c.data_type == "f"]
    assert [c.value for c in cells[-1]][:2] == ["'=HYPERLINK(0)", "是"] and cells[-1][9].value == 1
    assert AccessLog.objects.get(act="export").subject == "list/import"


def test_a_killed_import_goes_on_where_it_stopped(district, monkeypatch):
    upload(district)
    real, told = uploaded.Account.note, []

    def dies(self, result):
        real(self, result)
        told.append(result)
        if len(told) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(uploaded.Account, "note", dies)
    with pytest.raises(KeyboardInterrupt):
        uploaded.run_import(ImportRun.objects.get().pk)
    run = ImportRun.objects.get()
    assert (run.done, run.added, Case.objects.count()) == (
        2,
        2,
        2,
    )  # the third row was rolled back with its count
    monkeypatch.setattr(uploaded.Account, "note", real)
    uploaded.run_import(run.pk)
    run = ImportRun.objects.get()
    assert (run.state, run.done, run.added, run.unchanged, Case.objects.count()) == ("done", 6, 5, 0, 5)


def test_a_long_import_takes_turns_and_a_dead_one_can_be_continued(district, monkeypatch):
    monkeypatch.setattr(uploaded, "SLICE_SECONDS", -1)
    upload(district)
    assert outbox.drain(limit=2) == 2
    run = ImportRun.objects.get()
    assert (run.done, run.state) == (2, "running")
    Outbox.objects.filter(state="waiting").update(state="dead")
    assert uploaded.halted(run)
    district.post(reverse("import_continue", args=[run.pk]))
    outbox.drain()
    assert ImportRun.objects.get().state == "done"
    assert Case.objects.count() == 5


def test_what_cannot_be_read_is_refused_on_the_form(district):
    answer = upload(district, "甲,乙\n1,2\n")
    assert answer.status_code == 400 and "表格缺少栏目" in answer.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("role", ["clerk", "leader", "auditor", "sysadmin"])
def test_nobody_else_imports(client, role):
    user = factories.user(role, (role, factories.station() if role == "clerk" else None))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("import")).status_code == 403
