"""A person's own pages and those that need no signing in: who may open them."""

# A person's own pages: (answer to an anonymous GET, to a signed-in one, to an empty signed-in POST).
ACCOUNT = {
    "start": (302, 302, 405),
    "logout": (302, 405, 302),
    "password_change": (302, 200, 200),
    "password_change_done": (302, 200, 405),
    "profile": (302, 200, 422),
    "notification-preferences": (302, 200, 422),
    "second-factor": (302, 302, 302),
    "second-factor-set": (302, 200, 422),
    "second-factor-off": (302, 200, 422),
    "recovery-codes": (302, 302, 302),
    "notifications": (302, 200, 405),
    "notifications-read": (302, 405, 302),
    "notification-open": (302, 405, 302),
    "device-label": (302, 302, 405),
    "note-code": (302, 404, 405),
    "type-code": (302, 200, 422),
    "my-shifts": (302, 200, 405),
    "answer": (302, 404, 404),  # without the link of a mail
}
# Why each may be opened without signing in, with the answer to a GET and to an empty POST.
PUBLIC = {
    "login": ("the way in", 200, 200),
    "password_reset": ("for those who cannot sign in", 200, 200),
    "password_reset_done": ("likewise", 200, 405),
    "password_reset_confirm": ("likewise, by the link of the mail", 200, 200),
    "password_reset_complete": ("likewise", 200, 405),
    "set_language": ("the sign-in page has the switch", 405, 400),
    "theme": ("the sign-in page has the switch", 405, 400),
    "staff-person": (
        "a person without an account answers by a signed link; this one is forged",
        404,
        404,
    ),
    "answer-link": ("leads on to what is asked for after signing in; this one is forged", 404, 405),
    "healthz": ("for machines that watch, without secrets", 200, 405),
    "readyz": ("for machines that watch, without secrets", 200, 405),
}
