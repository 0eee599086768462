"""Who and what the sentences about the domain speak of."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec.structs import asdict

from domain.idea import IdeaTexts
from domain.vote import Ballot
from events.contracts import CommunityOpened, IdeaLogged, Money, VotingRules

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ADA, BEN, CLEO = (UUID(f"0190b000-0000-7000-8000-00000000000{n}") for n in (1, 2, 3))
COMMONS = UUID("0190b000-0000-7000-8000-000000000010")
CAFE = UUID("0190b000-0000-7000-8000-000000000020")

RULES = VotingRules(support_threshold=25)
STRICT = VotingRules(support_threshold=100)
OPENED = CommunityOpened(community_id=COMMONS, slug="commons", name="Commons", rules=RULES, occurred_at=NOON)

TEXTS = IdeaTexts(
    title="Repair café",
    problem="Toasters are thrown away.",
    proposal="Mend them together.",
    beneficiaries="Everybody with a toaster.",
    themes=("EN103",),
    places=("GB-LDS",),
    ask=Money(amount_minor=50_000, currency="GBP"),
)
OTHER_TEXTS = IdeaTexts(
    title="Tool library",
    problem="Drills lie idle.",
    proposal="Lend them.",
    beneficiaries="Everybody with a wall.",
)
LOGGED = IdeaLogged(idea_id=CAFE, community_id=COMMONS, author_id=ADA, **asdict(TEXTS), occurred_at=NOON)


def ballot(*, author: UUID = ADA, idea_is_open: bool = True, voting_is_running: bool = True) -> Ballot:
    """Say what is known of an idea and its community when somebody votes; by default all is well."""
    return Ballot(author_id=author, idea_is_open=idea_is_open, voting_is_running=voting_is_running)
