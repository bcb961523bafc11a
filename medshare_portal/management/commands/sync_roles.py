"""manage.py sync_roles: one Django group per institution and role; groups follow assignments."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from medshare_portal.actions.roles import sync_roles


class Command(BaseCommand):
    help = "Make the role groups and put people in and out as their role assignments say."

    def handle(self, *args, **options):
        counts = sync_roles(today=timezone.localdate())
        self.stdout.write(
            f"{counts['groups']} groups made, {counts['entered']} people entered a group, "
            f"{counts['left']} left one"
        )
