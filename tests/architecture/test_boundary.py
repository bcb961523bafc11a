"""At the boundary every query starts with a scope, every view names its permission."""

import ast
import re

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, get_resolver

from medshare_portal.roles import Permission
from medshare_portal.tenancy import ScopeGuard
from tests.architecture.source import ROOT, sources

VERBS = {
    "owned_by", "visible_to", "concerning", "borrowed_by", "drafts_of", "open_to", "writable_by",
    "directory", "of_user", "of_visible", "addressed_to", "in_city_view", "for_city", "for_round",
    "of_worker", "of", "none", "everywhere",
}  # fmt: skip

# Files that may open the unscoped door, each with its reason.
MAY_GO_EVERYWHERE = {
    "medshare_portal/actions/roles.py": "makes the role groups of every institution",
    "medshare_portal/audit.py": "verifies the chains of all institutions",
    "medshare_portal/tenancy.py": "is the door",
    "scheduling/kinds/information/actions/ending.py": "the system's own moves",
    "scheduling/kinds/information/actions/glass.py": "the system's own moves",
    "scheduling/kinds/information/queries/facts.py": "rules look at requests found by a scope",
    "reports/actions/report_mails.py": "queues the saved reports of all people",
    "reports/notices.py": "asks whether a statement or a dispute still waits",
    "reports/settlement/actions/adjusting.py": "the next statement of the same two sides",
    "reports/settlement/actions/closing.py": "re-reads under lock; the system's own moves",
    "reports/settlement/charging.py": "only whether a share stands on a line comes out",
    "reports/settlement/actions/drafting.py": "the settlement of the whole city",
    "scheduling/actions/rounds/answering.py": "a proposal follows the request that it became",
    "scheduling/queries/rounds/problem.py": "the matcher looks at every need and offer of a round",
    "scheduling/queries/rounds/draft.py": "to whom an offer is addressed; only pairs come out",
    "scheduling/queries/rounds/one_need.py": "proposals that wait take their time",
    "scheduling/queries/rounds/wanted.py": "proposals for a need of the reader; keys only",
    "scheduling/queries/rounds/history.py": "weighted sums per institution for fairness",
    "scheduling/queries/rounds/current.py": "whether anything changed since; a number and yes or no",
    "scheduling/queries/rounds/declined.py": "pairs that were declined, for the matcher; keys only",
    "scheduling/actions/rounds/publishing.py": "locks the needs of the round that is published",
    "scheduling/kinds/equipment/in_rounds.py": "who can operate what; only pairs come out",
    "scheduling/kinds/medicine/queries/in_rounds.py": "packs that are free; only their number",
    "scheduling/kinds/medicine/queries/use_limits.py": "own use and stock; only packs come out",
    "scheduling/kinds/staff/queries/in_rounds.py": "rest is kept to every shift of a person",
    "scheduling/actions/_lock.py": "re-reads a row that the caller holds, under lock",
    "scheduling/actions/_move.py": "compare-and-set on a row that the caller holds",
    "scheduling/actions/_basket.py": "re-reads the basket of a row that the caller holds, under lock",
    "scheduling/actions/basket_outcome.py": "the items of one basket, whoever owns them",
    "scheduling/actions/clocks.py": "the system's own reminders",
    "scheduling/queries/for_the_city.py": "emergencies that the city may decide in a crisis",
    "scheduling/city_notices.py": "whether an emergency still waits when its notice is sent",
    "scheduling/actions/decisions.py": "competitors of a request of the same owner",
    "scheduling/actions/lapses.py": "the system's own moves",
    "scheduling/actions/outages.py": "both sides of a device's bookings are told",
    "scheduling/actions/overdue.py": "the system's own moves",
    "reports/actions/usage.py": "facts of use are the city's, written by the system",
    "reports/actions/counting.py": "the numbers of days of every institution",
    "reports/actions/stored.py": "rows that counting gives by their keys",
    "reports/actions/summing.py": "the sums of days of every institution",
    "reports/actions/verifying.py": "the numbers of days of every institution",
    "reports/queries/day_sources.py": "only sums per institution come out",
    "resources/kinds/medicine/queries/at_risk_of_city.py": "sums per institution, no lot",
    "reports/queries/looks.py": "sums of looks per day and rule, no look",
    "reports/queries/register.py": "of devices that a scope found; a moment per device comes out",
    "reports/queries/day_looks.py": "only sums per institution come out",
    "reports/queries/day_stock.py": "only sums per institution come out",
    "reports/queries/kpis/people.py": "how many people, not who they are",
    "reports/actions/people_days.py": "how many people stand behind figures, not who they are",
    "reports/actions/unmet_days.py": "why demands were not met, counted of every institution",
    "reports/actions/waits.py": "the waits of the city, with no institution in them",
    "reports/queries/usage_fact.py": "the first moment of all; no row comes out",
    "reports/actions/demand.py": "facts of demand are the city's, written by the system",
    "scheduling/actions/freed_time.py": "the line is the system's; a mark is left, nobody is named",
    "scheduling/actions/needs_alone.py": "the system's own moves of needs",
    "scheduling/queries/need_matching.py": "who could serve a need is told of it, about its own",
    "scheduling/actions/promises.py": "the system's own moves along the line",
    "scheduling/actions/places_gone.py": "the system takes back what it can no longer promise",
    "scheduling/queries/waiting_line.py": "a place in the line comes out, nobody's name",
    "scheduling/actions/last_calls.py": "the system's own moves",
    "scheduling/actions/series_use.py": "the system's own moves",
    "scheduling/series_told.py": "asks whether a question still waits",
    "scheduling/actions/deputies.py": "deputies of all institutions are told",
    "scheduling/notices_deputies.py": "asks whether an absence still runs",
    "scheduling/notices_together.py": "a notice that was just queued names a further date",
    "scheduling/basket_notices.py": "a notice that was just queued names the basket",
    "scheduling/notices_passing.py": "asks whether a step is still due",
    "scheduling/notice_table.py": "asks whether a request still waits",
    "scheduling/queries/handover_facts.py": "the record of a loan, and whom a handover displaces",
    "scheduling/queries/outages.py": "both sides of a device's bookings are told",
    "scheduling/kinds/staff/actions/mailing.py": "mails the letters of all people",
    "scheduling/kinds/staff/actions/recheck.py": "the system's own moves",
    "scheduling/kinds/staff/queries/candidates.py": "only whether a visible person is offered",
    "scheduling/kinds/staff/queries/facts.py": "rules look at every shift; findings come out",
    "scheduling/kinds/staff/queries/papers.py": "rules look at every paper; findings come out",
    "scheduling/kinds/staff/queries/person.py": "a person's own shifts, by link or account",
    "scheduling/queries/rule_facts.py": "rules look at every booking; only times come out",
    "resources/actions/equipment_use.py": "the device's record follows a signed handover",
    "medshare_portal/crisis_notices.py": "a crisis is told to all whom it reaches",
    "medshare_portal/mailing.py": "mails the outbox of all people",
    "medshare_portal/registry_import/institutions.py": "the registry is the city's",
    "medshare_portal/registry_import/site_hours.py": "the registry is the city's",
    "medshare_portal/registry_import/people.py": "the registry is the city's",
    "medshare_portal/registry_import/rows.py": "unique numbers are unique in the whole city",
    "resources/registry_import.py": "the registry is the city's",
    "resources/actions/_audience.py": "the audience of an offer is other institutions",
    "resources/actions/offers.py": "the system's own moves",
    "resources/kinds/medicine/actions/states.py": "a recall holds in the whole city",
    "resources/kinds/medicine/queries/at_risk.py": "counts institutions, names none",
    "resources/jobs.py": "the system's own moves",
    "resources/management/commands/rebuild_search.py": "indexes every institution's resources",
    "resources/occupancy.py": "only times come out",
    "resources/queries/catalogue.py": "only times and terms of visible resources come out",
    "resources/queries/finding.py": "keys only, of which the visible ones are picked",
    "scheduling/kinds/medicine/actions/deciding.py": "late transfers, whoever made them",
    "scheduling/kinds/medicine/actions/stopping.py": "every request that holds a stopped lot",
    "scheduling/kinds/medicine/queries/facts.py": "rules weigh both sides; numbers come out",
    "scheduling/occupancy.py": "only times come out",
    "scheduling/queries/at_risk.py": "who has a device now decides over the next booking",
    "scheduling/queries/availability.py": "only times come out",
    "scheduling/queries/free_facts.py": "only times and terms of visible resources come out",
    "scheduling/queries/surroundings.py": "only times come out",
}

