"""Workflow models; see docs/architecture.md for the picture."""

from .handover import Handover, HandoverPhoto
from .sharing_request import SharingRequest
from .sign_off import SignOff
from .time_change import TimeChange
from .transition_log import TransitionLog

__all__ = ["Handover", "HandoverPhoto", "SharingRequest", "SignOff", "TimeChange", "TransitionLog"]
