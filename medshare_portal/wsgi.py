"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medshare_portal.settings")
application = get_wsgi_application()

from medshare_portal.checks import refuse_untrue_settings  # noqa: E402 – needs the apps

refuse_untrue_settings()
