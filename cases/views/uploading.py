"""Files of a page that opens a matter: inspected and stored before the door, photographs made smaller on the way."""

import io
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.http import HttpRequest

from cases import attaching, files, matters
from cases.errors import Invalid
from cases.uploads.photos import field_photo

PICTURES = ("image/jpeg", "image/png")


def kept_of(request: HttpRequest, form_class: type[matters.OpeningForm]) -> dict[str, list[matters.Kept]]:
    """Field -> files: those chosen now, and those an earlier, refused page brought. Raises Invalid by field."""
    found: dict[str, list[matters.Kept]] = {}
    for name, field in form_class.base_fields.items():
        if not isinstance(field, matters.FilesField):
            continue
        known = matters.by_tokens(request.POST.getlist(f"{name}__kept")[: field.most])
        fresh = request.FILES.getlist(name)[: field.most + 1]
        try:
            found[name] = known + [_kept(one, photo=field.photo) for one in fresh]
        except files.UploadRefused as error:
            raise Invalid(error.code, error.message, fields={name: [str(error.message)]}) from error
    return found


def without_tokens(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without the tokens of files."""
    return {name: value for name, value in data.items() if not name.endswith("__kept")}


def _kept(upload: Any, *, photo: bool) -> matters.Kept:
    name, content = upload.name or "", upload
    if photo:
        facts = files.inspect(name, upload.file)
        if facts.type in PICTURES:
            upload.file.seek(0)
            content = io.BytesIO(field_photo(upload.file.read()))
            name = f"{PurePath(facts.safe_name).stem}.jpg"
    stored, safe_name = attaching.keep(name, content)
    return matters.Kept(stored, safe_name)
