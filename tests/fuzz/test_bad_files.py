"""Files that nobody should upload: every place that takes one refuses them and keeps nothing."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from resources.models import CommittedShift, MedicineLot, MedicineUse, SharedFile

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose sheet is something else."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, xml if name == SHEET else old.read(name))
    return file.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
FILES = {
    "a bomb": with_sheet(b" " * 100_000_000),
    "entities": with_sheet(ENTITIES),
    "a cut workbook": workbook(["a", "b"])[:-300],
    "no sheet": with_sheet(b""),
    "a million columns": b"," * 1_000_000,
    "NUL": b"a,b\n\x00,1\n",
    "UTF-16": "a,b\n1,2\n".encode("utf-16"),
    "neither UTF-8 nor GB 18030": b"a,\xff\xff\xff\n",
    "an open quote": b'a,"b\n' + b"1,2\n" * 50,
    "nothing": b"",
    "a program": b"MZ\x90\x00" + b"\x00" * 200,
    "markup": b"<html><script>alert(1)</script></html>",
}


# A protocol without data on persons may be any text or workbook; nobody reads its cells here.
PROTOCOLS = {"a million columns", "an open quote", "no sheet"}


def kept():
    models = (SharedFile, MedicineLot, MedicineUse, CommittedShift)
    return [model.unscoped.count() for model in models]


@pytest.fixture
def uploads(marked_city):
    """Every page that takes a table, by its address."""
    own = marked_city.a.of_kind
    named = {
        "resources:information-content": [own["information"].pk],
        "resources:medicine-import": ["stock"],
        "resources:roster-import": [],
    }
    slug = marked_city.a.institution.slug
    return {name: reverse(name, args=[slug, *rest]) for name, rest in named.items()}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_is_refused_and_nothing_is_kept(uploads, browser_of, logged_errors, what):
    client, before = browser_of("canary-a"), kept()
    protocol = uploads["resources:information-content"]
    for address in uploads.values():
        file = SimpleUploadedFile("../../x.csv\x00.xlsx", FILES[what], "text/html")
        data = {"file": file, "title": "x", "idempotency_key": f"a-key-of-a-file-{len(what):04d}"}
        answer = client.post(address, data)
        taken = address == protocol and what in PROTOCOLS
        assert answer.status_code in ((302,) if taken else (400, 422)), address
    assert (kept() == before) is (what not in PROTOCOLS)
