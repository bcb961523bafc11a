"""Who writes what, who is told, and what counts as read."""

from datetime import timedelta

import pytest

from medshare_portal import audit
from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import conversation as talk
from scheduling.actions import notes
from scheduling.actions._lock import NotYours
from scheduling.models import InternalNote, Message
from scheduling.queries.conversation import conversation, notes_of, unread_counts
from tests import make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def say(asked, owner, borrower, people, now):
    """Write for a side: ``say("owner", "text", minutes_later)``."""

    def write(side, text, later=0):
        institution, by = {
            "owner": (owner, people.lender),
            "borrower": (borrower, people.asker),
        }[side]
        return talk.write(
            sharing_request=asked,
            institution=institution,
            text=text,
            by=by,
            now=now + later * MINUTE,
        )

    return write


def told(event="message-written"):
    rows = Notification.unscoped.filter(event=event).order_by("pk")
    return [row.user.username for row in rows]


def test_both_sides_write_and_read_the_same_lines(say, asked, owner, borrower, people):
    say("borrower", "When can we fetch it?")
    say("owner", "At eight.", 1)
    for institution, user in ((owner, people.lender), (borrower, people.asker)):
        lines = conversation(asked, institution, user).lines
        assert [(line.place, line.who, line.text) for line in lines] == [
            (borrower.name, "Asker", "When can we fetch it?"),
            (owner.name, "Lender", "At eight."),
        ]


def test_the_other_side_is_told_once_in_a_quiet_period(say):
    for minute in range(5):
        say("borrower", f"Message {minute}", minute)
    assert told() == ["lender"]
    say("owner", "Yes", 6)
    say("owner", "Yes indeed", 7)
    assert told() == ["lender", "asker"]


def test_after_the_quiet_period_who_has_read_is_told_again(say, asked, owner, people, now):
    say("borrower", "One")
    say("borrower", "Two", 40)
    assert told() == ["lender"]  # the first notice lies unread
    messages = Message.objects.concerning(owner)
    talk.mark_read(
        sharing_request=asked, messages=messages, by=people.lender, now=now + 41 * MINUTE
    )
    say("borrower", "Three", 50)
    assert told() == ["lender", "lender"]


def test_an_unread_notice_is_repeated_after_a_day(say):
    say("borrower", "One")
    say("borrower", "Two", 25 * 60)
    assert told() == ["lender", "lender"]


def test_a_notice_never_says_what_was_written(say):
    say("borrower", "SECRETWORDS")
    assert "SECRETWORDS" not in str(Notification.unscoped.get().context)


def test_who_left_the_hospital_is_not_told(say, people):
    say("owner", "I am leaving")
    people.lender.groups.clear()
    say("borrower", "Are you there?", 1)
    assert told() == ["asker"]


def test_what_others_wrote_is_unread_until_it_is_read_or_answered(
    say, asked, owner, borrower, people, now
):
    say("borrower", "One")
    say("borrower", "Two", 1)
    key = [asked.pk]
    assert unread_counts(key, owner, people.lender) == {asked.pk: 2}
    assert unread_counts(key, owner, people.viewer) == {asked.pk: 2}
    assert unread_counts(key, borrower, people.asker) == {}
    say("owner", "An answer", 2)
    assert unread_counts(key, owner, people.lender) == {}
    assert unread_counts(key, owner, people.viewer) == {asked.pk: 2}
    assert unread_counts(key, borrower, people.asker) == {asked.pk: 1}


def test_a_mark_never_goes_back(say, asked, owner, people, now):
    first = say("borrower", "One")
    say("borrower", "Two", 1)
    everything = Message.objects.concerning(owner)
    for messages in (everything, everything.filter(pk=first.pk)):
        talk.mark_read(sharing_request=asked, messages=messages, by=people.lender, now=now)
    assert unread_counts([asked.pk], owner, people.lender) == {}


@pytest.mark.parametrize("who", ["viewer", "stranger", "official", "asker"])
def test_only_who_may_writes_for_a_side(asked, owner, people, now, who):
    by = getattr(people, who)
    with pytest.raises(NotYours):
        talk.write(sharing_request=asked, institution=owner, text="x", by=by, now=now)
    assert not Message.unscoped.exists()


def test_a_third_institution_has_no_voice(asked, people, now):
    third = people.stranger.groups.first().role_group.institution
    with pytest.raises(NotYours):
        talk.write(sharing_request=asked, institution=third, text="x", by=people.stranger, now=now)


def test_nobody_writes_about_a_hold(owner, borrower, people, now):
    held = make.sharing_request(make.equipment(owner), borrower, state="held", by=people.asker)
    with pytest.raises(talk.NotSentYet):
        talk.write(sharing_request=held, institution=borrower, text="x", by=people.asker, now=now)


