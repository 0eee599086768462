"""What runs beside the web: the read models' runner, the housekeeping, and arq, which stays behind this package."""
