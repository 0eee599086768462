"""Reads a page's HTML into a small tree, strictly enough to notice a forgotten end tag."""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta"}
SELF_CLOSED = {"path", "circle", "rect", "line", "use", "stop"}


class Element:
    """One element: its tag, attributes, children and the text directly inside."""

    def __init__(self, tag, attributes, parent=None):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children, self.pieces = [], []

    def __getitem__(self, name):
        return self.attributes[name]

    def get(self, name, otherwise=None):
        """Give an attribute or `otherwise`."""
        return self.attributes.get(name, otherwise)

    def walk(self) -> Iterator["Element"]:
        """Visit this element and everything below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, tag, **attributes):
        """Find every element below with this tag and these attributes (`class_` is one of its classes)."""
        wanted = attributes.pop("class_", None)
        return [
            element
            for element in self.walk()
            if element.tag == tag
            and all(element.get(name) == value for name, value in attributes.items())
            and (wanted is None or wanted in element.get("class", "").split())
        ]

    def one(self, tag, **attributes):
        """Find the only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} times <{tag}> {attributes}"
        return found[0]

    @property
    def text(self):
        """All text inside, with white space collapsed."""
        return " ".join("".join(self._texts()).split())

    def _texts(self):
        for piece in self.pieces:
            if isinstance(piece, str):
                yield piece
            else:
                yield from piece._texts()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("#document", {})

    def handle_starttag(self, tag, attrs):
        self._add(tag, attrs)
        if tag not in VOID:
            self.here = self.here.children[-1]

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID | SELF_CLOSED, f"<{tag}/> closes itself"
        self._add(tag, attrs)

    def handle_endtag(self, tag):
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.pieces.append(data)

    def _add(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        child = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(child)
        self.here.pieces.append(child)


def read(html) -> Element:
    """Read a whole document; an element left open or closed in the wrong order fails."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root
