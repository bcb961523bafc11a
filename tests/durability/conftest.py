"""The arena of the races serves here too."""

from tests.races.conftest import arena

__all__ = ["arena"]
