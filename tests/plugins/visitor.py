"""A person's HTTP client: cookies, CSRF, no redirects followed, nothing retried."""

import http.client
import http.cookies
import urllib.parse
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def location(self):
        return self.headers.get("Location")


class Visitor:
    """Not shared between threads: each client of a race signs in with its own."""

    def __init__(self, url, timeout=60):
        self._address = urllib.parse.urlsplit(url).netloc
        self._timeout = timeout
        self.cookies = {}

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, fields=()):
        """Post a form as a browser would; `fields` is a dict (lists repeat) or pairs."""
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        pairs.append(("csrfmiddlewaretoken", self._csrf_token()))
        body = urllib.parse.urlencode(pairs, doseq=True).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, username, password):
        answer = self.get(reverse("login"))
        assert answer.status == 200, answer.status
        answer = self.post(reverse("login"), {"username": username, "password": password})
        assert answer.status == 302, f"{username} could not sign in ({answer.status})"
        return self

    def ask(self, method, path, body=None, headers=()):
        connection = http.client.HTTPConnection(self._address, timeout=self._timeout)
        try:
            connection.request(method, path, body, {**dict(headers), **self._cookie_header()})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        self._remember(answer)
        return answer

    def _csrf_token(self):
        """The secret in the cookie is itself a valid token; the first page sets it."""
        for name, value in self.cookies.items():
            if name.endswith("csrf"):
                return value
        self.get(reverse("login"))
        return next((v for name, v in self.cookies.items() if name.endswith("csrf")), "")

    def _cookie_header(self):
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def _remember(self, answer):
        for line in answer.headers.get_all("Set-Cookie", ()):
            for name, morsel in http.cookies.SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
