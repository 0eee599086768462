"""Somebody who uses the running site through its API, and the stream of events that a program follows."""

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Newcomer:
    """A person with a token."""

    person_id: str
    token: str

    @property
    def headers(self):
        """Give what a request of theirs carries."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def id(self):
        """Give their identifier."""
        return UUID(self.person_id)


def an_idea(title):
    """Describe an idea to log."""
    return {
        "title": title,
        "problem": "The bus from the estate stops at six, and the clinic is open until eight.",
        "proposal": "A shared minibus in the evening, driven by trained volunteers.",
        "beneficiaries": "People without a car",
        "themes": ["SDG3"],
        "places": ["GB-BST"],
    }


@asynccontextmanager
async def following(web, **request):
    """Follow the public log; gives a function that reads the next event, as its position and data."""
    async with web.stream("GET", "/api/v1/events/stream", **request) as response:
        assert response.status_code == 200
        lines = response.aiter_lines()

        async def next_event():
            position = None
            async for line in lines:
                field, _, value = line.partition(": ")
                if field == "id":
                    position = int(value)
                elif field == "data":
                    return position, json.loads(value)
            raise EOFError("The stream has ended.")

        yield next_event
