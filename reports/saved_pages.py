"""Which pages of the reports can be kept, and what of their addresses: asked when one is kept and
each time that one is opened, because what is stored may be old or tampered with."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from reports.views.demand import DemandFile, DemandPage
from reports.views.figures import FiguresPage
from reports.views.kept_list import KeptList
from reports.views.report_files import ReportFile
from reports.views.uses import UsesPage

LONGEST, MOST_FIELDS = 400, 30
PAGES, FILES = (FiguresPage, UsesPage, DemandPage, KeptList), (ReportFile, DemandFile)
FURTHER = {"sort", "level", "category"}  # of a page, beside its filters


class NoSuchPage(Refusal):
    message = _("This page of the reports does not exist any more, or cannot be kept.")
    status = 410


class Tampered(Refusal):
    message = _("What was kept of this page is not an address of it: it may be old or damaged.")
    status = 409


class FiltersWrong(Refusal):
    message = _("The filters of this page do not hold: open it, mend them, and keep it then.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What of an address is stored."""

    page: str
    about: int | None
    query: str


def kept_of(address: str, slug: str | None) -> Kept:
    """Of a page at the institution with this slug, or of the city.  Raises NoSuchPage, Tampered."""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (Resolver404, ValueError) as error:
        raise NoSuchPage from error
    if parts.scheme or parts.netloc:
        raise NoSuchPage  # of another site
    view = _view_of(match)
    if match.kwargs.get("institution") != slug or set(match.kwargs) - {"institution", "pk"}:
        raise NoSuchPage
    return Kept(page=match.view_name, about=match.kwargs.get("pk"), query=_known(view, parts.query))


def address_of(report) -> str:
    """Where a saved report leads.  Raises NoSuchPage, Tampered."""
    slug = report.institution.slug if report.institution else None
    kwargs = {"institution": slug} if slug else {}
    if report.about is not None:
        kwargs["pk"] = report.about
    try:
        path = reverse(report.page, kwargs=kwargs)
    except NoReverseMatch as error:
        raise NoSuchPage from error
    kept = kept_of(f"{path}?{report.query}", slug)
    if kept.query != report.query:
        raise Tampered
    return f"{path}?{report.query}" if report.query else path


def _view_of(match: ResolverMatch):
    view = getattr(match.func, "view_class", None)
    if view is None or not issubclass(view, PAGES) or issubclass(view, FILES):
        raise NoSuchPage
    return view


def _known(view, query: str) -> str:
    """The query if the page knows all of it.  Raises Tampered."""
    if len(query) > LONGEST:
        raise Tampered
    try:
        found = dict(parse_qsl(query, max_num_fields=MOST_FIELDS))
    except ValueError as error:  # too many fields
        raise Tampered from error
    known = set(_names(view)) | FURTHER
    shown = {name: value for name, value in found.items() if name != "page"}
    if set(shown) - known or any(not value.isprintable() for value in shown.values()):
        raise Tampered
    return urlencode(shown)


def _names(view):
    if issubclass(view, FiguresPage):
        return view.form_class.base_fields
    if issubclass(view, DemandPage | KeptList):
        return view.filterset_class.base_filters
    return [*view.filterset_class.base_filters, *FiguresPage.form_class.base_fields]
