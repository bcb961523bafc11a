"""The Chinese catalogue is compiled before the first test; nobody compiles it by hand."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import trans_real

from medshare_portal.gettext_tools.catalogue import compile_folder


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    for folder in settings.LOCALE_PATHS:
        compile_folder(Path(folder))
    # Read anew what something may have translated while Django was set up.
    trans_real._translations.clear()
    trans_real._default = None
