"""What happens to offers by itself: the horizon rolls on, audiences follow, owners are reminded."""

from datetime import datetime, timedelta
from itertools import groupby

from django.db import IntegrityError, transaction

from medshare_portal import policy
from medshare_portal.jobs import job
from medshare_portal.models import Institution
from medshare_portal.notices import people_with, queue
from medshare_portal.roles import Permission
from resources.actions import offers
from resources.actions._audience import refresh_audience
from resources.actions._offered_time import today_at
from resources.enums import Visibility
from resources.models import Offer
from resources.notices import OffersToConfirm

REASON = "the system's own moves"
DAILY = timedelta(hours=24)


@job("extend-offers", every=timedelta(hours=12))
def extend_offers(now: datetime) -> int:
    """Write offered time up to the horizon, offer by offer, so that locks are short.

    What the database refuses of one offer does not keep the others from theirs: all are tried,
    then it is raised.
    """
    soon = now + timedelta(days=policy.current().offer.horizon_days - 1)
    due = Offer.objects.everywhere(reason=REASON).published().filter(expanded_until__lt=soon)
    changed, refused = 0, []
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                changed += offers.extend_horizon(now, only=pk)
        except IntegrityError as reason:
            refused.append(reason)
    if refused:
        raise ExceptionGroup(f"{len(refused)} offers not extended, {changed} extended", refused)
    return changed


@job("refresh-audiences", every=timedelta(hours=6))
def refresh_audiences(now: datetime) -> int:
    """Consortium memberships begin and end by date: limited offers follow them."""
    limited = (
        Offer.objects.everywhere(reason=REASON)
        .published()
        .filter(visibility__in=Visibility.LIMITED)
    )
    changed = 0
    for offer in limited.select_related("resource__site").order_by("pk").iterator(chunk_size=500):
        with transaction.atomic():
            changed += refresh_audience(
                resource=offer.resource, offer=offer, today=today_at(offer.resource.site, now)
            )
    return changed


@job("remind-to-confirm", every=DAILY)
def remind_to_confirm(now: datetime) -> int:
    """Once a week and person: N offers were not confirmed for a while."""
    before = now - timedelta(days=policy.current().offer.confirm_after_days)
    rows = Offer.objects.everywhere(reason=REASON).published().filter(confirmed_at__lt=before)
    owners = rows.order_by("institution_id").values_list("institution_id", flat=True)
    told = 0
    institutions = Institution.objects.directory().in_bulk()
    for pk, group in groupby(owners):
        if pk in institutions:
            told += _remind(institutions[pk], len(list(group)), now)
    return told


def _remind(institution: Institution, number: int, now: datetime) -> int:
    year, week, _day = now.isocalendar()
    people = list(people_with(Permission.PUBLISH_OFFER, institution))
    queue(
        OffersToConfirm,
        users=people,
        institution=institution,
        now=now,
        event_key=f"offers-to-confirm:{institution.pk}:{year}-{week:02}",
        context={"number": number},
    )
    return len(people)
