"""A check that code knows no clock, no chance, no file and no network: it looks at what is imported and called."""

import ast
from collections.abc import Iterator

_MODULES = {
    *("asyncio", "asyncpg", "concurrent", "ctypes", "ftplib", "glob", "http", "httpx", "importlib", "io"),
    *("litestar", "logging", "multiprocessing", "os", "pathlib", "psycopg", "random", "redis", "requests"),
    *(
        "secrets",
        "select",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "sqlalchemy",
        "sqlite3",
        "ssl",
        "structlog",
    ),
    *("subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid_utils", "zoneinfo"),
}
_NAMES = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "uuid": {"uuid1", "uuid4", "uuid6", "uuid7", "uuid8", "getnode"},
    "events.streams": {"new_id"},
}
_METHODS = set().union(*_NAMES.values())
_CALLS = {"open", "print", "input", "exec", "eval", "compile", "breakpoint", "__import__", "globals", "vars"}
_STATEMENTS = (ast.Global, ast.Nonlocal, ast.AsyncFunctionDef, ast.Await, ast.Yield, ast.YieldFrom)


def impurities(tree: ast.Module) -> list[str]:
    """Tell what in a module reaches beyond its arguments, each with its line."""
    return [f"line {line}: {what}" for line, what in sorted(_found(tree))]


def _found(tree: ast.Module) -> Iterator[tuple[int, str]]:
    imported_here = _imported(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for imported in names:
                    if imported.name.partition(".")[0] in _MODULES:
                        yield node.lineno, f"imports {imported.name}"
            case ast.ImportFrom(module=module, names=names):
                for imported in names:
                    if (module or "").partition(".")[0] in _MODULES:
                        yield node.lineno, f"imports from {module}"
                    elif imported.name in _NAMES.get(module or "", ()):
                        yield node.lineno, f"imports {imported.name} from {module}"
            case ast.Call(func=ast.Attribute(attr=attribute)) if attribute in _METHODS:
                yield node.lineno, f"calls {attribute}"
            case ast.Attribute(attr=attribute) if attribute in _METHODS and _root(node) in imported_here:
                yield node.lineno, f"uses {attribute}"
            case ast.Name(id=called) if called in _CALLS:
                yield node.lineno, f"uses {called}"
            case _ if isinstance(node, _STATEMENTS):
                yield node.lineno, f"has a {type(node).__name__}"


def _imported(tree: ast.Module) -> set[str]:
    """Collect the names that imports bind: `now` of a command is a value, `now` of one of these a clock."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {(name.asname or name.name).partition(".")[0] for node in imports for name in node.names}


def _root(node: ast.expr) -> str | None:
    """Find the name at the beginning of a dotted expression."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
