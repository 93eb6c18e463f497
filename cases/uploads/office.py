"""The inside of docx and xlsx: bombs, macros, links to foreign places, other files packed in. Changes nothing."""

import io
import posixpath
import re
import stat
import zipfile
import zlib
from xml.parsers import expat

from cases.uploads.refusal import UploadRefused, refuse_virus_sign

MAX_MEMBERS = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
RATIO_FLOOR = 1024 * 1024  # below it a single member may be packed tighter: little text repeats itself much
MAX_EMBEDDED = 20 * 1024 * 1024
CHUNK = 256 * 1024

_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MACRO_PART = re.compile(r"vba(project|data)|macrosheets/|activex/|\.(exe|dll|js|vbs)$", re.IGNORECASE)
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_PROGRAMS = (b"MZ", b"\x7fELF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "Ole10Native".encode("utf-16-le")  # any file, put into a document as an object
_ASKED_AT_OPENING = (
    "attachedTemplate",
    "oleObject",
    "frame",
    "subDocument",
    "externalLinkPath",
    "image",
    "control",
)
_FOREIGN = re.compile(
    r"\s*(?:https?:|ftp:|mhtml:|javascript:|vbscript:|\\\\|//|file:(?:/*\\\\|//[^/]|/{4}))", re.IGNORECASE
)
_BOMB = "文件解压后过大，疑似压缩炸弹，已拒绝。请用Office或WPS重新另存后再上传。"
_RESAVE = "请用Office或WPS打开核对后另存为新文件，再上传。"


def check_office(content: bytes, extension: str) -> None:
    """A docx or xlsx that unpacks within the limits, with well-formed parts and nothing that acts by itself."""
    _check(content, extension, embedded=False)


def _check(content: bytes, extension: str, *, embedded: bool) -> int:
    """Test one package; answers its unpacked size in bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_shape(content, archive)
            members = archive.infolist()
            _check_members(members, extension)
            unpacked = 0
            for member in members:
                unpacked += _check_member(archive, member, MAX_UNPACKED - unpacked, embedded=embedded)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ):
        raise UploadRefused("broken", f"{extension.upper()}文件已损坏或不完整。{_RESAVE}") from None
    if unpacked > MAX_RATIO * max(len(content), 1):
        raise UploadRefused("bomb", _BOMB)
    return unpacked


def _check_shape(content: bytes, archive: zipfile.ZipFile) -> None:
    """The archive begins at the first byte and ends at the last, without a comment."""
    if archive.comment or content[-22:-18] != b"PK\x05\x06":
        raise UploadRefused("polyglot", f"文件末尾附加了其他内容。{_RESAVE}")
    offsets = [member.header_offset for member in archive.infolist()]
    if not offsets or min(offsets) != 0:
        raise UploadRefused("polyglot", f"文件开头附加了其他内容。{_RESAVE}")


def _check_members(members: list[zipfile.ZipInfo], extension: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise UploadRefused("bomb", f"文件内部部件超过{MAX_MEMBERS}个。请拆分后再上传。")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UploadRefused("bomb", _BOMB)
    names = [member.filename for member in members]
    if len({name.casefold() for name in names}) != len(names):
        raise UploadRefused("broken", f"文件内部有重名部件。{_RESAVE}")
    for member in members:
        name = member.filename
        if name.startswith("/") or re.search(r"[\\:\0]", name) or ".." in posixpath.normpath(name).split("/"):
            raise UploadRefused("path", f"文件内部含有指向外部目录的路径。{_RESAVE}")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise UploadRefused("path", f"文件内部含有指向别处的链接。{_RESAVE}")
        if member.flag_bits & 0x1:
            raise UploadRefused("encrypted", "文件加了密码，请取消密码后再上传。")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UploadRefused("broken", f"文件使用了不常见的压缩方式。{_RESAVE}")
        if _MACRO_PART.search(name):
            raise UploadRefused("macro", "文件含有宏或控件，请另存为不含宏的DOCX或XLSX后再上传。")
    if "[Content_Types].xml" not in names or _MAIN[extension] not in names:
        raise UploadRefused("type_mismatch", f"内容不是{extension.upper()}文件。{_RESAVE}")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int, *, embedded: bool) -> int:
    """Unpack one member piece by piece, counting; the header's size is not believed. Answers the bytes counted."""
    if member.is_dir():
        return 0
    reader = _PartReader(member.filename) if _is_xml(member.filename) else None
    kept = bytearray()
    size = 0
    tail = b""
    with archive.open(member) as part:
        while piece := part.read(CHUNK):
            size += len(piece)
            tight = size > RATIO_FLOOR and size > MAX_RATIO * max(member.compress_size, 1)
            if size > room or tight:
                raise UploadRefused("bomb", _BOMB)
            if reader:
                reader.feed(piece)
            refuse_virus_sign(tail + piece)
            tail = piece[-100:]
            if len(kept) < MAX_EMBEDDED + 1:
                kept += piece
    if reader:
        reader.close()
        return size
    return size + _check_packed(member.filename, bytes(kept), embedded=embedded)


def _check_packed(name: str, content: bytes, *, embedded: bool) -> int:
    """A member that is no XML: pictures and fonts pass, files in a file only as the chart data Office makes."""
    if content.startswith(_PROGRAMS):
        raise UploadRefused("nested", "文件中嵌入了程序，请删除后再上传。")
    if content.startswith(_OLE) and _PACKAGE in content:
        raise UploadRefused("nested", "文件中嵌入了其他文件（对象包），请删除该对象，把原文件单独上传。")
    inner = re.search(r"/embeddings/[^/]+\.(docx|xlsx)$", name)
    archive = content.startswith(_ARCHIVES) or name.lower().endswith((".zip", ".rar", ".7z", ".gz", ".jar"))
    if not archive:
        return 0
    if embedded or not inner or len(content) > MAX_EMBEDDED:
        raise UploadRefused("nested", "文件中嵌入了压缩包，请删除后把原文件单独上传。")
    return _check(content, inner[1], embedded=True)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


class _PartReader:
    """Reads one XML part with expat as it is unpacked: no DTD, no entity, no link that is followed at opening."""

    def __init__(self, name: str) -> None:
        self.loose = name.lower().endswith(".vml")  # old drawings are often not well-formed
        self.ended = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse_dtd
        if name.endswith(".rels"):
            self.parser.StartElementHandler = self._relationship
        elif name == "[Content_Types].xml":
            self.parser.StartElementHandler = self._content_type

    def feed(self, piece: bytes) -> None:
        self._parse(piece, False)

    def close(self) -> None:
        self._parse(b"", True)

    def _parse(self, piece: bytes, final: bool) -> None:
        if self.ended:
            return
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError:
            if not self.loose:
                raise UploadRefused("broken", f"文件内部的XML格式有误。{_RESAVE}") from None
            self.ended = True

    def _refuse_dtd(self, *_declaration: object) -> None:
        raise UploadRefused("dtd", f"文件内部含有DTD或实体声明，可能读取外部内容，已拒绝。{_RESAVE}")

    def _relationship(self, _tag: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode", "").lower() != "external":
            return
        kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
        if kind in _ASKED_AT_OPENING and _FOREIGN.match(target):
            raise UploadRefused(
                "remote", "文件打开时会访问外部地址（远程模板、图片或对象），请断开链接后再上传。"
            )

    def _content_type(self, _tag: str, attributes: dict[str, str]) -> None:
        if re.search(
            r"macroEnabled|vbaProject|ms-excel\.sheet\.binary", attributes.get("ContentType", ""), re.I
        ):
            raise UploadRefused("macro", "文件含有宏，请另存为不含宏的DOCX或XLSX后再上传。")
