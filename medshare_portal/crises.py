"""The crisis that runs, as rules and pages ask for it: one short statement, or none at all.

``current`` asks the database for the token of what runs at a moment.  Whatever belongs to that
token never changes (an act gives a new one), so a process reads it once and keeps it.  Statements
that are made anyway bring the token along (``token_at``): no page pays one more for it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import DateTimeField, Exists, Q, Subquery
from django.db.models.functions import Now

from medshare_portal.bilingual import BilingualName
from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.db.replica import at_primary
from medshare_portal.models import Crisis, CrisisCategory, CrisisReach

FEW = 8  # crises that a process remembers


@dataclass(frozen=True, kw_only=True)
class RunningCrisis(BilingualName):
    """What was declared.  Everything here is public to all who take part."""

    pk: int
    name_en: str
    name_zh: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    notice_hours: int
    wait_minutes: int
    relaxed: frozenset[str]
    reach: frozenset[tuple[int, str]]  # institution, kind
    narrowed: frozenset[str] = frozenset()  # kinds of which it reaches these categories only
    categories: frozenset[int] = frozenset()

    def touches(self, institution) -> bool:
        """Whether an institution is within its scope, for whatever kind."""
        return any(pk == institution.pk for pk, _kind in self.reach)

    def covers(self, *, kind: str, owner_id: int, borrower_id: int, category_id: int) -> bool:
        """Whether a share between these two lies within its scope: both sides must, and what is
        shared."""
        within = kind not in self.narrowed or category_id in self.categories
        return within and {(owner_id, kind), (borrower_id, kind)} <= self.reach

    def relaxes(self, code: str, **share) -> bool:
        """Whether it relaxes this rule for such a share (see ``covers``)."""
        return code in self.relaxed and self.covers(**share)


MOMENT = Bind("now", DateTimeField())
TOKEN = Prepared(lambda: Crisis.objects.running(MOMENT).values_list("token"))


def current(now: datetime) -> RunningCrisis | None:
    """The crisis that runs at this moment; its end is not part of it."""
    return of_token(next(iter(TOKEN.column(now=now)), None))


def token_at(moment) -> Subquery:
    """The token of what runs, as a column of another statement; ``moment`` may be its place."""
    return Subquery(Crisis.objects.running(moment).values("token")[:1])


def of_token(token: str | None) -> RunningCrisis | None:
    """What runs under a token that a statement brought; after an act that came between the two,
    what runs now."""
    if not token:
        return None
    try:
        return _read(token)
    except Crisis.DoesNotExist:
        newer = Crisis.objects.running(Now()).values_list("token", flat=True).first()
        return _read(newer) if newer else None


@lru_cache(FEW)
@at_primary
def _read(token: str) -> RunningCrisis:
    crisis = Crisis.objects.get(token=token)
    narrowed = list(crisis.categories.values_list("kind", "category"))
    return RunningCrisis(
        pk=crisis.pk,
        name_en=crisis.name_en,
        name_zh=crisis.name_zh,
        reason=crisis.reason,
        starts_at=crisis.starts_at,
        ends_at=crisis.ends_at,
        notice_hours=crisis.notice_hours,
        wait_minutes=crisis.wait_minutes,
        relaxed=frozenset(crisis.relaxations.values_list("code", flat=True)),
        reach=frozenset(crisis.reach.values_list("institution_id", "kind")),
        narrowed=frozenset(kind for kind, _category in narrowed),
        categories=frozenset(category for _kind, category in narrowed),
    )


def forget() -> None:
    """For whoever fills a database anew and gives a token a second time (the demo city)."""
    _read.cache_clear()


def opened(code: str, *, reader, owner, kind, category) -> Q:
    """A condition of a statement: a crisis that relaxes ``code`` runs, by the database's own
    clock, and reaches the reader and, for this kind and category, the owner.  Which crises reach
    the reader is settled once for the whole statement and not for each row."""
    at_work = Crisis.objects.running(Now()).filter(
        relaxations__code=code, reach__institution=reader
    )
    at_work = at_work.values("pk")
    reached = Exists(CrisisReach.objects.filter(institution=owner, kind=kind, crisis__in=at_work))
    narrowed = CrisisCategory.objects.filter(crisis__in=at_work)
    whole = ~Exists(narrowed.filter(kind=kind))
    return reached & (whole | Exists(narrowed.filter(category=category)))
