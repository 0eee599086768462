"""Examples of the pages that say what went wrong, and that there is no connection."""

from app.web.views import ProblemPage

PROBLEM_PAGES: dict[str, tuple[str, object]] = {
    "problem": (
        "problem.html",
        ProblemPage(
            status=404,
            title="We cannot find this page",
            sentence="The address may be mistyped, or the page was moved. Look for it among the ideas.",
            request_id="0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11",
        ),
    ),
    "problem-bare": (
        "problem.html",
        ProblemPage(
            status=503, title="We are busy", sentence="Please try again in a minute.", request_id=None
        ),
    ),
    "offline": ("offline.html", None),
}
