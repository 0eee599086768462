"""What happened: the log of immutable events, and nothing but the log."""