def test_a_message_says_something(asked, owner, people, now):
    with pytest.raises(talk.NothingSaid):
        talk.write(sharing_request=asked, institution=owner, text=" ", by=people.lender, now=now)


def test_a_conversation_has_an_end(say, monkeypatch):
    monkeypatch.setattr(talk, "MOST_MESSAGES", 1)
    say("owner", "One")
    with pytest.raises(talk.ConversationFull):
        say("owner", "Two")


def test_the_city_reads_and_writes_from_its_invitation_until_its_end(
    say, asked, borrower, owner, people, now
):
    say("owner", "Between us")
    with pytest.raises(talk.CityIsNotThere):
        talk.write_for_city(sharing_request=asked, text="Hello", by=people.official, now=now)
    talk.invite_city(
        sharing_request=asked,
        institution=borrower,
        reason="We disagree",
        by=people.asker,
        now=now + MINUTE,
    )
    say("owner", "For the city too", 2)
    talk.write_for_city(
        sharing_request=asked, text="Agree on nine.", by=people.official, now=now + 3 * MINUTE
    )
    told_lines = [line.text for line in conversation(asked, None, people.official).lines]
    assert told_lines[1:] == ["For the city too", "Agree on nine."]
    assert "Between us" not in told_lines
    assert unread_counts([asked.pk], None, people.official) == {}
    talk.end_invitation(
        sharing_request=asked, institution=borrower, by=people.asker, now=now + 4 * MINUTE
    )
    assert conversation(asked, None, people.official).lines == []
    with pytest.raises(talk.CityIsNotThere):
        talk.write_for_city(sharing_request=asked, text="Again", by=people.official, now=now)


def test_both_sides_and_the_officials_are_told_of_the_citys_part(asked, borrower, people, now):
    invite = dict(sharing_request=asked, institution=borrower, by=people.asker)
    talk.invite_city(reason="We disagree", now=now, **invite)
    assert sorted(told("city-joins")) == ["lender", "official.city"]
    with pytest.raises(talk.CityIsThere):
        talk.invite_city(reason="Again", now=now, **invite)
    talk.end_invitation(now=now + MINUTE, **invite)
    assert told("city-leaves") == ["lender"]


def test_only_who_invited_ends_it_and_the_city_may_leave(asked, owner, borrower, people, now):
    talk.invite_city(
        sharing_request=asked, institution=borrower, reason="Help", by=people.asker, now=now
    )
    with pytest.raises(NotYours):
        talk.end_invitation(sharing_request=asked, institution=owner, by=people.lender, now=now)
    with pytest.raises(NotYours):
        talk.end_invitation(sharing_request=asked, institution=None, by=people.registrar, now=now)
    talk.end_invitation(sharing_request=asked, institution=None, by=people.official, now=now)
    with pytest.raises(talk.CityIsNotThere):
        talk.end_invitation(sharing_request=asked, institution=None, by=people.official, now=now)


def test_what_was_said_stands_in_both_trails_without_its_words(say, asked, owner, borrower):
    say("borrower", "SECRETWORDS")
    events = AuditEvent.unscoped.filter(action="conversation.written")
    assert {event.chain for event in events} == {owner.slug, borrower.slug}
    assert all("SECRETWORDS" not in str(event.data) for event in events)
    assert [audit.verify(chain) for chain in (owner.slug, borrower.slug)] == [[], []]


def test_a_note_is_its_institutions_alone(asked, owner, borrower, people, now):
    write = dict(sharing_request=asked, institution=owner, by=people.lender)
    first = notes.write_note(text="Call ward 3", now=now, **write)
    notes.correct_note(note=first, text="Call ward 4", by=people.lender, now=now + MINUTE)
    (note,) = notes_of(asked, owner, people.viewer)
    assert (note.text, [row.text for row in note.earlier], note.mine) == (
        "Call ward 4",
        ["Call ward 3"],
        False,
    )
    assert notes_of(asked, borrower, people.asker) == []
    chains = AuditEvent.unscoped.filter(action__startswith="note.").values_list("chain", flat=True)
    assert list(chains) == [owner.slug, owner.slug]
    assert not Notification.unscoped.exists()


def test_only_its_author_corrects_a_note(asked, owner, people, now):
    note = notes.write_note(
        sharing_request=asked, institution=owner, text="One", by=people.lender, now=now
    )
    colleague = make.user(at=owner, role="coordinator")
    with pytest.raises(notes.NotItsAuthor):
        notes.correct_note(note=note, text="Two", by=colleague, now=now)
    assert InternalNote.unscoped.count() == 1


@pytest.mark.parametrize("who", ["viewer", "asker", "official", "stranger"])
def test_only_who_may_notes_something_for_an_institution(asked, owner, people, now, who):
    with pytest.raises(NotYours):
        notes.write_note(
            sharing_request=asked, institution=owner, text="x", by=getattr(people, who), now=now
        )
