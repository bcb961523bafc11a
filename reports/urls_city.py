"""Addresses of the city's own pages."""

from django.urls import path

from reports.views import city

app_name = "city"
urlpatterns = [path("", city.CityHome.as_view(), name="home")]
