"""How a mandate is found by wider themes and places: some codes mean one as well as the other, such as AR."""


def within_theme(code: str) -> str:
    """Name a theme among all that a mandate lies in."""
    return f"theme {code}"


def within_place(code: str) -> str:
    """Name a place among all that a mandate lies in."""
    return f"place {code}"
