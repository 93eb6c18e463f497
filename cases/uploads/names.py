"""Names of uploaded files: what may not stand in one, and how a long one is shortened."""

import re
import unicodedata
from urllib.parse import unquote

from cases.uploads.refusal import ALLOWED, TYPES, UploadRefused

MAX_CHARACTERS = 200
MAX_BYTES = 255

_DANGEROUS = frozenset(
    (
        "exe com scr bat cmd pif msi msp dll sys cpl hta js jse mjs vbs vbe wsf wsh ps1 psm1 sh bash py pl rb php php5 "
        "phtml asp aspx jsp jspx cgi jar class war apk app dmg iso img vhd lnk url reg inf scf html htm xhtml shtml "
        "mhtml svg xml xsl swf docm dotm xlsm xltm xlam xlsb pptm chm gadget one"
    ).split()
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_BIDI = frozenset("LRE RLE LRO RLO PDF LRI RLI FSI PDI".split())


def clean_name(name: str) -> tuple[str, str]:
    """A name that is safe to show and to download, and its ending. Raises UploadRefused."""
    text = unicodedata.normalize("NFC", name or "")
    for _ in range(3):  # %252e%252e and the like
        text = unquote(text)
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co") or char == "\ufffd" for char in text):
        raise UploadRefused("name_control", "文件名含有控制字符或乱码，请改名后再上传。")
    if any(unicodedata.bidirectional(char) in _BIDI for char in text):
        raise UploadRefused("name_bidi", "文件名含有改变文字方向的字符，可能伪装了文件类型，请改名后再上传。")
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    parts = re.split(r"[/\\\uff0f\uff3c\u2215\u2044]", text)
    if any(part.strip(" .") == "" and "." in part for part in parts):
        raise UploadRefused("name_path", "文件名含有上级目录（..），请改名后再上传。")
    text = " ".join(parts[-1].split()).rstrip(" .")
    pieces = [piece.strip() for piece in re.split(r"[.:;：]", unicodedata.normalize("NFKC", text).lower())]
    extension = pieces[-1]
    if extension not in TYPES or "." not in text:
        raise UploadRefused(
            "type_not_allowed", f"不接收这种文件，只接收{ALLOWED}。请另存为其中一种后再上传。"
        )
    if found := _DANGEROUS & set(pieces[:-1]):
        raise UploadRefused("name_double", f"文件名中间含有“.{min(found)}”，像是伪装的程序，请改名后再上传。")
    stem = re.sub(r'[<>:"|?*;%]', "_", text.rpartition(".")[0]).strip(" .") or "文件"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return _shortened(stem, extension), extension


def _shortened(stem: str, extension: str) -> str:
    room = MAX_BYTES - len(extension) - 1
    stem = stem[: MAX_CHARACTERS - len(extension) - 1]
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{stem}.{extension}"
