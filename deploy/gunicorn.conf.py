"""gunicorn for the portal: `gunicorn --config deploy/gunicorn.conf.py medshare_portal.wsgi`."""

import gc
import os

from gunicorn.glogging import Logger

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "1"))
timeout = 60
graceful_timeout = 10
keepalive = 5
# A worker is renewed now and then, so that no slow leak can grow; not all at the same moment.
max_requests = 10_000
max_requests_jitter = 1_000
# Heartbeats in memory: a slow disk must not look like a stuck worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - not predictable files of ours
# No control socket: workers are ended and renewed by the service manager alone.
control_socket_disable = True
# Only the reverse proxy on this machine may say that a request came by TLS.
forwarded_allow_ips = "127.0.0.1"
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"


class MaskedLogger(Logger):
    """Its lines about requests show no token of a signed link."""

    def atoms(self, resp, req, environ, request_time):
        from medshare_portal.logs import masked  # noqa: PLC0415 – the path is set by then

        found = super().atoms(resp, req, environ, request_time)
        return {
            name: masked(value) if isinstance(value, str) else value
            for name, value in found.items()
        }


logger_class = MaskedLogger


def post_worker_init(worker):
    """What was loaded at the start is there to stay: no collection walks through it again.

    A page that makes many small objects otherwise spends a fifth of its time on that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
