"""What the recognition check (INF-08) looks at, read for one result and one institution."""

from datetime import date, datetime

from django.utils import timezone

from medshare_portal.models import Code, ConsortiumMembership
from resources.enums_information import MarkScope
from resources.kinds.information import recognition as rules
from resources.models import RecognitionRecord, Resource

LEVELS = "cn-hospital-level"


def recognition_of(resource: Resource, institution, now: datetime) -> rules.Recognition:
    """Every rule's verdict for an institution that would recognise the result now."""
    today = timezone.localdate(now)  # the city's day
    asset = resource.information
    ranks = _ranks({resource.institution.hospital_level, institution.hospital_level})
    item = asset.recognised_item
    result = rules.Result(
        item=item.display if item else "",
        on_city_list=item is not None and (item.valid_until is None or item.valid_until >= today),
        performed_on=asset.performed_on,
        valid_days=rules.shorter(asset.valid_days, _days_of(item)),
        qc_passed=asset.qc_passed,
        qc_valid_to=asset.qc_valid_to,
        level=ranks.get(resource.institution.hospital_level),
        marked_for_us=asset.mark_scope in MarkScope.HERE,
    )
    receiver = rules.Receiver(
        level=ranks.get(institution.hospital_level),
        same_consortium=_in_one_consortium(resource.institution, institution, today),
        today=today,
    )
    return rules.check(result, receiver)


def _ranks(levels: set[str]) -> dict[str, float]:
    codes = Code.objects.filter(system__slug=LEVELS, code__in=levels)
    return {
        code.code: float(code.properties["rank"]) for code in codes if "rank" in code.properties
    }


def _days_of(item: Code | None) -> int | None:
    days = item.properties.get("valid_days") if item else None
    return int(days) if days else None


def _in_one_consortium(issuer, receiver, today: date) -> bool:
    mine = ConsortiumMembership.objects.on(today).filter(institution=receiver)
    theirs = ConsortiumMembership.objects.on(today).filter(institution=issuer)
    return theirs.filter(consortium__in=mine.values("consortium")).exists()


def records_of(resource: Resource, institution):
    """What this institution did with the result before, newest first."""
    rows = RecognitionRecord.objects.owned_by(institution).filter(resource=resource)
    return rows.select_related("by").order_by("-at", "-pk")
