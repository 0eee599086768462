"""Which ideas fit what a funder is open to, which mandates are open to an idea, and why?"""

from projections.funder_matches.evolve import FunderMatches

__all__ = ["FunderMatches"]
