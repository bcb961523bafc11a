"""Catalogue models; see docs/architecture.md for the picture."""

from .attachments import Attachment
from .blocks import BusyBlock
from .categories import Category, CodeMapping
from .equipment import Accessory, Competency, Equipment, OperatorCompetency, UseLogEntry
from .offers import IdleWindow, Offer, OfferedInterval, OfferException
from .resource import Resource, ResourceAudience

__all__ = [
    "Accessory",
    "Attachment",
    "BusyBlock",
    "Category",
    "CodeMapping",
    "Competency",
    "Equipment",
    "IdleWindow",
    "Offer",
    "OfferException",
    "OfferedInterval",
    "OperatorCompetency",
    "Resource",
    "ResourceAudience",
    "UseLogEntry",
]
