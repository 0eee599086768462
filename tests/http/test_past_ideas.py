"""Ideas as they were: what is answered about an earlier point is what was answered then."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.command_handling import Cause
from app.funding.pledging import settle
from app.http.past import moment_of
from domain.pool import POOL
from domain.pool_gathering import MakePledge
from domain.pool_terms import Promise
from events.contracts import Money, OfferMade, PledgeConditions, PoolReachedMinimum
from events.envelope import Append, Metadata
from events.streams import new_id, offer_stream
from tests.http.offering import need, offered
from tests.http.organisations import joined
from tests.http.pools import ASKED, PATH, funder, in_days, pounds

pytestmark = pytest.mark.asyncio

OF_TODAY = {"matches": None}
"""What an earlier point answers differently."""


class Life:
    """An idea of somebody's, and what was answered about it after each thing that happened to it."""

    def __init__(self, service, author, idea_id) -> None:
        self.service, self.author, self.idea_id = service, author, idea_id
        self.path = f"/api/v1/ideas/{idea_id}"
        self.answers = {}
        self.times = {}

    async def read(self, as_of=None):
        """Read the idea, up to date or as it was."""
        query = f"min_position={await self.service.resources.store.head()}"
        answer = await self.service.client.get(f"{self.path}?{query if as_of is None else f'as_of={as_of}'}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def note(self):
        """Keep what is answered now, by the position it belongs to."""
        position = await self.service.resources.store.head()
        assert position not in self.answers, "Nothing happened since."
        self.answers[position] = await self.read()
        self.times[datetime.now(UTC).isoformat().replace("+00:00", "Z")] = self.answers[position]

    async def do(self, person, method, path, body=None):
        """Do something, note what is answered after it, and give the answer to it."""
        answer = await person.send(method, path, body)
        assert answer.is_success, answer.text
        await self.note()
        return answer.json()

    async def pool(self, **changes):
        """Open a pool, and give its address."""
        body = {**ASKED, "deadline": in_days(30), **changes}
        return f"{PATH}/{(await self.do(self.author, 'POST', f'{self.path}/pool', body))['pool_id']}"

    async def need(self, **said):
        """Name a need, and give its identifier."""
        need_id = await need(self.service, self.author, self.idea_id, **said)
        await self.note()
        return need_id

    async def promise(self, pool, organisation_id, amount, made_at, **more):
        """Put a pledge into a pool that nobody looks at further, so that it is not settled."""
        promise = Promise(
            pledge_id=new_id(),
            organisation_id=UUID(organisation_id),
            amount=Money(amount_minor=amount, currency="GBP"),
            **more,
        )
        stream = f"pool-{pool.rpartition('/')[2]}"
        command = MakePledge(now=made_at, promise=promise)
        await self.service.resources.handler.handle(POOL, stream, command, cause=Cause())
        await self.note()

    async def pledge(self, person, pool, organisation_id, amount, **more):
        """Pledge, and give the pledge's address."""
        body = {"organisation_id": organisation_id, "amount": pounds(amount), **more}
        return f"{pool}/pledges/{(await self.do(person, 'POST', f'{pool}/pledges', body))['pledge_id']}"

    async def has_left_nothing_out(self):
        """Say whether every event about the idea, its needs, offers, votes and pools was noted."""
        store = self.service.resources.store
        page = await store.read_tail(min(self.answers) - 1, limit=1_000)
        story = {e.position for e in page.events if getattr(e.data, "idea_id", None) == self.idea_id}
        # A pledge and that it brings the pool to its minimum come in one append: nobody is answered in between.
        together = {e.position - 1 for e in page.events if isinstance(e.data, PoolReachedMinimum)}
        assert story - together <= self.answers.keys()

    async def is_remembered(self, *, by_time=False):
        """Say whether every point is answered now as it was then."""
        answers = self.times if by_time else self.answers
        assert len(answers) > 1
        for as_of, answer in answers.items():
            assert await self.read(as_of) == {**answer, **OF_TODAY}, as_of


async def begun(service, author):
    """Log an idea whose life is noted."""
    life = Life(service, author, await author.log_idea())
    await life.note()
    return life


def statuses(life):
    """List what the pool was after each thing that happened, without repetitions."""
    said = [answer["pool"] and answer["pool"]["status"] for answer in life.answers.values()]
    return [one for before, one in zip([0, *said], said, strict=False) if one != before]


async def test_every_point_of_a_life_is_answered_as_it_was_then(service, author, voter):
    """From the first need to the launch: needs, offers, votes, a pool, its pledges, commitments and tranches."""
    life = await begun(service, author)
    first, second = await life.need(cost=500_000), await life.need()
    person, dale = await funder(service)
    maker = await joined(service, person, f"/api/v1/organisations/{dale}", "offers")
    rota = await offered(maker, life.idea_id, first, organisation_id=dale)
    await life.note()
    van = await offered(voter, life.idea_id, first, second, title="A van", service=None)
    await life.note()
    for offer_id, what, body in (
        (van, "decline", {"reason": "Too small."}),
        (rota, "accept", {"standing": "reserve"}),
        (rota, "accept", {"standing": "chosen"}),
    ):
        await life.do(author, "POST", f"/api/v1/offers/{offer_id}/{what}", body)
    await life.do(
        voter, "PATCH", f"/api/v1/offers/{van}", {"title": "A larger van", "reason": "It was small."}
    )
    await life.do(voter, "PUT", f"{life.path}/vote")
    await life.do(author, "PATCH", life.path, {"title": "A minibus", "reason": "Shorter."})
    pool = await life.pool()
    await life.do(author, "PATCH", pool, {"ceiling": None, "counts_in_kind": True})
    bank_person, bank = await funder(service, "Bank of Swale")
    one = await life.pledge(person, pool, dale, 400, conditions={"min_funders": 2, "max_share": "0.6"})
    await life.pledge(bank_person, pool, bank, 100, kind="in_kind", description="A desk")
    gone = await life.pledge(bank_person, pool, bank, 150, conditions={"match_ratio": "0.5"})
    await life.do(person, "PATCH", one, {"amount": pounds(450)})
    await life.do(bank_person, "DELETE", gone, {"reason": "No money."})
    await life.promise(pool, bank, 600, datetime.now(UTC))
    await life.do(author, "POST", f"{pool}/commit")
    await life.do(voter, "POST", f"/api/v1/offers/{van}/withdraw", {"reason": "Sold."})
    plan = {"title": "Lease", "amount": pounds(333)}
    milestone = (await life.do(author, "POST", f"{pool}/milestones", plan))["milestone_id"]
    await life.do(author, "POST", f"{pool}/milestones/{milestone}/reach", {"note": "Signed."})
    for pledge in life.answers[max(life.answers)]["pool"]["pledges"]:
        whose = {dale: person, bank: bank_person}[pledge["organisation_id"]]
        await life.do(whose, "POST", f"{pool}/pledges/{pledge['pledge_id']}/confirm", {})
    await life.do(author, "POST", f"{pool}/tranches", {"milestone_id": milestone})
    await life.do(maker, "POST", f"/api/v1/offers/{rota}/deliver", {"note": "In use."})
    await life.do(author, "POST", f"{life.path}/launch", {"link": "https://bus.example.org/", "note": ""})
    await life.has_left_nothing_out()
    assert statuses(life) == [None, "open", "committed"]
    await life.is_remembered()
    await life.is_remembered(by_time=True)


async def test_the_pool_of_then_is_the_one_that_was_shown(service, author):
    """Of several pools the newest, one that was called off only where there was no other; one that lapsed stays."""
    life = await begun(service, author)
    person, dale = await funder(service)
    for _ in range(2):
        pool = await life.pool()
        await life.do(author, "POST", f"{pool}/cancel", {"reason": "Not now."})
    pool = await life.pool(deadline=in_days(9))
    await life.pledge(person, pool, dale, 100)
    await settle(
        service.resources.handler,
        UUID(pool.rpartition("/")[2]),
        datetime.now(UTC).replace(microsecond=0) + timedelta(days=10),
    )
    await life.note()
    pool = await life.pool()
    await life.do(author, "POST", f"{pool}/cancel", {"reason": "Enough."})
    assert statuses(life) == [
        None,
        "open",
        "cancelled",
        "open",
        "cancelled",
        "open",
        "lapsed",
        "open",
        "lapsed",
    ]
    await life.is_remembered()


async def test_what_a_mandate_pledged_by_itself_is_told_so(service, author):
    """A pledge that nobody made by hand, and until when it could be vetoed, is answered as it was then."""
    life = await begun(service, author)
    _, dale = await funder(service)
    now = datetime.now(UTC)
    told = {"mandate_id": new_id(), "vetoable_until": now + timedelta(hours=24)}
    await life.promise(await life.pool(), dale, 2_000, now, **told)
    assert life.answers[max(life.answers)]["pool"]["pledges"][0]["is_standing"]
    await life.is_remembered()


async def test_a_pledge_counts_until_it_expired(service, author):
    """As of a time before, it comes to what it came to then; as of one after, to nothing; and now, to nothing."""
    life = await begun(service, author)
    pool, (_, dale) = await life.pool(), await funder(service)
    made = datetime.now(UTC)
    expires = made + timedelta(microseconds=1)
    await life.promise(pool, dale, 500, made, conditions=PledgeConditions(expires_at=expires))

    async def then(as_of) -> list[tuple]:
        at = as_of.isoformat().replace("+00:00", "Z")
        return [
            (pledge["resolved"]["amount_minor"], pledge["counts"])
            for pledge in (await life.read(at))["pool"]["pledges"]
        ]

    assert await then(made - timedelta(microseconds=1)) == []
    assert await then(made) == [(500, True)]
    assert await then(expires) == [(0, False)]
    assert await then(datetime(2999, 1, 1, tzinfo=UTC)) == [(0, False)]
    await life.is_remembered()


async def test_a_position_stands_for_the_time_it_was_recorded_at(service, author):
    """A time stands for itself, and what is still to come for now."""
    await author.log_idea()
    head = await service.resources.store.head()
    (event,) = await service.resources.store.read_positions([head])
    assert await moment_of(service.resources, str(head)) == event.recorded_at
    assert await moment_of(service.resources, event.recorded_at.isoformat()) == event.recorded_at
    for ahead in (str(2**60), "2999-01-01T00:00:00Z"):
        assert abs(datetime.now(UTC) - await moment_of(service.resources, ahead)) < timedelta(hours=1)


async def test_of_many_offers_the_first_are_shown_and_all_count(service, author, monkeypatch):
    """As today, 200 of them are among the answer; those that are too many to look at are left out."""
    life = await begun(service, author)
    need_id = await need(service, author, life.idea_id)
    moment = datetime.now(UTC)
    requests = []
    for number in range(203):
        offer_id = new_id()
        made = OfferMade(
            offer_id=offer_id,
            idea_id=life.idea_id,
            made_by=author.person_id,
            needs=(need_id,),
            kind="software",
            title=f"Rota {number}",
            description="A page.",
            occurred_at=moment,
        )
        requests.append(
            Append(stream=offer_stream(offer_id), events=[made], metadata=Metadata(command="MakeOffer"))
        )
    await service.resources.store.append_many(requests)
    await life.note()
    await life.is_remembered()
    position = max(life.answers)
    (found,) = (await life.read(position))["needs"]
    assert len(found["covering"]["offered"]) == 203
    monkeypatch.setattr("app.http.past_coverage.OFFERS_MAX", 200)
    (found,) = (await life.read(position))["needs"]
    assert len(found["covering"]["offered"]) == 200


async def test_what_was_erased_is_not_told_of_earlier_either(own_service):
    """With the keys of an idea, an offer and a pool gone, an earlier point is answered without their words."""
    author, voter = await own_service.person(), await own_service.person()
    life = await begun(own_service, author)
    offer_id = await offered(voter, life.idea_id, await life.need(), title="A planted van")
    await life.note()
    pool, (person, dale) = await life.pool(), await funder(own_service)
    await life.pledge(person, pool, dale, 100, kind="in_kind", description="A planted desk")
    await life.do(author, "POST", f"{pool}/cancel", {"reason": "A planted reason"})
    position = max(life.answers)
    subjects = [life.idea_id, UUID(offer_id), UUID(pool.rpartition("/")[2])]
    assert str(await life.read(position)).count("planted") == 3
    await own_service.resources.store.keyring.destroy(subjects)
    assert "planted" not in str(await life.read(position))
