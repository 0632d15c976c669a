"""What a parser costs grows with what it reads, and no faster."""

from collections.abc import Callable
from time import process_time

import pytest

from integrations.intake.contract import IntakeRequest, Unparsed
from integrations.intake.kinds import KINDS, LETTERS, TEXTS, source
from integrations.intake.quotes import said_in_html, said_in_plain
from support.intake import post
from support.letters import letter

SIZES = (10_000, 20_000, 40_000, 80_000)
NOTHING_S = 0.06
"""Of the processor's time, for the largest: square of its length would be seconds."""
MOST = 3.0
"""Times that a doubled input may take: n log n takes 2.2 times, n squared 4 times."""

MIXED = b"multipart/mixed; boundary=o"


def times(seed: bytes, size: int) -> bytes:
    return (seed * (size // len(seed) + 1))[:size]


def header(name: bytes, seed: bytes) -> Callable[[int], bytes]:
    return lambda size: letter(head=name + b": " + times(seed, size) + b"\r\n")


def body(seed: bytes, kind: bytes = b"text/plain") -> Callable[[int], bytes]:
    return lambda size: letter(times(seed, size), kind=kind)


def numbered(size: int) -> bytes:
    return letter(
        head=b"".join(b"X-%d: a\r\n" % number for number in range(size // 10))
    )


LETTER_SHAPES: dict[str, Callable[[int], bytes]] = {
    "headers": numbered,
    "one header again and again": lambda size: letter(head=times(b"To: a\r\n", size)),
    "a head without end": lambda size: times(b"a:", size),
    "lines of a header": header(b"X", b"\r\n "),
    "addresses": header(b"To", b","),
    "senders": lambda size: letter(sender=times(b'"\\', size)),
    "angles": lambda size: letter(sender=times(b"<", size)),
    "comments": lambda size: letter(sender=times(b"(", size)),
    "parameters": lambda size: letter(kind=b"text/plain" + times(b";a=b", size)),
    "semicolons": lambda size: letter(kind=b"text/plain" + times(b";", size)),
    "quotes in parameters": lambda size: letter(kind=b"a/b" + times(b';a="\\', size)),
    "pieces of parameters": lambda size: letter(kind=b"a/b" + times(b";a*0*=b", size)),
    "encoded words": header(b"Subject", b"=?utf-8?q?a?= "),
    "unclosed encoded words": header(b"Subject", b"=?a?q?"),
    "references": header(b"References", b"<a@b>"),
    "unclosed references": header(b"References", b"<"),
    "a date": header(b"Date", b"1 "),
    "list addresses": lambda size: letter(
        head=b"Precedence: list\r\nList-Post: " + times(b"a", size) + b"\r\n"
    ),
    "parts": body(b"--o\r\n\r\na\r\n", MIXED),
    "almost boundaries": body(b"--oo\r\n", MIXED),
    "no boundary": body(b"--a ", b"multipart/mixed"),
    "parts in parts": body(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"),
    "letters in letters": lambda size: letter(
        times(b"Content-Type: message/rfc822\r\n\r\n", size), kind=b"message/rfc822"
    ),
    "quoted-printable": lambda size: letter(
        times(b"=", size), head=b"Content-Transfer-Encoding: quoted-printable\r\n"
    ),
    "base64": lambda size: letter(
        times(b"A=", size), head=b"Content-Transfer-Encoding: base64\r\n"
    ),
    "bytes": body(b"\xff\xfe\x80"),
    "utf-7": body(b"+A", b"text/plain; charset=utf-7"),
    "forms of the same": lambda size: letter(
        b"--o\r\n\r\n" + times(b"abc ", size) + b"\r\n--o\r\nContent-Type: text/html\r\n\r\n"
        + times(b"<p>abd", size), kind=b"multipart/alternative; boundary=o",
    ),
    "a server's words": lambda size: letter(
        times(b"message-id:\r\n ", size), sender=b"MAILER-DAEMON@x"
    ),
    "a server's addresses": lambda size: letter(
        times(b"a@", size), sender=b"MAILER-DAEMON@x"
    ),
    "a server's report": body(b"Status:   \r\n", b"message/delivery-status"),
}  # fmt: skip
PLAIN = ["> \n", "From: a\n", "a:\n> b\n", "On 2026 a@b wrote:\n", "2026 wrote:\n> x\n"]
PLAIN += ["\n", " ", "-", "_" * 12 + "\n", "- ", "From: a\nSubject: b\n", ">>> a >>>\n"]
HTML = [
    "<!--",
    "<a ",
    "<a b='",
    "<div>",
    "<!",
    "&#",
    "&#9",
    "<blockquote>",
    "<td>",
    "<br>",
]
HTML += ["<div class=gmail_quote>", "<p id='", "<script>", "x", "<b>x</b>", "]]>"]


def grows(read: Callable[[int], object]) -> None:
    """Assert that an input of double length takes about the double, over all doublings.

    Each is the best of several, since other things run on the machine.
    """
    largest = _seconds(read, SIZES[-1])
    if largest < NOTHING_S:
        return
    taken = [min(_seconds(read, size) for _ in range(2)) for size in SIZES]
    doublings = len(SIZES) - 1
    assert taken[-1] < max(NOTHING_S, taken[0] * MOST**doublings), taken


def _seconds(read: Callable[[int], object], size: int) -> float:
    begun = process_time()
    read(size)
    return process_time() - begun


def parsed(kind: str, request: IntakeRequest) -> None:
    product = SOURCES[kind]
    try:
        product.delivery_id(request)
        product.parse(request)
    except Unparsed:
        return


SOURCES = {**{kind: source(kind, name="x") for kind in KINDS}, **LETTERS, **TEXTS}


@pytest.mark.parametrize("shape", LETTER_SHAPES)
def test_a_letter_takes_no_longer_than_its_length_asks_for(shape: str):
    raws = {size: LETTER_SHAPES[shape](size) for size in SIZES}
    grows(lambda size: parsed("smtp", post(raws[size])))


@pytest.mark.parametrize("seed", PLAIN)
def test_plain_words_take_no_longer_than_their_length_asks_for(seed: str):
    grows(lambda size: said_in_plain((seed * size)[:size]))


@pytest.mark.parametrize("seed", HTML)
def test_html_takes_no_longer_than_its_length_asks_for(seed: str):
    grows(lambda size: said_in_html((seed * size)[:size]))


@pytest.mark.parametrize("kind", ["mailgun", "sendgrid", *TEXTS])
@pytest.mark.parametrize(
    "seed", [b"a=b&", b"&", b"%", b"=", b"From=a&", b"MessageSid=&"]
)
def test_forms_take_no_longer_than_their_length_asks_for(kind: str, seed: bytes):
    grows(
        lambda size: parsed(
            kind, post(b"from=a&From=a&MessageSid=b&" + times(seed, size))
        )
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [b"[", b'{"a":', b'"a",', b"1,", b"9", b'{"a":1},'])
def test_json_takes_no_longer_than_its_length_asks_for(kind: str, seed: bytes):
    grows(lambda size: parsed(kind, post(b"[" + times(seed, size))))
