"""What a request's page says of a crisis, and the owner's objection to the city's approval."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal import crises
from medshare_portal.models import Crisis
from medshare_portal.relaxations import words_of
from medshare_portal.roles import Permission
from scheduling.actions import city_approvals
from scheduling.actions._under_crisis import share_of
from scheduling.forms.decisions import ObjectionForm
from scheduling.kinds import kinds
from scheduling.models import CityApproval, TransitionLog
from scheduling.relaxations.city_approval import CITY_APPROVES
from scheduling.request_panels import LEAD, Asked, RequestPanel, register
from scheduling.states import Priority, Side, State
from scheduling.views.request_page import RequestAction


def crisis_card(asked: Asked) -> dict | None:
    """The crisis under which it was asked or agreed, what was relaxed, what the city did."""
    request = asked.sharing_request
    city_from = _city_from(request, asked.now)
    if request.crisis_id is None and city_from is None:
        return None
    approval = CityApproval.objects.of(request).select_related("by", "objected_by").first()
    steps = TransitionLog.objects.of(request).order_by("at", "pk").values_list("data", flat=True)
    relaxed = dict.fromkeys(code for data in steps for code in data.get("relaxed", ()))
    may_object = approval is not None and approval.objected_at is None
    return {
        "crisis": Crisis.objects.filter(pk=request.crisis_id).first(),
        "city_from": city_from,
        "approval": approval,
        "relaxed": words_of(relaxed),
        "may_object": may_object and asked.side == Side.OWNER and Permission.DECIDE in asked.rights,
    }


def _city_from(request, now):
    """From when the city may approve an emergency that nobody has answered; None: it may not."""
    if request.state != State.REQUESTED or request.priority != Priority.STAT:
        return None
    running = crises.current(now)
    if running is None or not running.relaxes(CITY_APPROVES, **share_of(request)):
        return None
    if not kinds[request.kind].city_decides:
        return None
    return city_approvals.city_may_answer_from(running, request)


register(
    RequestPanel(
        name="crisis",
        template="scheduling/requests/crisis.html",
        context=crisis_card,
        place=LEAD,
        order=5,
    )
)


class ObjectToCity(RequestAction):
    permission = Permission.DECIDE
    side = Side.OWNER
    form_class = ObjectionForm
    title = gettext_lazy("Object to the city's approval")
    submit_label = gettext_lazy("Record the objection")

    def dispatch(self, request, *args, **kwargs):
        if not CityApproval.objects.of(self.sharing_request).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form) -> str:
        city_approvals.object_to(
            sharing_request=self.sharing_request,
            text=form.cleaned_data["text"],
            by=self.request.user,
            now=self.now,
        )
        return self.succeeded(_("Your objection is recorded; the official has been told."))
