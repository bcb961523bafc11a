"""The workflow, to be read: requests change only by their transitions."""

from scheduling.admin import requests

__all__ = ["requests"]
