"""History as people see it: everything that happened, things as they were at any moment, and downloads."""
