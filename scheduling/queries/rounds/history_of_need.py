"""What became of one need in the rounds that looked at it, as its hospital may read it."""

from django.db.models import Exists, OuterRef

from scheduling.models import Need, Proposal, UnmetNeed


def left_by_last_round(need: Need) -> UnmetNeed | None:
    """Its row in the last round that left it unserved, or a part of it: of the hospital's own
    rounds and of those that were published; None where a later one proposed something.
    One statement."""
    later = Proposal.objects.concerning(need.institution).filter(
        need=OuterRef("need"), run__gt=OuterRef("run")
    )
    rows = UnmetNeed.objects.told(need.institution).filter(need=need)
    rows = rows.select_related("run__institution", "run__consortium", "need", "institution")
    row = rows.annotate(answered=Exists(later)).order_by("-run", "-pk").first()
    return row if row is not None and not row.answered else None
