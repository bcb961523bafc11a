"""Addresses of the workflow below /at/<slug>/."""

app_name = "scheduling"
urlpatterns = []
