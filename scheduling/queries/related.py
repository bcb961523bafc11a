"""What is read together with a resource, so that the rules of its kind need no further look."""

from resources.kinds import kinds as catalogue_kinds
from scheduling.kinds import Claim, kinds

COMMON = ("institution", "site", "category")


def related_for_rules(kind: str, prefix: str = "") -> tuple[str, ...]:
    """Paths from Resource (or through ``prefix``) for ``select_related``: one kind's."""
    paths = (*COMMON, *_own(kind))
    return tuple(f"{prefix}{path}" for path in paths)


def related_of_any(prefix: str = "") -> tuple[str, ...]:
    """The same for rows of any kind; the details of kinds that claim no time are their own
    affair (``WorkflowKind.judge``)."""
    timed = [kind.code for kind in kinds if kind.claim is Claim.TIME]
    paths = (*COMMON, *(path for code in timed for path in _own(code)))
    return tuple(f"{prefix}{path}" for path in paths)


def _own(kind: str) -> tuple[str, ...]:
    detail = catalogue_kinds[kind].detail
    return (*((detail,) if detail else ()), *kinds[kind].rule_related)
