"""Where packages are downloaded from is the installer's affair and stands nowhere."""

import re

import pytest

from support.papers import ROOT, tracked

# In parts, so that this file does not hold what it looks for.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("yarnpkg", "com"),
        ("golang", "org"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("maven", "org"),
        ("rubygems", "org"),
    )
]
OPTIONS = ["-".join(parts) for parts in (("index", "url"), ("find", "links"))]
ARCHIVE = re.compile(r"https?://\S+\.(?:whl|tar\.gz|tgz|zip)\b")
LOCKS = {"uv.lock", "poetry.lock", "package-lock.json", "yarn.lock", "Pipfile.lock"}

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="needs the repository, not a copy of it"
)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text(errors="ignore")
        for path in tracked()
    }


@pytest.mark.parametrize("words", HOSTS + OPTIONS)
def test_no_file_names_where_packages_come_from(texts: dict[str, str], words: str):
    assert [name for name, text in texts.items() if words in text] == []


def test_no_file_holds_the_address_of_a_download(texts: dict[str, str]):
    assert [name for name, text in texts.items() if ARCHIVE.search(text)] == []


def test_there_is_no_lock_file_that_would_hold_addresses(texts: dict[str, str]):
    assert [name for name in texts if name.rpartition("/")[2] in LOCKS] == []