# Models that are no tenant's, each with the reason.
SHARED_MODELS = {
    "Assumption": "what the figures of the city assume, stated beside them",
    "AuditChain": "one row per chain, names and hashes only",
    "Category": "the city's classification",
    "Code": "public code lists",
    "CodeMapping": "the city's classification",
    "CodeSystem": "public code lists",
    "Competency": "the city's list of skills",
    "Crisis": "what the city declares is public to all who take part",
    "CrisisAct": "what the city declares is public to all who take part",
    "CrisisCategory": "what the city declares is public to all who take part",
    "CrisisReach": "what the city declares is public to all who take part",
    "CrisisRelaxation": "what the city declares is public to all who take part",
    "Consortium": "who belongs together is public",
    "ConsortiumMembership": "who belongs together is public",
    "JobRun": "the portal's own jobs",
    "NotificationPreference": "a person's own, always reached from the person",
    "RecallNotice": "a recall holds in the whole city",
    "RateCount": "a person's own, always with the user",
    "RoleAssignment": "edited in the admin only",
    "SubmittedForm": "a person's own, always with the user",
    "User": "people; listed in the admin only",
}


def test_every_model_is_tenanted_or_listed_with_the_reason():
    own = [
        m
        for app in ("medshare_portal", "resources", "scheduling", "reports")
        for m in apps.get_app_config(app).get_models()
    ]
    open_models = {m.__name__ for m in own if not isinstance(m.objects.all().query, ScopeGuard)}
    assert open_models == set(SHARED_MODELS)


