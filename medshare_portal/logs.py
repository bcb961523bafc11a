"""One event is one log line, whatever a name or an address holds."""

import logging


class OneLineFormatter(logging.Formatter):
    """Escapes CR and LF in the message; a traceback still takes its own lines."""

    def formatMessage(self, record):
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
