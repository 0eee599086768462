"""Providers of throw-away addresses, by the published list (package disposable-email-domains, CC0)."""

from disposable_email_domains import blocklist

_DOMAINS: frozenset[str] = frozenset(blocklist)


def is_disposable(email: str) -> bool:
    """Tell whether an address is at such a provider, or below one of its domains."""
    labels = email.rpartition("@")[2].lower().rstrip(".").split(".")
    return any(".".join(labels[start:]) in _DOMAINS for start in range(len(labels) - 1))
