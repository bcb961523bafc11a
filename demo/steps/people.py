"""Accounts: the announced ones for every institution, and colleagues."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password

from demo.texts import FAMILY, GIVEN
from demo.world import Place, World
from medshare_portal.actions.roles import sync_roles
from medshare_portal.models import RoleAssignment, RoleGroup, User
from medshare_portal.roles import Role

# The name before the dot, and the role, of the accounts that every institution has.
ANNOUNCED = (
    ("coordinator", Role.COORDINATOR),
    ("approver", Role.APPROVER),
    ("engineer", Role.BIOMEDICAL_ENGINEER),
    ("pharmacist", Role.PHARMACIST),
    ("viewer", Role.VIEWER),
    ("head", Role.HEAD),
)
COLLEAGUES = (
    Role.COORDINATOR,
    Role.APPROVER,
    Role.BIOMEDICAL_ENGINEER,
    Role.COORDINATOR,
    Role.VIEWER,
)
OFFICIAL, ADMIN, AT_BOTH = "official.city", "admin", "coordinator.both"
BOTH = ("renhe", "xihu")


def make_people(world: World, *, password: str) -> None:
    """One hash for all: the demo has one password, and hashing it is slow on purpose."""
    hashed = make_password(password)
    sync_roles(today=world.today)
    wanted = [entry for place in world.places for entry in _of_place(world, place)]
    wanted += _of_city(world)
    for user, _roles in wanted:
        user.password = hashed
        user.date_joined = world.moment - timedelta(days=world.scale.days)
    User.objects.bulk_create([user for user, _roles in wanted])
    _assign(world, wanted)
    sync_roles(today=world.today)


def _of_place(world: World, place: Place) -> list[tuple[User, list]]:
    made = []
    for name, role in ANNOUNCED:
        user = _user(world, f"{name}.{place.spec.slug}", chinese=place.speaks_chinese)
        place.people.setdefault(role, []).append(user)
        made.append((user, [(place, role)]))
    for number in range(_colleagues(world, place)):
        role = COLLEAGUES[number % len(COLLEAGUES)]
        user = _user(world, f"desk{number + 2}.{place.spec.slug}", chinese=number % 3 != 2)
        place.people.setdefault(role, []).append(user)
        made.append((user, [(place, role)]))
    return made


def _colleagues(world: World, place: Place) -> int:
    """So many that the city has the scale's number of people, its own three included."""
    spare = world.scale.users - 3 - len(ANNOUNCED) * len(world.places)
    share, rest = divmod(max(0, spare), len(world.places))
    return share + (world.places.index(place) < rest)


def _of_city(world: World) -> list[tuple[User, list]]:
    both = _user(world, AT_BOTH, chinese=True)
    official = _user(world, OFFICIAL, chinese=True)
    admin = _user(world, ADMIN, chinese=False)
    admin.is_staff = admin.is_superuser = True
    places = [world.place(slug) for slug in BOTH]
    for place in places:
        place.people[Role.COORDINATOR].append(both)
    return [
        (both, [(place, Role.COORDINATOR) for place in places]),
        (official, [(None, Role.CITY_OFFICIAL)]),
        (admin, [(None, Role.REGISTRY_ADMIN)]),
    ]


def _user(world: World, username: str, *, chinese: bool) -> User:
    family, given = world.rng.choice(FAMILY), world.rng.choice(GIVEN)
    return User(
        username=username,
        email=f"{username}@medshare.example",
        full_name=f"{family[1]}{given[1]} {given[0]} {family[0]}",
        phone=f"13{world.rng.randrange(10**8, 10**9)}",
        language="zh-hans" if chinese else "en",
    )


def _assign(world: World, wanted: list[tuple[User, list]]) -> None:
    groups = {(group.institution_id, group.role): group for group in RoleGroup.unscoped.all()}
    since = world.today - timedelta(days=world.scale.days)
    RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(
                user=user,
                role_group=groups[place.institution.pk if place else None, role],
                valid_from=since,
            )
            for user, roles in wanted
            for place, role in roles
        ]
    )
