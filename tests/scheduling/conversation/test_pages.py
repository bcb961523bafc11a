"""The pages of a conversation, as people post them."""

import csv
from io import BytesIO, StringIO
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from scheduling.models import CityInvitation, InternalNote, Message, MessageFile
from tests import make
from tests.make.answers import closed
from tests.scheduling.conversation.conftest import PDF, picture, signed_in, upload

pytestmark = pytest.mark.django_db
_keys = count(1)


def at(slug, name, *numbers):
    return reverse(f"scheduling:{name}", args=[slug, *numbers])


def post(client, address, **fields):
    return client.post(address, fields | {"idempotency_key": f"key-of-a-form-{next(_keys)}"})


def write(client, slug, asked, **fields):
    return post(client, at(slug, "request-write", asked.pk), **fields)


def fetched(client, address):
    """The answer and the file that it carried."""
    answer = client.get(address)
    body = b"".join(answer.streaming_content)
    return closed(answer), body


def workbook():
    content = BytesIO()
    Workbook().save(content)
    return content.getvalue()


@pytest.fixture
def lender(people):
    return signed_in(people.lender)


@pytest.fixture
def asker(people):
    return signed_in(people.asker)


@pytest.fixture
def official(people):
    return signed_in(people.official)


def test_a_message_with_a_file_is_on_both_request_pages(lender, asker, asked):
    answer = write(asker, "dongbei", asked, text="See the report", files=[upload()])
    assert answer.status_code == 302
    row = MessageFile.unscoped.get()
    for slug, client in (("renhe", lender), ("dongbei", asker)):
        page = client.get(at(slug, "request-detail", asked.pk)).content.decode()
        assert "See the report" in page
        assert at(slug, "request-file", asked.pk, row.pk) in page


def test_a_file_is_saved_under_its_own_name_and_never_shown(lender, asker, asked):
    write(asker, "dongbei", asked, text="", files=[upload(name="../Befund <1>.html")])
    row = MessageFile.unscoped.get()
    answer, body = fetched(lender, at("renhe", "request-file", asked.pk, row.pk))
    assert answer["Content-Disposition"] == 'attachment; filename="Befund  1.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert body == PDF


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (workbook(), "xlsx"),
        (b"a,b\n1,2\n3,4\n", "csv"),
        (b"Hello there", "txt"),
        (picture(), "jpg"),
    ],
)
def test_the_type_is_found_from_the_content(asker, asked, content, extension):
    assert write(asker, "dongbei", asked, files=[upload(content, "x.bin")]).status_code == 302
    assert MessageFile.unscoped.get().file.name.endswith(f".{extension}")


def test_a_picture_is_written_anew_without_where_it_was_taken(asker, asked):
    content = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CANARYCAMERA"
    Image.new("RGB", (8, 8)).save(content, "JPEG", exif=exif)
    assert b"CANARYCAMERA" in content.getvalue()
    write(asker, "dongbei", asked, files=[upload(content.getvalue(), "photo.jpg")])
    with MessageFile.unscoped.get().file.open() as stored:
        assert b"CANARYCAMERA" not in stored.read()


@pytest.mark.parametrize(
    "files",
    [
        [b"MZ\x90\x00" + b"\0" * 60],
        [b"<html><script>alert(1)</script></html>"],
        [b""],
        [b"PK\x03\x04" + b"\0" * 60],
        [b"%PDF-1.4 never ends"],
        [b"\x89PNG\r\n\x1a\n" + b"\0" * 50],
        [PDF] * 6,
        [b"x" * (10 * 1024 * 1024 + 1)],
    ],
)
def test_a_bad_file_is_said_beside_its_field_and_nothing_is_kept(asker, asked, files):
    answer = write(asker, "dongbei", asked, text="Look", files=[upload(file) for file in files])
    assert answer.status_code == 422
    assert answer.context["form"].errors["files"]
    assert not Message.unscoped.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\x00b"])
def test_a_bad_text_is_said_beside_its_field(asker, asked, text):
    answer = write(asker, "dongbei", asked, text=text)
    assert answer.status_code == 422
    assert answer.context["form"].errors["text"]
    assert not Message.unscoped.exists()


def test_a_double_click_is_one_message(asker, asked):
    address = at("dongbei", "request-write", asked.pk)
    for _click in range(2):
        fields = {"text": "Once", "idempotency_key": "a-key-of-one-form"}
        assert asker.post(address, fields).status_code == 302
    assert Message.unscoped.count() == 1


def test_a_message_is_shown_as_text(lender, asker, asked):
    write(asker, "dongbei", asked, text="<script>alert(1)</script>")
    page = lender.get(at("renhe", "request-conversation", asked.pk)).content
    assert b"&lt;script&gt;alert(1)" in page


def test_the_unread_are_marked_and_counted_until_they_are_read(lender, asker, asked):
    write(asker, "dongbei", asked, text="One")
    page = at("renhe", "request-detail", asked.pk)
    assert "1 unread" in lender.get(page).content.decode()
    assert "1 unread" in lender.get(page).content.decode()  # a look writes nothing
    read = at("renhe", "request-messages-read", asked.pk)
    assert post(lender, read).status_code == 302
    assert "1 unread" not in lender.get(page).content.decode()


def test_a_script_that_marks_as_read_gets_no_page(lender, asked):
    answer = lender.post(
        at("renhe", "request-messages-read", asked.pk),
        {"idempotency_key": "a-key-of-a-script"},
        headers={"hx-request": "true"},
    )
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_viewer_reads_and_has_no_form(people, asker, asked):
    write(asker, "dongbei", asked, text="Hello all")
    page = signed_in(people.viewer).get(at("renhe", "request-conversation", asked.pk)).content
    assert b"Hello all" in page
    assert b"<textarea" not in page


