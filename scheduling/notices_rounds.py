"""What people are told about rounds: proposals to answer, and what the other side answered."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from medshare_portal.bilingual import in_both
from medshare_portal.notices import Notice, keys_of_people_with, notice, queue_for
from medshare_portal.roles import Permission
from scheduling.models import Proposal
from scheduling.round_states import ProposalState
from scheduling.states import Side


class OfProposals(Notice):
    """Base: leads to the page of proposals at one's institution."""

    @classmethod
    def url(cls, notification) -> str:
        return reverse("scheduling:proposals", args=[notification.institution.slug])

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = Proposal.objects.concerning(notification.institution)
        return rows.filter(run=notification.object_id, state=ProposalState.PUBLISHED).exists()


@notice
class ProposalsPublished(OfProposals):
    code = "proposals-published"
    label = gettext_lazy("A matching round has proposals for us")
    subject = ngettext_lazy(
        "%(number)s proposal of a matching round waits for your answer",
        "%(number)s proposals of a matching round wait for your answer",
        "number",
    )
    body = gettext_lazy("Accept or decline them line by line.")
    urgent = True


@notice
class ProposalsStillWait(OfProposals):
    code = "proposals-still-wait"
    label = gettext_lazy("Proposals of a matching round are about to end unanswered")
    subject = ngettext_lazy(
        "%(number)s proposal of a matching round ends soon without your answer",
        "%(number)s proposals of a matching round end soon without your answer",
        "number",
    )
    body = gettext_lazy("What is not answered in time goes back into the next round.")
    urgent = True


@notice
class ProposalDeclined(OfProposals):
    code = "proposal-declined"
    label = gettext_lazy("The other side declined a proposal of a matching round")
    subject = gettext_lazy("%(who)s declined a proposal: %(what)s")
    body = gettext_lazy("The next round looks for something else.")

    @classmethod
    def url(cls, notification) -> str:
        line = notification.context.get("line")
        return f"{super().url(notification)}#{line}" if line else super().url(notification)

    @classmethod
    def still_relevant(cls, notification) -> bool:
        return True


def published(proposals: Iterable[Proposal], *, now: datetime) -> None:
    """One notice per person, however many lines: to who asks at the borrower, who decides at the
    owner."""
    _tell_sides(ProposalsPublished, proposals, now)


def still_wait(proposals: Iterable[Proposal], *, now: datetime) -> None:
    """The same people once more, of what is about to end."""
    _tell_sides(ProposalsStillWait, proposals, now)


def _tell_sides(notice_class, proposals: Iterable[Proposal], now: datetime) -> None:
    """Of one round.  As many statements as there are sides and kinds, however many lines."""
    numbers: dict = defaultdict(int)
    sides: dict = defaultdict(set)
    for row in proposals:
        for institution, permission in (
            (row.borrower, Permission.ASK),
            (row.owner, Permission.DECIDE),
        ):
            numbers[institution] += 1
            sides[institution].add((permission, row.kind))
        run = row.run_id
    for institution, number in numbers.items():
        people = {
            key
            for permission, kind in sides[institution]
            for key in keys_of_people_with(permission, institution, kind)
        }
        _queue(notice_class, institution, people, {"number": number}, run, "", now)


def declined(row: Proposal, *, side: Side, now: datetime) -> None:
    """To the side that did not."""
    owner = side == Side.OWNER
    who, told = (row.owner, row.borrower) if owner else (row.borrower, row.owner)
    permission = Permission.ASK if owner else Permission.DECIDE
    named = row.need.category or row.resource  # words of a need are of one language only
    words = {
        "who_en": who.name_en or who.name_zh,
        "who_zh": who.name_zh or who.name_en,
        "what_en": named.name_en or named.name_zh,
        "what_zh": named.name_zh or named.name_en,
        "line": row.reference,
    } | in_both("note", lambda: _why(row))
    people = keys_of_people_with(permission, told, row.kind)
    _queue(ProposalDeclined, told, people, words, row.run_id, f":{row.pk}", now)


def _why(row: Proposal) -> str:
    """What they wrote is read in the portal only, as all that people write to each other."""
    said = _("Reason: %(reason)s.") % {"reason": row.decline_words}
    return f"{said} {_('Their message stands beside the proposal.')}" if row.decline_text else said


def _queue(notice_class, institution, people, words, run: int, key: str, now: datetime) -> None:
    queue_for(
        notice_class,
        people=sorted(people),
        institution=institution,
        context=words,
        object_id=run,
        event_key=f"{notice_class.code}:{run}:{institution.pk}{key}",
        now=now,
    )
