"""A look opens inside the grant and nowhere else; either way it is in the owner's log."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from scheduling.actions._move import IllegalTransition
from scheduling.kinds.information.actions import access_log, deciding, ending
from scheduling.models import AccessEvent, AccessGrant, SharingRequest
from tests import make
from tests.make.answers import closed
from tests.scheduling.information.conftest import HOME, signed_in

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "a-key-of-a-form-0001"}


def refused(outcome) -> list[str]:
    assert not outcome.permitted
    return [finding.code for finding in outcome.findings]


def state_of(request):
    return SharingRequest.unscoped.get(pk=request.pk).state


def test_the_first_look_starts_the_access_and_the_last_uses_it_up(granted, look):
    request = granted(looks=2)
    assert look(request).permitted
    assert state_of(request) == "underway"
    assert look(request).permitted
    grant = AccessGrant.objects.of(request).get()
    assert (state_of(request), grant.looks_used, grant.end_reason) == ("finished", 2, "used_up")
    assert refused(look(request)) == ["INF-06", "INF-06"]


def test_the_log_says_who_when_what_for_what_and_why_not(
    granted, look, owner, borrower, clinician, now
):
    request = granted(looks=1)
    look(request)
    look(request, at=now + timedelta(minutes=1))
    first, second = AccessEvent.objects.owned_by(owner).order_by("sequence")
    assert (first.decision, first.rule, first.content) == ("permit", "", "v1")
    assert (second.decision, second.rule) == ("deny", "INF-06")
    assert second.reason == "The access has ended: Every look is used."
    for event in (first, second):
        assert (event.actor_id, event.actor_name, event.actor_role) == (
            clinician.pk,
            str(clinician),
            "coordinator",
        )
        assert (event.organisation_id, event.request_id, event.purpose, event.address) == (
            borrower.pk,
            request.pk,
            "TREAT",
            HOME,
        )


def test_another_person_or_institution_is_refused_and_written_down(granted, look, borrower):
    request = granted()
    colleague = make.user(at=borrower, role="coordinator")
    assert refused(look(request, by=colleague)) == ["INF-06"]
    elsewhere = make.institution("elsewhere")
    assert refused(look(request, institution=elsewhere)) == ["INF-06"]
    assert AccessGrant.objects.of(request).get().looks_used == 0


def test_the_moment_of_the_end_is_outside(granted, look, now):
    request = granted(days=7)
    end = now + timedelta(days=7)
    assert refused(look(request, at=end)) == ["INF-06"]
    assert look(request, at=end - timedelta(microseconds=1)).permitted


def test_after_revoking_the_next_look_is_refused(granted, look, steward, now):
    request = granted()
    look(request)
    ending.revoke(sharing_request=request, by=steward, now=now, text="No longer right")
    assert state_of(request) == "finished"
    assert refused(look(request)) == ["INF-06"]


def test_revoked_before_it_was_opened_it_is_cancelled(granted, look, steward, now):
    request = granted()
    ending.revoke(sharing_request=request, by=steward, now=now, text="No longer right")
    assert state_of(request) == "cancelled"
    assert refused(look(request)) == ["INF-06"]


def test_a_withdrawn_consent_stops_every_look_and_the_next_job_revokes(
    ask, owner, steward, look, clinician, now
):
    people = make.asset(owner, identifiability="pseudonymised", field_names="age\nstage\ncourse")
    request = ask(
        resource=people,
        legal_basis="consent",
        consent_ref="C-1",
        consent_separate=True,
        scope=("age",),
        contract_ref="K-1",
    )
    until = now + timedelta(days=3)
    deciding.approve(sharing_request=request, until=until, looks=3, by=steward, now=now)
    look(request)
    ending.withdraw_consent(
        sharing_request=request, side="borrower", by=clinician, now=now, text="The patient said so"
    )
    assert refused(look(request)) == ["INF-07"]
    page = signed_in(clinician).get(f"/at/borrower/requests/{request.pk}/").text
    assert "Nothing more is let through" in page
    assert "Open until" not in page
    assert f"/requests/{request.pk}/open/" not in page.split("Not possible now")[0]
    assert ending.end_due(now=now + timedelta(minutes=1)) == 1
    assert ending.end_due(now=now + timedelta(minutes=2)) == 0
    assert AccessGrant.objects.of(request).get().end_reason == "consent"
    assert state_of(request) == "finished"


def test_where_nothing_rests_on_consent_none_is_withdrawn(granted, steward, now):
    with pytest.raises(ending.NoConsent):
        ending.withdraw_consent(
            sharing_request=granted(), side="owner", by=steward, now=now, text="x"
        )


def test_the_job_ends_what_is_past_its_time_opened_or_not(granted, look, owner, now):
    opened, never = granted(days=2), granted(days=2, resource=make.asset(owner))
    look(opened)
    assert ending.end_due(now=now + timedelta(days=2) - timedelta(seconds=1)) == 0
    assert ending.end_due(now=now + timedelta(days=2)) == 2
    assert (state_of(opened), state_of(never)) == ("finished", "no_show")


def test_content_that_is_no_longer_checked_is_not_opened(granted, look, asset):
    request = granted()
    asset.information.identifiability = "anonymised"
    asset.information.save()
    assert refused(look(request)) == ["INF-10"]


def test_an_access_on_hold_is_not_opened(granted, look, now):
    request = granted()
    SharingRequest.unscoped.filter(pk=request.pk).update(suspended_at=now, suspended_reason="other")
    assert refused(look(request)) == ["INF-06"]


def test_ended_twice_is_refused(granted, steward, now):
    request = granted()
    ending.revoke(sharing_request=request, by=steward, now=now, text="x")
    with pytest.raises(IllegalTransition):
        ending.revoke(sharing_request=request, by=steward, now=now, text="x")


def test_the_chain_shows_a_changed_row_and_the_database_refuses_the_change(granted, look, owner):
    request = granted()
    for _time in range(3):
        look(request)
    assert access_log.verify(owner) == []
    rows = AccessEvent.objects.owned_by(owner)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(purpose="HRESCH")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    _without_the_trigger()
    rows.filter(sequence=2).update(purpose="HRESCH")
    assert access_log.verify(owner) == ["owner: look 2 does not fit its chain"]


def _without_the_trigger():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "DROP TRIGGER scheduling_accessevent_append_only ON scheduling_accessevent"
            )
        else:
            for event in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER scheduling_accessevent_append_only_{event}")


def test_the_database_refuses_more_looks_than_were_granted(granted):
    request = granted(looks=2)
    with pytest.raises(DatabaseError, match="access_within_grant"), transaction.atomic():
        AccessGrant.objects.of(request).update(looks_used=3)


# The same over HTTP.


def address(name, institution, pk):
    return reverse(f"scheduling:{name}", args=[institution.slug, pk])


@pytest.fixture
def opened(granted, borrower, clinician):
    """The clinician's client, after one look at a grant of two."""
    request = granted(looks=2)
    client = signed_in(clinician)
    response = client.post(address("information-open", borrower, request.pk), KEY)
    assert response.status_code == 302
    return client, request, response.url


