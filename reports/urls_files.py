"""Addresses of what of the reports is taken along, kept or watched."""

from django.urls import path

from reports.views import alerts, evaluation, saved_reports, uses

FILES = [
    path("alerts/", alerts.OwnAlerts.as_view(), name="alerts"),
    path("alerts/limits/", alerts.OwnLimits.as_view(), name="alert-limits"),
    path("alerts/limits/city/", alerts.FollowCity.as_view(), name="alert-limits-follow"),
    *(path(at, page.as_view(), name=name) for at, (page, name) in saved_reports.OWN.items()),
    path("figures/requests/export/", uses.OwnUsesExport.as_view(), name="uses-export"),
    path("figures/report/", evaluation.OwnEvaluation.as_view(), name="evaluation"),
    path(
        "figures/report/export/",
        evaluation.OwnEvaluationFile.as_view(),
        name="evaluation-export",
    ),
]
FILES_OF_CITY = [
    path("alerts/", alerts.CityAlerts.as_view(), name="alerts"),
    path("alerts/limits/", alerts.CityLimits.as_view(), name="alert-limits"),
    *(path(at, page.as_view(), name=name) for at, (page, name) in saved_reports.CITY.items()),
    path("figures/requests/export/", uses.CityUsesExport.as_view(), name="uses-export"),
    path("figures/report/", evaluation.CityEvaluation.as_view(), name="evaluation"),
    path(
        "figures/report/export/",
        evaluation.CityEvaluationFile.as_view(),
        name="evaluation-export",
    ),
    path("figures/<int:pk>/report/", evaluation.CityEvaluationOf.as_view(), name="evaluation-of"),
    path(
        "figures/<int:pk>/report/export/",
        evaluation.CityEvaluationOfFile.as_view(),
        name="evaluation-of-export",
    ),
]
