"""One address per piece of work."""

from django.urls import path

from bench.floor import figures, people, register, views, waiting, writing

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
    path("inbox", waiting.inbox),
    path("home", waiting.home),
    path("city", waiting.city),
    path("figures", figures.overview),
    path("scorecard", figures.scorecard),
    path("uses", figures.uses),
    path("register", register.register),
    path("post", writing.create),
]
