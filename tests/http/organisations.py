"""Organisations as tests make them: registered over HTTP, with members who accepted an invitation by mail."""

import re

from app.access import accounts

PATH = "/api/v1/organisations"
TRUST = {"name": "Dale Trust", "website": "https://dale.example.org/"}


async def registered(person, **changes):
    """Register an organisation and give its address."""
    answer = await person.send("POST", PATH, {**TRUST, **changes})
    assert answer.status_code == 201, answer.text
    return f"{PATH}/{answer.json()['organisation_id']}"


async def shown(service, path):
    """Read an organisation as it is now."""
    answer = await service.client.get(f"{path}?min_position={await service.resources.store.head()}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def address_of(service, person):
    """Give the e-mail address of somebody's account."""
    return await accounts.email_of(service.resources.pool, person.person_id)


async def last_word(service):
    """Give the word in the link of the mail that was posted last."""
    row = await service.resources.pool.fetchrow(
        "SELECT message_id, sealed FROM outgoing_mail ORDER BY message_id DESC LIMIT 1"
    )
    message = service.resources.outbox.opened(row["message_id"], row["sealed"])
    (word,) = set(re.findall(r"/invitations/([\w-]+)", message.text))
    return word


async def invited(service, admin, path, person, *roles):
    """Invite somebody, and give the word that was mailed to them."""
    body = {"email": await address_of(service, person), "roles": list(roles)}
    answer = await admin.send("POST", f"{path}/invitations", body)
    assert answer.status_code == 201, answer.text
    return await last_word(service)


async def accepted(person, word):
    """Accept an invitation."""
    return await person.send("POST", "/api/v1/invitations/accept", {"token": word})


async def joined(service, admin, path, *roles):
    """Make somebody a member."""
    person = await service.person()
    answer = await accepted(person, await invited(service, admin, path, person, *roles))
    assert answer.status_code == 200, answer.text
    return person
