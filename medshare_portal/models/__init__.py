"""Core models: who takes part, who may act, what happened, what waits to be sent."""

from .absences import Absence
from .accounts import RoleAssignment, RoleGroup, User
from .audit import AuditChain, AuditEvent
from .codes import Code, CodeSystem
from .crisis import Crisis, CrisisAct, CrisisCategory, CrisisReach, CrisisRelaxation
from .institutions import Consortium, ConsortiumMembership, Institution, Site
from .jobs import JobRun
from .notifications import Notification, NotificationPreference
from .rates import RateCount
from .site_hours import SpecialDay, Weekday, WorkingTime
from .submissions import SubmittedForm

__all__ = [
    "Absence",
    "AuditChain",
    "AuditEvent",
    "Code",
    "CodeSystem",
    "Consortium",
    "ConsortiumMembership",
    "Crisis",
    "CrisisAct",
    "CrisisCategory",
    "CrisisReach",
    "CrisisRelaxation",
    "Institution",
    "JobRun",
    "Notification",
    "NotificationPreference",
    "RateCount",
    "RoleAssignment",
    "RoleGroup",
    "Site",
    "SpecialDay",
    "SubmittedForm",
    "User",
    "Weekday",
    "WorkingTime",
]
