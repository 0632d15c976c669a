"""What the customer wrote comes out of HTML and mail; what was quoted does not."""

import pytest

from integrations.intake.html import LONGEST_HTML
from integrations.intake.quotes import said_in_html, said_in_plain


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<div>Second parcel lost.<br>Call me.</div>", "Second parcel lost.\nCall me."),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a <b>bold</b>   word", "a bold word"),
        ("1 &lt; 2 &amp; &#1740;", "1 < 2 & ی"),
        ("price <5 and >3", "price <5 and >3"),
        ("<STYLE>p{}</STYLE>hi<script>alert(1)</script>", "hi"),
        ("<title>x</title><img src=a>hi", "hi"),
        ("<!doctype html><![if !mso]>hi<![endif]><!-- a -->", "hi"),
        ("hi <!-- never closed", "hi never closed"),
        ('hi<div class="gmail_quote">On Thu<div>x</div></div> there', "hi\nthere"),
        ("hi<blockquote type='cite'>x</blockquote>", "hi"),
        ("hi<hr><div id=divRplyFwdMsg>From: x</div><div>y</div>", "hi"),
        ('<div class="gmail_quote">only a quote</div>', "only a quote"),
        ("<script>never closed", None),
        ("nul \x00 and \ud800", "nul \ufffd and \ufffd"),
    ],
)
def test_html_reads_as_it_is_seen(html: str, seen: str | None):
    assert said_in_html(html).text == seen


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("Nothing yet!\n\nOn Thu, Mina wrote:\n> we will", "Nothing yet!"),
        ("Hi\r\n\r\nOn Thu, 19 Nov 2026, Mina\r\nwrote:\r\n> a\r\n> b\r\n", "Hi"),
        ("Hi\n-----Original Message-----\nFrom: x", "Hi"),
        ("Hi\n##- Please type your reply above this line -##\nold", "Hi"),
        ("On Monday I paid\nMina wrote:\n> a", "On Monday I paid"),
        ("> you asked\nyes", "> you asked\nyes"),
        ("> only a quote", "> only a quote"),
        ("what I need:\nmoney", "what I need:\nmoney"),
        ("plain words", "plain words"),
    ],
)
def test_quoted_history_is_cut_where_it_is_marked(plain: str, written: str):
    assert said_in_plain(plain).text == written


@pytest.mark.parametrize(
    "hostile", ["<!--", "<a ", "<a b='", "<div>", "<!", "&#", "<a="]
)
def test_hostile_html_takes_no_longer_than_other_html(hostile: str):
    # were it quadratic, this would take minutes
    assert len(said_in_html(hostile * 100_000).text or "") <= LONGEST_HTML
