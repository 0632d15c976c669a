"""`python -m oncall` is `oncall`."""

from oncall.cli import main

main()
