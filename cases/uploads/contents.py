"""Content of PDF, pictures and plain text: parsed, not guessed from the first bytes."""

import io
import re
import struct
import zlib

from PIL import Image, ImageFile

from cases.uploads.refusal import TYPES, UploadRefused, refuse_archive_tail, refuse_markup

MAX_PIXELS = 40_000_000
MAX_OBJECT_STREAM = 20 * 1024 * 1024  # unpacked, of one object stream of a PDF
MAX_OBJECTS = 200_000
MAX_PAGES = 20_000


_TOO_BIG = "PDF展开后过大（页数或对象过多），请拆分或用“打印为PDF”重新生成后再上传。"


def check_pdf(content: bytes, extension: str) -> None:
    """A whole PDF, nothing behind or between its parts, no script, no action that starts a program."""
    if not re.match(rb"%PDF-[12]\.[0-9][\s%]", content):
        raise UploadRefused("broken", "不是有效的PDF文件，请重新导出后再上传。")
    end = content.rfind(b"%%EOF")
    if end < 0 or content.rfind(b"startxref") < 0:
        raise UploadRefused("broken", "PDF文件不完整，请重新导出或重新下载后再上传。")
    if content[end + 5 :].strip(b"\r\n\t \x00\x1a"):
        raise UploadRefused("polyglot", "PDF文件末尾附加了其他内容，请重新导出后再上传。")
    refuse_archive_tail(content)
    refuse_markup(content[:1024])
    outside = re.sub(rb"stream\r?\n.*?endstream", b"", content, flags=re.DOTALL)
    refuse_markup(outside)
    if sum(1 for _ in re.finditer(rb"\b[0-9]+ [0-9]+ obj\b", outside)) > MAX_OBJECTS:
        raise UploadRefused("bomb", _TOO_BIG)
    for body in (outside, *_object_streams(content)):
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), body)
        if any(int(found[1]) > MAX_PAGES for found in re.finditer(rb"/Count\s+([0-9]{1,12})", plain)):
            raise UploadRefused("bomb", _TOO_BIG)
        if re.search(rb"/(?:JavaScript|Launch)\b|/JS[\s(<\[]", plain):
            raise UploadRefused("active", "PDF中含有脚本或启动程序的动作，请用“打印为PDF”重新生成后再上传。")


def _object_streams(content: bytes) -> list[bytes]:
    """The unpacked object streams of a PDF, in which actions can stand; each up to a limit."""
    streams = []
    for found in re.finditer(rb"/ObjStm\b.{0,600}?stream\r?\n", content, re.DOTALL):
        end = content.find(b"endstream", found.end())
        unpack = zlib.decompressobj()
        try:
            body = unpack.decompress(content[found.end() : end if end > 0 else None], MAX_OBJECT_STREAM)
        except zlib.error:
            continue  # another filter, or encrypted: a reader without the password runs nothing
        if unpack.unconsumed_tail and not unpack.eof:
            raise UploadRefused("bomb", _TOO_BIG)
        streams.append(body)
        if sum(map(len, streams)) > 4 * MAX_OBJECT_STREAM:
            raise UploadRefused("bomb", _TOO_BIG)
    return streams


def check_image(content: bytes, extension: str) -> None:
    """A JPEG or PNG that decodes, within the limit of pixels, with nothing appended."""
    formats = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",)}[TYPES[extension]]
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise UploadRefused(
                    "too_many_pixels",
                    f"图片为{width}×{height}像素，超过4000万像素，请缩小后再上传。",
                )
            if image.format not in formats:
                raise UploadRefused("type_mismatch", "图片内容与扩展名不符，请重新导出后再上传。")
            if image.format != "PNG":
                image.draft("L", (max(width // 8, 1), max(height // 8, 1)))
            ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint switches it on for the whole process
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadRefused("too_many_pixels", "图片超过4000万像素，请缩小后再上传。") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error):
        raise UploadRefused("broken", "图片已损坏，无法打开，请重新拍摄或导出后再上传。") from None
    refuse_archive_tail(content)
    if b"%PDF-" in content or re.search(rb"<(?:script|html|svg|\?php|iframe)[\s>]", content, re.IGNORECASE):
        raise UploadRefused("polyglot", "图片中夹带了其他内容，请重新导出后再上传。")
    if TYPES[extension] == "image/png" and content[-12:-4] != b"\0\0\0\0IEND":
        raise UploadRefused("polyglot", "图片末尾附加了其他内容，请重新导出后再上传。")


def check_text(content: bytes, extension: str) -> None:
    """Plain text or CSV: no control characters, no markup, no formula that reaches outside."""
    text = decoded(content)
    if re.search(r"[^\t\r\n\f\x20-\x7e\x80-\U0010ffff]", text):
        raise UploadRefused("type_mismatch", "文件不是纯文本，请用原来的软件另存为PDF后再上传。")
    refuse_markup(text.encode())
    if re.match(r"\s*(?:<\?xml|<!|#!|%!PS)", text):
        raise UploadRefused("markup", "文件是程序或网页代码，请打印或导出为PDF后再上传。")
    if extension == "csv" and re.search(_LIVE_CELL, text, re.IGNORECASE | re.MULTILINE):
        raise UploadRefused("formula", "表格中含有会执行命令或访问外部地址的公式，请把公式改为数值后再上传。")


_LIVE_CELL = (
    r"(?:^|[,;\t])[ \"']*[=+@＝＋＠-][^\r\n,;\t]*"
    r"(?:\|[^\r\n,;\t]*!|\b(?:HYPERLINK|WEBSERVICE|IMPORTXML|IMPORTDATA|EXEC|CALL|DDE|FILTERXML|REGISTER)\s*\()"
)


def decoded(content: bytes) -> str:
    """Text in UTF-8, UTF-16 with a mark, or GB 18030. Raises UploadRefused."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    known = [codec for mark, codec in marks if content.startswith(mark)]
    for codec in known or ["utf-8", "gb18030"]:
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    raise UploadRefused("encoding", "无法识别文字编码，请另存为UTF-8编码后再上传。")
