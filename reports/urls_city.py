"""Addresses of the city's own pages."""

app_name = "city"
urlpatterns = []
