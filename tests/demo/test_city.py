"""The small city: what a visitor must find in it."""

import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from demo.steps.offers import PATTERNS, intervals_of
from medshare_portal import audit
from medshare_portal.audit_words import action_words
from medshare_portal.models import AuditEvent, Institution, Notification, RoleGroup, User
from medshare_portal.validators import validate_gln, validate_gtin14, validate_uscc
from resources.distance import between_sites
from resources.intervals import clip, expand
from resources.models import Equipment, Offer, OfferedInterval, Resource, StaffMember
from scheduling.invariants import breaches
from scheduling.kinds.information.actions import access_log
from scheduling.models import (
    AccessGrant,
    Handover,
    Need,
    NeedState,
    SharingRequest,
    SignOff,
    TimeChange,
    TransitionLog,
)
from scheduling.states import State
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_has_the_counts_of_its_scale(city):
    assert Institution.unscoped.count() == 12
    assert Resource.unscoped.filter(kind="equipment").count() == 150
    alone = SharingRequest.unscoped.filter(kind="equipment", basket=None, series=None)
    of_needs = Need.unscoped.filter(state=NeedState.MET).count()  # each met by one request
    alone = alone.filter(waitlist_entry=None, crisis=None, proposal=None)
    assert alone.count() == 2_000 + of_needs
    of_kinds = User.objects.filter(username__regex=r"^(steward|staffing|nurse)\.")
    assert of_kinds.count() == 3 * 12
    assert User.objects.count() - of_kinds.count() == 75


def test_has_information_to_share_and_its_stories(city):
    assert Resource.unscoped.filter(kind="information").count() == 12 * 4 + 1
    assert User.objects.filter(username__startswith="steward.").count() == 12
    alone = AccessGrant.unscoped.filter(sharing_request__basket=None)
    rows = alone.select_related("sharing_request")
    states = Counter(grant.sharing_request.state for grant in rows)
    assert states == {"requested": 6 + 1, "underway": 6 + 3, "countered": 2, "finished": 4}
    soon = rows.filter(valid_until__lte=NOW + timedelta(days=1), end_reason="", break_glass=False)
    assert soon.count() == 6
    assert rows.filter(break_glass=True, reviewed_at__isnull=True).count() == 3
    second = SignOff.unscoped.get(part="second", decision="waiting").sharing_request
    assert (second.owner.slug, second.resource.information.sensitivity) == ("renhe", "V")
    assert (
        RoleGroup.unscoped.get(
            institution=second.owner, role="information_steward"
        ).group.user_set.count()
        == 2
    )
    problems = [access_log.verify(place.institution) for place in city.places]
    assert problems == [[]] * 12


def test_lends_people_and_has_a_shift_in_every_state(city):
    people = StaffMember.unscoped.select_related("resource__category")
    assert people.count() == 12 * 9
    assert {person.resource.category.slug for person in people} == {"2221", "2212", "3211", "5321"}
    soon = people.filter(licence_valid_until__range=(city.today, city.today + timedelta(days=7)))
    assert soon.exists()
    alone = SharingRequest.unscoped.filter(
        kind="staff", basket=None, series=None, proposal=None
    ).exclude(state="held")
    states = Counter(alone.values_list("state", flat=True))
    assert states.pop("closed") == 2 * 6 * 3 + 1
    assert states == {
        "requested": 6, "approved": 4, "underway": 2, "finished": 2,
        "declined": 1, "withdrawn": 1, "cancelled": 1,
    }  # fmt: skip
    held = SharingRequest.unscoped.get(kind="staff", suspended_at__isnull=False)
    assert (held.owner.slug, held.suspended_reason) == ("renhe", "credential")


def test_breaks_no_truth_and_its_audit_trail_is_whole(city):
    assert list(breaches()) == []
    assert [problem for chain in audit.chains() for problem in audit.verify(chain)] == []


def test_has_work_in_every_open_state_and_history_in_every_ended_one(city):
    states = set(SharingRequest.unscoped.values_list("state", flat=True))

    assert states == set(State)


