"""The production settings as the tests' own gunicorn runs them.

It must also accept the passwords that the test process sets with its quick hasher, and its clock
may be set: TEST_CLOCK is the moment at which it starts.
"""

import os
from datetime import datetime

import time_machine

from medshare_portal.settings import *  # noqa: F403
from medshare_portal.settings import PASSWORD_HASHERS as SLOW_HASHERS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *SLOW_HASHERS]

if moment := os.environ.get("TEST_CLOCK"):
    time_machine.travel(datetime.fromisoformat(moment), tick=True).start()
