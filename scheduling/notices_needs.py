"""What people are told about needs: others need what you have; somebody can help; how it ended."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.notices import Notice, keys_of_people_with, notice, queue_for
from medshare_portal.roles import Permission
from scheduling.models import Need, NeedAnswer, NeedState
from scheduling.queries.need_matching import requests_from
from scheduling.states import Priority, State

LANGUAGES = (("en", "en"), ("zh", "zh-hans"))


class OfNeed(Notice):
    """Base: a notice about one need, whose key is the object's."""

    states: tuple[str, ...] = (NeedState.OPEN,)

    @classmethod
    def url(cls, notification) -> str:
        slug = notification.institution.slug
        return reverse("scheduling:need-detail", args=[slug, notification.object_id])

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = Need.objects.visible_to(notification.institution)
        return rows.filter(pk=notification.object_id, state__in=cls.states).exists()


@notice
class OthersNeed(OfNeed):
    code = "need-others"
    label = _("Others need what we have")
    subject = _("%(who)s needs what you have: %(what)s")
    body = _("%(priority)s, %(when)s. You have %(have)s. One click says that you can help.")


@notice
class NeedAnswered(OfNeed):
    code = "need-answered"
    label = _("Somebody can help with our need")
    subject = _("%(who)s can help: %(what)s")
    body = _("%(who)s has %(have)s for you. Ask for it on the page of your need.")
    urgent = True


@notice
class NeedAnswerTakenBack(OfNeed):
    code = "need-taken-back"
    label = _("Somebody can help with our need no longer")
    subject = _("%(who)s cannot help after all: %(what)s")
    body = _("%(who)s has taken back %(have)s. Your need stays open.")
    urgent = True


@notice
class NeedMet(OfNeed):
    code = "need-met"
    label = _("A need of ours is met")
    subject = _("Your need is met: %(what)s")
    body = _("A request that you made from it was approved.")
    states = (NeedState.MET,)


@notice
class NeedExpired(OfNeed):
    code = "need-expired"
    label = _("A need of ours was not met")
    subject = _("Your need was not met in time: %(what)s")
    body = _("It is counted as unmet demand. Post it again if you still need it.")
    states = (NeedState.EXPIRED,)


@notice
class AnsweredNeedChanged(OfNeed):
    code = "need-of-answer"
    label = _("A need that we answered was changed, or has ended")
    subject = _("%(who)s: %(what)s – %(news)s")
    body = _("You said that you can help with %(have)s. Look whether you still keep it free.")
    states = tuple(NeedState.values)


NEWS = {
    NeedState.OPEN: _("the need was changed"),
    NeedState.MET: _("the need is met"),
    NeedState.WITHDRAWN: _("it is no longer needed"),
    NeedState.EXPIRED: _("the time of the need is over"),
}
ENDED = {NeedState.MET: NeedMet, NeedState.EXPIRED: NeedExpired}


def others_need(need: Need, resources: list, *, now: datetime) -> None:
    """To those who offer things of the kind there: once per person, however often it is run."""
    institution = resources[0].institution
    _queue(
        OthersNeed,
        need,
        institution,
        keys_of_people_with(Permission.PUBLISH_OFFER, institution, need.kind),
        _words(need) | _have(resources[0]),
        now,
    )


def answered(made: NeedAnswer, *, now: datetime) -> None:
    _of_answer(NeedAnswered, made, now)


def taken_back(made: NeedAnswer, *, now: datetime) -> None:
    _of_answer(NeedAnswerTakenBack, made, now)


def _of_answer(notice_class: type[Notice], made: NeedAnswer, now: datetime) -> None:
    """To who posted the need; the last part of the key lets each answer be told."""
    need, other = made.need, made.institution
    who = {"who_en": other.name_en or other.name_zh, "who_zh": other.name_zh or other.name_en}
    context = _words(need) | who | _have(made.resource)
    _queue(notice_class, need, need.institution, _posters(need), context, now, key=f":{made.pk}")


def ended(need: Need, state: NeedState, *, now: datetime) -> None:
    _queue(ENDED[state], need, need.institution, _posters(need), _words(need), now)


def tell_who_answered(need: Need, *, now: datetime) -> None:
    """What became of the need, to those who said that they can help: they may keep something free
    for it.  Not to those who have a request for it: that says more."""
    rows = NeedAnswer.objects.of(need).standing().select_related("institution", "resource")
    live = requests_from(need).exclude(state__in=State.ENDED)
    asked = set(live.values_list("resource", flat=True))
    for answer in rows.select_related("answered_by").order_by("pk"):
        if answer.resource_id not in asked:
            context = _words(need) | _have(answer.resource) | _news(need)
            key = f":{answer.pk}:{need.version}:{need.state}"
            people = _helpers(answer)
            _queue(AnsweredNeedChanged, need, answer.institution, people, context, now, key=key)


def _news(need: Need) -> dict:
    said = {}
    for suffix, language in LANGUAGES:
        with translation.override(language):
            said[f"news_{suffix}"] = str(NEWS[NeedState(need.state)])
    return said


def _helpers(answer: NeedAnswer) -> list[int]:
    """Who answered; all who may offer such things, when that person left."""
    if answer.answered_by.is_active:
        return [answer.answered_by_id]
    kind = answer.resource.kind
    return keys_of_people_with(Permission.PUBLISH_OFFER, answer.institution, kind)


def _posters(need: Need) -> list[int]:
    """Who posted it; all who may ask, when that person left."""
    if need.created_by.is_active:
        return [need.created_by_id]
    return keys_of_people_with(Permission.ASK, need.institution, need.kind)


def _have(resource) -> dict:
    return {
        "have_en": f"{resource.name_en or resource.name_zh} {resource.code}",
        "have_zh": f"{resource.name_zh or resource.name_en} {resource.code}",
    }


def _words(need: Need) -> dict:
    category, who = need.category, need.institution
    several = f" × {need.quantity}" if need.quantity > 1 else ""
    words = {
        "what_en": ((category.name_en or category.name_zh) if category else need.what) + several,
        "what_zh": ((category.name_zh or category.name_en) if category else need.what) + several,
        "who_en": who.name_en or who.name_zh,
        "who_zh": who.name_zh or who.name_en,
    }
    for suffix, language in LANGUAGES:
        with translation.override(language):
            words[f"priority_{suffix}"] = str(Priority(need.priority).label)
            words[f"when_{suffix}"] = _when(need)
    return words


def _when(need: Need) -> str:
    if need.starts_at:
        return describe_period(need.starts_at, need.ends_at)
    return _("by %(moment)s") % {"moment": describe_moment(need.needed_by)}


def _queue(notice_class, need, institution, people, context, now, key: str = "") -> None:
    queue_for(
        notice_class,
        people=people,
        institution=institution,
        event_key=f"{notice_class.code}:{need.pk}{key}",
        context=context,
        now=now,
        object_id=need.pk,
    )
