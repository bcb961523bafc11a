"""Addresses of information in the workflow, below /at/<slug>/information/."""

from django.urls import path

from scheduling.kinds.information.views import asking, glass, log, looking, owning

urlpatterns = [
    path("<int:pk>/ask/", asking.Ask.as_view(), name="information-ask"),
    path("<int:pk>/break-glass/", glass.BreakGlass.as_view(), name="information-break-glass"),
    path("requests/<int:pk>/again/", asking.AskAgain.as_view(), name="information-again"),
    path("requests/<int:pk>/decide/", owning.Decide.as_view(), name="information-decide"),
    path("requests/<int:pk>/second/", owning.ApproveSecond.as_view(), name="information-second"),
    path("requests/<int:pk>/end/", owning.EndAccess.as_view(), name="information-end"),
    path(
        "requests/<int:pk>/consent/",
        owning.ConsentWithdrawn.as_view(),
        name="information-consent",
    ),
    path("requests/<int:pk>/log/", owning.ReviewLog.as_view(), name="information-review"),
    path("requests/<int:pk>/glass/", owning.ReviewGlass.as_view(), name="information-review-glass"),
    path("requests/<int:pk>/open/", looking.Open.as_view(), name="information-open"),
    path("looks/<int:pk>/", looking.ShowLook.as_view(), name="information-look"),
    path("looks/<int:pk>/file/", looking.FetchFile.as_view(), name="information-file"),
    path("log/", log.AccessLog.as_view(), name="information-log"),
    path("break-glass/", log.GlassQueue.as_view(), name="information-glass"),
]