def body(response):
    content = b"".join(response.streaming_content)
    closed(response)
    return content


def test_the_file_comes_as_an_attachment_under_its_own_name(opened):
    client, _request, file = opened
    response = client.get(file)
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["Content-Type"] == "text/csv"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert body(response) == make.information.CONTENT


def test_the_rest_of_a_broken_download_costs_no_look(opened, owner):
    client, request, file = opened
    response = client.get(file, headers={"Range": "bytes=5-8"})
    assert response.status_code == 206
    assert body(response) == make.information.CONTENT[5:9]
    assert client.get(file, headers={"Range": "bytes=5000-"}).status_code == 416
    assert AccessGrant.objects.of(request).get().looks_used == 1
    assert AccessEvent.objects.owned_by(owner).count() == 1


def test_the_same_form_twice_is_one_look(opened, borrower):
    client, request, file = opened
    again = client.post(address("information-open", borrower, request.pk), KEY)
    assert again.url == file
    assert AccessGrant.objects.of(request).get().looks_used == 1


def test_revoked_in_between_the_file_is_not_served_and_that_is_written(opened, owner, steward, now):
    client, request, file = opened
    ending.revoke(sharing_request=request, by=steward, now=now, text="Stop")
    response = client.get(file)
    assert response.status_code == 403
    assert make.information.CONTENT not in response.content
    event = AccessEvent.objects.owned_by(owner).order_by("-sequence").first()
    assert (event.action, event.decision, event.rule) == ("fetch", "deny", "INF-06")


def test_after_the_last_look_its_file_is_still_served_for_its_minutes(opened, borrower):
    client, request, _file = opened
    page = address("information-open", borrower, request.pk)
    last = client.post(page, {"idempotency_key": "another-key-0002"}).url
    assert body(client.get(last)) == make.information.CONTENT
    refusal = client.post(page, {"idempotency_key": "another-key-0003"}, follow=True)
    assert refusal.status_code == 403
    assert b"The access has ended: Every look is used." in refusal.content


def test_a_look_is_its_persons_alone(opened, borrower):
    _client, _request, file = opened
    colleague = signed_in(make.user(at=borrower, role="coordinator"))
    assert colleague.get(file).status_code == 404


def test_an_address_is_shown_to_who_opened_it_only(granted, owner, borrower, clinician):
    link = make.asset(owner, content=None, endpoint="https://pacs.example.org/study/1")
    request = granted(resource=link)
    client = signed_in(clinician)
    detail = reverse("scheduling:request-detail", args=[borrower.slug, request.pk])
    assert b"pacs.example.org" not in client.get(detail).content
    response = client.post(address("information-open", borrower, request.pk), KEY, follow=True)
    assert b'href="https://pacs.example.org/study/1"' in response.content


def test_the_command_checks_every_log_and_prints_its_head(granted, look, capsys):
    look(granted())
    call_command("access_verify")
    assert capsys.readouterr().out.endswith("The access logs are whole.\n")
    _without_the_trigger()
    AccessEvent.unscoped.update(purpose="HRESCH")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("access_verify")
