"""Pictures of activities: tested as every upload, made smaller, stripped of what the camera wrote into them.

Where a picture was taken is kept only when that was asked for.
"""

from typing import Any

from . import files
from .models import StoredFile
from .uploads import UploadRefused
from .uploads.photos import field_photo

PICTURES = ("image/jpeg", "image/png")


def keep(name: str, upload: Any, *, keeps_place: bool = False) -> StoredFile:
    """Test, shrink and store a picture under its digest. Raises UploadRefused. Never inside a transaction."""
    opened = getattr(upload, "file", upload)
    facts = files.inspect(name, opened)
    if facts.type not in PICTURES:
        raise UploadRefused("type_mismatch", "这里只能添加 JPG、PNG 照片，请重新选择。")
    opened.seek(0)
    made = files.put_bytes(
        field_photo(opened.read(), keeps_place=keeps_place), name="photo.jpg", type="image/jpeg"
    )
    row, _made = StoredFile.objects.get_or_create(
        sm3=made.sm3, defaults={"sha256": made.sha256, "size": made.size, "type": made.type}
    )
    return row
