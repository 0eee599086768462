"""The way out to endpoints."""

from urllib.parse import urlsplit

from app.outbound.client import Outbound
from app.outbound.rules import is_this_machine, rules_of
from app.settings import Settings


def way_to_endpoints(settings: Settings) -> Outbound:
    """Give the way out to endpoints: to this very machine only where people reach us on it alone.

    Raises:
        SettingsError: the settings name networks or ports that cannot be meant.
    """
    here = is_this_machine(urlsplit(settings.public_url).hostname or "")
    return Outbound(rules_of(settings, loopback=here))
