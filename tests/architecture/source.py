"""Reads the project's own source for the rule tests."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# From the bottom up: a layer may import the ones before it.
LAYERS = ("medshare_portal", "resources", "scheduling", "reports", "demo")
BOUNDARY = ("views", "forms", "filters", "tables", "interop", "navigation", "panels")


@dataclass(frozen=True)
class Source:
    """One Python file: path relative to the root, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.path.parts[0]

    @property
    def name(self) -> str:
        return self.path.as_posix()

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    @property
    def is_boundary(self) -> bool:
        inside = [*self.path.parts[1:-1], self.path.stem]
        return any(part in BOUNDARY for part in inside)

    def imports(self) -> list[tuple[int, str]]:
        """(line, dotted module) of every import, wherever it stands."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.append((node.lineno, node.module))
            elif isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
        return found


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the five apps."""
    files = [path for app in LAYERS for path in sorted((ROOT / app).rglob("*.py"))]
    texts = [(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in files]
    return tuple(Source(path, text, ast.parse(text)) for path, text in texts)
