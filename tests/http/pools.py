"""Pools as tests make them: an idea with a pool, and funders whose money somebody may commit."""

from datetime import UTC, datetime, timedelta

from tests.http.organisations import registered

PATH = "/api/v1/pools"


def pounds(amount, currency="GBP"):
    """Give so many minor units."""
    return {"amount_minor": amount, "currency": currency}


def in_days(days):
    """Say a time so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


ASKED = {"currency": "GBP", "minimum": pounds(600), "target": pounds(1_000), "ceiling": pounds(1_200)}


async def opened(author, **changes):
    """Log an idea and open a pool for it; gives the pool's address."""
    idea_id = await author.log_idea()
    body = {**ASKED, "deadline": in_days(30), **changes}
    answer = await author.send("POST", f"/api/v1/ideas/{idea_id}/pool", body)
    assert answer.status_code == 201, answer.text
    return f"{PATH}/{answer.json()['pool_id']}"


async def funder(service, name="Dale Trust"):
    """Make a funder and somebody who may commit its money; gives both."""
    person = await service.person()
    path = await registered(person, name=name)
    organisation_id = path.rpartition("/")[2]
    answer = await person.send("PUT", f"{path}/members/{person.person_id}", {"roles": ["admin", "funder"]})
    assert answer.status_code == 200, answer.text
    return person, organisation_id


async def pledged(person, pool, organisation_id, amount, *, status=201, **more):
    """Pledge, and give the answer's body."""
    conditions = more.pop("conditions", {})
    body = {"organisation_id": organisation_id, "amount": pounds(amount), "conditions": conditions, **more}
    answer = await person.send("POST", f"{pool}/pledges", body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def shown(service, pool):
    """Read a pool as it is now."""
    answer = await service.client.get(f"{pool}?min_position={await service.resources.store.head()}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def amounts(found, name="resolved"):
    """List what the pledges of a pool come to."""
    return [pledge[name]["amount_minor"] for pledge in found["pledges"]]
