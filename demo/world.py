"""The made-up city while it is being made: what one step hands to the next."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime

from demo.devices import DeviceType
from demo.moments import local_date, to_datetime
from demo.places import PlaceSpec
from demo.scale import Scale
from medshare_portal.models import Consortium, Institution, Site, User
from resources.models import Accessory, Equipment, Offer, Resource


@dataclass(eq=False)
class Place:
    """An institution with its sites and people (by role)."""

    spec: PlaceSpec
    institution: Institution
    sites: list[Site] = field(default_factory=list)
    people: dict[str, list[User]] = field(default_factory=dict)
    speaks_chinese: bool = True

    def person(self, role: str, rng: random.Random) -> User:
        return rng.choice(self.people[role])


@dataclass(eq=False)
class Device:
    """A resource with its detail row and terms.  ``readers`` None: everybody may borrow it."""

    place: Place
    type: DeviceType
    resource: Resource
    detail: Equipment | None = None
    offer: Offer | None = None
    pattern: str = "always"
    readers: list[Place] | None = None
    accessories: list[Accessory] = field(default_factory=list)
    demand: float = 1.0
    in_scene: bool = False


@dataclass(eq=False)
class World:
    scale: Scale
    rng: random.Random
    now: int  # minutes, see demo.moments
    places: list[Place] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    consortia: list[tuple[Consortium, list[Place]]] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        return to_datetime(self.now)

    @property
    def today(self) -> date:
        return local_date(self.now)

    def place(self, slug: str) -> Place:
        return next(place for place in self.places if place.spec.slug == slug)

    def device(self, code: str) -> Device:
        """By asset number, such as RH-V-07."""
        return next(device for device in self.devices if device.resource.code == code)
