"""The map of all modules in ARCHITECTURE.md, made from what they say of themselves.

`python tests/support/module_map.py` writes it anew after a module came, went or
changed its first line.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- modules -->\n", "<!-- end of modules -->"
ORDER = (
    "rotations",
    "escalation_policies",
    "integrations",
    "oncall",
    "oncall/cli",
    "oncall/web",
    "oncall/engine",
    "oncall/actions",
    "oncall/store",
    "oncall/feeds",
    "oncall/replies",
    "oncall/wording",
    "oncall/rota",
    "oncall/config",
)


def rendered() -> str:
    """Return the map: each package, the folders and modules in it, and their line."""
    tops = [top for top in ORDER if (ROOT / top).is_dir()]
    packages = [package for top in tops for package in _packages(top)]
    return "\n".join(line for package in packages for line in _section(package))


def _packages(place: str) -> list[Path]:
    """Return a package and those inside it that have no place of their own."""
    inside = [place for place in sorted((ROOT / place).iterdir()) if _is_package(place)]
    others = [path for path in inside if _name(path) not in ORDER]
    return [
        ROOT / place,
        *(found for path in others for found in _packages(_name(path))),
    ]


def _section(package: Path) -> Iterator[str]:
    yield f"### `{_name(package)}/`\n"
    yield f"{_line(package / '__init__.py')}\n"
    for path in sorted(package.iterdir()):
        if path.suffix == ".py" and path.name != "__init__.py":
            yield f"- `{path.stem}`: {_line(path)}"
        elif path.is_dir() and path.name != "__pycache__" and not _is_package(path):
            kinds = {file.suffix for file in path.rglob("*.*")} - {".pyc"}
            yield f"- `{path.name}/`: files ({', '.join(sorted(kinds))})."
    yield ""


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").exists()


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _line(module: Path) -> str:
    """Return the first line of what a module says of itself."""
    said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    return said.splitlines()[0] if said else ""


def parts(paper: str) -> tuple[str, str, str]:
    """Cut the paper into what is before the map, the map, and what is behind it."""
    before, _, rest = paper.partition(BEGIN)
    shown, _, behind = rest.partition(END)
    return before, shown, behind


if __name__ == "__main__":
    before, _, behind = parts(PAPER.read_text(encoding="utf-8"))
    PAPER.write_text(f"{before}{BEGIN}{rendered()}{END}{behind}", encoding="utf-8")
