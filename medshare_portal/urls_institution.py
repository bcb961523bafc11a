"""Core pages below /at/<slug>/: audit log and people."""

app_name = "portal"
urlpatterns = []
