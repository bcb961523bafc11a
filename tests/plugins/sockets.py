"""No test talks to anything but this machine's loopback."""

import sys

CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOPBACK = ("127.", "::1", "localhost")


class NetworkRefused(RuntimeError):
    """A test tried to reach beyond this machine."""


def _refuse(event, arguments):
    if event in CONNECTING:
        _refuse_host(arguments[1])
    elif event == "socket.getaddrinfo":
        _refuse_host(arguments[:2])


def _refuse_host(address):
    """`address` is (host, port, …), a path for local sockets, or None on a connected socket."""
    host = address[0] if isinstance(address, tuple) else None
    if isinstance(host, bytes):
        host = host.decode("idna")
    if isinstance(host, str) and host and not host.startswith(LOOPBACK):
        raise NetworkRefused(f"no sockets but loopback in tests, not {host!r}")


def pytest_configure(config):
    sys.addaudithook(_refuse)