def test_every_request_has_the_log_that_leads_to_its_state(city):
    with_log = TransitionLog.unscoped.values("sharing_request").distinct().count()

    assert with_log == SharingRequest.unscoped.count()


def test_something_must_be_decided_within_forty_minutes_and_something_today(city):
    renhe = city.place("renhe").institution
    waiting = SharingRequest.unscoped.filter(owner=renhe, state=State.REQUESTED)
    minutes = sorted((row.due_at - NOW).total_seconds() / 60 for row in waiting)

    assert 0 < minutes[0] <= 40
    assert len([left for left in minutes if left <= 120]) >= 3
    assert len([left for left in minutes if left <= 8 * 60]) >= 5


def test_two_hospitals_ask_for_one_ventilator_at_overlapping_times(city):
    rivals = SharingRequest.unscoped.filter(
        resource__code="RH-V-05", state=State.REQUESTED
    ).order_by("starts_at")

    assert [row.borrower.slug for row in rivals] == ["dongbei", "parkside"]
    assert rivals[1].starts_at < rivals[0].ends_at


def test_an_overdue_loan_puts_the_next_booking_at_risk(city):
    late, following = SharingRequest.unscoped.filter(
        resource__code="RH-V-07", state__in=[State.UNDERWAY, State.APPROVED]
    ).order_by("starts_at")

    assert late.ends_at < NOW < following.starts_at
    assert (late.state, following.state) == (State.UNDERWAY, State.APPROVED)
    assert late.borrower != following.borrower


def test_counter_offers_extensions_and_a_recall_wait_or_were_made(city):
    loans = SharingRequest.unscoped.filter(kind="equipment")
    assert loans.filter(state=State.COUNTERED).count() == 3
    kinds = TimeChange.unscoped.order_by("pk").values_list("kind", "status")
    assert list(kinds) == [("extension", "pending"), ("extension", "pending"), ("recall", "agreed")]


def test_a_device_is_on_its_way_given_but_not_yet_received(city):
    given = Handover.unscoped.get(received_at=None)

    assert given.sharing_request.resource.code == "DB-CR-01"
    assert given.sharing_request.state == State.APPROVED


def test_has_sets_of_twelve_and_twenty_pumps_of_which_some_are_out(city):
    sets = Resource.unscoped.filter(code__in=["RH-IP-01", "RH-IP-02"]).order_by("units")

    assert [entry.units for entry in sets] == [12, 20]
    out = SharingRequest.unscoped.get(resource__code="RH-IP-02", state=State.UNDERWAY)
    assert out.units == 3


def test_large_licensed_equipment_is_used_on_site_only(city):
    large = Equipment.unscoped.exclude(licensed_large="none")

    assert large.count() >= 3
    assert {(row.on_site, row.loan) for row in large} == {(True, False)}


def test_some_offers_are_stale_and_some_wait_to_be_confirmed(city):
    ages = [(NOW - offer.confirmed_at).days for offer in Offer.unscoped.all()]

    assert len([age for age in ages if 20 <= age <= 40]) >= 5
    assert len([age for age in ages if 7 <= age < 14]) >= 5
    assert max(ages) <= 40


def test_some_maintenance_is_due_within_ten_days(city):
    soon = [row.next_pm_due for row in Equipment.unscoped.all()]

    assert any(0 <= (day - city.today).days <= 10 for day in soon)


def test_identifiers_have_their_check_digits(city):
    for institution in Institution.unscoped.all():
        validate_uscc(institution.uscc)
        for site in institution.sites.all():
            validate_gln(site.gln)
    for row in Equipment.unscoped.all():
        validate_gtin14(row.udi_di)


def test_distances_are_those_of_a_city(city):
    centre = city.place("renhe").sites[0]
    far = {
        place.spec.slug: round(between_sites(centre, place.sites[0]), 1) for place in city.places
    }

    assert far["dongbei"] == 4.2
    assert far["parkside"] == 9.8
    assert far["jiangnan"] == 14.1
    assert max(far.values()) < 30


