"""A file is what its content says, whatever it is called."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

from medshare_portal import files


def picture(form="PNG", size=(4, 3)):
    content = BytesIO()
    Image.new("RGB", size, "red").save(content, form)
    return content.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def upload(content, name="x.jpg", declared="image/jpeg"):
    return SimpleUploadedFile(name, content, declared)


@pytest.mark.parametrize(
    ("content", "content_type", "extension"),
    [
        (picture("PNG"), "image/png", "png"),
        (picture("JPEG"), "image/jpeg", "jpg"),
        (picture("WEBP"), "image/webp", "webp"),
        (PDF, "application/pdf", "pdf"),
    ],
)
def test_the_type_is_found_from_the_content(content, content_type, extension):
    checked = files.check_file(upload(content, "page.html", "text/html"))
    assert (checked.content_type, checked.extension, checked.size) == (
        content_type,
        extension,
        len(content),
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", files.FileEmpty),
        (b"<script>alert(1)</script>", files.FileTypeUnknown),
        (b"GIF89a" + b"\0" * 50, files.FileTypeUnknown),
        (b"PK\x03\x04" + b"\0" * 50, files.FileTypeUnknown),
        (b"%PDF-9.9\n%%EOF", files.FileTypeUnknown),
        (b"%PDF-1.4\nnever ends", files.FileBroken),
        (b"\xff\xd8\xff<script>", files.FileBroken),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, files.FileBroken),
        (picture("PNG")[:-20], files.FileBroken),
        (b"RIFF\0\0\0\0WEBPVP8 ", files.FileBroken),
        (png_bomb(60_000, 60_000), files.TooManyPixels),
        (png_bomb(8_000, 6_000), files.TooManyPixels),
        (b"\xff\xd8\xff" + b"\0" * files.MOST_BYTES, files.FileTooLarge),
    ],
)
def test_what_is_not_whole_or_too_much_is_refused(content, reason):
    with pytest.raises(files.FileRefused) as refusal:
        files.check_file(upload(content))
    assert type(refusal.value) is reason


def test_a_photo_must_be_a_picture():
    with pytest.raises(files.FileNotAPicture):
        files.check_file(upload(PDF), pictures_only=True)


def workbook():
    file = BytesIO()
    Workbook().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (PDF, "application/pdf"),
        (picture("PNG"), "image/png"),
        (workbook(), files.XLSX),
        (b"a,b\n1,2\n", "text/csv"),
        ("姓名;年龄\n张;3\n".encode("gb18030"), "text/csv"),
        ("一、适用范围\n二、流程\n".encode(), "text/plain"),
    ],
)
def test_a_document_is_what_its_content_says(content, content_type):
    assert files.check_document(upload(content, "x.exe")).content_type == content_type


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", files.FileEmpty),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", files.DocumentTypeUnknown),
        (b"  <!DOCTYPE html><html></html>", files.DocumentTypeUnknown),
        (b"harmless, then\n<script>alert(1)</script>", files.DocumentTypeUnknown),
        (b"MZ\x90\x00\x03", files.DocumentTypeUnknown),
        (b"PK\x03\x04 no archive", files.FileBroken),
        (b"a" * (files.MOST_BYTES + 1), files.FileTooLarge),
    ],
)
def test_what_is_no_document_is_refused(content, reason):
    with pytest.raises(reason):
        files.check_document(upload(content, "report.pdf", "application/pdf"))


def office(*names):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return content.getvalue()


def test_a_word_document_can_be_sent_and_not_shared():
    content = office("[Content_Types].xml", "word/document.xml")
    checked = files.check_enclosure(upload(content, "letter.html"))
    assert (checked.content_type, checked.extension) == (files.DOCX, "docx")
    with pytest.raises(files.DocumentTypeUnknown):
        files.check_document(upload(content))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (office("word/document.xml", "word/vbaProject.bin"), files.EnclosureTypeUnknown),
        (office("a.txt"), files.EnclosureTypeUnknown),
        (b"PK\x03\x04" + b"\0" * 50, files.FileBroken),
        (b"<html></html>", files.EnclosureTypeUnknown),
        (b"PK\x03\x04" + b"\0" * files.MOST_BYTES, files.FileTooLarge),
        (b"", files.FileEmpty),
    ],
)
def test_what_cannot_be_sent_is_refused(content, reason):
    with pytest.raises(files.FileRefused) as refusal:
        files.check_enclosure(upload(content))
    assert refusal.type is reason
