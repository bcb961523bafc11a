"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medshare_portal.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 – needs the settings

from medshare_portal.checks import refuse_untrue_settings  # noqa: E402 – needs the apps

refuse_untrue_settings()
get_resolver().url_patterns  # noqa: B018 – loads every view now: nobody's first page waits for it
