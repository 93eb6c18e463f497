"""Pictures of activities: tested as every upload, made smaller, stripped of what the camera wrote into them.

Where a picture was taken is kept only when that was asked for.
"""

import io
from typing import Any

from PIL import Image, ImageOps

from . import files
from .models import StoredFile
from .uploads import UploadRefused

LONGEST = 1600  # pixels
QUALITY = 82
GPS = 0x8825  # the tag under which EXIF keeps the place
PICTURES = ("image/jpeg", "image/png")


def keep(name: str, upload: Any, *, keeps_place: bool = False) -> StoredFile:
    """Test, shrink and store a picture under its digest. Raises UploadRefused. Never inside a transaction."""
    opened = getattr(upload, "file", upload)
    facts = files.inspect(name, opened)
    if facts.type not in PICTURES:
        raise UploadRefused("type_mismatch", "这里只能添加 JPG、PNG 照片，请重新选择。")
    opened.seek(0)
    made = files.put_bytes(
        shrunk(opened.read(), keeps_place=keeps_place), name="photo.jpg", type="image/jpeg"
    )
    row, _made = StoredFile.objects.get_or_create(
        sm3=made.sm3, defaults={"sha256": made.sha256, "size": made.size, "type": made.type}
    )
    return row


def shrunk(content: bytes, *, keeps_place: bool = False) -> bytes:
    """A JPEG of at most LONGEST pixels a side, upright, whose only EXIF is the place, if that is kept."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        place = image.getexif().get_ifd(GPS) if keeps_place else {}
        upright = ImageOps.exif_transpose(image)
        plain = upright.convert("RGB")
    plain.thumbnail((LONGEST, LONGEST))
    exif = Image.Exif()
    if place:
        exif[GPS] = dict(place)
    out = io.BytesIO()
    bare = Image.new("RGB", plain.size)
    bare.paste(plain)  # nothing of the old file's comments and profiles comes along
    bare.save(out, "JPEG", quality=QUALITY, exif=exif)
    return out.getvalue()
