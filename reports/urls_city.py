"""Addresses of the city's own pages."""

from django.urls import path

from reports.urls_files import FILES_OF_CITY
from reports.views import (
    all_figures,
    balances,
    city,
    city_demand,
    city_figures,
    city_lots,
    city_open,
    city_statements,
    crises,
    crisis_acts,
    equity,
    expiry,
    method,
    privacy,
    quality,
    register,
    scorecard,
    staff_hours,
    uses,
)
from scheduling.views import city_conversation as talk
from scheduling.views import city_late, city_rounds

app_name = "city"
urlpatterns = [
    *FILES_OF_CITY,
    path("", city.CityHome.as_view(), name="home"),
    path("bookings/", city_open.CityBookings.as_view(), name="bookings"),
    path("needs/", city_open.CityNeeds.as_view(), name="open-needs"),
    path("method/", method.CityMethod.as_view(), name="method"),
    path("figures/", city_figures.CityFiguresPage.as_view(), name="figures"),
    path("figures/all/", all_figures.CityAllFigures.as_view(), name="all-figures"),
    path("figures/requests/", uses.CityUses.as_view(), name="uses"),
    path("figures/equipment/", register.CityRegister.as_view(), name="register"),
    path("figures/expiry/", expiry.CityExpiry.as_view(), name="expiry"),
    path("figures/expiry/lots/", city_lots.CityLots.as_view(), name="lots-at-risk"),
    path("figures/quality/", quality.CityQuality.as_view(), name="quality"),
    path("figures/staff/", staff_hours.CityStaff.as_view(), name="staff-figures"),
    path("figures/privacy/", privacy.CityPrivacy.as_view(), name="privacy"),
    path("figures/equity/", equity.EquityPage.as_view(), name="equity"),
    path("figures/<int:pk>/", scorecard.CityScorecard.as_view(), name="scorecard"),
    path(
        "figures/<int:pk>/all/",
        all_figures.CityAllFigures.as_view(),
        name="all-figures-of",
    ),
    path("late/", city_late.LateAnswers.as_view(), name="late"),
    path("late/<int:pk>/remind/", city_late.RemindOfLate.as_view(), name="late-remind"),
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
    path("demand/", city_demand.CityDemand.as_view(), name="demand"),
    path("demand/export/", city_demand.CityDemandExport.as_view(), name="demand-export"),
    path("statements/", city_statements.CityStatements.as_view(), name="statement-list"),
    path("statements/balances/", balances.CityBalances.as_view(), name="balances-export"),
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
    path("crises/", crises.Crises.as_view(), name="crises"),
    path("crises/declare/", crisis_acts.Declare.as_view(), name="crisis-declare"),
    path("crises/<int:pk>/", crises.CrisisPage.as_view(), name="crisis"),
    path("crises/<int:pk>/export/", crises.CrisisExport.as_view(), name="crisis-export"),
    path("crises/<int:pk>/extend/", crisis_acts.Extend.as_view(), name="crisis-extend"),
    path("crises/<int:pk>/end/", crisis_acts.End.as_view(), name="crisis-end"),
    path(
        "crises/<int:pk>/requests/<int:asked>/",
        crisis_acts.ApproveInOwnersPlace.as_view(),
        name="crisis-request",
    ),
    path("rounds/", city_rounds.Rounds.as_view(), name="rounds"),
    path("rounds/new/", city_rounds.OrderRound.as_view(), name="round-order"),
    path("rounds/<int:pk>/", city_rounds.Round.as_view(), name="round"),
    path("rounds/<int:pk>/unmet/", city_rounds.UnmetNeeds.as_view(), name="round-unmet"),
    path("rounds/<int:pk>/try/<int:line>/", city_rounds.TryOut.as_view(), name="round-try"),
    path("rounds/<int:pk>/stop/", city_rounds.StopRound.as_view(), name="round-stop"),
    path("rounds/<int:pk>/keep/", city_rounds.KeepRound.as_view(), name="round-keep"),
    path("rounds/<int:pk>/publish/", city_rounds.PublishRound.as_view(), name="round-publish"),
    path("rounds/<int:pk>/<int:line>/pin/", city_rounds.PinProposal.as_view(), name="proposal-pin"),
    path(
        "rounds/<int:pk>/<int:line>/strike/",
        city_rounds.StrikeProposal.as_view(),
        name="proposal-strike",
    ),
    path(
        "rounds/<int:pk>/<int:line>/restore/",
        city_rounds.RestoreProposal.as_view(),
        name="proposal-restore",
    ),
]
