"""The production settings, quick enough for tests."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("MEDSHARE_DEMO", "1")
os.environ.setdefault("EMAIL_URL", "memorymail://")

from medshare_portal.settings import *  # noqa: F403  (the environment comes first)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# The test client asks for no static files; the folder that they are collected in may be missing.
MIDDLEWARE = [name for name in MIDDLEWARE if "WhiteNoise" not in name]  # noqa: F405
# Assertions read the source's own language; the Chinese is asked for where it is meant.
LANGUAGE_CODE = "en"
