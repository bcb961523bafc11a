"""What the workflow needs to know of each kind: rules, words for the states, checklist."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from django.conf import settings
from django.utils.functional import Promise

from medshare_portal.registry import Registry

kinds: Registry["WorkflowKind"] = Registry("workflow kind")


@dataclass(frozen=True, kw_only=True)
class WorkflowKind:
    """A kind as the workflow sees it.

    ``rules`` and ``handover_rules`` are functions ``(RuleContext) -> Iterable[Finding]``;
    ``state_labels`` replaces the spine's words where the kind has its own;
    ``rule_related`` are the relations from Resource that the rules follow, ``rule_reads`` the
    columns there that they read (all, where none are named);
    ``checklists`` gives the items per stage: ``{stage: [(code, label), …]}``.
    """

    code: str
    rules: tuple[Callable, ...]
    handover_rules: tuple[Callable, ...] = ()
    rule_related: tuple[str, ...] = ()
    rule_reads: tuple[str, ...] = ()
    state_labels: dict[str, Promise] = field(default_factory=dict)
    checklists: dict[str, list[tuple[str, Promise]]] = field(default_factory=dict)
    on_moved: Callable | None = None  # (sharing_request, stage, handover, by, now): what it does
    on_fault: Callable | None = None  # (sharing_request, what, by, now): a fault shows in use


def load_kinds() -> None:
    """Import the modules named in ``settings.SHARING_KINDS``; each registers itself."""
    for name in settings.SHARING_KINDS:
        import_module(f"scheduling.kinds.{name}")
