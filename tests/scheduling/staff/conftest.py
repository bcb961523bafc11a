from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from medshare_portal.models import Institution
from resources.models import Resource
from scheduling.kinds.staff.actions.invitations import Invitation, invite
from scheduling.kinds.staff.facts import Asked
from tests import make


class Lending:
    """A nurse of ``home`` and a night that ``host`` needs covered, the next but one."""

    home: Institution
    host: Institution
    nurse: Resource
    starts_at: datetime

    def __init__(self):
        self.now = timezone.now()
        self.home, self.host = make.institution("home"), make.institution("host")
        self.nurse = make.compliant(self.home, self.host, person_name="Li Xiaomei")
        self.head = make.user("head.nurse", at=self.host, role="coordinator")
        self.manager = make.user("manager.home", at=self.home, role="staffing_manager")
        self.credentialing = make.user("manager.host", at=self.host, role="staffing_manager")
        day = timezone.localtime(self.now + timedelta(days=2))
        self.starts_at = day.replace(hour=20, minute=0, second=0, microsecond=0)

    @property
    def ends_at(self):
        return self.starts_at + timedelta(hours=12)

    def asked(self, **changes):
        values = {"break_minutes": 60, "specialty": make.specialty()}
        return Asked(**values | {"site": self.host.sites.get()} | changes)

    def invite(self, **changes):
        invitation = Invitation(
            starts_at=self.starts_at, ends_at=self.ends_at, asked=self.asked(), accepted={}
        )
        return invite(
            resource=self.nurse, host=self.host, invitation=invitation, by=self.head, now=self.now
        )


@pytest.fixture
def lending(db):
    return Lending()
