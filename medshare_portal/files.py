"""What an uploaded file is: found from its content, never from its name or its declared type."""

import hashlib
import re
import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from medshare_portal.refusals import Refusal

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
PDF = "application/pdf"
IMAGES = {
    "image/jpeg": ("JPEG", "jpg"),
    "image/png": ("PNG", "png"),
    "image/webp": ("WEBP", "webp"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, TEXT = "text/csv", "text/plain"
TEXTS = (CSV, TEXT)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSIONS = {kind: extension for kind, (_format, extension) in IMAGES.items()} | {
    PDF: "pdf",
    XLSX: "xlsx",
    CSV: "csv",
    TEXT: "txt",
    DOCX: "docx",
}
MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE)
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


class FileRefused(Refusal):
    """Base of the reasons against an uploaded file."""

    status = 422
    field = "file"


class FileTooLarge(FileRefused):
    message = _("The file is larger than 10 MB.")


class FileEmpty(FileRefused):
    message = _("The file is empty.")


class FileTypeUnknown(FileRefused):
    message = _("Only JPEG, PNG and WebP pictures and PDF documents can be stored.")


class FileNotAPicture(FileRefused):
    message = _("This must be a picture: JPEG, PNG or WebP.")


class DocumentTypeUnknown(FileRefused):
    message = _("Only PDF, Excel (XLSX), CSV and text files and pictures can be shared.")


class EnclosureTypeUnknown(FileRefused):
    message = _("Only pictures and PDF, Excel (XLSX), Word (DOCX), CSV and text files can be sent.")


class FileBroken(FileRefused):
    message = _("The file is damaged or is not what it claims to be.")


class TooManyPixels(FileRefused):
    message = _("The picture has more than 40 million pixels.")


@dataclass(frozen=True)
class CheckedFile:
    """Content that passed; ``extension`` follows from the type that was found."""

    content: bytes
    content_type: str
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]


def check_file(upload, *, pictures_only: bool = False) -> CheckedFile:
    """Read and check an upload (anything with ``size`` and ``read``); raises FileRefused."""
    if upload.size > MOST_BYTES:
        raise FileTooLarge
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    if not content:
        raise FileEmpty
    content_type = type_of(content)
    if content_type in IMAGES:
        _check_picture(content, content_type)
    elif pictures_only:
        raise FileNotAPicture
    elif b"%%EOF" not in content[-2048:]:
        raise FileBroken
    return CheckedFile(content, content_type, hashlib.sha256(content).hexdigest())


def check_document(upload) -> CheckedFile:
    """Like ``check_file``, for shared documents: tables and texts as well; raises FileRefused.

    Markup is no text: a browser might take it for a page.
    """
    if upload.size > MOST_BYTES:
        raise FileTooLarge
    content = upload.read(MOST_BYTES + 1)
    upload.seek(0)
    content_type = document_type(content)
    if content_type in (XLSX, *TEXTS):
        return CheckedFile(content, content_type, hashlib.sha256(content).hexdigest())
    return check_file(upload)


def check_enclosure(upload) -> CheckedFile:
    """Like ``check_document``, for what comes with a message: Word documents as well."""
    head = upload.read(4)
    upload.seek(0)
    if head == b"PK\x03\x04" and upload.size <= MOST_BYTES:
        content = upload.read(MOST_BYTES + 1)
        upload.seek(0)
        if "word/document.xml" in _parts_of(content):
            return CheckedFile(content, DOCX, hashlib.sha256(content).hexdigest())
    try:
        return check_document(upload)
    except DocumentTypeUnknown as refusal:
        raise EnclosureTypeUnknown from refusal


def document_type(content: bytes) -> str:
    """The media type of a document by its content; raises FileEmpty, DocumentTypeUnknown."""
    if not content:
        raise FileEmpty
    try:
        return type_of(content)
    except FileTypeUnknown:
        if content.startswith(b"PK\x03\x04"):
            return _workbook(content)
        return _kind_of_text(content)


def _workbook(content: bytes) -> str:
    if "xl/workbook.xml" not in _parts_of(content):
        raise DocumentTypeUnknown
    return XLSX


def _parts_of(content: bytes) -> set[str]:
    """The names inside an Office document; none where it holds macros."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FileBroken from error
    return set() if any("vbaProject" in name for name in names) else names


def _kind_of_text(content: bytes) -> str:
    """Separated values have the same number of separators in their first lines."""
    if CONTROLS.search(content) or MARKUP.search(content):
        raise DocumentTypeUnknown
    for encoding in ("utf-8", "gb18030"):
        try:
            lines = content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
        return CSV if _looks_separated(lines[:5]) else TEXT
    raise DocumentTypeUnknown


def _looks_separated(lines: list[str]) -> bool:
    counts = [{mark: line.count(mark) for mark in ",;\t|"} for line in lines if line.strip()]
    return len(counts) > 1 and any(
        counts[0][mark] > 0 and all(c[mark] >= counts[0][mark] for c in counts) for mark in ",;\t|"
    )


def type_of(content: bytes) -> str:
    """The media type by the first bytes; raises FileTypeUnknown."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-1.") or content.startswith(b"%PDF-2."):
        return PDF
    raise FileTypeUnknown


def _check_picture(content: bytes, content_type: str) -> None:
    """Whole, of the type that its first bytes say, and small enough to decode."""
    expected, _extension = IMAGES[content_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(content), formats=[expected]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise TooManyPixels
                picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning) as error:
        raise FileBroken from error
