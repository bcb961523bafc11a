"""What we lend, what we borrow: lists with filters and exports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ListPage
from scheduling import filters, tables
from scheduling.queries import lists


class RequestList(ListPage):
    """Base of both lists.  ``empty_*`` say what to do next when there is nothing at all."""

    permission = Permission.VIEW
    template_name = "scheduling/lists/list.html"
    intro = ""
    empty_title = ""
    empty_text = ""
    empty_page = ""
    empty_label = ""

    def get_table_kwargs(self):
        address = reverse("scheduling:inbox", args=[self.institution.slug])
        return {"address": address.replace("/inbox/", "/requests/"), "now": self.now}

    def get_context_data(self, **kwargs):
        filtered = any(value for name, value in self.request.GET.items() if name != "page")
        nothing = not filtered and not self.object_list.exists()
        return super().get_context_data(
            intro=self.intro,
            empty={
                "title": self.empty_title, "text": self.empty_text, "label": self.empty_label,
                "url": reverse(self.empty_page, args=[self.institution.slug]),
            } if nothing else None,
            **kwargs,
        )


class Lending(RequestList):
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
