"""The inbox: what waits for us by time left; rows open in place; batches, filters, pages."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission, rights_of
from medshare_portal.views.pages import Page
from scheduling.inbox_filter import InboxFilter, is_number, places_of
from scheduling.queries import inbox
from scheduling.queries.at_risk import all_at_risk
from scheduling.queries.inbox_keys import Key, bundled, waiting_keys
from scheduling.queries.opened import opened
from scheduling.queries.saved_filters import filters_of
from scheduling.queries.task import Task
from scheduling.queries.waiting import every_right, waiting_count
from scheduling.verdicts import verdict, verdict_of_dates
from scheduling.views.decisions import decision_context

TABS = {"waiting": _("Waiting for me"), "asked": _("Our requests"), "done": _("Done")}
ROWS = 30
SOON = 7200  # seconds
MOST_JUDGED = 500  # rows that a filter by verdict looks at: the most urgent ones


class Inbox(Page):
    """Three tabs; ``?open=<pk>`` opens a row, and htmx swaps just that row."""

    permission = Permission.VIEW
    template_name = "scheduling/inbox/inbox.html"

    def get(self, request, *args, **kwargs):
        """Without anything asked for: the reader's own filter, said in the address.

        What is one of several dates opens where all of them are answered.
        """
        if (series := self._series_of_open()) is not None and not request.htmx:
            return HttpResponseRedirect(
                reverse("scheduling:series", args=[self.institution.slug, series])
            )
        default = None if request.GET else next((row for row in self.saved if row.is_default), None)
        if default is not None:
            return HttpResponseRedirect(f"?{default.query}")
        return super().get(request, *args, **kwargs)

    def get_template_names(self):
        return ["scheduling/inbox/row_only.html"] if self._one_row_only else [self.template_name]

    @property
    def _one_row_only(self) -> bool:
        if not self.request.htmx:
            return False
        target = self.request.htmx.target or ""
        opening = self._number("open") is not None and target.startswith("row-")
        return opening or bool(self._number("row"))

    def _number(self, name: str) -> int | None:
        value = self.request.GET.get(name, "")
        return int(value) if is_number(value) else None

    def _series_of_open(self) -> int | None:
        number = self._number("open")
        if number is None or self.tab != "waiting":
            return None
        bundles = (each for each in self.bundles if len(each) > 1)
        return next((b[0].series_id for b in bundles if number in {key.pk for key in b}), None)

    @cached_property
    def tab(self) -> str:
        name = self.request.GET.get("tab", "waiting")
        return name if name in TABS else "waiting"

    @cached_property
    def saved(self) -> list:
        return filters_of(self.request.user, self.institution)

    @cached_property
    def keys(self) -> list[Key]:
        """All that waits for this person."""
        return waiting_keys(self.institution, rights_of(self.request.roles))

    @cached_property
    def bundles(self) -> list[list[Key]]:
        return bundled(self.keys)

    @cached_property
    def filter(self) -> InboxFilter:
        return InboxFilter(self.request.GET, request=self.request, keys=self.keys, now=self.now)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(tab=self.tab, query=self._query(), **kwargs)
        context["may_batch"] = Permission.DECIDE in self.request.permissions
        if self._one_row_only:
            return context | self._one_row()
        context |= self._counts()
        if self.tab == "waiting":
            return context | self._waiting()
        return context | self._requests()

    def render_to_response(self, context, **kwargs):
        filtered = context.get("filter")
        if filtered is not None and not filtered.form.is_valid():
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)

    def _query(self) -> str:
        """What rows and pages keep of the address, ending in "&"."""
        if self.tab != "waiting":
            return f"tab={self.tab}&"
        chosen = self.filter.chosen
        return f"{urlencode(chosen)}&" if chosen else ""

    def _counts(self) -> dict:
        everybody, own = waiting_count(self.institution, every_right()), self._own_count()
        counts = {
            "waiting": own,
            "asked": inbox.asked_by_us(self.institution).count(),
            "done": inbox.done_lately(self.institution, self.now).count(),
        }
        return {
            "counts": counts,
            "tabs": [
                {
                    "label": label,
                    "url": f"?tab={tab}",
                    "active": tab == self.tab,
                    "count": counts[tab],
                }
                for tab, label in TABS.items()
            ],
            "for_colleagues": everybody - own,
            "done_days": inbox.DONE_DAYS,
        }

    def _own_count(self) -> int:
        if self.tab == "waiting":
            return len(self.bundles)
        return waiting_count(self.institution, rights_of(self.request.roles))

    def _waiting(self) -> dict:
        page, bundles, cut = self._page()
        return {
            "filter": self.filter,
            "saved": self.saved,
            "rows": [_row(tasks) for tasks in bundles],
            "page": page,
            "shown": page.paginator.count,
            "cut": cut and MOST_JUDGED,
            "soon": sum((b[0].due_at - self.now).total_seconds() < SOON for b in self.bundles),
            "absent": self._absent(),
            "bookings_at_risk": all_at_risk(self.institution, now=self.now),
        } | self._open_context([tasks[0] for tasks in bundles])

    def _absent(self) -> list[dict]:
        """Colleagues in whose place something here would be answered, and how much."""
        away = self.request.membership.stands_in
        if not away:
            return []
        places = places_of(self.request.membership)
        counts = Counter(person for b in self.bundles for person in places(b[0]))
        return [
            {
                "name": absent.name,
                "count": counts[absent.person],
                "query": f"deputy={absent.person}",
            }
            for absent in away
            if counts[absent.person]
        ]

    def _page(self) -> tuple[Slice, list[list[Task]], bool]:
        """The page of what was asked for, its tasks row by row, and whether a verdict was cut
        short."""
        if not self.filter.form.is_valid():
            return Paginator([], ROWS).get_page(1), [], False
        keys, of_tasks = self.filter.wanted_keys(), self.filter.of_tasks
        if of_tasks is None:
            bundles = bundled(keys)
            page = self._slice(bundles, [bundle[0].pk for bundle in bundles])
            shown = [key for bundle in page.object_list for key in bundle]
            tasks = inbox.tasks_of(shown, self.institution, now=self.now)
            return page, bundled(tasks), False
        judged = inbox.tasks_of(keys[:MOST_JUDGED], self.institution, now=self.now)
        found = bundled(task for task in judged if of_tasks(task))
        page = self._slice(found, [tasks[0].request.pk for tasks in found])
        return page, list(page.object_list), len(keys) > MOST_JUDGED

    def _slice(self, rows: list, numbers: list[int]) -> Slice:
        """The page that is asked for; without one, that of the open row."""
        pages = Paginator(rows, ROWS)
        asked, wanted = self.request.GET.get("page"), self._number("open")
        if asked is None and wanted in numbers:
            return pages.page(numbers.index(wanted) // ROWS + 1)
        return pages.get_page(asked)

    def _one_row(self) -> dict:
        number = self._number("open") or self._number("row")
        keys = [key for key in self.keys if key.pk == number][:1]
        tasks = inbox.tasks_of(keys, self.institution, now=self.now)
        if not tasks:
            raise Http404
        return {"row": _row(tasks)} | self._open_context(tasks)

    def _open_context(self, tasks: list[Task]) -> dict:
        number = self._number("open")
        task = next((task for task in tasks if task.request.pk == number), None)
        if task is None:
            return {"opened": None, "open_pk": 0}
        found = opened(task, self.institution, now=self.now)
        return {
            "opened": {"pk": number} | decision_context(found, self.institution),
            "open_pk": number,
        }

    def _requests(self) -> dict:
        rows = (
            inbox.asked_by_us(self.institution)
            if self.tab == "asked"
            else inbox.done_lately(self.institution, self.now)
        )
        related = rows.select_related(
            "resource__site", "owner", "borrower", "basket", "resource__category", "decided_by"
        )
        return {"page": Paginator(related, ROWS).get_page(self.request.GET.get("page"))}


@dataclass(frozen=True)
class Row:
    """A task; of several dates of a series the most urgent one, with all of them in ``dates``."""

    task: Task
    status: str
    words: str
    dates: list[Task] = field(default_factory=list)

    @property
    def ticks(self) -> str:
        """Key and version of each request, as a batch reads them."""
        rows = [task.request for task in self.dates or [self.task]]
        return ",".join(f"{row.pk}.{row.version}" for row in rows)

    @property
    def may_batch(self) -> bool:
        return all(task.may_batch for task in self.dates or [self.task])

    @property
    def until(self) -> datetime:
        """The end of the last date."""
        return max(task.request.ends_at for task in self.dates)


def _row(tasks: list[Task]) -> Row:
    if len(tasks) == 1:
        return Row(tasks[0], *verdict(tasks[0]))
    return Row(tasks[0], *verdict_of_dates(tasks), tasks)
