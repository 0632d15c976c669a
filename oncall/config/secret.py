"""Where secrets come from: the environment, a file, or, unwisely, the text itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oncall.config.values import Secret

_ENV, _FILE = "env:", "file:"
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The secret is not where the configuration says. Neither text holds a secret."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """Where to look: the environment, and the folder that file names start from."""

    environ: Mapping[str, str]
    folder: Path

    def find(self, written: Secret) -> Secret | Missing:
        """Return the secret behind `env:NAME` or `file:PATH`; others are themselves."""
        words = written.reveal()
        if words.startswith(_ENV):
            return self._from_environment(words.removeprefix(_ENV).strip())
        if words.startswith(_FILE):
            return self._from_file(words.removeprefix(_FILE).strip())
        return written

    def _from_environment(self, name: str) -> Secret | Missing:
        if not _NAME.fullmatch(name):
            # Not quoted: somebody may have put the secret itself behind `env:`.
            message = "env: is not followed by the name of a variable"
            return Missing(message=message, hint='write it as "env:ONCALL_TOKEN"')
        value = self.environ.get(name, "").strip()
        if value:
            return Secret(value)
        return Missing(
            message=f"{name} is not set",
            hint=f"set it before starting: export {name}=…",
        )

    def _from_file(self, name: str) -> Secret | Missing:
        path = self.folder / name
        try:
            value = path.read_text(encoding="utf-8-sig").strip()  # an editor's mark
        except OSError as error:
            why = f"cannot be read: {error.strerror or 'no such file'}"
        except ValueError:
            # Not chained: a decoding error carries the bytes it could not read.
            why = "is not text"
        else:
            if value:
                return Secret(value)
            why = "is empty"
        return Missing(message=f"the file {path} {why}", hint="write the secret there")


def is_literal(written: Secret) -> bool:
    """Whether the secret itself stands in the file."""
    return not written.reveal().startswith((_ENV, _FILE))
