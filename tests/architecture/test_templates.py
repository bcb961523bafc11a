"""Every template is used, and what people write by hand stays short."""

import re

from tests.architecture.source import ROOT, sources

# Asked for by Django and its packages under these names.
ASKED_FOR = {
    "400.html": "django.views.defaults.bad_request",
    "403.html": "django.views.defaults.permission_denied",
    "403_csrf.html": "django.views.csrf.csrf_failure",
    "404.html": "django.views.defaults.page_not_found",
    "500.html": "django.views.defaults.server_error",
    "admin/base_site.html": "every page of django.contrib.admin extends it",
    "registration/logged_out.html": "LogoutView",
    "registration/login.html": "LoginView",
    "registration/password_change_done.html": "PasswordChangeDoneView",
    "registration/password_change_form.html": "PasswordChangeView",
    "registration/password_reset_complete.html": "PasswordResetCompleteView",
    "registration/password_reset_confirm.html": "PasswordResetConfirmView",
    "registration/password_reset_done.html": "PasswordResetDoneView",
    "registration/password_reset_email.html": "PasswordResetForm",
    "registration/password_reset_form.html": "PasswordResetView",
    "registration/password_reset_subject.txt": "PasswordResetForm",
}
PACKAGES = ("admin/", "django/forms/widgets/")
NAMED = re.compile(r"""["']([\w./-]+\.(?:html|txt))["']""")
WRITTEN_BY_HAND = (
    ("tests", "*.py"),
    ("templates", "*.html"),
    ("static/css", "*.css"),
    ("static/js", "*.js"),
)


def templates():
    folder = ROOT / "templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_template_is_named_by_a_page_or_by_another_template():
    texts = templates()
    named = {name for source in sources() for name in NAMED.findall(source.text)}
    for name, text in texts.items():
        named |= {other for other in NAMED.findall(text) if other != name}
    assert set(texts) - named - set(ASKED_FOR) == set()


def test_every_named_template_exists_or_belongs_to_a_package():
    texts = templates()
    named = {name for text in texts.values() for name in NAMED.findall(text)}
    assert {name for name in named - set(texts) if not name.startswith(PACKAGES)} == set()


def test_the_names_asked_for_are_there():
    assert set(ASKED_FOR) <= set(templates())


def test_what_is_written_by_hand_is_at_most_300_lines():
    long = {
        path.relative_to(ROOT).as_posix(): count
        for folder, pattern in WRITTEN_BY_HAND
        for path in (ROOT / folder).rglob(pattern)
        if (count := path.read_text(encoding="utf-8").count("\n")) > 300
    }
    assert long == {}
