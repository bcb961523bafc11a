"""What people are told about a crisis: that it began, goes on longer, has ended."""

from collections import defaultdict
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment
from medshare_portal.models import Crisis, CrisisAct, Institution, RoleGroup
from medshare_portal.notices import Notice, notice, queue_for
from medshare_portal.roles import Role

Act = CrisisAct.Act


@notice
class CrisisDeclared(Notice):
    code = "crisis.declared"
    label = _("The city declares a crisis")
    subject = _("Crisis mode: %(crisis)s")
    body = _("It ends by itself on %(until)s. %(reason)s")
    urgent = True

    @classmethod
    def still_relevant(cls, notification) -> bool:
        return Crisis.objects.filter(pk=notification.object_id, is_open=True).exists()


@notice
class CrisisExtended(CrisisDeclared):
    code = "crisis.extended"
    label = _("A crisis goes on longer")
    subject = _("Crisis mode goes on: %(crisis)s")
    body = _("It now ends by itself on %(until)s. %(reason)s")


@notice
class CrisisEnded(Notice):
    code = "crisis.ended"
    label = _("A crisis has ended")
    subject = _("Crisis mode has ended: %(crisis)s")
    body = _("Since %(until)s all rules hold again as usual. %(reason)s")
    urgent = True


TOLD = {
    Act.DECLARED: CrisisDeclared,
    Act.EXTENDED: CrisisExtended,
    Act.ENDED: CrisisEnded,
    Act.RAN_OUT: CrisisEnded,
}


def tell(crisis: Crisis, act: CrisisAct, *, now: datetime) -> None:
    """Queue for everybody with a role at an institution within the scope, and for the city's
    people: each person once per act, wherever else it works."""
    told = TOLD[act.act]
    context = _words(crisis, act.reason)
    for institution, people in _affected(crisis).items():
        queue_for(
            told,
            people=people,
            institution=institution,
            event_key=f"crisis:{crisis.pk}:{act.pk}",
            context=context | {"url": _page(crisis, institution)},
            now=now,
            object_id=crisis.pk,
        )


def _affected(crisis: Crisis) -> dict[Institution | None, list[int]]:
    """People by the institution at which they are told; a viewer decides nothing and is not."""
    reached = Institution.objects.directory().filter(pk__in=crisis.reach.values("institution"))
    places = {institution.pk: institution for institution in reached} | {None: None}
    groups = RoleGroup.objects.everywhere(reason="a crisis is told to all whom it reaches")
    rows = (
        groups.filter(group__user__is_active=True)
        .exclude(role=Role.VIEWER)
        .order_by("institution_id", "group__user__pk")
        .values_list("institution_id", "group__user__pk")
        .distinct()
    )
    found = defaultdict(list)
    for place, person in rows:
        if place in places:
            found[places[place]].append(person)
    return found


def _page(crisis: Crisis, institution: Institution | None) -> str:
    if institution is None:
        return reverse("city:crisis", args=[crisis.pk])
    return reverse("portal:crisis", args=[institution.slug])


def _words(crisis: Crisis, reason: str) -> dict[str, str]:
    context = {
        "reason": reason,
        "crisis_en": crisis.name_en or crisis.name_zh,
        "crisis_zh": crisis.name_zh or crisis.name_en,
    }
    for suffix, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            context[f"until_{suffix}"] = describe_moment(crisis.until)
    return context
