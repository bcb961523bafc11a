"""Ask one database's two servers in turn and count what each answer costs.

Run as a process of its own by ``python -m bench``: DATABASE_URL says which database.
"""

import http.client
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

CLIENTS = 8
TOKEN = "b" * 32  # a CSRF secret is 32 letters or digits; ours is known to both sides


def main(arguments: dict) -> dict:
    """Measure everything that ``arguments`` asks for."""
    django.setup()
    from bench import servers, wishes, work  # noqa: PLC0415 - models need the set-up above

    city = work.signed_in()
    todo = work.all_work(city, arguments["only"])
    pages = _counted(todo, city)
    environment = os.environ | {"LOG_LEVEL": "ERROR"}
    log = Path(arguments["folder"]) / "gunicorn.log"
    with (
        servers.gunicorn("medshare_portal.wsgi", environment, log) as portal,
        servers.gunicorn("bench.floor.wsgi", environment, log) as floor,
    ):
        database = _postmaster(servers)
        bench = Bench(portal, floor, database, city.session, servers.seconds_spent, wishes.with_key)
        results = bench.run(todo, arguments["rounds"], arguments["requests"])
    for name, result in results.items():
        result |= pages[name]
    return results


def _postmaster(servers) -> list[int]:
    """The pid of PostgreSQL's postmaster: the parent of our own backend."""
    from django.db import connection  # noqa: PLC0415 - settings need the set-up above

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return [servers.parent_of(cursor.fetchone()[0])]


def _counted(todo, city) -> dict:
    """Queries and bytes of each page, asked in this process."""
    from django.db import connection  # noqa: PLC0415 - settings need the set-up above
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    found = {}
    for job in todo:
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies["medshare_session"] = city.session
        address = job.page.format(job.forms[0][0]) if job.forms else job.page
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        found[job.name] = {
            "queries": len(queries),
            "kilobytes": round(len(answer.content) / 1024, 1),
        }
    return found


class Bench:
    """The two servers and how to ask them: a fresh connection per request."""

    def __init__(self, portal, floor, database, session, seconds_spent, with_key):
        self.portal, self.floor, self.database = portal, floor, database
        self.cookies = f"medshare_session={session}; medshare_csrf={TOKEN}"
        self.seconds_spent, self.with_key = seconds_spent, with_key

    def run(self, todo, rounds, requests) -> dict:
        """Interleaved: in every round each piece of work on the floor and on the portal."""
        taken = {job.name: defaultdict(list) for job in todo}
        for job in todo:
            for server in (self.portal, self.floor):
                self._batch(server, job, 6)
        for _round in range(rounds):
            for job in todo:
                for label, server in (("floor", self.floor), ("page", self.portal)):
                    cost, times = self._batch(server, job, requests)
                    rate, busy = self._together(server, job, requests)
                    taken[job.name][f"{label}_cpu"].append(cost)
                    taken[job.name][f"{label}_times"] += times
                    taken[job.name][f"{label}_rate"].append(rate)
                    taken[job.name][f"{label}_busy"] += busy
        return {job.name: _summary(taken[job.name], job.bar) for job in todo}

    def _batch(self, server, job, requests):
        """One client: CPU milliseconds per request, and the milliseconds of each."""
        before = self.seconds_spent(server[1], *self.database)
        times = [self._ask(server, job, number) for number in range(requests)]
        spent = self.seconds_spent(server[1], *self.database) - before
        return spent / requests * 1000, times

    def _together(self, server, job, requests):
        """Eight clients: requests per second, and the milliseconds of each."""
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            times = list(pool.map(lambda number: self._ask(server, job, number), range(requests)))
        return requests / (time.perf_counter() - started), times

    def _ask(self, server, job, number):
        path, body, headers = self._request(server, job, number)
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=60)
        connection.request(job.method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == (302 if body else 200), (path, answer.status, text[:2000])
        return (time.perf_counter() - started) * 1000

    def _request(self, server, job, number):
        headers = {"Cookie": self.cookies, "Connection": "close", "Accept-Language": "en"}
        path, body = (job.page, None) if server is self.portal else (job.floor, None)
        if job.forms:
            pk, fields = job.forms[number % len(job.forms)]
            path, body = path.format(pk), self.with_key(fields, TOKEN)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return path, body, headers


def _summary(taken, bar) -> dict:
    ratios = [
        page / floor for page, floor in zip(taken["page_cpu"], taken["floor_cpu"], strict=True)
    ]
    found = {"bar": bar, "ratio": round(statistics.median(ratios), 2)}
    for label in ("floor", "page"):
        times = sorted(taken[f"{label}_times"])
        busy = sorted(taken[f"{label}_busy"])
        found |= {
            f"{label}_cpu": round(statistics.median(taken[f"{label}_cpu"]), 1),
            f"{label}_median": round(statistics.median(times), 1),
            f"{label}_p95": round(times[int(len(times) * 0.95)], 1),
            f"{label}_busy_p95": round(busy[int(len(busy) * 0.95)], 1),
            f"{label}_rate": round(statistics.median(taken[f"{label}_rate"]), 1),
        }
    return found


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
