"""Catalogue models; see docs/architecture.md for the picture."""

from .attachments import Attachment
from .blocks import BusyBlock
from .categories import Category, CodeMapping
from .equipment import Accessory, Competency, Equipment, OperatorCompetency, UseLogEntry
from .information import AccessTerms, InformationAsset, RecognitionRecord, SharedFile
from .medicine import MedicineLot
from .offers import IdleWindow, Offer, OfferedInterval, OfferException
from .resource import Resource, ResourceAudience
from .staff import CommittedShift, Credential, Indemnity, PracticeBasis, StaffMember
from .stock import MedicineUse, RecallNotice, StockMovement

__all__ = [
    "AccessTerms",
    "Accessory",
    "Attachment",
    "BusyBlock",
    "Category",
    "CodeMapping",
    "CommittedShift",
    "Competency",
    "Credential",
    "Equipment",
    "IdleWindow",
    "Indemnity",
    "InformationAsset",
    "MedicineLot",
    "MedicineUse",
    "Offer",
    "OfferException",
    "OfferedInterval",
    "OperatorCompetency",
    "PracticeBasis",
    "RecallNotice",
    "RecognitionRecord",
    "Resource",
    "ResourceAudience",
    "SharedFile",
    "StaffMember",
    "StockMovement",
    "UseLogEntry",
]
