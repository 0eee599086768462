"""The pages of endpoints of invented programs."""

from app.http.endpoint_view import EndpointDetail, PauseShown, PublicKeyShown
from app.web.webhook_views import DeliveryLine, EndpointLine, EndpointPage, EndpointsPage, Option
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

_LONG = f"https://hooks.example.org/{LONG_WORD}?{SCRIPT}"
_FAMILIES = [
    Option(value="everything", label="Everything", selected=False),
    Option(value="ideas", label="Ideas, and what they need", selected=True),
    Option(value="minimum", label="Pools that reach their minimum", selected=True),
]
_FORMATS = [Option(value="standard", label="Standard Webhooks", selected=True)]


def _endpoint(**said: object) -> EndpointDetail:
    fields = {
        "endpoint_id": uuid(1),
        "organisation_id": None,
        "url": "https://hooks.example.org/impact",
        "types": ["*"],
        "format": "standard",
        "ordered": False,
        "filter": None,
        "status": "active",
        "paused": None,
        "rate_per_minute": None,
        "keys": [PublicKeyShown(key_id=uuid(2), public_key="whpk_" + "A" * 43 + "=", until=None)],
        "answer": "It agreed.",
        "waiting": 2,
        "behind_at": None,
        "failures": 0,
        "rests_until": None,
        "delivered_at": START,
        "version": 2,
        **said,
    }
    return EndpointDetail(**fields)


def _page(endpoint: EndpointDetail, **said: object) -> EndpointPage:
    fields = {
        "endpoint_id": uuid(1),
        "endpoint": endpoint,
        "status": "Is told of events",
        "is_lit": endpoint.status == "active",
        "types": ["Everything"],
        "format": "Standard Webhooks",
        "deliveries": [],
        "answer": endpoint.answer,
        **said,
    }
    return EndpointPage(**fields)


WEBHOOK_PAGES: dict[str, tuple[str, object]] = {
    "webhooks": (
        "webhooks.html",
        EndpointsPage(
            endpoints=[
                EndpointLine(
                    href="/webhooks/1", url="https://hooks.example.org/", status="Is told", is_lit=True
                ),
                EndpointLine(href="/webhooks/2", url=_LONG, status="Paused", is_lit=False),
            ],
            families=_FAMILIES,
            formats=_FORMATS,
            organisations=[Option(value=str(uuid(3)), label=f"{SCRIPT} {LONG_WORD}", selected=False)],
            next_href="/webhooks?cursor=x",
        ),
    ),
    "webhooks-wrong": (
        "webhooks.html",
        EndpointsPage(
            endpoints=[],
            families=_FAMILIES,
            formats=_FORMATS,
            organisations=[],
            typed={"url": _LONG, "reaches": "42"},
            errors={
                "url": "Messages go over https; give an address that is so.",
                "reaches": "Support is told at certain marks only: choose 40 or 45.",
            },
        ),
    ),
    "webhook": (
        "webhook.html",
        _page(
            _endpoint(url=_LONG),
            secret="whsec_" + "x" * 44,
            told="The test was taken, in 41 milliseconds.",
            deliveries=[
                DeliveryLine(
                    position=41_719, status="Delivered", is_lit=True, when=START, attempts=1, error=""
                ),
                DeliveryLine(
                    position=7,
                    status="Is tried again, once more",
                    is_lit=False,
                    when=START,
                    attempts=3,
                    error=f"{SCRIPT} {LONG_WORD}",
                ),
            ],
        ),
    ),
    "webhook-new": (
        "webhook.html",
        _page(
            _endpoint(status="unverified", answer="", waiting=0, delivered_at=None),
            status="Has not agreed yet",
        ),
    ),
    "webhook-paused": (
        "webhook.html",
        _page(
            _endpoint(status="paused", paused=PauseShown(cause="gone", after=41_719), waiting=10_000),
            status="Paused: it said that it is gone",
            told="Give the number of a record, such as 41500.",
            is_problem=True,
        ),
    ),
}
