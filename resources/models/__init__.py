"""Catalogue models; see docs/architecture.md for the picture."""

from .attachments import Attachment
from .blocks import BusyBlock
from .categories import Category, CodeMapping
from .equipment import Accessory, Competency, Equipment, OperatorCompetency, UseLogEntry
from .medicine import MedicineLot
from .offers import IdleWindow, Offer, OfferedInterval, OfferException
from .resource import Resource, ResourceAudience
from .stock import MedicineUse, RecallNotice, StockMovement

__all__ = [
    "Accessory",
    "Attachment",
    "BusyBlock",
    "Category",
    "CodeMapping",
    "Competency",
    "Equipment",
    "IdleWindow",
    "MedicineLot",
    "MedicineUse",
    "Offer",
    "OfferException",
    "OfferedInterval",
    "OperatorCompetency",
    "RecallNotice",
    "Resource",
    "ResourceAudience",
    "StockMovement",
    "UseLogEntry",
]
