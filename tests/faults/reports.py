"""Reading what a campaign found."""

import sys

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")


def broken(report):
    """Name the invariants of a report that were broken."""
    return {item["name"] for item in report["invariants"] if item["broken"]}


def holding(report):
    """Name the invariants of a report that were checked and hold."""
    return {item["name"] for item in report["invariants"] if item["checked"] and not item["broken"]}


def all_of(report):
    """Name all invariants of a report."""
    return {item["name"] for item in report["invariants"]}