def test_the_unscoped_door_is_opened_only_in_listed_files():
    using = {
        source.name
        for source in sources()
        if source.app != "demo" and re.search(r"\.everywhere\(", source.text)
    }
    assert using - set(MAY_GO_EVERYWHERE) == set()
    assert set(MAY_GO_EVERYWHERE) - using - {"medshare_portal/tenancy.py"} == set()


def test_every_query_at_the_boundary_starts_with_a_scoping_verb():
    tenanted = {
        model.__name__
        for model in apps.get_models()
        if isinstance(getattr(model, "objects", None), models.Manager)
        and isinstance(model.objects.all().query, ScopeGuard)
    }
    offending = []
    for source in sources():
        if not source.is_boundary or source.app == "demo":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr == "objects":
                offending += _unscoped_use(source, node, tenanted)
    assert offending == []


def _unscoped_use(source, node, tenanted):
    model = node.value.id if isinstance(node.value, ast.Name) else ""
    if model not in tenanted:
        return []
    line = ast.get_source_segment(source.text, _statement_of(source.tree, node)) or ""
    after = re.search(rf"{model}\s*\.objects\s*\.\s*(\w+)", line)
    if after and after.group(1) in VERBS:
        return []
    return [f"{source.name}:{node.lineno} {model}.objects"]


def _statement_of(tree, node):
    best = tree
    for candidate in ast.walk(tree):
        if (
            isinstance(candidate, ast.stmt)
            and candidate.lineno <= node.lineno <= candidate.end_lineno
            and (best is tree or candidate.lineno >= best.lineno)
        ):
            best = candidate
    return best


@pytest.mark.parametrize(
    "pattern",
    [
        r"\.unscoped\b(?! = )",
        r"_base_manager",
        r"_default_manager",
        r"\.raw\(",
        r"\.extra\(",
        r"get_object_or_404\(\s*[A-Z]\w+,",
        r"fields = \"__all__\"",
        r"filter\(\*\*\s*(self\.)?request\.(GET|POST)",
        r"datetime\.now\(\)",
        r"except Exception:\s*\n\s*pass",
    ],
)
def test_side_doors_stay_shut(pattern):
    allowed = ("admin", "management")
    offending = [
        source.name
        for source in sources()
        if source.app != "demo"
        and not source.is_migration
        and not set(source.path.parts) & set(allowed)
        and re.search(pattern, source.text)
    ]
    assert offending == []


# Hand-built markup, each file with the reason; every text in it goes through ``escape``.
MAY_MARK_SAFE = {
    "medshare_portal/furniture.py": "a template's own text, with what fills its places escaped",
    "medshare_portal/navigation.py": "an attribute that is always the same",
    "scheduling/timeline/candidates.py": "a board of 50 rows is joined strings: quick",
    "scheduling/timeline/board.py": "a board of 50 rows is joined strings: quick",
    "scheduling/timeline/svg.py": "a board of 50 rows is joined strings: quick",
    "scheduling/views/labels.py": "a QR drawing made by segno from our own address",
    "medshare_portal/views/second_factor.py": "a QR drawing made by segno from our own address",
}


def test_markup_is_called_safe_only_in_listed_files():
    using = {source.name for source in sources() if re.search(r"mark_safe\(", source.text)}
    assert using == set(MAY_MARK_SAFE)


def test_csrf_is_waived_for_error_pages_only():
    waived = {source.name for source in sources() if "csrf_exempt" in source.text}
    assert waived <= {"medshare_portal/views/errors.py"}


def test_no_template_calls_something_safe_or_styles_inline():
    offending = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"\|\s*safe\b|<[^>]+\sstyle=|<script(?![^>]*\bsrc=)[^>]*>|\son\w+=\"", text):
            offending.append(path.relative_to(ROOT).as_posix())
    assert offending == []


def routes(patterns=None, prefix=""):
    """(route, callback) of every address below a prefix."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from routes(entry.url_patterns, route)


def test_every_view_of_an_institution_and_of_the_city_names_its_permission():
    nameless = [
        route
        for route, view in routes()
        if route.startswith(("at/", "city/"))
        and not isinstance(
            getattr(getattr(view, "view_class", view), "permission", None), Permission
        )
    ]
    assert nameless == []
