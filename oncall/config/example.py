"""The commented example that `oncall init` writes; it ships inside the package."""

from importlib.resources import files


def render() -> str:
    """Return the example configuration, which works as it is."""
    return files("oncall.config").joinpath("example.toml").read_text(encoding="utf-8")
