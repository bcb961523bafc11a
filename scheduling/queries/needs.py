"""Needs as pages show them: ours, others', one with its history and answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from medshare_portal.models import Institution
from resources.enums import ResourceStatus
from resources.models import Resource
from scheduling.models import Need, NeedAmendment, NeedAnswer, NeedState, SharingRequest
from scheduling.queries.need_matching import near_enough, requests_from, that_we_could_serve
from scheduling.states import State
from scheduling.waiting import RANK

ENDED_SHOWN = 30
SHOWN_FOR = timedelta(days=60)
MOST_SHOWN = 100


def _related(rows):
    return rows.select_related("institution", "category", "site", "created_by").annotate(
        helping=Count("answers", filter=Q(answers__taken_back_at__isnull=True))
    )


def own_open(institution) -> list[Need]:
    rows = _related(Need.objects.owned_by(institution).open())
    return list(rows.order_by("expires_at", "pk")[:MOST_SHOWN])


def own_ended(institution, now: datetime) -> list[Need]:
    rows = Need.objects.owned_by(institution).exclude(state=NeedState.OPEN)
    rows = _related(rows.filter(ended_at__gt=now - SHOWN_FOR))
    return list(rows.order_by("-ended_at", "-pk")[:ENDED_SHOWN])


def served(institution) -> list[tuple[Need, Resource]]:
    """Others' needs that we could serve, each with one of our resources, the most urgent first."""
    found = that_we_could_serve(institution)
    return sorted(found, key=lambda pair: (RANK[pair[0].priority], pair[0].expires_at, pair[0].pk))


def of_others(institution, without: set[int]) -> list[Need]:
    """Others' further open needs."""
    rows = _related(Need.objects.of_others(institution).exclude(pk__in=without))
    return list(rows.order_by("expires_at", "pk")[:MOST_SHOWN])


def visible_need(institution):
    """The needs that the institution may open, for one to be picked."""
    return Need.objects.visible_to(institution).select_related(
        "institution", "category", "site", "created_by"
    )


@dataclass(frozen=True, kw_only=True)
class Helping:
    """An answer as the needing side sees it: ``askable`` once it is offered to them, ``asked``
    the request that was made of it."""

    answer: NeedAnswer
    askable: bool
    asked: object | None


def answers_to(need: Need) -> list[Helping]:
    """For the institution that posted the need."""
    answers = list(
        NeedAnswer.objects.of(need)
        .standing()
        .select_related("institution", "resource__site", "resource__category", "answered_by")
        .order_by("answered_at", "pk")
    )
    keys = [answer.resource_id for answer in answers]
    seen = Resource.objects.visible_to(need.institution).filter(
        pk__in=keys, offers__status="published"
    )
    askable = set(seen.values_list("pk", flat=True))
    made = requests_from(need).exclude(state=State.HELD).order_by("pk")
    asked = {one.resource_id: one for one in made}
    return [
        Helping(
            answer=answer,
            askable=answer.resource_id in askable,
            asked=asked.get(answer.resource_id),
        )
        for answer in answers
    ]


def asked_from(need: Need) -> list[SharingRequest]:
    """What its institution asked for from the page of the need."""
    made = SharingRequest.objects.borrowed_by(need.institution).filter(need=need)
    related = made.select_related("resource__site", "owner", "delivery_site")
    return list(related.order_by("pk"))


def own_answers(need: Need, institution: Institution) -> list[NeedAnswer]:
    rows = NeedAnswer.objects.owned_by(institution).filter(need=need)
    return list(rows.select_related("resource__site").order_by("answered_at", "pk"))


def own_answer(institution):
    """Our standing answers, for one to be picked."""
    rows = NeedAnswer.objects.owned_by(institution).standing()
    return rows.select_related("institution", "resource", "need__institution", "need__category")


def amendments_of(need: Need) -> list[NeedAmendment]:
    return list(NeedAmendment.objects.of(need).select_related("by").order_by("-at", "-pk"))


def could_answer_with(need: Need, institution: Institution):
    """Our resources of the need's kind, those of its category first where it has one."""
    rows = Resource.objects.owned_by(institution).filter(kind=need.kind)
    rows = rows.exclude(status=ResourceStatus.RETIRED)
    if need.category_id:
        fitting = rows.filter(category__path__startswith=need.category.path)
        rows = fitting if fitting.exists() else rows
    return rows.select_related("site", "category").order_by("name_en", "code", "pk")


def first_fitting(need: Need, resources) -> Resource | None:
    """The one that is filled in: near enough if any is."""
    found = list(resources[:50])
    near = (resource for resource in found if near_enough(need, resource.site))
    return next(near, found[0] if found else None)
