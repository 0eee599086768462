"""What happened that concerns me, or an organisation I act for?"""

from projections.notices.evolve import Notices

__all__ = ["Notices"]
