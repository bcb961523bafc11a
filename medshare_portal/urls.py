"""All addresses.  Institution pages live below /at/<slug>/, the city's below /city/."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from medshare_portal.views import account, health, start

handler400 = "medshare_portal.views.errors.bad_request"
handler403 = "medshare_portal.views.errors.forbidden"
handler404 = "medshare_portal.views.errors.not_found"
handler500 = "medshare_portal.views.errors.server_error"

at_institution = [
    path("", include("scheduling.urls")),
    path("", include("resources.urls")),
    path("", include("reports.urls")),
    path("", include("medshare_portal.urls_institution")),
]

# In the order of use: an address is looked for from the top.
urlpatterns = [
    path("at/<slug:institution>/", include(at_institution)),
    path("", start.Start.as_view(), name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("account/", include("medshare_portal.urls_account")),
    path("answer/", include("scheduling.urls_answer")),
    path("shifts/", include("scheduling.kinds.staff.urls_person")),
    path("language/", account.set_language, name="set_language"),
    path("theme/", account.set_theme, name="theme"),
    path("city/", include("reports.urls_city")),
    path("admin/", admin.site.urls),
    path("", include("scheduling.urls_label")),
]

if settings.DEBUG:
    from medshare_portal.views.gallery import gallery

    urlpatterns.append(path("components/", gallery, name="gallery"))
