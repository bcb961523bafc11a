"""What is somebody's alone is on no page, in no file and in no mail of the reports, whatever the
role of the reader."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now

from medshare_portal import mailing
from medshare_portal.models import RateCount
from medshare_portal.notices import queue_for
from medshare_portal.roles import Permission, Role, permissions_of
from medshare_portal.visibility import Reader
from reports import urls, urls_city
from reports.actions import alerting, rebuilding, report_mails, saved_reports, usage
from reports.models import Alert, AlertLimits, AlertSort, SavedReport, Statement
from reports.notices_alerts import NOTICES
from reports.saved_pages import FILES, PAGES
from tests import make
from tests.fuzz.test_leaks import forbidden, held, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HERE = [role for role in Role if role not in Role.CITY_ROLES]
CITY = [role for role in Role.CITY_ROLES if Permission.CITY_VIEW in permissions_of([role])]
FORMATS = ("csv", "xlsx")
# Figures of an alert and its limit that occur nowhere else.
FIGURE, LIMIT = "86423", "77531"
WARNED = {"utilisation": 100, "overdue": None, "lots": None}
ALL_DAYS = "first={:%Y-%m-%d}&last={:%Y-%m-%d}"
OF_A_STATEMENT = {"statement", "statement-accept", "statement-export"}
OF_AN_INSTITUTION = {"scorecard", "all-figures-of", "evaluation-of", "evaluation-of-export"}


@dataclass
class City:
    a: object
    b: object
    stranger: object
    statement: int
    head_of_b: Client

    def addresses(self, module, here=None) -> dict[str, str]:
        """Name → address of everything in the reports that needs no object, or one of A's and B's
        statement or (of the city) A itself."""
        found = {}
        at = {"institution": here.slug} if here else {}
        for entry in module.urlpatterns:
            about = {}
            if "<" in str(entry.pattern):
                if entry.name in OF_A_STATEMENT:
                    about = {"pk": self.statement}
                elif not here and entry.name in OF_AN_INSTITUTION:
                    about = {"pk": self.a.institution.pk}
                else:
                    continue
            found[entry.name] = reverse(f"{module.app_name}:{entry.name}", kwargs=at | about)
        return found


@pytest.fixture
def city(marked_city):
    """What the marked institutions did with each other is in facts and days; B has an alert, a
    limit of its own and a shared report."""
    assert usage.record_missing(now=now()) > 4
    today = now().date()
    rebuilding.rebuild(first=today - timedelta(days=40), last=today, now=now())
    a, b = marked_city.a.institution, marked_city.b.institution
    head = reader(Role.HEAD, b)
    AlertLimits.unscoped.create(institution=b, overdue=LIMIT, changed_at=now())
    Alert.unscoped.create(
        institution=b, sort="overdue", figure=FIGURE, limit=LIMIT, told=FIGURE, since=today
    )
    queue_for(
        NOTICES[AlertSort.OVERDUE], people=[head.user.pk], institution=b, event_key="alert of B",
        context={"where": "B", "figure": FIGURE, "limit": LIMIT}, now=now(),
    )  # fmt: skip
    assert SavedReport.unscoped.filter(institution=b, shared=True).exists()
    statement = Statement.unscoped.get(first__in=(a, b), second__in=(a, b))
    return City(marked_city.a, marked_city.b, marked_city.stranger, statement.pk, head)


def reader(role, at=None) -> Client:
    client = Client(raise_request_exception=False)
    client.user = make.user(at=at, role=role)
    client.force_login(client.user, backend="medshare_portal.backends.PortalBackend")
    return client


def shown(client, addresses: dict[str, str], query: str) -> dict[str, str]:
    """The text of every page that opens and of every file, in both formats."""
    texts = {}
    for name, address in addresses.items():
        answer = client.get(f"{address}?{query}")
        assert answer.status_code in (200, 302, 403, 404, 405), (address, answer.status_code)
        if answer.status_code == 200:
            texts[name] = text_of(answer)
        for file_format in FORMATS if answer.status_code == 405 else ():
            key = {"idempotency_key": f"a-key-of-{name}-{file_format}", "format": file_format}
            RateCount.objects.all().delete()  # ten files in a minute are the most
            sent = client.post(f"{address}?{query}", key)
            assert sent.status_code in (200, 403, 404), (address, sent.status_code)
            if sent.status_code == 200:
                texts[f"{name} {file_format}"] = text_of(sent)
    return texts


def leaked(texts: dict[str, str], marks: set[str]) -> set:
    return {(name, mark) for name, text in texts.items() for mark in held(text, marks)}


def all_days() -> str:
    yesterday = timezone.localdate() - timedelta(days=1)
    return ALL_DAYS.format(yesterday - timedelta(days=300), yesterday)


def kept(client: Client, module, here) -> None:
    """Every page that can be kept, by mail."""
    then = now() - timedelta(days=40)
    for entry in module.urlpatterns:
        view = getattr(entry.callback, "view_class", object)
        if "<" in str(entry.pattern) or not issubclass(view, PAGES) or issubclass(view, FILES):
            continue
        report = SavedReport.unscoped.create(
            institution=here, user=client.user, name=entry.name, created_at=then,
            page=f"{module.app_name}:{entry.name}",
        )  # fmt: skip
        saved_reports.have_mailed(report=report, mailed=True, by=client.user, now=then)


def mailed(clients: dict[str, Client], module, here=None) -> dict[str, str]:
    """Reader (others by their address) → what it is mailed: its reports, and the digest."""
    for client in clients.values():
        kept(client, module, here)
    moment = now()
    report_mails.mail_due(now=moment)
    while mailing.send_waiting(now=moment):
        pass
    tomorrow = timezone.localtime(moment) + timedelta(days=1)
    mailing.send_digests(now=tomorrow.replace(hour=12))  # whatever the hour of this run
    people = {client.user.email: name for name, client in clients.items()}
    texts: dict[str, str] = {}
    for message in mail.outbox:
        name = people.get(message.to[0], message.to[0])
        texts[name] = texts.get(name, "") + f"{message.subject}\n{message.body}\n"
    return texts


def test_each_role_of_an_institution_reads_its_own_side_only(city):
    here, there = city.a.institution, city.b.institution
    marks = forbidden("B", Reader.COUNTERPART, Reader.OTHERS) | {FIGURE, LIMIT}
    clients = {role: reader(role, here) for role in HERE}
    for role, client in clients.items():
        texts = shown(client, city.addresses(urls, here), all_days())
        assert leaked(texts, marks) == set(), role
        if Permission.VIEW in permissions_of([role]):
            assert {"scorecard", "alerts", "demand", "evaluation", "saved-reports"} <= set(texts)
            assert "CANARY-B" in texts["uses"]
        if Permission.EXPORT in permissions_of([role]):
            files = {"uses-export", "evaluation-export", "demand-export"}
            assert {f"{name} {fmt}" for name in files for fmt in FORMATS} <= set(texts)
            assert "CANARY-B" in texts["uses-export xlsx"]
    alerting.set_limits(institution=here, values=WARNED, by=clients[Role.HEAD].user, now=now())
    told = mailed(clients, urls, here)
    assert all("Scheduled utilisation" in told[role] for role in clients)
    warned = {role for role in clients if "/at/canary-a/alerts/" in told[role]}
    assert warned == {Role.HEAD, Role.COORDINATOR}
    assert leaked({role: told[role] for role in clients}, marks) == set()
    # What could have leaked: B's own head reads it on the page and in its digest.
    own = shown(city.head_of_b, city.addresses(urls, there), all_days())
    assert all(mark in own["alerts"] for mark in (FIGURE, LIMIT))
    assert "CANARY-B-savedreport-name" in own["saved-reports"]
    assert FIGURE in told[city.head_of_b.user.email]


def test_a_stranger_reads_nothing_of_either(city):
    marks = forbidden("A", Reader.OTHERS) | forbidden("B", Reader.OTHERS) | {FIGURE, LIMIT}
    client = reader(Role.COORDINATOR, city.stranger)
    addresses = city.addresses(urls, city.stranger)
    texts = shown(client, addresses, all_days())
    assert len(texts) > 25
    texts["mail"] = mailed({"stranger": client}, urls, city.stranger)["stranger"]
    assert leaked(texts, marks) == set()
    there = {name: at.replace("/stranger/", "/canary-a/") for name, at in addresses.items()}
    assert shown(client, there, "") == {}


@pytest.mark.parametrize("role", CITY)
def test_each_role_of_the_city_reads_what_the_contract_says(city, role):
    marks = forbidden("A", Reader.CITY) | forbidden("B", Reader.CITY)
    client = reader(role)
    texts = shown(client, city.addresses(urls_city), all_days())
    assert OF_AN_INSTITUTION - {"evaluation-of-export"} <= set(texts)
    assert {"evaluation-of-export csv", "uses-export xlsx", "demand-export csv"} <= set(texts)
    assert leaked(texts, marks) == set()
    assert "CANARY-A" in texts["uses"]
    assert FIGURE in texts["alerts"]  # officials may
    told = mailed({role: client}, urls_city)[role]
    assert leaked({role: told}, marks) == set()
