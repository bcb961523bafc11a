"""The two shapes of a page: a list that reads, and a form that leads into one action.

Every page below ``/at/<slug>/`` and ``/city/`` names its ``permission``; the middleware checks it
before the view runs.
"""

from urllib.parse import urlsplit

from django.db import OperationalError, transaction
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from medshare_portal import submissions
from medshare_portal.db.errors import is_busy, is_retryable
from medshare_portal.findings import Findings
from medshare_portal.middleware.institution import NotAllowed
from medshare_portal.refusals import Busy, Refusal
from medshare_portal.roles import Permission, permissions_of


class AtInstitution:
    """What every page of an institution has: the institution and one moment for all of it.

    A page about one thing says of what kind it is: the rights over that kind count there.
    """

    permission = None
    of_kind: str | None = None

    def dispatch(self, request, *args, **kwargs):
        viewing = self.permission == Permission.VIEW  # everybody's, whatever the kind
        if not viewing and self.of_kind is not None and not self.may(self.permission):
            raise NotAllowed(self.permission, self.institution, self.of_kind)
        if not viewing and self.of_kind is not None and request.membership is not None:
            request.user.deputy_for = request.membership.deputy_for(self.permission, self.of_kind)
        return super().dispatch(request, *args, **kwargs)

    @property
    def institution(self):
        return self.request.institution

    @cached_property
    def now(self):
        return timezone.now()

    def may(self, permission) -> bool:
        if self.of_kind is None:
            return permission in self.request.permissions
        return permission in permissions_of(self.request.roles, self.of_kind)

    def get_context_data(self, **kwargs):
        return super().get_context_data(now=self.now, **kwargs)


class Page(AtInstitution, TemplateView):
    """A page that only shows."""


class ListPage(AtInstitution, SingleTableMixin, FilterView):
    """A list: ``permission, table_class, filterset_class, get_queryset()``.

    A malformed filter shows its error and no rows (400); a page beyond the last is the last
    (404, ``middleware.page_numbers``).
    """

    template_name = "generic/list.html"
    title = ""
    paginate_by = 50
    strict = True

    def get_paginate_by(self, table_data):
        """Only the table pages; the list view below it would count and page a second time."""

    def get(self, request, *args, **kwargs):
        request.GET = self._known_sorts(self._without_page_size(request.GET))
        return super().get(request, *args, **kwargs)

    @staticmethod
    def _without_page_size(query):
        """How many rows a page has is ours to say: the table would obey any number."""
        if "per_page" in query:
            query = query.copy()
            del query["per_page"]
        return query

    def _known_sorts(self, query):
        """The query without sorts by columns that the table does not have."""
        columns = self.get_table_class().base_columns
        known = [name for name in query.getlist("sort") if name.removeprefix("-") in columns]
        if known != query.getlist("sort"):
            query = query.copy()
            query.setlist("sort", known)
        return query

    def get_table_pagination(self, table):
        return {"per_page": self.paginate_by, "silent": True}

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.title, **kwargs)

    def render_to_response(self, context, **kwargs):
        if self.filterset.is_bound and not self.filterset.is_valid():
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)


class ActionPage(AtInstitution, FormView):
    """A form that makes one call into an action: override ``perform`` and return where to go.

    A repeated submission (same ``idempotency_key``) gets the first one's answer.  A ``Refusal``
    becomes a message beside its field, with its status, and nothing is changed.
    """

    template_name = "generic/form.html"
    title = ""
    submit_label = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.title, submit_label=self.submit_label, **kwargs)

    def perform(self, form) -> str:
        """Call the action; returns the address of the result."""
        raise Refusal

    def form_invalid(self, form, status=422):
        """What was done is no longer there to be done: the second click of a double click is told
        what the first one was told."""
        if before := self._answered_before():
            return HttpResponseRedirect(before)
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def form_valid(self, form):
        try:
            return HttpResponseRedirect(self._perform_once(form))
        except Refusal as refusal:
            return self.refused(form, refusal)

    def refused(self, form, refusal: Refusal):
        """Show why not: beside the field, or above the form."""
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.message)
        form.findings = Findings(refusal.findings)
        return self.form_invalid(form, status=refusal.status)

    def _answered_before(self) -> str:
        sent = self.request.POST
        return submissions.answered(
            user=self.request.user,
            key=sent.get(submissions.FIELD, ""),
            digest=submissions.digest_of(self.request.path, sent),
        )

    def _perform_once(self, form) -> str:
        try:
            return self._in_transaction(form)
        except OperationalError as error:
            if is_retryable(error):
                return self._in_transaction(form)
            if is_busy(error):
                raise Busy from error
            raise

    def _in_transaction(self, form) -> str:
        with transaction.atomic():
            submission, new = submissions.claim(
                user=self.request.user,
                key=self.request.POST.get(submissions.FIELD, ""),
                digest=submissions.digest_of(self.request.path, self.request.POST),
                now=self.now,
            )
            if new:
                submissions.answer(submission, self.perform(form))
            return submission.result_url


def local_path(address: str, fallback: str) -> str:
    """``address`` when it stays on this site, else ``fallback`` (for ``next`` and Referer)."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # an unfinished IPv6 host
        return fallback
    safe = (
        address
        and not parts.scheme
        and not parts.netloc
        and address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and address.isprintable()
        and "\\" not in address
    )
    return address if safe else fallback
