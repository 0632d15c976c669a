"""The commented example that `oncall init` writes; it ships inside the package."""

from importlib.resources import files
from pathlib import Path

from oncall.errors import Refused


def render() -> str:
    """Return the example configuration, which works as it is."""
    return files("oncall.config").joinpath("example.toml").read_text(encoding="utf-8")


def write(path: Path) -> None:
    """Write the example to `path`. Raises Refused rather than overwrite anything."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(render())
    except FileExistsError:
        why = f"{path} is there already; choose another name, or move it away"
    except OSError as error:
        why = f"{path} cannot be written: {error.strerror}"
    else:
        return
    raise Refused(why)
