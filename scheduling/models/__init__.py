"""Workflow models; see docs/architecture.md for the picture."""

from .basket import Basket, BasketLine
from .city_approval import CityApproval
from .conversation import CityInvitation, InternalNote, Message, MessageFile, ReadMark
from .handover import Handover, HandoverPhoto
from .information import AccessChain, AccessEvent, AccessGrant, TermsAcceptance
from .matching_run import MatchingRun, RunRecord
from .medicine import MedicineTransfer
from .need import Need, NeedAmendment, NeedAnswer, NeedState
from .proposal import Proposal, UnmetNeed
from .saved_filter import SavedFilter
from .series import Series
from .sharing_request import SharingRequest
from .sign_off import SignOff
from .staff import StaffEngagement, StaffMail
from .time_change import TimeChange
from .transition_log import TransitionLog
from .waitlist import FreedTime, WaitlistEntry

__all__ = [
    "AccessChain",
    "AccessEvent",
    "AccessGrant",
    "Basket",
    "BasketLine",
    "CityApproval",
    "CityInvitation",
    "FreedTime",
    "Handover",
    "HandoverPhoto",
    "InternalNote",
    "MatchingRun",
    "MedicineTransfer",
    "Message",
    "MessageFile",
    "Need",
    "NeedAmendment",
    "NeedAnswer",
    "NeedState",
    "Proposal",
    "ReadMark",
    "RunRecord",
    "SavedFilter",
    "Series",
    "SharingRequest",
    "SignOff",
    "StaffEngagement",
    "StaffMail",
    "TermsAcceptance",
    "TimeChange",
    "TransitionLog",
    "UnmetNeed",
    "WaitlistEntry",
]
