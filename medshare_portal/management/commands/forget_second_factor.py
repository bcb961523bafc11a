"""manage.py forget_second_factor NAME: for the administrator whose phone is lost."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from medshare_portal.actions.second_factor import take_away
from medshare_portal.models import User


class Command(BaseCommand):
    help = "Take a person's second factor away; the next sign-in sets a new one."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username}.")
        take_away(user=user, by=None, now=timezone.now())
        self.stdout.write(f"{username} signs in by password alone once, and sets a new one.")
