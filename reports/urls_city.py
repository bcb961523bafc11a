"""Addresses of the city's own pages."""

from django.urls import path

from reports.views import city, city_statements
from scheduling.views import city_conversation as talk

app_name = "city"
urlpatterns = [
    path("", city.CityHome.as_view(), name="home"),
    path("conversations/", talk.CityConversations.as_view(), name="conversations"),
    path("conversations/<int:pk>/", talk.CityTalk.as_view(), name="conversation"),
    path("conversations/<int:pk>/write/", talk.CityWrite.as_view(), name="conversation-write"),
    path("conversations/<int:pk>/read/", talk.CityMarkRead.as_view(), name="conversation-read"),
    path("conversations/<int:pk>/leave/", talk.CityLeave.as_view(), name="conversation-leave"),
    path(
        "conversations/<int:pk>/files/<int:file>/",
        talk.CityEnclosed.as_view(),
        name="conversation-file",
    ),
    path("statements/", city_statements.CityStatements.as_view(), name="statement-list"),
    path("statements/<int:pk>/", city_statements.CityStatement.as_view(), name="statement"),
    path(
        "statements/<int:pk>/export/",
        city_statements.CityStatementExport.as_view(),
        name="statement-export",
    ),
    path("disputes/<int:pk>/", city_statements.CityDispute.as_view(), name="dispute"),
    path(
        "disputes/<int:pk>/decide/", city_statements.CityDecision.as_view(), name="dispute-decide"
    ),
]
