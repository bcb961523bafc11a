"""A hospital's matching rounds over its own needs."""

from scheduling.views import round_steps, round_trial, rounds
from scheduling.views.rounds import OfHospital


class Rounds(OfHospital, rounds.Rounds):
    pass


class OrderRound(OfHospital, rounds.OrderRound):
    pass


class Round(OfHospital, rounds.Round):
    pass


class UnmetNeeds(OfHospital, rounds.UnmetNeeds):
    pass


class TryOut(OfHospital, round_trial.TryOut):
    pass


class StopRound(OfHospital, round_steps.StopRound):
    pass


class KeepRound(OfHospital, round_steps.KeepRound):
    pass


class PublishRound(OfHospital, round_steps.PublishRound):
    pass


class PinProposal(OfHospital, round_steps.PinProposal):
    pass


class StrikeProposal(OfHospital, round_steps.StrikeProposal):
    pass


class RestoreProposal(OfHospital, round_steps.RestoreProposal):
    pass
