"""Addresses of the home page and reports below /at/<slug>/."""

app_name = "reports"
urlpatterns = []
