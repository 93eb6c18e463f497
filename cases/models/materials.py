"""Materials: a file handed in stands on the record with its digest, on the case or kept to one proceeding."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.stepping import act

if TYPE_CHECKING:
    from cases.entry import Entry


class Materials:
    """Mixin of `Case` and `Proceeding`."""

    @act(label=_("添加材料"))
    def add_evidence(self: Any, entry: "Entry") -> None:
        """What was handed in, by whom, to prove what. Only the digest goes into the record."""
        evidence = entry.data["file"]
        for name in ("title", "proves", "party"):
            setattr(evidence, name, entry.data.get(name) or getattr(evidence, name))
        entry.save(evidence)
        entry.note(file=evidence.pk, sm3=evidence.file.sm3)
