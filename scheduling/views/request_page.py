"""What every page about one request shares: the row, scoped to one side, and where to go next."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.middleware.institution import NotAllowed
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from scheduling.kinds import Claim, kinds, zone_of
from scheduling.models import SharingRequest
from scheduling.queries.inbox import related
from scheduling.states import Side


class RequestAction(ActionPage):
    """A step of one request.  ``side`` limits who finds the page: others get 404; so do pages
    ``of_times`` where the request claims none."""

    side: Side | None = None
    of_times = False
    template_name = "scheduling/requests/step.html"
    done = ""

    @property
    def of_kind(self) -> str:
        return self.sharing_request.kind

    def dispatch(self, request, *args, **kwargs):
        if self.of_times and kinds[self.sharing_request.kind].claim is not Claim.TIME:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sharing_request(self) -> SharingRequest:
        scope = {
            Side.OWNER: SharingRequest.objects.owned_by,
            Side.BORROWER: SharingRequest.objects.borrowed_by,
            None: SharingRequest.objects.concerning,
        }[self.side]
        return get_object_or_404(related(scope(self.institution)), pk=self.kwargs["pk"])

    @property
    def own_side(self) -> Side:
        return self.sharing_request.side_of(self.institution)

    @property
    def counterpart(self):
        """The institution on the other side."""
        request = self.sharing_request
        return request.borrower if self.own_side == Side.OWNER else request.owner

    @property
    def detail_url(self) -> str:
        return reverse(
            "scheduling:request-detail", args=[self.institution.slug, self.sharing_request.pk]
        )

    def succeeded(self, words) -> str:
        """Say what happened and go back to the request."""
        messages.success(self.request, words)
        return self.detail_url

    def get_context_data(self, **kwargs):
        context = {
            "sharing_request": self.sharing_request,
            "own_side": self.own_side,
            "counterpart": self.counterpart,
            "zone": zone_of(self.sharing_request),
            "cancel_url": self.detail_url,
            "crumbs": self.crumbs,
        }
        return super().get_context_data(**context | kwargs)

    @property
    def crumbs(self) -> list[dict]:
        return [{"label": self.sharing_request.reference, "url": self.detail_url}]


class EitherSide(RequestAction):
    """A step that both sides may take, each with its own right."""

    permission = Permission.VIEW  # and what the side needs, see ``needed``

    @property
    def needed(self) -> Permission:
        return Permission.DECIDE if self.own_side == Side.OWNER else Permission.ASK

    def dispatch(self, request, *args, **kwargs):
        if not self.may(self.needed):
            raise NotAllowed(self.needed, self.institution, self.of_kind)
        return super().dispatch(request, *args, **kwargs)
