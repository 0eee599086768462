"""What happened here, who did it, when and why, and what was it before?"""

from projections.audit_history.evolve import AuditHistory

__all__ = ["AuditHistory"]
