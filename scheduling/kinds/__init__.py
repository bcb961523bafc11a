"""What the workflow needs to know of each kind: what it claims, its rules, words and pages."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise

from medshare_portal.registry import Registry
from medshare_portal.roles import Permission
from scheduling.costs import used_hours
from scheduling.side_words import OF_A_LOAN, SideWords
from scheduling.states import Side
from scheduling.step_words import STEPS
from scheduling.workflow import CHANGES, TRANSITIONS, Transition

kinds: Registry["WorkflowKind"] = Registry("workflow kind")
OF_INFORMATION = {"resubmit"}  # steps that a kind has only when it names them
OF_DEVICES = {"report_fault"}
USUAL_STEPS = frozenset(TRANSITIONS) - OF_INFORMATION
USUAL_CHANGES = frozenset(change.name for change in CHANGES) - OF_DEVICES


class Claim(Enum):
    """What a request takes of its resource."""

    TIME = "time"  # starts_at to ends_at, buffers beside it; on one unit no two overlap
    QUANTITY = "quantity"  # so many packs or looks; the kind's own ledger says how many are left


@dataclass(frozen=True, kw_only=True)
class SignOffPart:
    """A further consent that a step waits for: whose it is, and when it is needed.

    ``needed`` looks at the request; ``permission`` is held on ``side`` (None: only the named
    person may sign).
    """

    code: str
    label: Promise
    side: Side
    before: str  # the transition that waits for it
    permission: Permission | None = None
    page: str = ""  # url name of the page on which it is given; in its address if it is of several
    page_of_several: bool = False
    series_page: str = ""  # url name of the page on which it is given to all dates of a series
    needed: Callable = lambda sharing_request: True


@dataclass(frozen=True, kw_only=True)
class WorkflowKind:
    """A kind as the workflow sees it.

    ``rules`` and ``handover_rules`` are functions ``(RuleContext) -> Iterable[Finding]``;
    ``state_labels`` and ``step_labels`` replace the spine's words where the kind has its own;
    ``rule_related`` are the relations from Resource that the rules follow, ``rule_reads`` the
    columns there that they read (all, where none are named);
    ``checklists`` gives the items per stage: ``{stage: [(code, label), …]}``.
    """

    code: str
    claim: Claim = Claim.TIME
    rules: tuple[Callable, ...] = ()
    handover_rules: tuple[Callable, ...] = ()
    rule_related: tuple[str, ...] = ()
    rule_reads: tuple[str, ...] = ()
    topics: tuple[tuple[Promise, Collection[str]], ...] = ()  # of its rules: words, their codes
    finding_words: Mapping[str, Promise] = field(default_factory=dict)  # code: in a few words
    rule_facts: Callable | None = None  # ([Wish], now) -> [facts], each in RuleContext.own
    checklists: dict[str, list[tuple[str, Promise]]] = field(default_factory=dict)

    steps: frozenset[str] = USUAL_STEPS  # transitions that the kind has
    # Who makes a step and with what right, where that is not as the workflow's table says.
    makers: Mapping[str, Mapping[Side, Permission]] = field(default_factory=dict)
    changes: frozenset[str] = USUAL_CHANGES  # changes of time that it has
    sign_offs: tuple[SignOffPart, ...] = ()
    by_code: tuple[str, ...] = ("hand_over", "return", "close")  # to which a scanned code may lead
    state_labels: Mapping[str, Promise] = field(default_factory=dict)
    step_labels: Mapping[str, Promise] = field(default_factory=dict)  # by transition or change
    logged: Mapping[str, Promise] = field(default_factory=dict)  # steps once they have happened
    progress: Mapping[str, Promise] = field(default_factory=dict)  # states on the way, in short
    reasons: Mapping[str, Promise] = field(default_factory=dict)  # coded reasons, in its own words
    sides: SideWords = OF_A_LOAN
    notices: Mapping[str, str | None] = field(default_factory=dict)  # step: own notice, or none

    path: str = ""  # of the kind's own pages below /at/<slug>/, such as "medicines"
    urls: str = ""  # dotted module with their urlpatterns
    pages: Mapping[str, str] = field(default_factory=dict)  # step, change or note: url name
    find_page: str = "find"  # url name (namespace scheduling) of its search
    place_page: str = ""  # of its own that takes a place of the wait-list; the common one if none
    # (sharing_request, starts_at, ends_at) -> address of its own search, filled in for that time;
    # without one the search for devices ranks what can be had instead
    search_instead: Callable | None = None
    # (sharing_request, suitable): address of its own page that asks for another resource instead
    ask_instead: Callable | None = None
    detail_template: str = ""  # partial on the request's page; gets sharing_request and facts
    facts: Callable | None = None  # (sharing_request, institution) -> context of that partial
    extent: Callable | None = None  # (sharing_request) -> words: "3 packs of 10"; times if none

    handover_form: str = "scheduling.forms.handovers.HandoverForm"
    handover_template: str = ""  # partial with the form's own fields; gets form, sharing_request
    note_lines: tuple = ()  # what the form asks beside the checks, as the printed note names it
    record_template: str = ""  # partial that shows them once recorded; gets stage

    # (resource, borrower, terms, by, now): sends what a line of a basket asks; requests.ask if none
    ask: Callable | None = None
    # Rules that say that somebody else has it then: waiting for that time can help.
    taken_codes: frozenset[str] = frozenset({"GEN-03", "EQ-13"})
    asked_in_line: Callable | None = None  # (entry): what whoever waits asks beside time and units
    item_form: str = "scheduling.forms.basket.OfTimes"  # reads such a line

    in_rounds: str = ""  # dotted path of its RoundKind; without one the matcher leaves it out

    used_at_delivery: bool = False  # its time is by the clock of the site that it is asked to
    # (sharing_request, starts_at, ends_at, beside, accepted) -> terms of ``ask`` for other hours of
    # a date of a series; with it every such date is asked for anew, of the others only those that
    # need more than they were given
    terms_again: Callable | None = None

    # ([sharing_request], now, reader=institution or None) -> [Findings]; the rules if none
    judge: Callable | None = None
    check_hours: Callable | None = None  # () -> working hours to check what came back
    on_moved: Callable | None = None  # (sharing_request, stage, handover, by, now): what it does
    on_fault: Callable | None = None  # (sharing_request, what, by, now): a fault shows in use
    on_step: Callable | None = None  # (sharing_request, transition, by, now): in its transaction
    # (sharing_request, by, now, text, accepted): the owner's yes where it is one consent of several
    on_approve: Callable | None = None
    # (sharing_request, by, now, text, accepted): approves all that was asked, where that is not of
    # times; without one such a kind is decided on its own page only
    approve_whole: Callable | None = None
    on_signed: Callable | None = None  # (sharing_request, sign_off, by, now): after a sign-off
    # (sharing_request, reason, by, now) -> columns, {code: reason}: what the city's approval of an
    # emergency changes and passes, where that is not as for times (``city_decides``)
    city_agrees: Callable | None = None

    # (closed sharing_request) -> Charge, by the kind's own measure; None: its record is missing
    charge: Callable = used_hours
    charge_related: tuple[str, ...] = ()  # relations of the request that it follows
    # (ended sharing_request) -> Goods, of what is counted and not used for a time
    goods: Callable | None = None
    goods_related: tuple[str, ...] = ()

    def right_to(self, transition: Transition, side: Side) -> Permission | None:
        """What a person of this side needs for a step; None where the step is not this side's."""
        if transition.name not in self.steps or side not in transition.sides:
            return None
        makers = self.makers.get(transition.name)
        return transition.permission if makers is None else makers.get(side)

    @property
    def city_decides(self) -> bool:
        """Whether the city may approve an emergency of this kind, in a crisis that lets it."""
        how = self.claim is Claim.TIME or self.city_agrees is not None
        return how and "approve_by_city" in self.steps

    def where(self, sharing_request):
        """The site by whose clock its time is: where it is used, or where it is collected."""
        there = sharing_request.delivery_site if self.used_at_delivery else None
        return there or sharing_request.resource.site

    def reason_choices(self, reasons: type[TextChoices]) -> list[tuple[str, Promise | str]]:
        """The coded reasons of a form, in the kind's words where it has some."""
        return [(code, self.reasons.get(code, label)) for code, label in reasons.choices]


def zone_of(sharing_request) -> str:
    """The clock by which its times are said: that of the site at which it is used."""
    return kinds[sharing_request.kind].where(sharing_request).time_zone


def register(kind: WorkflowKind) -> WorkflowKind:
    """Put a kind into the table, and its own steps among the words of the history."""
    STEPS.update({step: words for step, words in kind.logged.items() if step not in STEPS})
    return kinds.add(kind.code, kind)


def load_kinds() -> None:
    """Import the modules of ``settings.SHARING_KINDS``; each registers itself.

    A plain name is one of ours; a dotted one is a package from elsewhere with a ``workflow``.
    """
    for name in settings.SHARING_KINDS:
        import_module(f"{name}.workflow" if "." in name else f"scheduling.kinds.{name}")
    kinds.arrange(settings.SHARING_KINDS)
