"""What `make screenshots` draws, in the order of docs/screenshots.md."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Shot:
    """``path`` may name days: {soon}, {later}.  ``follow``: selectors of links, each on the page
    that the one before led to."""

    name: str
    title: str
    says: str
    account: str
    path: str
    follow: tuple[str, ...] = ()
    chinese: bool = False
    dark: bool = False
    phone: bool = False
    paper: bool = False
    height: int = 0
    scroll_to: str = ""

    @property
    def address(self) -> str:
        today = datetime.now(UTC).date()
        days = {"soon": today + timedelta(days=2), "later": today + timedelta(days=3)}
        return self.path.format(**{name: day.isoformat() for name, day in days.items()})

    @property
    def file(self) -> str:
        return f"{self.name}.webp"


SHOTS = (
    Shot(
        name="home",
        title="Home of a hospital",
        says="What waits for an answer, what is out, what comes and what to offer.",
        account="coordinator.renhe",
        path="/at/renhe/",
    ),
    Shot(
        name="find",
        title="Find and request",
        says="What is free when it is needed: distance, cost and rules before anything is asked.",
        account="coordinator.dongbei",
        path="/at/dongbei/find/?what=呼吸机&starts_at={soon}T08:00&ends_at={later}T20:00",
        chinese=True,
    ),
    Shot(
        name="catalogue",
        title="Catalogue",
        says="What others share, of all four kinds.",
        account="coordinator.dongbei",
        path="/at/dongbei/resources/",
    ),
    Shot(
        name="inbox",
        title="Inbox of an approver",
        says="What is due first comes first; several are answered at once.",
        account="approver.renhe",
        path="/at/renhe/inbox/",
        chinese=True,
    ),
    Shot(
        name="week",
        title="The week of the equipment, in the dark",
        says="Booked, offered and kept times of each device.",
        account="coordinator.renhe",
        path="/at/renhe/calendar/",
        dark=True,
    ),
    Shot(
        name="return",
        title="Return on a phone",
        says="A checklist is ticked where the device is, and signed by both sides.",
        account="coordinator.renhe",
        path="/at/renhe/",
        follow=("main a[href$='/return/']",),
        phone=True,
        chinese=True,
    ),
    Shot(
        name="expiry",
        title="Medicines at risk",
        says="What will be left when it expires, and what others can use of it.",
        account="pharmacist.renhe",
        path="/at/renhe/medicines/at-risk/",
    ),
    Shot(
        name="city",
        title="The city in figures",
        says="Six numbers with their definition, the map, the kinds; each leads to its rows.",
        account="official.city",
        path="/city/figures/?period=90",
        height=1150,
    ),
    Shot(
        name="scorecard",
        title="Scorecard of an institution",
        says="Its figures against the period before, the median and its rank.",
        account="viewer.renhe",
        path="/at/renhe/figures/?period=90",
        chinese=True,
        height=1000,
    ),
    Shot(
        name="register",
        title="Equipment register",
        says="How devices are used through the week, and which stand idle.",
        account="official.city",
        path="/city/figures/equipment/?period=90",
    ),
    Shot(
        name="round",
        title="A matching round",
        says="What is proposed, why each, what it costs, and what stayed unmet.",
        account="official.city",
        path="/city/rounds/",
        follow=("main a[href^='/city/rounds/']:not([href$='/new/'])",),
        chinese=True,
    ),
    Shot(
        name="report",
        title="Evaluation report, as printed",
        says="Every figure with what it is made of, for paper and as CSV and XLSX.",
        account="official.city",
        path="/city/figures/report/?period=90",
        paper=True,
        height=1150,
    ),
)
