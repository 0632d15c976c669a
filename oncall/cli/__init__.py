"""The command line: arguments in, sentences and exit codes out."""

from oncall.cli.entry import main

__all__ = ["main"]
