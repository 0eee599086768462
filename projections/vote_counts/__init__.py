"""How many votes does an idea have at this very moment?

Held in memory by each web process and fed from the tail of the log, so that the answer to a vote
counts that vote without waiting for a worker. It starts from what the board knows and is folded on
from there; nothing is stored.
"""

from projections.vote_counts.evolve import VoteCounts, load_vote_counts

__all__ = ["VoteCounts", "load_vote_counts"]
