"""Issues documents: fills a template from the case, freezes its blocks, and later has PDF and docx rendered."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases import drafting, files
from cases.errors import DomainError
from cases.models import Document, Event, Party, Proceeding, StoredFile
from cases.protection import sm3
from stations.models import Body, Setting

from . import docx, pdf
from .blocks import from_json, to_json
from .template import MissingData, Template, compose, load

PDF_TYPE = "application/pdf"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def issue(kind: str, data: dict[str, Any], *, entry: Any, row: Proceeding | None, event: Event) -> Document:
    """A document of this kind, issued: its words are fixed from here on. Raises `missing_data`.

    `data["how"]`, where given, is one of cases/drafting.py: a form left open, a draft, its revision, its issue;
    `data["audience"]`: fewer may read this one than its kind says.
    """
    template = load(kind)
    body = _issuer(template, row)
    data, how = {name: value for name, value in data.items() if name != "how"}, data.get("how")
    filled = {**context(entry.case, row, entry, body), **data}
    if isinstance(how, drafting.Revised | drafting.Issued):
        return _moved_on(how, filled, entry=entry, event=event)
    gap = {drafting.Form: lambda _label: "", drafting.NewDraft: drafting.named}.get(type(how))  # type: ignore[call-overload]
    try:
        blocks = compose(kind, filled, gap=gap)
    except MissingData as missing:
        raise DomainError(missing.code, str(missing)) from missing
    text = to_json(blocks)
    draft = isinstance(how, drafting.NewDraft)
    sealed = isinstance(how, drafting.NewDraft) and how.sealed
    return Document.objects.create(
        case=entry.case, proceeding=row, kind=kind, title=template.title, number=filled.get("number") or "",
        body=body, layout=template.layout, blocks=text, digest=sm3(text.encode()), issued_on=entry.on,
        volume="closed" if template.internal or sealed else "open",
        audience="sealed" if sealed else data.get("audience") or template.audience, event=event,
        state=Document.State.DRAFT if draft else Document.State.ISSUED, revision=1 if draft else 0,
        drafted_by=entry.by if draft else None,
    )  # fmt: skip


def _moved_on(how: Any, filled: dict[str, Any], *, entry: Any, event: Event) -> Document:
    """A draft revised, or issued with everything a paper of its kind must have."""
    document: Document = how.document
    if isinstance(how, drafting.Revised):
        document.revision += 1
        text = to_json(how.blocks)
    else:
        blocks = drafting.dated(from_json(document.blocks), entry.on)
        missing = drafting.lacking(compose(document.kind, filled, gap=drafting.named), blocks)
        if missing:
            words = _("文稿还缺少以下内容，请补充后再签发：%(names)s") % {"names": "、".join(missing)}
            raise DomainError("incomplete_paper", words)
        document.state, document.number = Document.State.ISSUED, filled.get("number") or ""
        document.issued_on, document.event = entry.on, event
        text = to_json(blocks)
    document.blocks, document.digest = text, sm3(text.encode())
    document.pdf = document.docx = None
    document.save()
    return document


def _issuer(template: Template, row: Proceeding | None) -> Body | None:
    if template.body == "own":
        return row.body if row else None
    if template.body == "station":
        return None
    if row is not None and row.body is not None and row.body.kind == template.body:
        return row.body
    return Body.objects.filter(kind=template.body).order_by("-valid_from").first()


def context(case: Any, row: Proceeding | None, entry: Any, body: Body | None) -> dict[str, Any]:
    """What any document may ask of its case: issuer, number, parties, right, handler, dates."""
    parties = list(case.parties.all())
    rights = list(case.rights.all())
    patent = next((r for r in rights if r.kind in r.PATENTS), None)
    judging = row is not None and row.facts.judging
    handler = row.handler if row is not None and row.handler_id else entry.by
    station = case.station
    agents = row.agents_on(entry.on) if row is not None else {}
    return {
        "issuer": body.name if body else (station.name if station else ""),
        "issued_on": entry.on,
        "number": row.number if row is not None else None,
        "registration_no": case.registration_no,
        "applicant": _names(parties, Party.Role.APPLICANT),
        "respondent": _names(parties, Party.Role.RESPONDENT),
        "addressee": _names(parties, Party.Role.APPLICANT),
        "cause": case.cause or _cause(patent if _judged(row) else None) or case.summary[:60],
        "summary": case.summary,
        "matter": case.summary[:200] or case.cause,
        "source": case.get_source_display(),
        "patent_no": patent.number if patent else None,
        "patent_title": (patent.title or _("（见专利登记簿）")) if patent else None,
        "patentee": (patent.holder or _names(parties, Party.Role.APPLICANT)) if patent else None,
        "received_on": row.received_on if row is not None else case.received_on,
        "filed_on": row.accepted_on if row is not None else None,
        "accepted_on": row.accepted_on if row is not None else None,
        "ended_on": row.closed_on if row is not None else None,
        "handler": handler.display_name,
        "phone": (body.phone if body else "") or (station.phone if station else "") or handler.phone,
        "address": (body.address if body else "") or (station.address if station else ""),
        "postcode": body.postcode if body else "",
        "parties": [_party(p, agents.get(p.pk) or p.agents, judging=judging) for p in parties],
        "court": Setting.on(Setting.Key.COURT_OF_REVIEW, entry.on) or settings.COURT_OF_REVIEW,
    }


def _judged(row: Proceeding | None) -> bool:
    """Is the dispute decided here, or does this follow from its decision?"""
    return row is not None and (row.facts.judging or _judged(row.parent))


def _cause(patent: Any) -> str:
    """案由 that nobody wrote where a patent is judged: never the summary, which tells the story with its names."""
    return str(_("%(kind)s侵权纠纷") % {"kind": patent.get_kind_display()}) if patent is not None else ""


def _names(parties: list[Party], role: str) -> str:
    return "、".join(p.name for p in parties if p.role == role)


def _party(party: Party, agents: str, *, judging: bool) -> dict[str, str]:
    return {
        "role": str(party.role_before_judge if judging else party.get_role_display()), "name": party.name, "address": party.address or "",
        "legal_representative": party.legal_representative, "agent": agents, "id_number": party.id_number or "",
        "phone": party.phone or "",
    }  # fmt: skip


def render(document: Document) -> None:
    """Make and file the PDF and docx of a document; running it twice makes the same files."""
    blocks, code = from_json(document.blocks), document.code
    if document.is_draft:  # marked, and nothing that could be verified
        blocks, code = [drafting.mark(document.revision), *blocks], ""
    address = f"{settings.BASE_URL}/verify/{code}/" if code else ""
    paper = pdf.render(blocks, document.layout, code=code, address=address)
    word = docx.render(blocks, document.layout, code=code, address=address)
    made = [keep(paper, "pdf", PDF_TYPE), keep(word, "docx", DOCX_TYPE)]
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document.pk)
        if (row.digest, row.revision, row.is_draft) != (
            document.digest,
            document.revision,
            document.is_draft,
        ):
            return  # a draft that moved on meanwhile has an effect of its own
        row.pdf, row.docx = made
        row.save(update_fields=["pdf", "docx"])


def keep(content: bytes, ending: str, type: str) -> StoredFile:
    """Store what was made here; the same bytes are the same row."""
    facts = files.put_bytes(content, name=f"document.{ending}", type=type)
    return StoredFile.objects.get_or_create(
        sm3=facts.sm3, defaults={"sha256": facts.sha256, "size": facts.size, "type": type}
    )[0]
