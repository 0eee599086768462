"""What an endpoint answered, in words and as far as it is kept."""

from projections.language import N_
from projections.language import gettext as _

ANSWER_KEPT_MAX = 2_000

_SENT_ELSEWHERE = N_("The endpoint answered %(status)s; what it sends elsewhere is not followed.")
_REFUSED = N_("The endpoint answered %(status)s; any of 200 to 299 would have been right.")


def is_success(status: int) -> bool:
    """Tell whether a status is one of the class of success (RFC 9110, section 15.3)."""
    return 200 <= status <= 299  # noqa: PLR2004  # The bounds of the class.


def shown_answer(body: bytes) -> str:
    """Give the beginning of an answer as text that can be kept."""
    return body[:ANSWER_KEPT_MAX].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def not_taken(status: int) -> str:
    """Say why an answer is no success."""
    if 300 <= status <= 399:  # noqa: PLR2004  # The class of redirections (RFC 9110, section 15.4).
        return _SENT_ELSEWHERE % {"status": status}
    return _REFUSED % {"status": status}


def in_words(kept: str) -> str:
    """Say what was kept of an attempt, which is in English, in the language that is spoken."""
    for sentence in (_SENT_ELSEWHERE, _REFUSED):
        before, _sign, after = sentence.partition("%(status)s")
        if kept.startswith(before) and kept.endswith(after):
            return _(sentence, status=kept.removeprefix(before).removesuffix(after))
    return _(kept)
