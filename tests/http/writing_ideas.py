"""Browsers of people who write an idea down, step by step, with forms as the pages have them."""

import re
from urllib.parse import urlsplit

from tests.http.signing_in import SAME_SITE, Browser

PROBLEM = {
    "title": "A night bus for the hospital estate",
    "problem": "The last bus from the hospital leaves at nine, and the late shift ends at ten.",
    "beneficiaries": "Nurses and cleaners of the late shift",
}
PROPOSAL = {
    "proposal": "A minibus at half past ten, driven by volunteers.",
    "amount": "12,000",
    "currency": "GBP",
}
ABOUT = {"theme-SW104": "on", "place-GB-DUR": "on"}


class Writer(Browser):
    """Somebody who writes an idea down."""

    draft = ""

    def step(self, name):
        """Give the address of a step of the draft, or of what is done with it."""
        return f"/ideas/new/{self.draft}/{name}"

    async def begin(self, query=""):
        """Open the page on which an idea is begun."""
        page = await self.get(f"/ideas/new{query}")
        assert page.status_code == 200, page.text
        self.draft = re.search(r'action="/ideas/new/([0-9a-f-]+)/problem"', page.text)[1]
        return page

    async def send(self, step, fields, act="next"):
        """Send a step, and give where it leads."""
        answer = await self.client.post(self.step(step), data={**fields, "act": act}, headers=SAME_SITE)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def write(self, **problem):
        """Write everything down, up to the last step."""
        await self.begin()
        await self.send("problem", {**PROBLEM, **problem})
        await self.send("proposal", PROPOSAL)
        assert await self.send("about", ABOUT) == self.step("check")

    async def log(self, community="commons"):
        """Press the button that logs it."""
        return await self.client.post(self.step("log"), data={"community": community}, headers=SAME_SITE)

    async def look(self, step):
        """Look at a step."""
        page = await self.get(self.step(step))
        assert page.status_code == 200, page.text
        return page.text


def path_of(answer):
    """Give the path to which an answer leads."""
    assert answer.status_code == 303, answer.text
    return urlsplit(answer.headers["location"]).path
