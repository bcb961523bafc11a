"""Who runs the portal finds every job on the operations page."""

from pathlib import Path

from django.conf import settings

from medshare_portal.jobs import registry


def test_every_job_stands_on_the_operations_page():
    page = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [entry.name for entry in registry if f"`{entry.name}`" not in page] == []
