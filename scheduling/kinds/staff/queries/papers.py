"""The papers of people as they matter at hosts: seven statements for any number of people."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from medshare_portal.db.prepared import AnyOf, Keys, Prepared
from medshare_portal.models import ConsortiumMembership, Institution
from resources.enums_staff import CredentialKind
from resources.models import Credential, Indemnity, PracticeBasis, StaffMember
from scheduling.kinds.staff.facts import Papers, Span

REASON = "rules look at all papers of a person; findings come out"
OF_THESE = AnyOf("resource", Keys("people"))


class Licence(NamedTuple):
    """A person's licence, by the columns of ``StaffMember``."""

    resource_id: int
    licence_kind: str
    licence_status: str
    licence_valid_until: date | None
    licence_verified_on: date | None


class Held(NamedTuple):
    """A credential."""

    resource_id: int
    kind: str
    competency_id: int | None
    valid_until: date | None


class Basis(NamedTuple):
    """Something by which a person may practise at a host."""

    resource_id: int
    host_id: int
    basis: str
    valid_from: date
    valid_until: date | None


class Cover(NamedTuple):
    """An indemnity; without a host it covers every one."""

    resource_id: int
    host_id: int | None
    valid_from: date
    valid_until: date | None


def _of(model, row_class) -> Prepared:
    return Prepared(
        lambda: (
            model.objects.everywhere(reason=REASON)
            .filter(OF_THESE)
            .order_by("pk")
            .values_list(*row_class._fields)
        )
    )


LICENCES, CREDENTIALS = _of(StaffMember, Licence), _of(Credential, Held)
BASES, INDEMNITIES = _of(PracticeBasis, Basis), _of(Indemnity, Cover)
SPECIALTIES = Prepared(
    lambda: (
        StaffMember.objects.everywhere(reason=REASON)
        .filter(OF_THESE, specialties__isnull=False)
        .values_list("resource_id", "specialties__code")
    )
)


class PapersOf:
    """Papers of people, and what hosts and consortia have to do with them."""

    def __init__(self, people: set[int], hosts: set[int], homes: set[int]):
        self.licences = {row[0]: Licence(*row) for row in LICENCES.rows(people=people)}
        self.specialties = _by_person(SPECIALTIES.rows(people=people))
        self.credentials = _by_person(Held(*row) for row in CREDENTIALS.rows(people=people))
        self.bases = _by_person(Basis(*row) for row in BASES.rows(people=people))
        self.indemnities = _by_person(Cover(*row) for row in INDEMNITIES.rows(people=people))
        self.memberships = defaultdict(list)
        for row in ConsortiumMembership.objects.filter(institution__in=hosts | homes):
            self.memberships[row.institution_id].append(row)
        self.common: dict[tuple, bool] = {}
        self.host_specialties = defaultdict(frozenset)
        named = Institution.objects.directory().filter(pk__in=hosts)
        for host in named.prefetch_related("approved_specialties"):
            codes = (code.code for code in host.approved_specialties.all())
            self.host_specialties[host.pk] = frozenset(codes)

    def of(self, person: int, home: int, host: int, days: tuple[date, date]) -> Papers:
        """A person's papers at a host, for a shift from the first to the last of two days."""
        licence, held = self.licences[person], self.credentials[person]
        return Papers(
            licence_kind=licence.licence_kind,
            licence_status=licence.licence_status,
            licence_until=licence.licence_valid_until,
            licence_verified=licence.licence_verified_on is not None,
            specialties=frozenset(code for _person, code in self.specialties[person]),
            bases=tuple(
                (row.basis, Span(row.valid_from, row.valid_until))
                for row in self.bases[person]
                if row.host_id == host
            ),
            indemnities=tuple(
                Span(row.valid_from, row.valid_until)
                for row in self.indemnities[person]
                if row.host_id in (None, host)
            ),
            competencies=_latest(held),
            health_until=tuple(
                row.valid_until for row in held if row.kind == CredentialKind.HEALTH_CLEARANCE
            ),
            common_consortium=self._in_one_consortium(home, host, days),
        )

    def _in_one_consortium(self, home: int, host: int, days: tuple[date, date]) -> bool:
        """Asked anew for every person of one home: answered once."""
        key = (home, host, days)
        if key not in self.common:
            self.common[key] = all(
                self._consortia(home, day) & self._consortia(host, day) for day in days
            )
        return self.common[key]

    def _consortia(self, institution: int, day: date) -> set[int]:
        return {
            row.consortium_id
            for row in self.memberships[institution]
            if row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)
        }


def _by_person(rows: Iterable[tuple]) -> dict[int, list]:
    """Rows whose first column is the person."""
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _latest(credentials: list[Held]) -> dict[int, date | None]:
    """Competency → the day until which it is held, None where it does not end."""
    found: dict[int, date | None] = {}
    for row in credentials:
        if row.competency_id is None:
            continue
        known = found.get(row.competency_id, row.valid_until)
        ends = None if None in (known, row.valid_until) else max(known, row.valid_until)
        found[row.competency_id] = ends
    return found
