"""Pages about the person who is signed in, at no institution: upper apps register theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from medshare_portal.registry import Registry


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """``concerns(user)`` says whether the page has anything to do with this person."""

    name: str
    label: Promise
    icon: str
    url_name: str
    concerns: Callable[..., bool]


pages: Registry[OwnPage] = Registry("page about a person")


def own_pages(user) -> list[OwnPage]:
    return [page for page in pages if page.concerns(user)]
