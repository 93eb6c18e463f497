"""A photograph of the field: turned upright, made smaller, and rid of the place and device a telephone writes into it."""

import io

from PIL import Image, ImageOps

LONGEST = 1600  # pixels of the longer side: enough to read a label, little on a slow line
QUALITY = 82


def field_photo(content: bytes) -> bytes:
    """The picture anew as JPEG; nothing but its pixels is carried over. `content` was tested by `inspect`."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as found:
        upright = ImageOps.exif_transpose(found).convert("RGB")
    upright.thumbnail((LONGEST, LONGEST))
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()
