"""What one resource's page shows to one reader, by the visibility contract."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date, describe_moment
from medshare_portal.visibility import Reader, visible_fields
from resources.intervals import subtract
from resources.kinds import kinds
from resources.models import Attachment, Offer, OfferedInterval, Resource
from resources.occupancy import taken_times

WEEKS = timedelta(days=28)


def with_related(resources: QuerySet) -> QuerySet:
    """A scoped queryset with all that the page names: one query for the resource."""
    details = [kind.detail for kind in kinds]
    return resources.select_related("institution", "site", "category__primary_code", *details)


def published_offer(resource: Resource, visible: QuerySet) -> Offer | None:
    """The terms in force; ``visible`` is the scoped queryset that the resource came from."""
    return Offer.objects.of_visible(visible).published().filter(resource=resource).first()


def free_times(
    resource: Resource, visible: QuerySet, now: datetime
) -> list[tuple[datetime, datetime]]:
    """What is offered and not taken in the coming four weeks."""
    until = now + WEEKS
    intervals = (
        OfferedInterval.objects.of_visible(visible)
        .filter(resource=resource)
        .overlapping(now, until)
        .values_list("starts_at", "ends_at")
    )
    offered = [(max(starts_at, now), min(ends_at, until)) for starts_at, ends_at in intervals]
    return subtract(offered, taken_times([resource.pk], now, until).get(resource.pk, ()))


def attachments_of(resource: Resource, visible: QuerySet) -> list[Attachment]:
    rows = Attachment.objects.of_visible(visible).filter(resource=resource)
    return list(rows.order_by("purpose", "uploaded_at", "pk"))


def detail_groups(resource: Resource, reader: Reader) -> list[tuple[str, list[tuple[str, str]]]]:
    """(legend, [(label, words)]) of the kind's detail row; only what the reader may see."""
    kind = kinds[resource.kind]
    row = getattr(resource, kind.detail)
    allowed = visible_fields(row._meta.label, reader)
    groups = []
    for legend, names in kind.detail_form_class.fieldset_names:
        lines = [
            (capfirst(row._meta.get_field(name).verbose_name), in_words(row, name))
            for name in names
            if name in allowed
        ]
        shown = [(label, text) for label, text in lines if text]
        if shown:
            groups.append((legend, shown))
    return groups


def in_words(row, name: str) -> str:
    """A column's value for a reader; empty where it says nothing."""
    value, field = getattr(row, name), row._meta.get_field(name)
    if value is None or value is False or value == "" or value == "none":
        return ""
    if value is True:
        return _("yes")
    if field.choices:
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(value, datetime):
        return describe_moment(value, year=True)
    if isinstance(value, date):
        return describe_date(value)
    return f"{value:,f}".rstrip("0").rstrip(".") if hasattr(value, "quantize") else str(value)
