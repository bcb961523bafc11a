"""A warning without a reason is said beside the one field that passes all warnings."""

from scheduling.actions._rules import ReasonMissing


class ReasonBesideItsField:
    """For pages whose form has the field ``reason``."""

    def refused(self, form, refusal):
        if isinstance(refusal, ReasonMissing):
            refusal.field = "reason"
        return super().refused(form, refusal)
