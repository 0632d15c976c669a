"""`[integrations.email]`: where mails go out, and what is wrong with it."""

import pytest

from support.config_text import configured, only_problem

SERVER = """
[integrations.email]
host = "mail.example.com"
from = "oncall@example.com"
"""
LOGIN = 'username = "oncall"\npassword = "env:P"\n'
SECRET = {"P": "s3cr3t-w0rd"}


@pytest.mark.parametrize(
    ("written", "security", "port"),
    [
        ("", "starttls", 587),
        ('security = "tls"\n', "tls", 465),
        ('security = "none"\n', "none", 25),
        ('security = "tls"\nport = 2465\n', "tls", 2465),
    ],
)
def test_the_port_is_the_usual_one_of_the_security(
    written: str, security: str, port: int
):
    email = configured(SERVER + written).email
    assert email
    assert (email.security, email.port) == (security, port)


def test_a_login_is_a_name_and_a_secret_that_does_not_show():
    email = configured(SERVER + LOGIN, SECRET).email
    assert email
    assert (email.username, email.password.reveal()) == ("oncall", SECRET["P"])
    assert SECRET["P"] not in repr(email)


def test_without_a_login_there_is_none():
    email = configured(SERVER).email
    assert email
    assert (email.username, email.password.reveal()) == ("", "")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('username = "oncall"\n', "has half a login: there is no password"),
        ('password = "env:P"\n', "has half a login: there is no username"),
        (
            f'{LOGIN}security = "none"\n',
            "would show the password to everybody on the way",
        ),
        ('security = "ssl"\n', '"ssl" is no choice here'),
    ],
)
def test_what_cannot_be_right_is_told(written: str, message: str):
    problem = only_problem(SERVER + written, SECRET)
    assert problem.message == message
    assert problem.path.startswith("integrations.email")
    assert SECRET["P"] not in str(problem)


def test_a_missing_password_is_an_error():
    problem = only_problem(SERVER + LOGIN)
    assert problem.path == "integrations.email.password"
    assert problem.message == "P is not set"


def test_with_a_mail_server_pages_do_not_go_to_the_simulator():
    assert not configured(SERVER).console
