"""Jobs of the core: roles end, e-mails go out, what is no longer needed is forgotten."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from medshare_portal import mailing, sign_in, submissions
from medshare_portal.actions.roles import apply_assignments
from medshare_portal.db.statistics import refresh_statistics
from medshare_portal.jobs import job
from medshare_portal.models import AuditChain
from medshare_portal.notices_core import announce_role_ends
from medshare_portal.registry_import import waiting_files as imported_files


@job("roles", every=timedelta(minutes=10))
def roles(now):
    """Groups follow the assignments in force today."""
    return sum(apply_assignments(today=timezone.localdate(now)))


@job("role-ends", every=timedelta(hours=6))
def role_ends(now):
    return announce_role_ends(today=timezone.localdate(now), now=now)


@job("mail", every=timedelta(seconds=15))
def mail(now):
    return mailing.send_waiting(now=now)


@job("digest", every=timedelta(minutes=10))
def digest(now):
    return mailing.send_digests(now=now)


@job("statistics", every=timedelta(days=1))
def statistics(now):
    """A table that has grown tenfold is looked for by other indexes."""
    refresh_statistics()


@job("forget", every=timedelta(hours=1))
def forget(now):
    """Keys of forms, counts of guesses and sessions that nobody can use any more."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    forgotten = submissions.forget_old(now=now) + sign_in.forget_old(now=now)
    return forgotten + imported_files.forget_old(now=now) + sessions


@job("audit-heads", every=timedelta(days=1))
def audit_heads(now):
    """Write every chain's head outside the database, where its owner cannot rewrite it unseen.

    ``audit_verify`` compares the trail with the database's own heads; whoever keeps these files
    (or mails them on) can tell a trail that was rewritten together with its head.
    """
    folder = settings.VAR_DIR / "audit-heads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    heads = AuditChain.objects.order_by("name")
    lines = [f"{head.name}\t{head.length}\t{head.head_hash}\n" for head in heads]
    path = folder / f"{timezone.localdate(now):%Y-%m-%d}.tsv"
    path.write_text("".join(lines), encoding="utf-8")
    path.chmod(0o600)
    return len(lines)
