"""The catalogue's registry: categories, devices, competencies."""

from resources.admin import categories, equipment

__all__ = ["categories", "equipment"]
