"""The content of an asset: looked through before it is kept, and kept without an address."""

import hashlib
import secrets
import zlib
from dataclasses import replace
from datetime import datetime
from zipfile import BadZipFile

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.files import CSV, TEXT, XLSX, CheckedFile
from medshare_portal.findings import Finding
from medshare_portal.refusals import Refusal
from medshare_portal.registry_import.workbooks import NotAWorkbook, look_at_archive
from resources.enums_information import Identifiability
from resources.kinds.information.identifiers import scan
from resources.kinds.information.rules import uploads
from resources.kinds.information.small_cells import small_cells, suppressed
from resources.kinds.information.tabular import (
    Table,
    Unreadable,
    holds_more_than_cells,
    tables_of,
)
from resources.kinds.information.written import as_csv, as_workbook
from resources.models import InformationAsset, Resource, SharedFile

TABLES_AND_TEXTS = (CSV, TEXT, XLSX)


class ContentRefused(Refusal):
    """What the file holds does not fit what it is called; the findings say where."""

    message = _("This file was not stored: see what it holds.")
    field = "file"
    status = 422


class Unsafe(Refusal):
    message = _("The file is not an Excel workbook that can be read.")
    field = "file"
    status = 422


def put(
    *, resource: Resource, title: str, file: CheckedFile, suppress: bool, by, now: datetime
) -> SharedFile:
    """Store a new version of the content.  ``suppress`` hides small counts instead of refusing.

    Raises ContentRefused with every column and row at fault, Unsafe.
    """
    rows = Resource.objects.owned_by(resource.institution).select_for_update(of=("self",))
    resource = rows.get(pk=resource.pk)
    asset = InformationAsset.objects.owned_by(resource.institution).get(pk=resource.pk)
    checked, hidden = looked_through(file, asset.identifiability, suppress=suppress)
    stored = SharedFile(
        institution=resource.institution,
        resource=resource,
        number=asset.content_number + 1,
        title=title,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        suppressed=hidden,
        uploaded_by=by,
        uploaded_at=now,
    )
    name = f"{secrets.token_hex(16)}.{checked.extension}"
    stored.file.save(name, ContentFile(checked.content), save=False)
    stored.save()
    asset.content_number, asset.checked_as = stored.number, asset.identifiability
    asset.save(update_fields=["content_number", "checked_as"])
    _record(stored, by, now)
    return stored


def looked_through(
    file: CheckedFile, identifiability: str, *, suppress: bool
) -> tuple[CheckedFile, bool]:
    """The file to keep and whether counts in it were suppressed; raises ContentRefused."""
    if file.content_type == XLSX:
        _opens_safely(file)
    if identifiability in Identifiability.SCANNED:
        _refuse_if(list(uploads.of_identifiers(scan(_tables(file)))))
    if identifiability in Identifiability.COUNTED and file.content_type in TABLES_AND_TEXTS:
        return _with_counts(file, suppress)
    return file, False


def _opens_safely(file: CheckedFile) -> None:
    """Whatever it holds, it is opened elsewhere: no archive that unpacks without end is kept."""
    try:
        look_at_archive(file.content)
    except NotAWorkbook as error:
        raise Unsafe(str(error.args[0])) from error
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise Unsafe from error


def _refuse_if(findings: list[Finding]) -> None:
    if findings:
        raise ContentRefused(findings=findings)


def _tables(file: CheckedFile) -> list[Table]:
    """Raises ContentRefused for what cannot be looked at cell by cell."""
    workbook = file.content_type == XLSX
    if file.content_type not in TABLES_AND_TEXTS:
        raise ContentRefused(findings=[uploads.not_to_be_scanned()])
    try:
        if workbook and holds_more_than_cells(file.content):
            raise Unreadable
        tables = tables_of(file.content, workbook=workbook, separated=file.content_type == CSV)
        if workbook and any(table.has_formulas for table in tables):
            raise Unreadable
        return tables
    except Unreadable as error:
        raise ContentRefused(findings=[uploads.not_to_be_scanned()]) from error


def _with_counts(file: CheckedFile, suppress: bool) -> tuple[CheckedFile, bool]:
    k = policy.current().information.k_min
    tables = [] if file.content_type == TEXT else _tables(file)
    found = [cell for table in tables for cell in small_cells(table, k=k)]
    if not found:
        return file, False
    if not suppress:
        raise ContentRefused(findings=list(uploads.of_small_cells(found, k=k)))
    hidden = [suppressed(table, k=k) for table in tables]
    content = as_workbook(hidden) if file.content_type == XLSX else as_csv(hidden[0])
    return replace(file, content=content, sha256=hashlib.sha256(content).hexdigest()), True


def _record(stored: SharedFile, by, now: datetime) -> None:
    audit.record(
        chains=[stored.institution.slug],
        by=by,
        action="information.content_stored",
        obj=stored.resource,
        now=now,
        data={
            "title": stored.title,
            "version": stored.number,
            "type": stored.content_type,
            "size": stored.size,
            "sha256": stored.sha256,
            "suppressed": stored.suppressed,
        },
    )
