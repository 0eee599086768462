"""Which votes count as verified, and which are set aside, and why?"""

from projections.fair_votes.evolve import FairVotes

__all__ = ["FairVotes"]
