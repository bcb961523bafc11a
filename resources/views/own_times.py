"""A list of times that are not offered: what comes, and with ``?past=1`` what was."""

from django.core.paginator import Paginator

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page

ON_A_PAGE = 50


class OwnTimes(Page):
    """Give ``get_times()``: a scoped queryset with ``starts_at`` and ``ends_at``.

    ``permission`` is who may see them; ``template_name`` extends resources/own_times.html;
    ``row_template`` shows one row.
    """

    caption = ""
    row_template = ""

    def get_context_data(self, **kwargs):
        past = self.request.GET.get("past") == "1"
        rows = self.get_times()
        rows = rows.filter(ends_at__lte=self.now) if past else rows.filter(ends_at__gt=self.now)
        rows = rows.order_by("-starts_at" if past else "starts_at", "pk")
        return super().get_context_data(
            page=Paginator(rows, ON_A_PAGE).get_page(self.request.GET.get("page")),
            past=past,
            may_edit=self.may(Permission.EDIT_BLOCKS),
            caption=self.caption,
            row_template=self.row_template,
            **kwargs,
        )
