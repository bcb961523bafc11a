"""The workflow's jobs: everything is idempotent and may run twice at once."""

from datetime import timedelta

from medshare_portal.jobs import job
from scheduling import round_process
from scheduling.actions import (
    basket_outcome,
    city_calls,
    clocks,
    deputies,
    lapses,
    last_calls,
    needs_alone,
    outages,
    overdue,
    places_gone,
    promises,
    series_use,
)
from scheduling.actions.rounds import answering, giving_up, ordering, renewing


@job("lapse-holds", every=timedelta(minutes=1))
def lapse_holds(now):
    return lapses.lapse_holds(now=now)


@job("lapse-unanswered", every=timedelta(minutes=5))
def lapse_unanswered(now):
    return lapses.lapse_unanswered(now=now)


@job("lapse-extensions", every=timedelta(minutes=5))
def lapse_extensions(now):
    return lapses.lapse_extensions(now=now)


@job("settle-baskets", every=timedelta(minutes=1))
def settle_baskets(now):
    return basket_outcome.settle_all(now=now)


@job("last-calls", every=timedelta(minutes=1))
def last_calls_before_lapse(now):
    return last_calls.call(now=now)


@job("escalate-unanswered", every=timedelta(minutes=1))
def escalate_unanswered(now):
    return clocks.escalate(now=now)


@job("tell-deputies", every=timedelta(minutes=10))
def tell_deputies(now):
    return deputies.tell_of_beginning(now=now)


@job("call-the-city", every=timedelta(minutes=1))
def call_the_city(now):
    return city_calls.call(now=now)


@job("escalate-overdue", every=timedelta(minutes=10))
def escalate_overdue(now):
    return overdue.escalate_overdue(now=now)


@job("warn-of-risk", every=timedelta(minutes=1))
def warn_of_risk(now):
    return overdue.warn_of_risk(now=now)


@job("tell-of-outages", every=timedelta(minutes=1))
def tell_of_outages(now):
    return outages.tell(now=now)


@job("mark-not-collected", every=timedelta(minutes=10))
def mark_not_collected(now):
    return overdue.mark_not_collected(now=now)


@job("offer-freed-time", every=timedelta(minutes=1))
def offer_freed_time(now):
    return places_gone.give_back(now=now) + promises.offer_freed(now=now)


@job("expire-waitlist", every=timedelta(minutes=10))
def expire_waitlist(now):
    return promises.expire(now=now)


@job("ask-about-unused-series", every=timedelta(minutes=15))
def ask_about_unused_series(now):
    return series_use.ask_unused(now=now)


@job("release-unconfirmed-series", every=timedelta(minutes=5))
def release_unconfirmed_series(now):
    return series_use.release_unconfirmed(now=now)


@job("tell-of-needs", every=timedelta(minutes=1))
def tell_of_needs(now):
    return needs_alone.tell(now=now)


@job("meet-needs", every=timedelta(minutes=1))
def meet_needs(now):
    return needs_alone.meet(now=now)


@job("expire-needs", every=timedelta(minutes=10))
def expire_needs(now):
    return needs_alone.expire(now=now)


@job("give-up-lost-rounds", every=timedelta(seconds=5))
def give_up_lost_rounds(now):
    return giving_up.give_up_lost(now=now, ended=round_process.ended())


@job("start-rounds", every=timedelta(seconds=5))
def start_rounds(now):
    return ordering.start_waiting(launch=round_process.launch, now=now)


@job("renew-rounds", every=timedelta(minutes=1))
def renew_rounds(now):
    return renewing.renew(now=now)


@job("expire-proposals", every=timedelta(minutes=5))
def expire_proposals(now):
    return answering.expire(now=now)


@job("remind-of-proposals", every=timedelta(minutes=15))
def remind_of_proposals(now):
    return answering.remind(now=now)
