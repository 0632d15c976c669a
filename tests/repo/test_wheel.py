"""What is built can be installed elsewhere and used there."""

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from support.papers import PACKAGES, PAPERS, ROOT


def run(
    command: Sequence[str | Path], *, cwd: Path, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; it must succeed."""
    done = subprocess.run(  # noqa: S603 (our own commands)
        command,
        cwd=cwd,
        env=os.environ | environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    run(build, cwd=ROOT)
    return next(folder.glob("customer_oncall-*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed, beside the libraries it needs."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    run([*pip, "--disable-pip-version-check", "--target", folder, wheel], cwd=folder)
    return folder


def oncall(elsewhere: Path, *arguments: str) -> str:
    command = [elsewhere / "bin" / "oncall", *arguments]
    return run(command, cwd=elsewhere, PYTHONPATH=str(elsewhere)).stdout


def test_the_wheel_holds_every_file_of_the_four_packages_and_nothing_else(wheel: Path):
    held = {
        name
        for name in zipfile.ZipFile(wheel).namelist()
        if not name.split("/")[0].endswith(".dist-info")
    }
    there = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == there


def test_types_templates_migrations_and_the_example_travel_along(wheel: Path):
    held = zipfile.ZipFile(wheel).namelist()
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(held)
    assert "oncall/config/example.toml" in held
    assert "oncall/store/migrations/env.py" in held
    assert any(name.startswith("oncall/store/migrations/versions/0") for name in held)
    assert any(name.endswith(".html") for name in held)


def test_the_source_archive_holds_what_is_needed_to_test_and_to_read(tmp_path: Path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path]
    run(build, cwd=ROOT)
    (archive,) = tmp_path.glob("customer_oncall-*.tar.gz")
    with tarfile.open(archive) as source:
        held = {name.partition("/")[2] for name in source.getnames()}
    papers = {path.relative_to(ROOT).as_posix() for path in PAPERS}
    assert papers <= held
    needed = {"LICENSE", "Makefile", "constraints.txt", "config.example.toml"}
    assert (
        needed | {"pyproject.toml", "tests/conftest.py", "oncall/wiring/service.py"}
        <= held
    )


def test_installed_elsewhere_the_command_runs_from_there(elsewhere: Path):
    where = "import oncall, rotations; print(oncall.__file__, rotations.__file__)"
    found = run(
        [sys.executable, "-c", where], cwd=elsewhere, PYTHONPATH=str(elsewhere)
    ).stdout
    assert found.count(str(elsewhere)) == 2
    assert "Usage: oncall" in oncall(elsewhere, "--help")


def test_installed_elsewhere_init_writes_a_file_that_check_accepts(elsewhere: Path):
    oncall(elsewhere, "init")
    example = (ROOT / "config.example.toml").read_bytes()
    assert (elsewhere / "oncall.toml").read_bytes() == example
    oncall(elsewhere, "check")


def test_installed_elsewhere_the_database_can_be_made(elsewhere: Path):
    config = elsewhere / "database.toml"
    oncall(elsewhere, "init", str(config))
    oncall(elsewhere, "--config", str(config), "db", "upgrade")
    assert (elsewhere / "oncall.db").stat().st_size > 0
