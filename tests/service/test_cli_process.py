"""Commands as processes of their own: whatever happens, a sentence and an exit code."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from oncall.cli import entry, output
from oncall.cli.listen import listen
from oncall.config import example
from oncall.errors import Refused

ONCALL = f"{sys.executable} -m oncall"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "oncall.toml").write_text(example.render(), encoding="utf-8")
    return tmp_path


def in_shell(
    folder: Path, line: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own lines)
        ["/bin/bash", "-c", f"set -o pipefail; {line}"],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("{oncall} who --json > /dev/full", 1, "No space left on device\n"),
        ("{oncall} who > /dev/full", 1, "No space left on device\n"),
        ("{oncall} who >&-", 0, ""),
        ("{oncall} who 2>&- | true", 1, ""),
        (
            "{oncall} issue new --customer Mina --subject $'\\xff\\xfe'",
            2,
            "argument 6 is not text in UTF-8\n",
        ),
    ],
)
def test_a_command_ends_in_a_sentence_and_a_code(
    folder: Path, line: str, code: int, said: str
):
    done = in_shell(folder, line.format(oncall=ONCALL))
    assert (done.returncode, done.stderr) == (code, said)


def test_another_locale_is_no_reason_to_fail(folder: Path):
    done = in_shell(folder, f"{ONCALL} who", LC_ALL="C", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_ends_a_command_without_a_traceback(folder: Path):
    serving = subprocess.Popen(
        [sys.executable, "-m", "oncall", "who"],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
    )
    serving.send_signal(signal.SIGINT)
    _, said = serving.communicate()
    # Python itself may still be starting: then the signal is all that it hears.
    assert serving.returncode in {0, 1, -signal.SIGINT}
    assert "oncall/" not in said


def run(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def fails(*, prog_name: str) -> None:
        del prog_name
        raise error

    monkeypatch.setattr("oncall.cli.app.app", fails)
    monkeypatch.setattr(sys, "argv", ["oncall"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_fault_of_ours_is_named_without_anybodys_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run(monkeypatch, ValueError("Mina's words")) == 1
    said = capsys.readouterr().err
    assert said.startswith("this is a fault of ours (ValueError)")
    assert "Mina" not in said
    assert "Traceback" not in said


def test_where_a_fault_is_is_told_to_who_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv(entry.DEBUG, "1")
    assert run(monkeypatch, ValueError("x")) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupted_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run(monkeypatch, KeyboardInterrupt()) == 1
    assert capsys.readouterr().err == "interrupted\n"


def test_what_the_system_refuses_is_told_with_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run(monkeypatch, PermissionError(13, "Permission denied", "/etc/x")) == 1
    assert capsys.readouterr().err == "Permission denied: /etc/x\n"


def test_a_service_whose_port_is_in_use_says_one_sentence(folder: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = in_shell(folder, f"{ONCALL} serve --port {port}", ONCALL_ADMIN_TOKEN="x")
    said = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    sentence = (
        f"port {port} at 127.0.0.1 is in use, perhaps by another `oncall serve`:"
        " end that one, or choose another port with --port"
    )
    assert (done.returncode, said) == (1, [sentence])
    # Nothing was begun that another service on this machine could suffer from.
    assert not (folder / "oncall.db").exists()


def test_a_host_that_is_not_ours_is_refused():
    with pytest.raises(Refused, match=r"203\.0\.113\.9 port 80 cannot be listened at"):
        listen("203.0.113.9", 80)


def test_every_address_of_a_host_is_listened_at():
    listeners = listen("localhost", 0)
    assert len(listeners) == 1  # port 0 is one port, so one address
    listeners[0].close()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x1b]0;owned\x07b", "a\\x1b]0;owned\\x07b"),
        ("\x9b2J", "\\x9b2J"),
        ("x\u202ey", "x\\u202ey"),
        ("two\nlines\tstay", "two\nlines\tstay"),
        ("می\u200cخواهم \u2068Mina\u2069", "می\u200cخواهم \u2068Mina\u2069"),
    ],
)
def test_a_terminal_obeys_nothing_that_a_customer_wrote(
    written: str, shown: str, capsys: pytest.CaptureFixture[str]
):
    output.say(written)
    output.aside(written)
    assert capsys.readouterr() == (f"{shown}\n", f"{shown}\n")


def test_json_holds_no_control_character_that_a_terminal_obeys(
    capsys: pytest.CaptureFixture[str],
):
    output.as_json({"words": "\x1b\x9b\x7f"})
    assert capsys.readouterr().out == '{\n  "words": "\\u001b\\u009b\\u007f"\n}\n'
