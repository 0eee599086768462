"""What did a funder give before anybody here asked: to whom, how much, when, and for what?"""

from projections.past_grants.evolve import PastGrants

__all__ = ["PastGrants"]
