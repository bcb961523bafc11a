"""What one resource's page shows to one reader, by the visibility contract.

One prepared statement per thing; each names the scope and the resource.
"""

from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, DateTimeField, F, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.local_times import describe_date, describe_moment
from medshare_portal.visibility import Reader, visible_fields
from resources.intervals import Interval, subtract
from resources.kinds import kinds
from resources.models import Accessory, Attachment, Offer, OfferedInterval, Resource
from resources.occupancy import sources

WEEKS = timedelta(days=28)
BIGGEST_KEY = 2**63 - 1
INSTITUTION = Bind("institution", BigIntegerField())
RESOURCE = Bind("resource", BigIntegerField())
FIRST, LAST = Bind("first", DateTimeField()), Bind("last", DateTimeField())


def with_related(resources: QuerySet) -> QuerySet:
    """A scoped queryset with all that the page names: one query for the resource."""
    related = [name for kind in kinds for name in _with_its_own(kind.detail)]
    return resources.select_related("institution", "site", "category__primary_code", *related)


def _with_its_own(detail: str) -> list[str]:
    """A kind's detail row, and the rows that this names."""
    model = Resource._meta.get_field(detail).related_model
    named = [field.name for field in model._meta.concrete_fields if field.many_to_one]
    return [detail, *(f"{detail}__{name}" for name in named)]


def _visible() -> QuerySet:
    return Resource.objects.visible_to(INSTITUTION).filter(pk=RESOURCE)


def _taken() -> QuerySet:
    """Everything that takes the resource's time from now on, whoever knows it."""
    parts = [
        source.meeting(FIRST, LAST, now=FIRST)
        .filter(resource=RESOURCE)
        .order_by()
        .values_list(F(source.starts), F(source.ends))
        for source in sources
    ]
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


_RESOURCE = Prepared(lambda: with_related(_visible()))
_OFFER = Prepared(lambda: Offer.objects.of_visible(_visible()).published())
_OFFERED = Prepared(
    lambda: (
        OfferedInterval.objects.of_visible(_visible())
        .overlapping(FIRST, LAST)
        .values_list("starts_at", "ends_at")
    )
)
_TAKEN = Prepared(_taken)
_FILES = Prepared(
    lambda: Attachment.objects.of_visible(_visible()).order_by("purpose", "uploaded_at", "pk")
)
_ACCESSORIES = Prepared(lambda: Accessory.objects.of_visible(_visible()).order_by("pk"))


def visible_resource(institution, pk: int) -> Resource | None:
    """The resource with all that the page names, if the institution sees it."""
    if not 0 < pk <= BIGGEST_KEY:
        return None
    found = _RESOURCE.instances(institution=institution.pk, resource=pk)
    return found[0] if found else None


def published_offer(resource: Resource, institution) -> Offer | None:
    """The terms in force."""
    found = _OFFER.instances(institution=institution.pk, resource=resource.pk)
    return found[0] if found else None


def free_times(resource: Resource, institution, now: datetime) -> list[Interval]:
    """What is offered and not taken in the coming four weeks."""
    of_resource = {"resource": resource.pk, "first": now, "last": now + WEEKS}
    offered = [
        (max(starts_at, now), min(ends_at, now + WEEKS))
        for starts_at, ends_at in _OFFERED.rows(institution=institution.pk, **of_resource)
    ]
    return subtract(offered, _TAKEN.rows(**of_resource)) if offered else []


def attachments_of(resource: Resource, institution) -> list[Attachment]:
    if kinds[resource.kind].files_are_private and resource.institution_id != institution.pk:
        return []
    return _FILES.instances(institution=institution.pk, resource=resource.pk)


def accessories_of(resource: Resource, institution) -> list[Accessory]:
    return _ACCESSORIES.instances(institution=institution.pk, resource=resource.pk)


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
    if field.many_to_many:
        return ", ".join(str(each) for each in value.order_by("pk"))
    if value is None or value is False or value == "" or value == "none":
        return ""
    if value is True:
        return _("yes")
    if name in getattr(row, "CODES_BY_NAME", ()):
        return value.display
    if field.choices:
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(value, datetime):
        return describe_moment(value, year=True)
    if isinstance(value, date):
        return describe_date(value)
    return f"{value:,f}".rstrip("0").rstrip(".") if hasattr(value, "quantize") else str(value)
