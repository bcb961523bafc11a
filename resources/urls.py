"""Addresses of the catalogue below /at/<slug>/."""

app_name = "resources"
urlpatterns = []
