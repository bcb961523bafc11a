"""Where the thing that an audit event is about can be seen.

Apps fill the table in their ``audit_links.py``: object type → URL name that takes the
institution's slug and the object's id.
"""

from django.urls import NoReverseMatch, reverse

from medshare_portal.registry import Registry

links: Registry[str] = Registry("audit link")


def address_of(event, institution) -> str:
    """The page of the event's object, or "" when its type has none."""
    if event.object_type not in links:
        return ""
    try:
        return reverse(links[event.object_type], args=[institution.slug, event.object_id])
    except NoReverseMatch:
        return ""
