"""Photos from a phone: known by their content, turned upright, without the camera's data."""

from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from medshare_portal.files import FileBroken, FileRefused, check_file

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
    try:
        return _written_anew(check_file(upload, pictures_only=True).content)
    except FileRefused as refusal:
        raise ValidationError(refusal.message) from refusal
    except (OSError, ValueError, SyntaxError) as error:
        raise ValidationError(FileBroken.message) from error


def _written_anew(content: bytes) -> CheckedPhoto:
    with Image.open(BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    written = BytesIO()
    upright.save(written, "JPEG", quality=85)
    return CheckedPhoto(ContentFile(written.getvalue(), name=f"{uuid4().hex}.jpg"))
