"""The matching rounds that a hospital runs, and its view of those that another member runs for a
consortium of both."""

from scheduling.views import round_steps, round_trial, rounds
from scheduling.views.rounds import OfHospital
from scheduling.views.shared_rounds import AlsoShared, ListsShared


class Rounds(ListsShared, OfHospital, rounds.Rounds):
    pass


class OrderRound(OfHospital, rounds.OrderRound):
    pass


class Round(AlsoShared, OfHospital, rounds.Round):
    """A member reads what the round of another says of it."""

    shared_template = "scheduling/rounds/shared.html"


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
