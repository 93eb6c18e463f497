"""The blank forms as files: printed by the worker once for each wording, kept in the storage, given to anyone."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from .documents import docx, pdf
from .documents.blocks import Block, to_json
from .documents.template import compose, load
from .models import Outbox
from .protection import sm3

ENDINGS = {"pdf": "application/pdf",
           "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip


def address_of(kind: str) -> str:
    """Where the QR of a blank form leads: how to fill it in and where to hand it in."""
    return f"{settings.BASE_URL}/forms/{kind}/"


def blank(kind: str) -> list[Block]:
    """The form with every place open."""
    return compose(kind, {}, gap=lambda _label: "")


def stored_name(kind: str, ending: str) -> str:
    """Where the printed blank lies: under what it says, so that a changed template is printed anew."""
    said = f"{load(kind).layout}\n{address_of(kind)}\n{to_json(blank(kind))}"
    return f"forms/{kind}-{sm3(said.encode())[:24]}.{ending}"


def ready(kind: str, ending: str) -> bool:
    """Is the blank printed? If not, the worker is asked for it, once."""
    name = stored_name(kind, ending)
    if default_storage.exists(name):
        return True
    wanted, made = Outbox.objects.get_or_create(
        key=f"blank:{name.removeprefix('forms/')}",
        defaults={"name": "print_blank", "payload": f'{{"kind": "{kind}"}}', "not_before": timezone.now()},
    )
    if not made and wanted.state == Outbox.State.DONE:  # the printed file has since been cleared away
        Outbox.objects.filter(pk=wanted.pk, state=Outbox.State.DONE).update(
            state=Outbox.State.WAITING, tries=0, not_before=timezone.now()
        )
    return False


def print_blank(kind: str) -> None:
    """Print the blank as PDF and docx; again is the same as once."""
    blocks, layout = blank(kind), load(kind).layout
    made = {
        "pdf": pdf.render(blocks, layout, address=address_of(kind)),
        "docx": docx.render(blocks, layout),
    }
    for ending, content in made.items():
        name = stored_name(kind, ending)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
