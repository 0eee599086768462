"""Collections made of rows, short to write in a test."""

from datetime import UTC, datetime, timedelta

from app.importing.rows import Collection, ImportedIdea, ImportedVote, Source

DAY = datetime(2023, 9, 18, tzinfo=UTC)
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def at(day: float) -> datetime:
    """Give a moment some days after the first."""
    return DAY + timedelta(days=day)


class Rows:
    """A reader of rows that a test made; a vote is (idea, voter, day, supports)."""

    def __init__(self, ideas, votes, *, identity="exampleton/2023"):
        self._ideas = ideas
        self._votes = votes
        self.collection = Collection(
            source=Source(system="pabulib", collection="2023"),
            identity=identity,
            title="Budget of Exampleton",
            description="",
            country="PL",
            ideas=len(ideas),
            ballots=len({voter for _, voter, _, _ in votes}),
            votes=len(votes),
        )

    def check(self):
        """Find nothing wrong."""

    def ideas(self):
        for line, name in enumerate(self._ideas, start=1):
            yield ImportedIdea(
                line=line,
                source_id=name,
                title=f"Title of {name}",
                text=f"Text of {name}",
                themes=("AR101",),
                places=("PL",),
                cost_minor=12_345,
                currency="PLN",
                logged_at=at(0),
                official_votes=None,
            )

    def votes(self):
        for line, (idea, voter, day, supports) in enumerate(self._votes, start=100):
            yield ImportedVote(line=line, source_id=idea, voter_id=voter, at=at(day), supports=supports)
