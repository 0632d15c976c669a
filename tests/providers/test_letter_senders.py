"""The address of who wrote is what stands in angle brackets, whatever else does."""

import pytest

from support.letters import letter, read

JANE = "jane@example.org"


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Doe, Jane <jane@example.org>", "Doe, Jane"),
        ("'Doe, Jane' <jane@example.org>", "Doe, Jane"),
        ('"Doe, Jane" <jane@example.org>', "Doe, Jane"),
        ('"Jane \\"JD\\" Doe" <jane@example.org>', 'Jane "JD" Doe'),
        ("=?UTF-8?Q?Doe=2C_Jane?= <jane@example.org>", "Doe, Jane"),
        ("Jane [Shop] (Ltd.) <jane@example.org>", "Jane [Shop] (Ltd.)"),
        ("Jane; Shop <jane@example.org>", "Jane; Shop"),
        ('"fake@evil.example" <jane@example.org>', "fake@evil.example"),
        ("fake@evil.example <jane@example.org>", "fake@evil.example"),
        ('"<fake@evil.example>" <jane@example.org>', "<fake@evil.example>"),
        (
            "=?utf-8?q?=3Cfake=40evil.example=3E?= <jane@example.org>",
            "<fake@evil.example>",
        ),
        ("Jane <jane@example.org>, Bob <bob@example.org>", "Jane"),
        ("Jane <mailto:jane@example.org>", "Jane"),
        ("Jane <jane@example.org", "Jane"),
        ("jane@example.org (Jane Doe)", "Jane Doe"),
        ("<jane@example.org>", None),
        ("jane@example.org", None),
        ("سارا <jane@example.org>", "سارا"),
        ("=?utf-8?b?SmFuZSA8amFuZUBleGFtcGxlLm9yZz4=?=", "Jane"),
    ],
)
def test_a_sender_is_read(sender: str, name: str | None):
    customer = read(letter(sender=sender)).customer
    assert (customer.email, customer.name) == (JANE, name)


@pytest.mark.parametrize(
    "sender", ["", "nobody", ",,,,", "<>", "a@", "@b", "((((", '"']
)
def test_a_sender_without_an_address_has_none(sender: str):
    message = read(letter(sender=sender))
    assert message.customer.email is None
    assert message.addresses == ()


def test_both_addresses_that_a_letter_names_are_said():
    message = read(letter(head=b"Reply-To: Eve, X <eve@example.net>\r\n"))
    assert message.addresses == ("zo@example.org", "eve@example.net")
    assert message.reply_to == "eve@example.net"
