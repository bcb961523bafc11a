"""What the rules on information may look at: plain facts, already loaded."""

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

from django.utils import timezone


@dataclass(frozen=True, kw_only=True)
class AccessWish:
    """An access that somebody asks for, or thinks of asking for.

    ``resource`` comes with its detail row and its institution, ``terms`` are the conditions that
    it would be under, ``limits`` the policy pack's section.
    """

    resource: object
    terms: object | None
    offered: bool
    borrower: object
    borrower_country: str
    owner_country: str
    purpose_of_use: str
    legal_basis: str
    recipient_role: str
    scope: tuple[str, ...]
    looks: int
    until: datetime | None
    consent_ref: str = ""
    consent_separate: bool = False
    consent_withdrawn: bool = False
    assessment_ref: str = ""
    contract_ref: str = ""
    agreed: bool = True
    limits: SimpleNamespace
    now: datetime

    @property
    def asset(self):
        return self.resource.information

    @property
    def owner(self):
        return self.resource.institution

    @property
    def last_day(self) -> date:
        """The day until which both licences must last."""
        return timezone.localdate(self.until or self.now)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One try to open the content under a grant."""

    sharing_request: object
    grant: object
    person_id: int
    institution_id: int
    now: datetime
    looks_asked: int = 1  # 0 for a file whose look was counted before
