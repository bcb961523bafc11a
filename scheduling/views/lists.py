"""What we lend, what we borrow: lists with filters and exports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tables2.rows import BoundRows

from medshare_portal.roles import Permission, permissions_of
from medshare_portal.spreadsheets import neutral
from medshare_portal.tables.keys import FoundKeys, KeyPaginator
from medshare_portal.views.pages import ListPage
from resources.views.exports import Export
from scheduling import filters, tables
from scheduling.queries import lists
from scheduling.queries.at_risk import whereabouts
from scheduling.queries.conversation import unread_counts
from scheduling.queries.to_move import to_move

MOST_ROWS = 50_000


class RequestList(ListPage):
    """Base of both lists.  ``empty_*`` say what to do next when there is nothing at all."""

    permission = Permission.VIEW
    template_name = "scheduling/lists/list.html"
    name = ""
    intro = ""
    empty_title = ""
    empty_text = ""
    empty_page = ""
    empty_label = ""

    def get_table_kwargs(self):
        address = reverse("scheduling:inbox", args=[self.institution.slug])
        return {"address": address.replace("/inbox/", "/requests/"), "now": self.now}

    def get_table_data(self):
        return FoundKeys(lambda order: lists.found_keys(self.object_list, order, self.now))

    def get_table_pagination(self, table):
        return super().get_table_pagination(table) | {"paginator_class": KeyPaginator}

    def get_table(self, **kwargs):
        """The page's keys are replaced by their rows."""
        table = super().get_table(**kwargs)
        rows = lists.rows_of_page(table.page.object_list, self.institution)
        places = whereabouts(rows, now=self.now)
        table.at_risk = {row.pk for row in rows if places.at_risk(row)}
        table.unread = unread_counts([row.pk for row in rows], self.institution, self.request.user)
        table.to_move = to_move(self.institution, self._ours_to_move(rows), places, now=self.now)
        table.page.object_list = BoundRows(rows, table=table)
        return table

    def _ours_to_move(self, rows) -> list:
        """Rows of kinds that this person may hand over and take back."""
        roles = self.request.roles
        return [row for row in rows if Permission.HAND_OVER in permissions_of(roles, row.kind)]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            intro=self.intro, export_url=self._export_url(), **kwargs
        )
        filtered = any(value for name, value in self.request.GET.items() if name != "page")
        nothing = not filtered and not context["table"].paginator.count
        return context | {"empty": self._empty() if nothing else None}

    def _empty(self) -> dict:
        return {
            "title": self.empty_title,
            "text": self.empty_text,
            "label": self.empty_label,
            "url": reverse(self.empty_page, args=[self.institution.slug]),
        }

    def _export_url(self) -> str | None:
        if not self.may(Permission.EXPORT):
            return None
        address = reverse(f"scheduling:{self.name}-export", args=[self.institution.slug])
        query = self.request.GET.urlencode()
        return f"{address}?{query}" if query else address


class Lending(RequestList):
    name = "lending"
    title = _("We lend")
    intro = _("Requests for our devices; what is overdue comes first.")
    table_class = tables.LendingTable
    filterset_class = filters.LendingFilter
    empty_title = _("Nobody has asked for anything yet")
    empty_text = _("Offer what stands idle, and others will find it.")
    empty_page = "resources:resource-list"
    empty_label = _("Offer a device")

    def get_queryset(self):
        return lists.lending(self.institution, self.now)


class Borrowing(RequestList):
    name = "borrowing"
    title = _("We borrow")
    intro = _("What we asked others for; what is overdue comes first.")
    table_class = tables.BorrowingTable
    filterset_class = filters.BorrowingFilter
    empty_title = _("We have not asked for anything yet")
    empty_text = _("Say what you need and when.")
    empty_page = "scheduling:find"
    empty_label = _("Find and request")

    def get_queryset(self):
        return lists.borrowing(self.institution, self.now)


class RequestExport(Export):
    """Mixin: the filtered list as it is shown."""

    @property
    def export_name(self) -> str:
        return self.name

    def export_rows(self, found):
        table = self.table_class(found[:MOST_ROWS], **self.get_table_kwargs())
        return [[neutral(str(value)) for value in row] for row in table.as_values()]


class LendingExport(RequestExport, Lending):
    list_page = "scheduling:lending"


class BorrowingExport(RequestExport, Borrowing):
    list_page = "scheduling:borrowing"