def test_the_page_asks_the_database_equally_often_for_few_and_many(lender, asker, asked):
    counts = []
    lender.get(at("renhe", "inbox"))  # a session is dated once
    for more in (1, 12):
        for number in range(more):
            write(asker, "dongbei", asked, text=f"{number}", files=[upload()])
        with CaptureQueriesContext(connection) as queries:
            lender.get(at("renhe", "request-conversation", asked.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_earlier_messages_are_one_click_away(lender, asker, asked):
    for number in range(7):
        write(asker, "dongbei", asked, text=f"Number {number}.")
    page = lender.get(at("renhe", "request-detail", asked.pk)).content.decode()
    assert "Number 1." not in page.split('id="conversation"')[1].split("</section>")[0]
    assert "2 earlier messages" in page
    alone = lender.get(at("renhe", "request-conversation", asked.pk)).content.decode()
    assert "Number 0." in alone


def test_the_history_of_the_request_tells_who_wrote(lender, asker, asked):
    write(asker, "dongbei", asked, text="Ready at nine?")
    log = lender.get(at("renhe", "request-detail", asked.pk)).context["story"].log
    said = ("Message", f"Asker · {asked.borrower.name}", "Ready at nine?")
    assert said in [(entry.label, entry.who, entry.text) for entry in log]


def test_the_city_is_invited_reads_writes_and_leaves(lender, asker, official, asked):
    conversation = reverse("city:conversation", args=[asked.pk])
    write(lender, "renhe", asked, text="BETWEENUS", files=[upload()])
    earlier = MessageFile.unscoped.get()
    file_of = lambda pk: reverse("city:conversation-file", args=[asked.pk, pk])  # noqa: E731
    assert official.get(conversation).status_code == 404
    assert official.get(file_of(earlier.pk)).status_code == 404
    invite = at("dongbei", "request-city-invite", asked.pk)
    assert post(asker, invite, reason="We disagree").status_code == 302
    write(lender, "renhe", asked, text="For all", files=[upload()])
    page = official.get(conversation).content.decode()
    assert "For all" in page
    assert "We disagree" in page
    assert "BETWEENUS" not in page
    assert "Lender" not in page  # names of people are the two sides'
    assert fetched(official, file_of(MessageFile.unscoped.last().pk))[1] == PDF
    assert official.get(file_of(earlier.pk)).status_code == 404
    assert post(official, f"{conversation}write/", text="The city says").status_code == 302
    seen = lender.get(at("renhe", "request-detail", asked.pk)).content.decode()
    assert "The city says" in seen
    assert "The city takes part" in seen
    assert asked.reference in official.get(reverse("city:conversations")).content.decode()
    assert post(official, f"{conversation}leave/").status_code == 302
    assert official.get(conversation).status_code == 404
    assert CityInvitation.unscoped.get().ended_at is not None


def test_a_registry_administrator_is_no_mediator(people, asker, asked):
    post(asker, at("dongbei", "request-city-invite", asked.pk), reason="Help")
    registrar = signed_in(people.registrar)
    assert registrar.get(reverse("city:conversations")).status_code == 403
    assert registrar.get(reverse("city:conversation", args=[asked.pk])).status_code == 403


def test_the_side_that_did_not_invite_cannot_end_it(lender, asker, asked):
    post(asker, at("dongbei", "request-city-invite", asked.pk), reason="Help")
    assert post(lender, at("renhe", "request-city-end", asked.pk)).status_code == 404
    assert post(asker, at("dongbei", "request-city-end", asked.pk)).status_code == 302


def test_a_note_is_on_the_page_of_its_institution_alone(lender, asker, official, asked):
    post(asker, at("dongbei", "request-city-invite", asked.pk), reason="Help")
    post(lender, at("renhe", "request-note", asked.pk), text="OURSALONE")
    assert b"OURSALONE" in lender.get(at("renhe", "request-detail", asked.pk)).content
    assert b"OURSALONE" not in asker.get(at("dongbei", "request-detail", asked.pk)).content
    assert b"OURSALONE" not in official.get(reverse("city:conversation", args=[asked.pk])).content


def test_a_note_is_corrected_by_its_author_only(lender, asked, owner):
    post(lender, at("renhe", "request-note", asked.pk), text="Ward 3")
    note = InternalNote.unscoped.get()
    correct = at("renhe", "request-note-correct", asked.pk, note.pk)
    colleague = signed_in(make.user(at=owner, role="coordinator"))
    refused = colleague.get(correct)
    words = refused.content.decode()
    assert (refused.status_code, "Only its author" in words, "Your roles" in words) == (
        403, True, False,
    )  # fmt: skip
    assert post(colleague, correct, text="Ward 9").status_code == 403
    assert post(lender, correct, text="Ward 4").status_code == 302
    page = colleague.get(at("renhe", "request-detail", asked.pk)).content.decode()
    assert "Ward 4" in page
    assert "<del>Ward 3</del>" in page


def test_another_requests_file_is_not_found_under_this_one(lender, asker, asked, owner, borrower):
    write(asker, "dongbei", asked, files=[upload()])
    other = make.sharing_request(asked.resource, borrower)
    row = MessageFile.unscoped.get()
    assert lender.get(at("renhe", "request-file", other.pk, row.pk)).status_code == 404


def test_a_table_of_numbers_is_kept_as_it_was(asker, lender, asked):
    text = StringIO()
    csv.writer(text).writerows([["lot", "packs"], ["A1", 3]])
    content = text.getvalue().encode()
    write(asker, "dongbei", asked, files=[upload(content, "packs.csv")])
    row = MessageFile.unscoped.get()
    assert fetched(lender, at("renhe", "request-file", asked.pk, row.pk))[1] == content
