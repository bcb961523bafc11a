"""Papers of people: skills, clearances, where they may practise, who answers for harm."""

import random
from datetime import timedelta

from demo.staff import CHECKERS, INSURERS, SKILL_ENDS, SOURCES
from demo.world import Place, World
from resources.enums_staff import CredentialKind, PracticeBasisCode
from resources.models import Competency, Credential, Indemnity, PracticeBasis

HOSTS_EACH = 7  # of a person who is not of the city's twelve: chosen among all
SHARE_WITH_BASIS = 0.72
BATCH = 1000


def make_papers(world: World, people: list, rng: random.Random) -> None:
    """Some papers end next week, some have ended, some are missing."""
    skills = {row.code: row for row in Competency.objects.all()}
    credentials, bases, indemnities = [], [], []
    for person in people:
        credentials += _credentials(world, person, skills, rng)
        bases += _bases(world, person, rng)
        indemnities += _indemnities(world, person, rng)
    Credential.unscoped.bulk_create(credentials, batch_size=BATCH)
    PracticeBasis.unscoped.bulk_create(bases, batch_size=BATCH)
    Indemnity.unscoped.bulk_create(indemnities, batch_size=BATCH)


def _credentials(world: World, person, skills, rng: random.Random) -> list[Credential]:
    kinds = [(CredentialKind.HEALTH_CLEARANCE, None)]
    kinds += [(CredentialKind.COMPETENCY, skills[code]) for code in person.profession.skills]
    if not person.told:
        kinds = [entry for entry in kinds if rng.random() < 0.94]
    return [_credential(world, person, kind, skill, rng) for kind, skill in kinds]


def _credential(world: World, person, kind, skill, rng: random.Random) -> Credential:
    draw, left = rng.random(), 600
    if not person.told:
        left = rng.randrange(*next(days for share, days in SKILL_ENDS if draw <= share))
    number = rng.randrange(1000, 9999)
    return Credential(
        institution=person.resource.institution,
        resource=person.resource,
        kind=kind,
        competency=skill,
        evidence=f"ZS-{world.today.year}-{number}",
        source=rng.choice(SOURCES),
        verified_by=rng.choice(CHECKERS),
        verified_on=world.today - timedelta(days=rng.randrange(10, 200)),
        valid_until=world.today + timedelta(days=left),
    )


def _bases(world: World, person, rng: random.Random) -> list[PracticeBasis]:
    found = []
    for host in _hosts(world, person, rng):
        together = any(
            host in members and person.place in members for _consortium, members in world.consortia
        )
        found.append(
            PracticeBasis(
                institution=person.resource.institution,
                resource=person.resource,
                host=host.institution,
                basis=PracticeBasisCode.CONSORTIUM if together else person.profession.basis,
                evidence=f"多机构备案 {world.today.year}-{rng.randrange(10_000, 99_999)}",
                valid_from=world.today - timedelta(days=300),
                valid_until=world.today + timedelta(days=rng.choice((400, 700))),
            )
        )
    return found


def _hosts(world: World, person, rng: random.Random) -> list[Place]:
    near = world.places[:12]
    if person.place not in near:
        near = [*near[:2], *rng.sample(world.places, HOSTS_EACH)]
    others = [place for place in dict.fromkeys(near) if place is not person.place]
    return [place for place in others if person.told or rng.random() < SHARE_WITH_BASIS]


def _indemnities(world: World, person, rng: random.Random) -> list[Indemnity]:
    draw = 1.0 if person.told else rng.random()
    if draw < 0.06:
        return []
    others = [place for place in world.places[:12] if place is not person.place]
    return [
        Indemnity(
            institution=person.resource.institution,
            resource=person.resource,
            host=rng.choice(others).institution if draw < 0.16 else None,
            insurer=rng.choice(INSURERS),
            reference=f"YZX{world.today:%y}{rng.randrange(10**6, 10**7)}",
            valid_from=world.today - timedelta(days=200),
            valid_until=world.today + timedelta(days=165),
        )
    ]
