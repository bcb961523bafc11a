"""One event is one log line, whatever a name or an address holds, and no line has a signed link."""

import logging
import re

# Addresses that carry a token: of an e-mail's answer, of a person's shifts, of a new password.
SECRETS = re.compile(r"(/(?:answer|shifts|account/reset/[^/\s?]+)/)[^/\s?\"']{20,}")


def masked(text: str) -> str:
    """The text without the tokens of the addresses in it."""
    return SECRETS.sub(r"\1…", text)


class OneLineFormatter(logging.Formatter):
    """Escapes CR and LF in the message and masks tokens; a traceback still takes its own lines."""

    def formatMessage(self, record):
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        return masked(line)
