"""In which modes a resource may be shared, as its kind's detail row says."""

from resources.enums import ShareMode
from resources.kinds import kinds


def modes_of(resource) -> list[ShareMode]:
    """What the owner allows; a kind without modes is lent."""
    detail = getattr(resource, kinds[resource.kind].detail, None)
    return list(getattr(detail, "share_modes", ())) or [ShareMode.LOAN]


def default_mode(resource) -> ShareMode:
    """A loan where that is allowed: it needs the longest buffers."""
    modes = modes_of(resource)
    return ShareMode.LOAN if ShareMode.LOAN in modes else modes[0]
