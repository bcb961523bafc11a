"""A small table of named things that apps fill and lower layers read: kinds, jobs, guarantees."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class AlreadyRegistered(LookupError):
    """Two things asked for the same name."""


class Registry(Generic[T]):
    """Named entries in the order of registration."""

    def __init__(self, what: str):
        self._what = what
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Register; raises AlreadyRegistered when the name is taken."""
        if name in self._entries:
            raise AlreadyRegistered(f"{self._what} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def remove(self, name: str) -> None:
        """Take an entry out again (tests that register a toy)."""
        del self._entries[name]

    def arrange(self, names: Iterable[str]) -> None:
        """Put these first, in this order: who was imported by another came too early."""
        first = [name for name in names if name in self._entries]
        rest = [name for name in self._entries if name not in first]
        self._entries = {name: self._entries[name] for name in first + rest}

    def __getitem__(self, name: str) -> T:
        try:
            return self._entries[name]
        except KeyError:
            raise LookupError(f"no {self._what} is called {name!r}") from None

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._entries.values()))

    def names(self) -> list[str]:
        return list(self._entries)

    def decorator(self, name: str) -> Callable[[T], T]:
        """``@registry.decorator("name")`` for functions and classes."""
        return lambda entry: self.add(name, entry)