def test_offered_times_are_what_the_weekly_windows_expand_to(city):
    zone = ZoneInfo("Asia/Shanghai")
    for device in city.devices:
        if device.offer is None:
            continue
        rows = OfferedInterval.unscoped.filter(offer=device.offer).order_by("starts_at")
        stored = list(rows.values_list("starts_at", "ends_at"))
        first = stored[0][0].astimezone(zone).date()
        exceptions = list(device.offer.exceptions.all())
        written = device.offer.expanded_until
        last = written.astimezone(zone).date() - timedelta(days=1)
        expanded = expand(list(device.offer.windows.all()), exceptions, zone, first, last)
        assert stored == clip(expanded, stored[0][0], written), device.resource.code


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_make_times_that_neither_overlap_nor_touch(pattern):
    times = list(intervals_of(pattern, (), 0, 60 * 24 * 60))

    assert all(begin < end for begin, end in times)
    assert all(end < begin for (_a, end), (begin, _b) in pairwise(times))


def test_every_institution_has_the_announced_people_in_their_roles(city):
    for slug in ("renhe", "beihe"):
        groups = RoleGroup.unscoped.filter(institution__slug=slug)
        people = {
            group.role: set(group.group.user_set.values_list("username", flat=True))
            for group in groups
        }
        assert f"coordinator.{slug}" in people["coordinator"]
        assert f"approver.{slug}" in people["approver"]
        assert f"engineer.{slug}" in people["biomedical_engineer"]
        assert f"viewer.{slug}" in people["viewer"]


def test_one_person_works_for_two_hospitals(city):
    person = User.objects.get(username="coordinator.both")
    places = {row.institution.slug for row in RoleGroup.objects.of_user(person)}

    assert places == {"renhe", "xihu"}


def test_names_are_bilingual_and_languages_are_chosen(city):
    people = User.objects.values_list("full_name", "language")

    assert all(name[0] > "\u4e00" and name[-1].isascii() for name, _language in people)
    assert {language for _name, language in people} == {"zh-hans", "en"}


def test_open_work_was_told_and_nothing_is_left_to_mail(city):
    alone = SharingRequest.unscoped.filter(basket=None, series=None, proposal=None)
    told = Notification.unscoped.filter(user__username="approver.renhe", event="request-asked")
    told = told.filter(object_id__in=alone.values("pk"))

    assert told.count() == 11 + 4  # devices, and as a second steward information
    assert set(Notification.unscoped.values_list("mail", flat=True)) == {"sent"}


def test_new_rows_are_numbered_on_from_the_last_one(city):
    device = city.device("BH-PH-01")
    last = SharingRequest.unscoped.order_by("-pk").first()
    copy = SharingRequest.unscoped.filter(state=State.CLOSED).first()
    copy.pk = None
    copy.resource, copy.owner = device.resource, device.place.institution
    copy.borrower = city.place("renhe").institution
    copy.save(force_insert=True)

    assert copy.pk > last.pk


def test_the_check_command_finds_nothing(city, capsys):
    call_command("check_invariants")

    assert "every guard is in place" in capsys.readouterr().out
    assert connection.vendor in {"sqlite", "postgresql"}


def test_every_event_of_its_audit_trail_has_words(city):
    codes = set(AuditEvent.unscoped.values_list("action", flat=True))
    assert len(codes) > 5
    assert {code for code in codes if action_words(code) == code} == set()


def test_rooms_are_signs_that_read_alike_in_both_languages(city):
    rooms = set(Resource.unscoped.exclude(room="").values_list("room", flat=True))
    rooms |= set(
        SharingRequest.unscoped.exclude(delivery_place="").values_list("delivery_place", flat=True)
    )
    assert len(rooms) == 12
    assert {
        room for room in rooms if not re.fullmatch(r"[A-D]-(B?\d|\dF) [A-Z0-9 -]+", room)
    } == set()
