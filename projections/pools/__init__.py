"""Which pools are there, what was pledged to each on which conditions, and what became of it?"""

from projections.pools.evolve import Pools

__all__ = ["Pools"]
