"""The production settings as the tests' own gunicorn runs them.

It must also accept the passwords that the test process sets with its quick hasher.
"""

from medshare_portal.settings import *  # noqa: F403
from medshare_portal.settings import PASSWORD_HASHERS as SLOW_HASHERS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *SLOW_HASHERS]
