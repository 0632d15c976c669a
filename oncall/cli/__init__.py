"""The command line: arguments in, sentences and exit codes out."""

from oncall.cli.app import main

__all__ = ["main"]
