"""A person's own pages and the way in and out."""

from django.contrib.auth import views as auth_views
from django.urls import path

from medshare_portal.views import account, notifications, profile, second_factor

urlpatterns = [
    path("sign-in/", account.SignIn.as_view(), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", account.PasswordChange.as_view(), name="password_change"),
    path(
        "password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"
    ),
    path("reset/", account.PasswordReset.as_view(), name="password_reset"),
    path("reset/sent/", auth_views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "reset/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "reset/done/",
        auth_views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
    path("second-factor/", second_factor.GiveCode.as_view(), name="second-factor"),
    path("second-factor/set/", second_factor.SetSecondFactor.as_view(), name="second-factor-set"),
    path("second-factor/codes/", second_factor.RecoveryCodes.as_view(), name="recovery-codes"),
    path("second-factor/off/", second_factor.SwitchOff.as_view(), name="second-factor-off"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("preferences/", profile.Preferences.as_view(), name="notification-preferences"),
    path("notifications/", notifications.NotificationList.as_view(), name="notifications"),
    path("notifications/read/", notifications.mark_all_read, name="notifications-read"),
    path("notifications/<int:pk>/open/", notifications.open_one, name="notification-open"),
]
