"""What an endpoint answered, in words and as far as it is kept."""

ANSWER_KEPT_MAX = 2_000


def is_success(status: int) -> bool:
    """Tell whether a status is one of the class of success (RFC 9110, section 15.3)."""
    return 200 <= status <= 299  # noqa: PLR2004  # The bounds of the class.


def shown_answer(body: bytes) -> str:
    """Give the beginning of an answer as text that can be kept."""
    return body[:ANSWER_KEPT_MAX].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def not_taken(status: int) -> str:
    """Say why an answer is no success."""
    if 300 <= status <= 399:  # noqa: PLR2004  # The class of redirections (RFC 9110, section 15.4).
        return f"The endpoint answered {status}; what it sends elsewhere is not followed."
    return f"The endpoint answered {status}; any of 200 to 299 would have been right."
