"""Backups of a SQLite database that is in use, and the proof that one is whole.

SQLite's backup interface copies a consistent state while others write; copying the file does not,
and what it loses no integrity check finds (docs/operations.md).  Beside the copy lies a manifest:
the number of rows of every table and the heads of the audit chains, read from the copy itself.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

HEADS = "SELECT name, length, head_hash FROM medshare_portal_auditchain"
TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND SUBSTR(name, 1, 7) <> 'sqlite_' "
    "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
)


class NotWhole(Exception):
    """A backup that must not be trusted; the arguments are the reasons."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    sha256: str
    rows: dict[str, int]
    audit_heads: dict[str, tuple[int, str]]


def manifest_path(backup: Path) -> Path:
    return backup.with_name(backup.name + ".json")


def make_backup(source: Path, target: Path, *, now: datetime) -> Manifest:
    """Copy the live database and write the manifest.  Raises NotWhole, and then leaves nothing.

    Every audit event that was there before we began must be in the copy.
    """
    before = _read(source, _heads)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        _copy(source, part)
        manifest = _describe(part, now)
        _require(_integrity(part) + _lost_heads(before, manifest.audit_heads))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    manifest_path(target).touch(mode=0o600)
    manifest_path(target).write_text(text, encoding="utf-8")
    return manifest


def verify_backup(backup: Path) -> Manifest:
    """Compare a backup with its manifest.  Raises NotWhole with every difference."""
    if not backup.is_file() or not manifest_path(backup).is_file():
        raise NotWhole(f"{backup} or its manifest is missing")
    told = json.loads(manifest_path(backup).read_text(encoding="utf-8"))
    told["audit_heads"] = {name: tuple(head) for name, head in told["audit_heads"].items()}
    expected = Manifest(**told)
    _require(differences(backup, expected))
    return expected


def differences(backup: Path, expected: Manifest) -> list[str]:
    """What is not as the manifest says."""
    found = _describe(backup, None)
    problems = _integrity(backup)
    tables = sorted(found.rows.keys() | expected.rows.keys())
    for table in tables:
        has, should = found.rows.get(table, 0), expected.rows.get(table, 0)
        if has != should:
            problems.append(f"{table} has {has} rows, the manifest says {should}")
    for chain in sorted(found.audit_heads.keys() | expected.audit_heads.keys()):
        if found.audit_heads.get(chain) != expected.audit_heads.get(chain):
            problems.append(f"the head of audit chain {chain} differs")
    if not problems and found.sha256 != expected.sha256:
        problems.append("the file was changed after it was made")
    return problems


def restore_backup(backup: Path, target: Path) -> Manifest:
    """Put a verified backup in the place of the database, under its locks."""
    manifest = verify_backup(backup)
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(backup, target)
    found = _describe(target, None)
    if (found.rows, found.audit_heads) != (manifest.rows, manifest.audit_heads):
        raise NotWhole(f"{target} is not what {backup} holds")
    return manifest


def _copy(source: Path, target: Path) -> None:
    with closing(_open(source)) as origin, closing(sqlite3.connect(target, timeout=20)) as copy:
        origin.backup(copy)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=20)


def _read(path: Path, reader):
    with closing(_open(path)) as connection:
        return reader(connection)


def _heads(connection) -> dict[str, tuple[int, str]]:
    return {name: (length, head) for name, length, head in connection.execute(HEADS)}


def _rows(connection) -> dict[str, int]:
    names = [name for (name,) in connection.execute(TABLES)]
    count = 'SELECT COUNT(*) FROM "{}"'
    return {name: connection.execute(count.format(name)).fetchone()[0] for name in names}


def _describe(path: Path, now: datetime | None) -> Manifest:
    return Manifest(
        made_at=now.isoformat() if now else "",
        rows=_read(path, _rows),
        audit_heads=_read(path, _heads),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _integrity(path: Path) -> list[str]:
    check = "PRAGMA integrity_check"
    answers = _read(path, lambda connection: connection.execute(check).fetchall())
    return [text for (text,) in answers if text != "ok"]


def _lost_heads(before: dict, copied: dict) -> list[str]:
    return [
        f"audit chain {chain} had {length} events, the copy has {copied.get(chain, (0,))[0]}"
        for chain, (length, _hash) in before.items()
        if copied.get(chain, (0,))[0] < length
    ]


def _require(problems: list[str]) -> None:
    if problems:
        raise NotWhole(*problems)
