"""What became of some requests: asked, returned, open, about to end, a broken glass to review.

Made by the portal's own actions: their logs, notices and hash chains are those of real ones.
"""

from datetime import timedelta

from demo.information import REASONS
from demo.world import Place, World
from medshare_portal.roles import Role
from resources.models import Resource
from scheduling.kinds.information.actions import asking, deciding, ending, glass, looking
from scheduling.kinds.information.actions.asking import AccessTermsAsked
from scheduling.models import SharingRequest

HERE = "127.0.0.1"


class _Story:
    """One owner, one borrower and the person who asks: what happens on which day."""

    def __init__(self, world, owner: Place, borrower: Place, stewards):
        self.world, self.owner, self.borrower = world, owner, borrower
        self.steward = stewards[owner.spec.slug]
        self.person = borrower.people[Role.COORDINATOR][0]

    def at(self, days: float):
        return self.world.moment + timedelta(days=days)

    def ask(self, resource: Resource, days: float, *, until: float, looks: int = 5):
        terms = resource.access_terms.get()
        personal = resource.information.identifiability in ("pseudonymised", "identified")
        number = int(resource.code.rpartition("-")[2])  # its keys differ from city to city
        asked = AccessTermsAsked(
            purpose_of_use=terms.purposes[0],
            legal_basis=terms.legal_bases[0],
            recipient_role=terms.recipient_roles[0],
            scope=tuple(resource.information.fields[:1]),
            looks=looks,
            until=self.at(until),
            reason=REASONS[number % len(REASONS)],
            consent_ref=f"TY-{number:04d}" if personal else "",
            consent_separate=personal,
            contract_ref=f"HT-{self.world.today.year}-{number:04d}",
            agreed=True,
        )
        return asking.ask(
            resource=resource,
            borrower=self.borrower.institution,
            asked=asked,
            by=self.person,
            now=self.at(days),
        )

    def approve(self, request: SharingRequest, days: float, *, until: float, looks: int = 5):
        return deciding.approve(
            sharing_request=request,
            until=self.at(until),
            looks=looks,
            by=self.steward,
            now=self.at(days),
        )

    def look(self, request: SharingRequest, days: float) -> None:
        looking.look(
            sharing_request=request,
            institution=self.borrower.institution,
            by=self.person,
            address=HERE,
            now=self.at(days),
        )


def make_requests(world: World, assets, stewards) -> None:
    """Some stories between the first institutions, so that every page has something to show."""
    circle = world.places[:6]  # each owns for the next one, the last for the first
    for turn, owner in enumerate(circle):
        borrower = circle[(turn + 1) % len(circle)]
        story = _Story(world, owner, borrower, stewards)
        first, second, third, fourth = assets[owner.spec.slug][:4]
        story.ask(first, -0.2, until=10)
        _about_to_end(story, second)
        (_returned, _revoked, _used_up)[turn % 3](story, third)
        if turn % 2 == 0:
            _glass(story, fourth)
    _two_approve(_Story(world, circle[0], circle[1], stewards), assets[circle[0].spec.slug][-1])


def _two_approve(story: _Story, resource: Resource) -> None:
    """The second approval waits."""
    story.ask(resource, -1, until=20, looks=2)


def _about_to_end(story: _Story, resource: Resource) -> None:
    request = story.ask(resource, -12, until=2)
    story.approve(request, -11, until=1)
    for day in (-9, -5, -1):
        story.look(request, day)


def _returned(story: _Story, resource: Resource) -> None:
    request = story.ask(resource, -2, until=20)
    deciding.return_for_changes(
        sharing_request=request,
        by=story.steward,
        now=story.at(-1),
        text="请把查看次数减到两次，并写明使用科室。 Two looks will do; name the department.",
    )


def _revoked(story: _Story, resource: Resource) -> None:
    request = story.ask(resource, -8, until=15)
    story.approve(request, -7, until=14)
    story.look(request, -6)
    ending.revoke(
        sharing_request=request, by=story.steward, now=story.at(-3), text="规范已更新，请重新申请。"
    )
    story.look(request, -2)


def _used_up(story: _Story, resource: Resource) -> None:
    request = story.ask(resource, -6, until=9, looks=1)
    story.approve(request, -5, until=8, looks=1)
    story.look(request, -4)
    story.look(request, -3.9)


def _glass(story: _Story, resource: Resource) -> None:
    request = glass.break_glass(
        resource=resource,
        borrower=story.borrower.institution,
        purpose_of_use="ETREAT",
        recipient_role=resource.access_terms.get().recipient_roles[0],
        reason="急诊患者昏迷，无法联系家属，需要立即查阅。 Unconscious patient, nobody to ask.",
        by=story.person,
        address=HERE,
        now=story.at(-0.1),
    )
    story.look(request, -0.09)
