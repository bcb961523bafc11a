"""Forms that a phone sends again and again over a bad connection until an answer comes."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from medshare_portal.submissions import KeyReused
from scheduling.workflow import TRANSITIONS

SCRIPT = "X-Sent-By-Script"  # the script wants the address to go to, not the page behind it
NEXT = "X-Go-To"


class Resent:
    """Mixin of a request's step.

    The idempotency key makes a form that is sent again one record, minutes later too.  Where
    something was changed between two sendings of one key, the first one had arrived and is the
    record: the answer says so and leads to it, because nothing is left to mend on the form.
    """

    def form_valid(self, form):
        return self._for_script(super().form_valid(form))

    def refused(self, form, refusal):
        if not isinstance(refusal, KeyReused):
            return super().refused(form, refusal)
        messages.info(self.request, _("This step is recorded already, as it was sent first."))
        return self._for_script(HttpResponseRedirect(self.detail_url))

    def _for_script(self, answer):
        if isinstance(answer, HttpResponseRedirect) and SCRIPT in self.request.headers:
            return HttpResponse(status=204, headers={NEXT: answer.url})
        return answer


class KeptStep(Resent):
    """A ``step`` on an ordinary form page that is filled in where the connection is bad: at the
    door of a pharmacy, on a ward at night.  The form stays on the phone until we have it."""

    step = ""

    def get_context_data(self, **kwargs):
        request = self.sharing_request
        return super().get_context_data(
            keep=f"{self.request.user.pk}:{request.pk}:{self.step}",
            recorded=request.state not in TRANSITIONS[self.step].sources,
            **kwargs,
        )
