"""The one password of all demo accounts: random, made once per installation."""

import secrets
from pathlib import Path

from django.conf import settings

WORDS = (
    "amber", "bamboo", "cedar", "delta", "ember", "fjord", "ginkgo", "harbour", "indigo", "jade",
    "kelp", "lotus", "maple", "nectar", "opal", "plum", "quartz", "river", "saffron", "tulip",
    "umber", "violet", "willow", "yarrow", "zephyr", "acorn", "birch", "coral", "dune", "fern",
    "grove", "hazel",
)  # fmt: skip


def path() -> Path:
    return Path(settings.VAR_DIR) / "demo-password"


def read() -> str | None:
    """The password, or None where no demo city was made with this ``var`` folder."""
    try:
        return path().read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def read_or_make() -> str:
    """Readable by the owner of the installation only."""
    if known := read():
        return known
    words = [secrets.choice(WORDS) for _number in range(5)]
    made = "-".join([*words, str(secrets.randbelow(9000) + 1000)])
    path().parent.mkdir(parents=True, exist_ok=True)
    path().unlink(missing_ok=True)
    path().touch(mode=0o600)
    path().write_text(made + "\n", encoding="ascii")
    return made
