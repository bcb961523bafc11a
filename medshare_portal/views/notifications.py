"""What a person was told.  Reading marks by POST; a GET never writes."""

from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from medshare_portal import notices
from medshare_portal.actions.inbox import mark_read
from medshare_portal.models import Notification
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page, local_path

PER_PAGE = 30
IS_READ = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())


class NotificationList(Page):
    """All of a person's notifications, at whichever institution; the unread first."""

    template_name = "notices/list.html"

    def get_context_data(self, **kwargs):
        mine = Notification.objects.addressed_to(self.request.user).select_related("institution")
        rows = mine.annotate(is_read=IS_READ).order_by("is_read", "-created_at", "-pk")
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        entries = [{"row": row, "notice": notices.render(row)} for row in page]
        return super().get_context_data(page=page, entries=entries, **kwargs)


class NotificationListAtInstitution(NotificationList):
    """The same list inside the frame of an institution."""

    permission = Permission.VIEW


@require_POST
def mark_all_read(request):
    mark_read(user=request.user, now=timezone.now())
    return HttpResponseRedirect(local_path(request.POST.get("next", ""), reverse("notifications")))


@require_POST
def open_one(request, pk):
    """Mark as read and go to what it is about."""
    row = mark_read(user=request.user, now=timezone.now(), pk=pk)
    if row is None:
        raise Http404
    return HttpResponseRedirect(local_path(notices.render(row)["url"], reverse("notifications")))
