"""The portal's one settings file: every value from the environment, with a safe default.

``docs/operations.md`` lists the variables.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from medshare_portal.db.connections import REPLICA, database_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env("MEDSHARE_VAR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)
# The demo city and its printed password exist only where this is on; see checks.py.
DEMO = env.bool("MEDSHARE_DEMO", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
# Finds a licence number again by its digest; unlike the secret key it must never change.
LICENCE_KEY = env("LICENCE_KEY", default=SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
# Where links in e-mails lead; never taken from a request's Host header.
PORTAL_URL = env("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
# TLS ends here or at a proxy; off for the loopback demo only.
HTTPS = env.bool("HTTPS", default=not (DEBUG or DEMO))

INSTALLED_APPS = [
    "medshare_portal",
    "resources",
    "scheduling",
    "reports",
    *(["demo"] if DEMO else []),
    "medshare_portal.admin_config.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_filters",
    "django_htmx",
    "django_tables2",
]

MIDDLEWARE = [
    "medshare_portal.middleware.charset.RefuseOddCharset",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "medshare_portal.middleware.content_policy.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "medshare_portal.middleware.sessions.SessionLimits",
    "medshare_portal.middleware.preferences.UserLanguage",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "medshare_portal.middleware.privacy.NoStore",
    "medshare_portal.middleware.second_factor.SecondFactor",
    "medshare_portal.middleware.institution.InstitutionInAddress",
    "medshare_portal.middleware.page_numbers.PageNumbers",
    "medshare_portal.middleware.sent_only.SentOnly",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "medshare_portal.urls"
WSGI_APPLICATION = "medshare_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "medshare_portal.context.portal",
            ],
            "builtins": ["django.templatetags.i18n", "medshare_portal.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "medshare_portal.form_rendering.MedShareFormRenderer"
DJANGO_TABLES2_TEMPLATE = "django_tables2/medshare.html"

DATABASES = {
    "default": database_settings(
        env.db("DATABASE_URL", default=f"sqlite:///{quote(str(VAR_DIR / 'medshare.sqlite3'))}"),
        keep_seconds=env.int("DATABASE_KEEP_SECONDS", default=60),
    )
}
if REPLICA_URL := env("REPLICA_URL", default=""):
    DATABASES[REPLICA] = database_settings(
        env.db("REPLICA_URL"), keep_seconds=env.int("DATABASE_KEEP_SECONDS", default=60)
    )
    DATABASE_ROUTERS = ["medshare_portal.db.replica.Router"]
    MIDDLEWARE.append("medshare_portal.middleware.after_writes.AfterWrites")
REPLICA_MAX_AGE = timedelta(seconds=env.int("REPLICA_MAX_AGE_SECONDS", default=900))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "medshare_portal.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "medshare_portal.backends.PortalBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 3600

# The city's people sign in with a code beside the password; the demo's accounts do not.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not DEMO)
OTP_TOTP_ISSUER = "MedShare"

AXES_HANDLER = "medshare_portal.sign_in.CountedGuesses"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "medshare_portal.views.account.locked_out"
AXES_USERNAME_CALLABLE = "medshare_portal.sign_in.lockout_name"
AXES_CLIENT_IP_CALLABLE = "medshare_portal.sign_in.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
# Proxies in front whose X-Forwarded-For entry may be believed, counted from the right.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

SESSION_ENGINE = "medshare_portal.session_store"
SESSION_COOKIE_NAME = "__Host-medshare_session" if HTTPS else "medshare_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 3600)
CSRF_COOKIE_NAME = "__Host-medshare_csrf" if HTTPS else "medshare_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "medshare_portal.views.errors.csrf_failure"

SECURE_SSL_REDIRECT = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Hard limits on what one request may carry.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "medshare_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
THEME_COOKIE_NAME = "medshare_theme"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Uploaded files are served by views that check permission, never by a URL of their own.
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="MedShare <medshare@localhost>")

POLICY_PACK = env("POLICY_PACK", default="CN")
SHARING_KINDS = ["equipment", "medicine", "staff", "information"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "medshare_portal.logs.OneLineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "WARNING"},
    },
}
