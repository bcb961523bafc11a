"""Which modules a leaf imports that it may not."""

import ast
import sys
from pathlib import Path


def strangers(path: Path, *, own: str, allowed: frozenset[str] = frozenset()) -> set[str]:
    """Names of imported modules outside the standard library, ``allowed`` and the leaf ``own``."""
    known = sys.stdlib_module_names | allowed
    names = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    return {name for name in names if name.split(".")[0] not in known and not name.startswith(own)}
