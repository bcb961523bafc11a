"""Builders: plain functions that save the rows a test needs, past every rule but the database's.

``from tests import make`` and then ``make.institution()``, ``make.user(at=owner, role="approver")``,
``make.equipment(owner)``, ``make.offer(device)``, ``make.sharing_request(device, borrower)``.
"""

from .absences import absence
from .access import access_event, access_request
from .baskets import basket_city, basket_line, open_basket, sent_basket, shared
from .catalogue import (
    block,
    category,
    code,
    code_system,
    equipment,
    interval,
    nmpa_code,
    offer,
)
from .conversation import city_invitation, message, message_file
from .crises import city_approval, crisis
from .hours import special_day, working_time
from .information import access_terms, asset, shared_file
from .medicine import medicine_lot, medicine_use, movement, offered_lot, transfer
from .people import PASSWORD, city_user, grant, user
from .places import consortium, institution, join, site
from .requests import handover, sharing_request, time_change
from .rounds import matching_run, proposal, unmet_need
from .series import series
from .staff import (
    basis,
    competency,
    compliant,
    credential,
    indemnity,
    person,
    profession,
    shift,
    specialty,
)
from .statements import line_dispute, statement, statement_line
from .waiting import need, need_answer, offered, waitlist_entry

__all__ = [
    "PASSWORD",
    "absence",
    "access_event",
    "access_request",
    "access_terms",
    "asset",
    "basis",
    "basket_city",
    "basket_line",
    "block",
    "category",
    "city_approval",
    "city_invitation",
    "city_user",
    "code",
    "code_system",
    "competency",
    "compliant",
    "consortium",
    "credential",
    "crisis",
    "equipment",
    "grant",
    "handover",
    "indemnity",
    "institution",
    "interval",
    "join",
    "line_dispute",
    "matching_run",
    "medicine_lot",
    "medicine_use",
    "message",
    "message_file",
    "movement",
    "need",
    "need_answer",
    "nmpa_code",
    "offer",
    "offered",
    "offered_lot",
    "open_basket",
    "person",
    "profession",
    "proposal",
    "sent_basket",
    "series",
    "shared",
    "shared_file",
    "sharing_request",
    "shift",
    "site",
    "special_day",
    "specialty",
    "statement",
    "statement_line",
    "time_change",
    "transfer",
    "unmet_need",
    "user",
    "waitlist_entry",
    "working_time",
]
