"""The import page: a sheet and a mapping go up, the worker runs them, bad rows come back as a sheet."""

import json
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import access, files
from cases.errors import DomainError
from cases.imports import mapping, returning, sheet, uploaded
from cases.models import StoredFile
from cases.models.effects import ImportRun
from cases.sheets import MOST_ROWS
from cases.uploads.refusal import XLSX
from stations.models import User

from .pages import sheet as sheet_of
from .pages import wants_sheet

SHOWN = 20  # runs on the page; the sheet has all
COLUMNS = ["文件", "只检查", "时间", "导入人", "状态", "行数", "已处理", "新增", "已有", "未通过", "说明",
           "完成时间"]  # fmt: skip
EXAMPLES = Path(settings.ROOT) / "docs" / "examples"
MAX_MAPPING_BYTES = 200_000


def signed_in(request: HttpRequest) -> User:
    """Who asks; the policy lets nobody else come here."""
    if not isinstance(request.user, User):
        raise TypeError("the route policy lets no stranger in")
    return request.user


def examples() -> list[tuple[str, str]]:
    """The mappings that ship, by file name, with the first line of their comment."""
    found = []
    for path in sorted(EXAMPLES.glob("*.map.toml")):
        first = path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        found.append((path.name, f"{first}（{path.name}）"))
    return found


class ImportForm(forms.Form):
    """A sheet, and what its words mean."""

    sheet = forms.FileField(label=_("表格文件"), help_text=_("CSV 或 XLSX，第一行为栏目名称，不超过 50MB。"))
    example = forms.ChoiceField(
        label=_("栏目对应关系"), required=False, help_text=_("表格的栏目与本系统一致时不用选择。")
    )
    mapping = forms.FileField(
        label=_("或上传对应关系文件"), required=False, help_text=_("TOML 文件，写法见上面所列的示例。")
    )
    dry_run = forms.BooleanField(label=_("只检查，不写入"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["example"].choices = [("", _("栏目一致，不需要")), *examples()]  # type: ignore[attr-defined]
        self.fields["sheet"].widget.attrs["accept"] = ".csv,.xlsx"
        self.fields["mapping"].widget.attrs["accept"] = ".toml"

    def clean_mapping(self) -> str:
        given = self.cleaned_data.get("mapping")
        if given is None:
            return ""
        try:
            return str(given.read(MAX_MAPPING_BYTES), "utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(
                _("对应关系文件应为 UTF-8 编码的文本，请另存后再上传。"), code="encoding"
            ) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("mapping") and cleaned.get("example"):
            self.add_error("mapping", ValidationError(_("请只选择一种对应关系。"), code="both"))
        text = cleaned.get("mapping") or ""
        if cleaned.get("example"):
            text = (EXAMPLES / cleaned["example"]).read_text(encoding="utf-8")
        given = cleaned.get("sheet")
        if given is None or self.errors:
            return cleaned
        try:
            parsed = mapping.parse(text)
        except DomainError as refusal:
            self.add_error("mapping", ValidationError(str(refusal), code=refusal.code))
            return cleaned
        try:
            cleaned["facts"] = files.inspect(given.name, given)
            given.seek(0)
            found = sheet.read(given.read(), given.name)
            mapping.plan(found, parsed)
        except DomainError as refusal:
            self.add_error("sheet", ValidationError(str(refusal), code=refusal.code))
            return cleaned
        cleaned["text"], cleaned["rows"] = text, len(found.lines)
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def import_sheet(request: HttpRequest) -> HttpResponse:
    """Upload a sheet; the runs so far stand below, and all of them in the sheet that can be downloaded."""
    runs = ImportRun.objects.select_related("by")
    if wants_sheet(request):
        return sheet_of(request, "导入记录", COLUMNS, [_line(run) for run in runs[:MOST_ROWS]])
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        facts = data["facts"]
        files.put(facts, data["sheet"])
        with transaction.atomic():
            stored, _new = StoredFile.objects.get_or_create(
                sm3=facts.sm3, defaults={"sha256": facts.sha256, "size": facts.size, "type": facts.type}
            )
            run = ImportRun.objects.create(
                by=signed_in(request), name=facts.safe_name, file=stored, mapping=data["text"], dry_run=data["dry_run"],
                rows=data["rows"],
            )  # fmt: skip
            uploaded.ask(run)
        return redirect("import_run", pk=run.pk)
    total = runs.count()
    shown = f"，列出最近 {SHOWN} 次" if total > SHOWN else ""
    context = {"form": form, "runs": runs[:SHOWN], "count_text": f"共 {total} 次{shown}"}
    return render(request, "cases/import.html", context, status=400 if form.errors else 200)


def _line(run: ImportRun) -> list[Any]:
    return [
        run.name, run.dry_run, run.at, str(run.by or ""), run.get_state_display(), run.rows, run.done, run.added,
        run.unchanged, len(json.loads(run.failed)), run.message, run.ended_at,
    ]  # fmt: skip


@require_safe
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is and what it did; htmx asks for the moving part alone."""
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=pk)
    failed = json.loads(run.failed)
    context = {
        "run": run, "failed": failed[:50], "failed_count": len(failed), "running": run.state in uploaded.UNFINISHED,
        "halted": uploaded.halted(run), "refreshed": timezone.localtime(), "here": reverse("import_run", args=[pk]),
        "returned": reverse("import_failed", args=[pk]),
    }  # fmt: skip
    part = getattr(request, "htmx", False)
    return render(request, "cases/import_progress.html" if part else "cases/import_run.html", context)


@require_POST
def import_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a run that stopped."""
    with transaction.atomic():
        run = get_object_or_404(ImportRun.objects.select_for_update(), pk=pk)
        if uploaded.halted(run):
            uploaded.ask(run)
    return redirect("import_run", pk=pk)


@require_safe
def import_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that did not go in, with their reasons, as XLSX. The export is logged before it leaves."""
    run = get_object_or_404(ImportRun.objects.select_related("file"), pk=pk)
    failed = json.loads(run.failed)
    content = returning.as_xlsx(uploaded.stored_sheet(run), failed)
    access.log_export(
        request.user, f"import:{run.pk}", rows=len(failed), address=request.META.get("REMOTE_ADDR", "")
    )
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-failed.xlsx"'
    return response
