"""The fault campaign: real processes are killed under load, and afterwards every promise of the log is checked."""
