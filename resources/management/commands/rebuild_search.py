"""manage.py rebuild_search: write every search token again (after a rename of codes)."""

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from resources.kinds import kinds
from resources.models import Resource
from resources.search import search_text_for

BATCH = 500


class Command(BaseCommand):
    help = "Writes the search tokens of every resource again."

    @transaction.atomic
    def handle(self, *args, **options):
        changed = sum(rebuild(kind) for kind in kinds)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO resource_search(resource_search) VALUES('rebuild')")
        self.stdout.write(f"{changed} search texts changed")


def rebuild(kind) -> int:
    """Renew the search text of one kind's resources; returns how many changed."""
    resources = Resource.objects.everywhere(reason="the search index covers every institution")
    rows = resources.filter(kind=kind.code).select_related("category", kind.detail).order_by("pk")
    stale = []
    for resource in rows.iterator(chunk_size=BATCH):
        text = search_text_for(resource, getattr(resource, kind.detail, None), resource.category)
        if text != resource.search_text:
            resource.search_text = text
            stale.append(resource)
    resources.bulk_update(stale, ["search_text"], batch_size=BATCH)
    return len(stale)
