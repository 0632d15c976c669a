"""Mailboxes and places to listen at in `[integrations.intake]`: values and mistakes."""

import sys

import pytest

from oncall.config.load import read
from support.config_text import SMALL, configured, only_problem, problems_of

MIB = 1024 * 1024
BOX = """
[integrations.intake.support]
kind = "imap"
host = "imap.example.com"
user = "support@example.com"
password = "env:IMAP"
"""
DOOR = """
[integrations.intake.door]
kind = "lmtp"
recipients = ["Support@example.com"]
"""
SECRET = {"IMAP": "s3cr3t-w0rd"}


def line_of(text: str, words: str) -> int:
    return (SMALL + text).splitlines().index(words) + 1


def test_a_mailbox_is_read_by_tls_and_marks_as_seen_what_it_took():
    box = configured(BOX, SECRET).mailboxes["support"]
    assert (box.host, box.port, box.tls) == ("imap.example.com", 993, True)
    assert (box.folder, box.done, box.largest) == ("INBOX", "", 25 * MIB)
    assert box.password.reveal() == SECRET["IMAP"]
    assert SECRET["IMAP"] not in repr(box)


def test_a_mailbox_may_move_what_it_took():
    box = configured(f'{BOX}done = "Taken"\nport = 1993\n', SECRET).mailboxes["support"]
    assert (box.done, box.port) == ("Taken", 1993)


def test_a_mailbox_on_this_machine_needs_no_encryption():
    local = BOX.replace("imap.example.com", "127.0.0.1") + 'security = "none"\n'
    box = configured(local, SECRET).mailboxes["support"]
    assert (box.tls, box.port) == (False, 143)


@pytest.mark.parametrize(("kind", "port"), [("lmtp", 8024), ("smtp", 8025)])
def test_a_listener_is_on_loopback_unless_told_otherwise(kind: str, port: int):
    config = configured(DOOR.replace("lmtp", kind))
    door = config.mail_listeners["door"]
    assert (door.kind, door.host, door.port) == (kind, "127.0.0.1", port)
    assert door.recipients == {"support@example.com"}
    assert config.warnings == ()


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [("127.0.0.1:24", "127.0.0.1", 24), ("[::1]:2525", "::1", 2525)],
)
def test_a_listener_is_where_it_is_told_to_be(written: str, host: str, port: int):
    door = configured(f'{DOOR}listen = "{written}"\n').mail_listeners["door"]
    assert (door.host, door.port) == (host, port)


def test_a_listener_that_strangers_reach_is_warned_about():
    (warning,) = configured(f'{DOOR}listen = "0.0.0.0:25"\n').warnings
    assert warning.path == "integrations.intake.door.listen"
    assert "without encryption" in warning.message


@pytest.mark.parametrize(
    ("written", "key", "message"),
    [
        ('secret = "x"', "secret", "has no effect: letters are not signed"),
        ('recipients = ["a@example.com"]', "recipients", "is an unknown key"),
        ('done = "INBOX"', "done", "is the folder that letters are read from"),
        (
            'security = "none"',
            "security",
            "would show the password to everybody on the way",
        ),
        ('security = "starttls"', "security", '"starttls" is no choice here'),
        ("largest_mb = 0", "largest_mb", "is less than 1"),
    ],
)
def test_what_cannot_be_right_of_a_mailbox_is_told_with_its_line(
    written: str, key: str, message: str
):
    text = f"{BOX}{written}\n"
    problem = only_problem(text, SECRET)
    assert problem.message == message
    assert problem.path == f"integrations.intake.support.{key}"
    assert problem.line == line_of(text, written)
    assert problem.hint


def test_all_that_a_mailbox_lacks_is_told_at_once():
    text = '[integrations.intake.support]\nkind = "imap"\nsecret = "x"\n'
    found = {problem.path.rpartition(".")[2] for problem in problems_of(SMALL + text)}
    assert found == {"host", "user", "password", "secret"}


@pytest.mark.parametrize(
    ("written", "key", "message"),
    [
        ('secret = "x"', "secret", "has no effect: letters are not signed"),
        ('host = "x"', "host", "is an unknown key"),
        ('listen = "8024"', "listen", '"8024" is not an address to listen at'),
        ('listen = "x:70000"', "listen", '"x:70000" is not an address to listen at'),
    ],
)
def test_what_cannot_be_right_of_a_listener_is_told(
    written: str, key: str, message: str
):
    problem = only_problem(f"{DOOR}{written}\n")
    assert problem.message == message
    assert problem.path == f"integrations.intake.door.{key}"


def test_a_listener_says_whose_letters_it_takes():
    problem = only_problem('[integrations.intake.x]\nkind = "smtp"\nrecipients = []\n')
    assert problem.path == "integrations.intake.x.recipients"
    assert problem.message == "is empty"


def test_two_sources_do_not_read_one_mailbox():
    problem = only_problem(BOX + BOX.replace("support]", "second]"), SECRET)
    assert problem.message == "is read by support already"


def test_two_folders_of_one_mailbox_are_two_sources():
    second = BOX.replace("support]", "second]") + 'folder = "VIP"\n'
    assert set(configured(BOX + second, SECRET).mailboxes) == {"support", "second"}


def test_two_sources_do_not_listen_at_one_place():
    problem = only_problem(DOOR + DOOR.replace("door]", "second]"))
    assert problem.message == "is where door listens already"


def test_a_misspelt_kind_is_told_which_one_was_meant():
    found = problems_of(SMALL + BOX.replace('"imap"', '"imapp"'), SECRET)
    assert 'did you mean "imap"?' in {problem.hint for problem in found}


@pytest.mark.parametrize(("text", "library"), [(BOX, "imap_tools"), (DOOR, "aiosmtpd")])
def test_a_missing_library_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, text: str, library: str
):
    monkeypatch.setitem(sys.modules, library, None)
    problem = only_problem(text, SECRET)
    assert library in problem.message
    assert problem.hint == "pip install 'customer-oncall[email]'"
    assert read(SMALL + text, environ={}, offline=True).intake == {}


def test_a_mailbox_without_its_password_is_an_error():
    assert only_problem(BOX).message == "IMAP is not set"


def test_no_mailbox_has_the_name_of_what_strangers_text_us():
    twilio = """
[integrations.twilio]
account_sid = "env:IMAP"
auth_token = "env:IMAP"
from = "+15550100"
"""
    problem = only_problem(twilio + BOX.replace("support]", "sms]"), SECRET)
    assert problem.path == "integrations.intake.sms"
