"""Files handed in when a matter is opened: stored under their digest before the door, named to it by their rows.

A form page that comes back with a refusal holds signed tokens of what was already stored, so nothing is chosen twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from cases.models import StoredFile

SALT = "matters.kept"


@dataclass(frozen=True)
class Kept:
    """A file as it was stored: its row and a safe name."""

    stored: StoredFile
    name: str

    def token(self) -> str:
        """Says to whoever holds it, and to nobody else, that this file was handed in just now."""
        return signing.dumps([self.stored.pk, self.name], salt=SALT, compress=True)


def by_tokens(tokens: list[str]) -> list[Kept]:
    """The files of these tokens; a token that is forged or older than a day is passed over."""
    found = []
    for token in tokens:
        try:
            pk, name = signing.loads(token, salt=SALT, max_age=24 * 3600)
        except signing.BadSignature:
            continue
        stored = StoredFile.objects.filter(pk=pk).first()
        found += [Kept(stored, name)] if stored is not None else []
    return found


class FilesInput(forms.FileInput):
    """Several files at once, and those that a refused page has already brought."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Kept]:
        return list((files or {}).get(name, ()))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in (files or {})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        kept = [one for one in value or () if isinstance(one, Kept)]
        chosen = super().render(name, None, {**(attrs or {}), "multiple": True}, renderer)
        tokens = format_html_join(
            "", '<input type="hidden" name="{}__kept" value="{}">', ((name, k.token()) for k in kept)
        )
        said = _("已上传：%(names)s") % {"names": "、".join(k.name for k in kept)} if kept else ""
        return format_html(
            "{}{}{}", chosen, tokens, format_html('<p class="hint">{}</p>', said) if said else ""
        )


class FilesField(forms.Field):
    """Files of an opening form, cleaned to a list of `Kept`. `photo`: made smaller and rid of its place first."""

    widget = FilesInput

    def __init__(self, *, most: int = 5, photo: bool = False, **kwargs: Any):
        self.most, self.photo = most, photo
        kwargs.setdefault("help_text", _("最多 %(most)d 个；图片、PDF、Word、Excel。") % {"most": most})
        super().__init__(**kwargs)
        if photo:
            self.widget.attrs["accept"] = "image/jpeg,image/png"

    def clean(self, value: Any) -> list[Kept]:
        kept = list(value or ())
        if self.required and not kept:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(kept) > self.most:
            raise forms.ValidationError(
                _("最多 %(most)d 个文件，请减少后再提交。") % {"most": self.most}, code="too_many"
            )
        return kept
