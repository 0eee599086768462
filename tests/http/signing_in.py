"""Browsers of people who sign in: with cookies of their own, and a look into the mail that waits for them."""

import re

import httpx

SAME_SITE = {"sec-fetch-site": "same-origin"}
HTML = {"accept": "text/html"}


class Browser:
    """One browser: it keeps cookies, and says that its forms come from our own pages."""

    def __init__(self, service):
        self.service = service
        transport = httpx.ASGITransport(service.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=HTML)

    async def get(self, path, **headers):
        return await self.client.get(path, headers=headers)

    async def post(self, path, **fields):
        return await self.client.post(path, data=fields, headers=SAME_SITE)

    async def ask(self, email, next_path="/"):
        """Ask for a link, and give the token and the code from the mail that waits."""
        answer = await self.post("/sign-in", email=email, next=next_path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code"), answer.text
        return await mail_to(self.service, email)

    async def sign_in(self, email, name="Ada Sample", next_path="/"):
        """Sign in by a link, saying a name where one is asked for; give the last answer."""
        token, _ = await self.ask(email, next_path)
        answer = await self.post("/sign-in/link", token=token)
        if answer.headers.get("location") == "/sign-in/name":
            answer = await self.post("/sign-in/name", name=name)
        assert answer.status_code == 303, answer.text
        return answer

    @property
    def session(self):
        return self.client.cookies.get("session")


async def mails_to(service, email):
    """Open the messages to an address that wait to be sent, the oldest first."""
    rows = await service.resources.pool.fetch(
        "SELECT message_id, sealed FROM outgoing_mail WHERE sealed IS NOT NULL ORDER BY message_id"
    )
    opened = [service.resources.outbox.opened(*row) for row in rows]
    return [message for message in opened if message.to == email]


async def mail_to(service, email):
    """Give token and code of the newest message to an address."""
    text = (await mails_to(service, email))[-1].text
    token = re.search(r"/sign-in/link\?token=(\S+)", text)[1]
    return token, re.search(r": (\d{4} \d{4})$", text, re.MULTILINE)[1]
