"""Addresses of matching rounds and their proposals below /at/<slug>/."""

from django.urls import path

from scheduling.views import own_rounds, proposals, proposals_batch

urlpatterns = [
    path("proposals/", proposals.Proposals.as_view(), name="proposals"),
    path("proposals/answer/", proposals_batch.AnswerProposals.as_view(), name="proposals-answer"),
    path("proposals/refuse/", proposals_batch.RefuseProposals.as_view(), name="proposals-refuse"),
    path("proposals/<int:pk>/accept/", proposals.AcceptProposal.as_view(), name="proposal-accept"),
    path(
        "proposals/<int:pk>/decline/", proposals.DeclineProposal.as_view(), name="proposal-decline"
    ),
    path("proposals/<int:pk>/refuse/", proposals.RefuseProposal.as_view(), name="proposal-refuse"),
    path("rounds/", own_rounds.Rounds.as_view(), name="rounds"),
    path("rounds/new/", own_rounds.OrderRound.as_view(), name="round-order"),
    path("rounds/<int:pk>/", own_rounds.Round.as_view(), name="round"),
    path("rounds/<int:pk>/unmet/", own_rounds.UnmetNeeds.as_view(), name="round-unmet"),
    path("rounds/<int:pk>/try/<int:line>/", own_rounds.TryOut.as_view(), name="round-try"),
    path("rounds/<int:pk>/stop/", own_rounds.StopRound.as_view(), name="round-stop"),
    path("rounds/<int:pk>/keep/", own_rounds.KeepRound.as_view(), name="round-keep"),
    path("rounds/<int:pk>/publish/", own_rounds.PublishRound.as_view(), name="round-publish"),
    path("rounds/<int:pk>/<int:line>/pin/", own_rounds.PinProposal.as_view(), name="proposal-pin"),
    path(
        "rounds/<int:pk>/<int:line>/strike/",
        own_rounds.StrikeProposal.as_view(),
        name="proposal-strike",
    ),
    path(
        "rounds/<int:pk>/<int:line>/restore/",
        own_rounds.RestoreProposal.as_view(),
        name="proposal-restore",
    ),
]
