"""What is written, sent or noted reaches nobody beyond whom it is for, on every way out."""

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from medshare_portal import mailing
from medshare_portal.models import AuditEvent
from scheduling.actions import conversation as talk
from scheduling.actions import notes
from scheduling.forms.conversation import MessageForm
from scheduling.models import InternalNote, MessageFile
from tests import make
from tests.access.table import AT_CITY, AT_INSTITUTION
from tests.make.answers import closed
from tests.scheduling.conversation.conftest import signed_in, upload

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MESSAGE, EARLIER, NOTE, FILE = "CANARYMESSAGE", "CANARYEARLIER", "CANARYNOTE", "CANARYFILE"
CONTENT = b"CANARYCONTENT is a text"
MARKS = [name.encode() for name in (MESSAGE, EARLIER, NOTE, FILE, "CANARYCONTENT")]


@pytest.fixture
def said(asked, owner, borrower, people, now):
    """Messages with a file before and while the city takes part, and notes of both sides."""

    def write(text):
        form = MessageForm({"text": text}, {"files": [upload(CONTENT, f"{FILE}.txt")]})
        assert form.is_valid()
        talk.write(
            sharing_request=asked, institution=owner, by=people.lender, now=now, **form.cleaned_data
        )

    write(EARLIER)
    for institution, by in ((owner, people.lender), (borrower, people.asker)):
        text = f"{NOTE}-{institution.slug}"
        note = notes.write_note(
            sharing_request=asked, institution=institution, text=text, by=by, now=now
        )
        notes.correct_note(note=note, text=f"{text}-again", by=by, now=now)
    return asked, write


def addresses(slug, asked):
    """Every page that takes no number or one of the request's, and the files."""
    files, own = MessageFile.unscoped.all(), InternalNote.unscoped.all()
    numbers = [{}, {"pk": asked.pk}, {"pk": asked.resource_id}, {"kind": "equipment"}]
    numbers += [{"pk": asked.pk, "file": row.pk} for row in files]
    numbers += [{"pk": asked.pk, "note": row.pk} for row in own]
    rows = AT_INSTITUTION if slug else AT_CITY
    for row in rows:
        for kwargs in numbers:
            try:
                yield reverse(row.name, kwargs=kwargs | ({"institution": slug} if slug else {}))
            except NoReverseMatch:
                continue


def body_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    closed(response)
    return body


def found_by(user, paths) -> set[bytes]:
    client = signed_in(user)
    bodies = [body_of(client.get(path)) for path in paths]
    assert len(bodies) > 4
    return {mark for mark in MARKS for body in bodies if mark in body}


def test_a_third_institution_finds_none_of_it(said, people):
    asked, write = said
    write(MESSAGE)
    slug = people.stranger.groups.first().role_group.institution.slug
    assert found_by(people.stranger, list(addresses(slug, asked))) == set()
    assert found_by(people.stranger, list(addresses("renhe", asked))) == set()


def test_each_side_finds_what_was_said_and_its_own_notes_only(said, owner, people):
    asked, write = said
    write(MESSAGE)
    for user, slug, other in (
        (people.lender, "renhe", "dongbei"),
        (people.asker, "dongbei", "renhe"),
    ):
        make.grant(user, "coordinator", at=user.groups.first().role_group.institution)
        paths = list(addresses(slug, asked))
        client = signed_in(user)
        everything = b"".join(body_of(client.get(path)) for path in paths)
        assert set(MARKS) == {mark for mark in MARKS if mark in everything}
        assert f"{NOTE}-{slug}".encode() in everything
        assert f"{NOTE}-{other}".encode() not in everything


def test_the_city_finds_what_was_said_while_it_is_invited_and_no_more(said, borrower, people, now):
    asked, write = said
    city = list(addresses(None, asked))
    assert found_by(people.official, city) == set()
    talk.invite_city(
        sharing_request=asked, institution=borrower, reason="Help", by=people.asker, now=now
    )
    MessageFile.unscoped.count()
    assert EARLIER.encode() not in found_by(people.registrar, city)
    write(MESSAGE)
    city = list(addresses(None, asked))
    found = found_by(people.official, city)
    assert MESSAGE.encode() in found
    assert NOTE.encode() not in found
    assert found_by(people.registrar, city) == set()
    talk.end_invitation(sharing_request=asked, institution=borrower, by=people.asker, now=now)
    assert found_by(people.official, city) == set()


def test_no_mail_and_no_notice_carries_a_word(said, people, now):
    _asked, write = said
    write(MESSAGE)
    assert mailing.send_waiting(now=now) > 0
    text = "\n".join(f"{message.subject}{message.body}" for message in mail.outbox)
    assert [mark for mark in MARKS if mark.decode() in text] == []
    page = body_of(signed_in(people.asker).get(reverse("notifications")))
    assert [mark for mark in MARKS if mark in page] == []


def test_no_trail_and_no_export_carries_a_word(said, people):
    _asked, write = said
    write(MESSAGE)
    trail = "".join(f"{event.data}{event.object_label}" for event in AuditEvent.unscoped.all())
    assert [mark for mark in MARKS if mark.decode() in trail] == []
    make.grant(people.asker, "approver", at=people.asker.groups.first().role_group.institution)
    client = signed_in(people.asker)
    for name in ("scheduling:borrowing-export", "portal:audit-export"):
        fields = {"format": "csv", "idempotency_key": f"key-of-{name}"}
        url = reverse(name, args=["dongbei"])
        body = body_of(client.post(url, fields)) + body_of(client.get(url))
        assert [mark for mark in MARKS if mark in body] == []


def test_the_registry_shows_none_of_it(said, people):
    asked, write = said
    write(MESSAGE)
    people.registrar.is_staff = True
    people.registrar.save()
    paths = ["/admin/scheduling/sharingrequest/"]
    paths += [
        f"/admin/scheduling/sharingrequest/{asked.pk}/change/",
        "/admin/scheduling/message/",
        "/admin/scheduling/internalnote/",
        "/admin/medshare_portal/auditevent/?q=CANARY",
    ]
    assert found_by(people.registrar, paths) == set()
