"""Photos from a phone: known by their content, turned upright, without the camera's data."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

LARGEST = 12 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 60_000_000
LONGEST_EDGE = 2000


@dataclass(frozen=True)
class CheckedPhoto:
    """A picture that we wrote ourselves, under a random name."""

    file: ContentFile
    content_type: str = "image/jpeg"


def check_photo(upload) -> CheckedPhoto:
    """The picture, written anew: no place, no owner's name, nothing but pixels.

    Raises ValidationError when it is none, or too large.
    """
    if upload.size > LARGEST:
        raise ValidationError(_("This photo is larger than 12 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _written_anew(upload)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as error:
        raise ValidationError(_("This is not a photo (JPEG, PNG or WebP).")) from error


def _written_anew(upload) -> CheckedPhoto:
    with Image.open(upload, formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    written = BytesIO()
    upright.save(written, "JPEG", quality=85)
    return CheckedPhoto(ContentFile(written.getvalue(), name=f"{uuid4().hex}.jpg"))
