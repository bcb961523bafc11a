"""A person's own pages and the way in and out."""

from django.contrib.auth import views as auth_views
from django.urls import path

from medshare_portal.views import account

urlpatterns = [
    path("sign-in/", account.SignIn.as_view(), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path(
        "password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"
    ),
]
