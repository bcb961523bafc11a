"""The portal with the kind: its app and its name in the list, no more."""

from medshare_portal.settings_test import *  # noqa: F403
from medshare_portal.settings_test import DATABASES, INSTALLED_APPS, SHARING_KINDS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.ambulances.apps.AmbulancesConfig"]
SHARING_KINDS = [*SHARING_KINDS, "tests.ambulances"]
DATABASES["default"]["TEST"] = (
    {"NAME": "test_ambulances"} if DATABASES["default"].get("PORT") else {}
)
