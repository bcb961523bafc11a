"""Where the rules on information come from, in the reader's language."""

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def _pipl(articles: str) -> str:
    return gettext("Personal Information Protection Law (China), article %(number)s") % {
        "number": articles
    }


def _data_rules(articles: str) -> str:
    return gettext("Network data security regulations (China), article %(number)s") % {
        "number": articles
    }


pipl = lazy(_pipl, str)
data_regulations = lazy(_data_rules, str)
OWNER = _("Conditions of the owner")
HIPAA_HARBOR = "HIPAA 45 CFR 164.514 (b)(2)"
DISCLOSURE = _("Disclosure control of statistics")
BALP = "IHE BALP"
