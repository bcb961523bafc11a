"""Whether information may be offered, and whether its content may be opened."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Severity
from resources.kinds.information.rules.sources import OWNER, pipl


def has_content(resource) -> Iterator[Finding]:
    """INF-00: there must be something to open: a file, or the address of one."""
    asset = resource.information
    if not asset.endpoint and not asset.content_number:
        yield Finding(
            code="INF-00",
            severity=Severity.BLOCK,
            message=_("There is nothing to open yet."),
            advice=_("Upload the content, or enter its https address."),
            source=OWNER,
        )


def is_checked(resource) -> Iterator[Finding]:
    """INF-10: a file was looked through for what it is called now, not for what it was called."""
    asset = resource.information
    if asset.content_number and asset.checked_as != asset.identifiability:
        yield Finding(
            code="INF-10",
            severity=Severity.BLOCK,
            message=_("The content was not checked as “%(what)s”."),
            params={"what": asset.get_identifiability_display()},
            advice=_("Upload it again: it is then looked through for what it is called now."),
            source=pipl("73"),
        )


RULES = (has_content, is_checked)
