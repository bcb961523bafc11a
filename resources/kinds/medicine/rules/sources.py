"""Where the rules on medicines come from, in the reader's language."""

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def _article(number: int) -> str:
    return gettext("Drug Administration Law (China), article %(number)s") % {"number": number}


law = lazy(_article, str)  # 药品管理法
GDP = _("Good distribution practice, first expired first out")
WHO = _("WHO guidelines on medicine donations")
COLD_CHAIN = _("Vaccine Administration Law (China), article 39")
