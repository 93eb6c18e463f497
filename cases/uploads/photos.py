"""A photograph of the field: turned upright, made smaller, and rid of the place and device a telephone writes into it."""

import io

from PIL import Image, ImageOps

LONGEST = 1600  # pixels of the longer side: enough to read a label, little on a slow line
QUALITY = 82
GPS = 0x8825  # the tag under which EXIF keeps the place


def field_photo(content: bytes, *, keeps_place: bool = False) -> bytes:
    """The picture anew as JPEG; its only EXIF is the place, if that is kept. `content` was tested by `inspect`."""
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
