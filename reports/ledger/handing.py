"""The worker makes what an evaluation is handed: the dossier, and samples. How far it is shows in the run's row."""

import zipfile
from io import BytesIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import files
from cases.documents.making import PDF_TYPE, keep
from cases.errors import DomainError
from cases.imports.uploaded import UNFINISHED, ask
from cases.models.effects import Run
from cases.outbox import effect

from . import dossier, sampling
from .models import Dossier, Sample

ZIP_TYPE = "application/zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same content is the same file, whenever it is packed


def begin(run: Run) -> None:
    """Save a new run and have the worker make it."""
    with transaction.atomic():
        run.save()
        ask(run)


@effect("make_dossier")
def make_dossier(run: int) -> None:
    """Make a dossier once; a second run of the effect finds it made."""
    row = Dossier.objects.get(pk=run)
    if row.state not in UNFINISHED:
        return
    items = dossier.collect(row.as_of)
    _set(row, state=Run.State.RUNNING, rows=len(items), done=0)
    paper = dossier.printed(items, row.as_of, lambda n: _set(row, done=n))
    inside = {"index.pdf": paper, "manifest.json": dossier.manifest(items, row.as_of, paper)}
    for proof in (proof for item in items for proof in item.proofs if proof.file):
        with files.open(proof.sm3) as stored:
            inside[proof.file] = stored.read()
    _set(
        row, pdf=keep(paper, "pdf", PDF_TYPE), zip=keep(packed(inside), "zip", ZIP_TYPE),
        gaps=sum(bool(item.gaps) for item in items), added=len(inside), state=Run.State.DONE, ended_at=timezone.now(),
    )  # fmt: skip


@effect("draw_sample")
def draw_sample(run: int) -> None:
    """Draw a sample once."""
    row = Sample.objects.get(pk=run)
    if row.state not in UNFINISHED:
        return
    try:
        found = sampling.draw(row.code, row.period, row.as_of, row.seed, row.size)
    except DomainError as refusal:
        _set(row, state=Run.State.FAILED, message=str(refusal.message)[:300], ended_at=timezone.now())
        return
    _set(row, state=Run.State.RUNNING, rows=len(found.drawn), done=0)
    made = sampling.files(found.drawn, lambda n: _set(row, done=n))
    inside = {**made, "manifest.json": sampling.manifest(row, found, made)}
    words = "" if len(found.drawn) == row.size else _("清单只有 %s 件，已全部抽取。") % len(found.drawn)
    _set(
        row, zip=keep(packed(inside), "zip", ZIP_TYPE), added=len(found.drawn), message=str(words),
        state=Run.State.DONE, ended_at=timezone.now(),
    )  # fmt: skip


def packed(inside: dict[str, bytes]) -> bytes:
    """A ZIP whose bytes depend on nothing but its content."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(inside.items()):
            facts = zipfile.ZipInfo(name, LONG_AGO)
            facts.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(facts, content)
    return made.getvalue()


def _set(row: Run, **columns: object) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
