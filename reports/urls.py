"""Addresses of the home page and reports below /at/<slug>/."""

from django.urls import path

from reports.urls_files import FILES
from reports.views import (
    ahead,
    all_figures,
    answers,
    balances,
    crisis_here,
    demand,
    device_hours,
    disputes,
    expiry,
    home,
    method,
    own_use,
    privacy,
    quality,
    register,
    scorecard,
    staff_hours,
    statements,
    uses,
)

app_name = "reports"
urlpatterns = [
    *FILES,
    path("", home.Home.as_view(), name="home"),
    path("crises/<int:pk>/", crisis_here.CrisisOfInstitution.as_view(), name="crisis"),
    path("demand/", demand.OwnDemand.as_view(), name="demand"),
    path("demand/export/", demand.OwnDemandExport.as_view(), name="demand-export"),
    path("method/", method.Method.as_view(), name="method"),
    path("figures/", scorecard.OwnScorecard.as_view(), name="scorecard"),
    path("figures/all/", all_figures.OwnAllFigures.as_view(), name="all-figures"),
    path("figures/answers/", answers.OwnAnswers.as_view(), name="answers"),
    path("figures/requests/", uses.OwnUses.as_view(), name="uses"),
    path("figures/equipment/", register.OwnRegister.as_view(), name="register"),
    path("figures/equipment/hours/", device_hours.OwnDeviceHours.as_view(), name="device-hours"),
    path("figures/expiry/", expiry.OwnExpiry.as_view(), name="expiry"),
    path("figures/quality/", quality.OwnQuality.as_view(), name="quality"),
    path("figures/staff/", staff_hours.OwnStaff.as_view(), name="staff-figures"),
    path("figures/privacy/", privacy.OwnPrivacy.as_view(), name="privacy"),
    path("own-use/", own_use.OwnUse.as_view(), name="own-use"),
    path("stock-ahead/", ahead.StockAheadPage.as_view(), name="stock-ahead"),
    path("shifts-ahead/", ahead.ShiftsAhead.as_view(), name="shifts-ahead"),
    path("statements/", statements.StatementList.as_view(), name="statement-list"),
    path("statements/running/", balances.RunningMonth.as_view(), name="running-month"),
    path("statements/balances/", balances.OwnBalances.as_view(), name="balances-export"),
    path("statements/<int:pk>/", statements.StatementPage.as_view(), name="statement"),
    path(
        "statements/<int:pk>/accept/", statements.StatementAccept.as_view(), name="statement-accept"
    ),
    path(
        "statements/<int:pk>/export/", statements.StatementExport.as_view(), name="statement-export"
    ),
    path(
        "statements/lines/<int:pk>/dispute/", disputes.LineDisputed.as_view(), name="line-dispute"
    ),
    path("disputes/<int:pk>/", disputes.DisputePage.as_view(), name="dispute"),
    path("disputes/<int:pk>/answer/", disputes.DisputeAnswer.as_view(), name="dispute-answer"),
    path(
        "disputes/<int:pk>/withdraw/", disputes.DisputeWithdraw.as_view(), name="dispute-withdraw"
    ),
    path("disputes/<int:pk>/city/", disputes.DisputeAskCity.as_view(), name="dispute-ask-city"),
]
