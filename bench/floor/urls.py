"""One address per piece of work."""

from django.urls import path

from bench.floor import people, views, writing

urlpatterns = [
    path("healthz", views.healthz),
    path("list", views.catalogue),
    path("find", views.free),
    path("week", views.week),
    path("day", views.day),
    path("timeline", views.timeline),
    path("looks", views.looks),
    path("at-risk", views.at_risk),
    path("people", people.people),
    path("post", writing.create),
]
