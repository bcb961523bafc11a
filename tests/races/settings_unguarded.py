"""The portal's settings with the code's own guards taken out, for the twins of the races."""

from tests.settings_portal import *  # noqa: F403
from tests.settings_portal import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.races.unguarded"]
