"""Matching rounds of the city."""

from scheduling.views import round_steps, round_trial, rounds
from scheduling.views.rounds import OfCity


class Rounds(OfCity, rounds.Rounds):
    pass


class OrderRound(OfCity, rounds.OrderRound):
    pass


class Round(OfCity, rounds.Round):
    pass


class UnmetNeeds(OfCity, rounds.UnmetNeeds):
    pass


class TryOut(OfCity, round_trial.TryOut):
    pass


class StopRound(OfCity, round_steps.StopRound):
    pass


class KeepRound(OfCity, round_steps.KeepRound):
    pass


class PublishRound(OfCity, round_steps.PublishRound):
    pass


class PinProposal(OfCity, round_steps.PinProposal):
    pass


class StrikeProposal(OfCity, round_steps.StrikeProposal):
    pass


class RestoreProposal(OfCity, round_steps.RestoreProposal):
    pass
