"""The page of the design, as everybody sees it."""

from app.web.design import design_page

DESIGN_PAGES = {"design": ("design.html", design_page())}
