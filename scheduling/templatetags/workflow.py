"""How requests look in rows and heads: the state as a badge, the length in hours."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_hours, describe_left
from medshare_portal.models.crisis import crisis_reference
from medshare_portal.templatetags.ui import badge, verdict
from resources.kinds import kinds as catalogue_kinds
from scheduling import series_words, verdicts
from scheduling.extent import extent as words_of
from scheduling.extent import first_asked as asked_words
from scheduling.extent import is_overdue
from scheduling.kinds import kinds, zone_of
from scheduling.queries.asking_numbers import PLACES, numbers_of
from scheduling.states import State, Transport
from scheduling.step_words import STEPS, released_words

register = template.Library()

TONES = {
    State.HELD: "waiting",
    State.REQUESTED: "waiting",
    State.COUNTERED: "info",
    State.APPROVED: "ok",
    State.UNDERWAY: "use",
    State.FINISHED: "waiting",
    State.CLOSED: "neutral",
    State.DECLINED: "bad",
    State.WITHDRAWN: "neutral",
    State.LAPSED: "neutral",
    State.CANCELLED: "neutral",
    State.NO_SHOW: "warn",
}

MOVED_BY = {
    Transport.BORROWER: _("the borrower collects it"),
    Transport.OWNER: _("the owner delivers it"),
    Transport.CITY_VAN: _("by the city van"),
    Transport.NONE: _("it stays where it is"),
}


def state_words(sharing_request):
    """The kind's own word for its state, or the spine's; of what was released, that it was."""
    state = sharing_request.state
    if released := released_words(sharing_request):
        return released
    return kinds[sharing_request.kind].state_labels.get(state) or State(state).label


@register.filter
def repeats(rule: str) -> str:
    """How a series repeats, in words."""
    return series_words.repeats(rule)


@register.simple_tag
def state_badge(sharing_request):
    """The state as shape, colour and word."""
    return badge(TONES[State(sharing_request.state)], state_words(sharing_request))


@register.simple_tag
def crisis_mark(sharing_request):
    """That it was asked or agreed under a crisis, and which; empty for all others."""
    if sharing_request.crisis_id is None:
        return ""
    words = _("Crisis %(reference)s") % {"reference": crisis_reference(sharing_request.crisis_id)}
    return verdict("warn", words, "emergency")


@register.simple_tag
def finding_rows(found):
    """Findings as the component ``findings`` shows them."""
    return verdicts.finding_rows(found)


@register.simple_tag
def step_words(kind: str, step: str):
    """What a step is called once it has happened: the kind's own word, or everybody's."""
    return kinds[kind].logged.get(step) or STEPS.get(step, step)


@register.simple_tag
def extent(sharing_request, tz=None):
    """What it is for: its times in the zone, or what its kind counts."""
    return words_of(sharing_request, tz=tz)


@register.simple_tag
def first_asked(sharing_request, tz=None):
    """What was asked for, where something else has been agreed since."""
    return asked_words(sharing_request, tz=tz)


@register.filter
def used_zone(sharing_request) -> str:
    """The clock by which its times are said."""
    return zone_of(sharing_request)


@register.filter
def clock(proposal) -> str:
    """The clock by which the times of a proposal are said (``queries.rounds.pages.with_clock``)."""
    site = proposal.need.site
    there = site.time_zone if site else proposal.home_zone
    used_there = kinds[proposal.kind].used_at_delivery and there
    return used_there or proposal.resource.site.time_zone


@register.simple_tag
def late_or_in_use(sharing_request, now):
    """'1 h 12 late' for what should be back, else the word for in use."""
    if is_overdue(sharing_request, now):
        return verdict("bad", describe_left(sharing_request.ends_at - now), "warn")
    return verdict("use", state_words(sharing_request))


@register.simple_tag
def step_url(institution, sharing_request, step):
    """Where a button of ``next_steps`` leads."""
    return reverse(f"scheduling:{step.page}", args=[institution.slug, sharing_request.pk])


@register.filter
def kind_icon(sharing_request) -> str:
    """The name of the kind's icon."""
    return catalogue_kinds[sharing_request.kind].icon


@register.filter
def side_words(sharing_request):
    """The kind's words for the two sides and the two ends of this request."""
    return kinds[sharing_request.kind].sides


@register.filter
def moved_by(sharing_request):
    """Who moves the device, in words that are right for either side."""
    return MOVED_BY[Transport(sharing_request.transport)]


@register.filter
def hours(span):
    """{{ task.length|hours }}: '60 h'."""
    return describe_hours(span) if span is not None else ""


@register.simple_tag(takes_context=True)
def deputy_for(context, task) -> str:
    """In whose place the reader answers a task; empty where its own roles suffice."""
    here = context["request"].membership
    absent = here.deputy_for(task.permission, task.request.kind) if here else None
    return absent.name if absent else ""


@register.filter
def offered_places(request) -> int:
    """How many places of the wait-list are offered to us, as the navigation counts them."""
    return numbers_of(request).get(PLACES, 0)
