"""Where the rules on devices come from, in the reader's language."""

from django.utils.functional import lazy
from django.utils.translation import gettext

MHRA = "MHRA Managing Medical Devices"


def _article(number: int) -> str:
    return gettext("Regulations on medical devices (China), article %(number)s") % {
        "number": number
    }


regulation = lazy(_article, str)  # 医疗器械监督管理条例
