"""Reading one's own writes: a read with `min_position` waits until its read model is that far."""

from app.http.problems import NotCaughtUpError
from app.http.resources import Resources

WAIT_SECONDS = 5.0


async def caught_up(resources: Resources, projection: str, min_position: int | None) -> None:
    """Wait until a read model, or a reactor under its name after `reactor:`, has reached a position.

    Raises:
        NotCaughtUpError: it did not get there in time.
    """
    if min_position is None:
        return
    if not await resources.positions.wait(projection, min_position, seconds=WAIT_SECONDS):
        raise NotCaughtUpError
