"""The arenas of the races serve here too."""

from tests.races.conftest import arena, unguarded_arena

__all__ = ["arena", "unguarded_arena"]
