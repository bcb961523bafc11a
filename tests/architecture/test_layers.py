"""reports → scheduling → resources → medshare_portal, never upwards; files and functions short."""

import ast

from tests.architecture.source import LAYERS, ROOT, sources

# Only these name upper apps, because Django needs one place that does.
MAY_LOOK_UP = {"medshare_portal/urls.py", "medshare_portal/settings.py"}
INSIDE = ("models", "queries", "rules", "actions", "views")


def test_no_import_runs_upwards():
    upward = [
        f"{source.name}:{line} imports {module}"
        for source in sources()
        if source.name not in MAY_LOOK_UP
        for line, module in source.imports()
        if module.split(".")[0] in LAYERS
        and LAYERS.index(module.split(".")[0]) > LAYERS.index(source.app)
    ]
    assert upward == []


def test_actions_rules_and_models_know_no_boundary():
    offending = [
        f"{source.name}:{line} imports {module}"
        for source in sources()
        if set(source.path.parts[1:-1]) & {"actions", "rules", "models", "queries"}
        for line, module in source.imports()
        if {"views", "forms", "tables", "filters"} & set(module.split(".")[1:])
        and module.split(".")[0] in LAYERS
    ]
    assert offending == []


def test_models_call_no_action_and_rules_read_no_database():
    offending = [
        f"{source.name}:{line} imports {module}"
        for source in sources()
        for line, module in source.imports()
        if (
            "models" in source.path.parts
            and {"actions", "queries", "rules"} & set(module.split(".")[1:])
            and module.split(".")[0] in LAYERS
        )
        or ("rules" in source.path.parts[:-1] and ".queries" in module)
    ]
    assert offending == []


def test_files_are_at_most_300_lines():
    long = {
        source.name: source.text.count("\n")
        for source in sources()
        if not source.is_migration and source.text.count("\n") > 300
    }
    assert long == {}


def test_functions_are_at_most_50_lines():
    long = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources()
        if not source.is_migration
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > 50
    ]
    assert long == []


def test_no_module_decides_by_kind_outside_the_kinds():
    deciding = [
        f"{source.name}:{node.lineno}"
        for source in sources()
        if "kinds" not in source.path.parts and source.app != "demo" and not source.is_migration
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Compare) and _names_a_kind(node)
    ]
    assert deciding == []


def _names_a_kind(node: ast.Compare) -> bool:
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return any(text in {"equipment", "medicine", "staff", "information"} for text in texts)


def test_templates_and_files_name_no_machine_and_no_registry():
    words = [
        "pypi" + ".org",
        "files.python" + "hosted",
        "registry.npm" + "js",
        "deb.debian" + ".org",
    ]
    folders = [
        *LAYERS,
        "templates",
        "static/css",
        "static/js",
        "docs",
        "scripts",
        "deploy",
        "tests",
    ]
    files = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".md", ".css", ".js", ".txt", ".toml", ".conf"}
    ]
    found = [
        path.name
        for path in files
        if any(word in path.read_text(encoding="utf-8") for word in words)
    ]
    assert found == []
