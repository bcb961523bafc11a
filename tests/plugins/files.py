"""Uploads of tests go to a folder that pytest removes."""

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True, scope="session")
def _uploads_apart(tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield
