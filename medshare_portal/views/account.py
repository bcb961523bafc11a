"""Signing in and out, passwords, and the two switches of the frame: language and appearance."""

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from medshare_portal.actions.accounts import change_password
from medshare_portal.forms.sign_in import ResetForm, SignInForm
from medshare_portal.middleware.sessions import SEEN, STARTED
from medshare_portal.models import User
from medshare_portal.sign_in import LOCK_FOR
from medshare_portal.views.pages import local_path

A_YEAR = 365 * 24 * 3600


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    """The name and the password; too many wrong ones are answered by ``locked_out``."""

    authentication_form = SignInForm

    def get_redirect_url(self):
        """``next`` only as a path of this site."""
        return local_path(super().get_redirect_url(), "")

    def form_valid(self, form):
        """A new sign-in begins a new working day, also in a browser that was signed in."""
        for name in (STARTED, SEEN):
            self.request.session.pop(name, None)
        return super().form_valid(form)


class PasswordChange(auth_views.PasswordChangeView):
    """Asks for the old password; every other session ends."""

    def form_valid(self, form):
        change_password(request=self.request, form=form, now=timezone.now())
        return HttpResponseRedirect(self.get_success_url())


class PasswordReset(auth_views.PasswordResetView):
    """The same answer for known and unknown addresses."""

    form_class = ResetForm


def locked_out(request, response, credentials):
    """429: too many wrong passwords.  The same page whether or not the name exists."""
    minutes = int(LOCK_FOR.total_seconds() // 60)
    answer = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(int(LOCK_FOR.total_seconds()))
    return answer


@login_not_required
@require_POST
def set_language(request):
    """Keep the chosen language: on the person, or in a cookie before signing in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = HttpResponseRedirect(_way_back(request))
    _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@login_not_required
@require_POST
def set_theme(request):
    """Keep the chosen appearance: on the person, or in a cookie before signing in."""
    theme = request.POST.get("theme", "")
    if theme not in User.Theme.values:
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(_way_back(request))
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(theme=theme)
    else:
        _keep(response, settings.THEME_COOKIE_NAME, theme)
    return response


def _way_back(request) -> str:
    return local_path(request.POST.get("next", ""), "/")


def _keep(response, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
