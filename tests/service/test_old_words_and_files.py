"""Old words that a message repeats are kept beside the new ones, and so are its files."""

from integrations.intake.contract import Attachment
from oncall.cli import issue_text
from support.intake_service import IntakeApi, words

ALL_IS_WELL = {
    "subject": "Re: your question",
    "text": "Thanks, all is well.",
    "quoted": "> There was no data leak, and no prize was lost.",
}
FILE = Attachment(name="bill.pdf", type="application/pdf", size=1200)
COUNTED = """
[[severity_rules]]
severity = "critical"
words = ["burglary"]
similar = 2
"""


async def test_a_message_shows_old_words_and_files_beside_the_new_ones(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.takes(**ALL_IS_WELL, attachments=(FILE, Attachment()))
        (message,) = (await api.issue(1))["messages"]
        assert set(message) >= {"id", "direction", "author", "at", "delivery"}
        assert message["text"] == ALL_IS_WELL["text"]
        assert message["quoted"] == ALL_IS_WELL["quoted"]
        assert message["attachments"] == [
            {"name": "bill.pdf", "type": "application/pdf", "size": 1200},
            {"name": "", "type": "", "size": None},
        ]


async def test_a_message_without_either_says_so(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.takes(text="card swallowed")
        await api.takes(text="please")
        for message in (await api.issue(1))["messages"]:
            assert message["quoted"] is None
            assert message["attachments"] == []
        first, second = (m["id"] for m in (await api.issue(1))["messages"])
        assert first < second


async def test_old_words_make_nothing_worse(database_url: str):
    async with IntakeApi(database_url) as api:
        taken = await api.takes(**ALL_IS_WELL)
        await api.takes(**ALL_IS_WELL)
        assert (await api.issue(1))["severity"] == "normal"
        await api.takes(text="There was a data leak!")
        issue = await api.issue(taken.issue or 0)
        assert issue["severity"] == "critical", "or the rule finds nothing anywhere"


async def test_old_words_make_no_issues_alike(database_url: str):
    async with IntakeApi(database_url, rules=COUNTED) as api:
        for place in ("A-1", "A-2", "A-3"):
            await api.takes(
                conversation_id=place,
                subject=f"Re: {place}",
                text=f"Thanks {place}",
                quoted="The burglary alarm of the new office rings all night long.",
            )
        for number in (1, 2, 3):
            assert (await api.issue(number))["severity"] == "normal"


async def test_an_automatic_reply_keeps_its_parts(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.takes(text="card swallowed")
        await api.takes(
            text="I am away.", quoted="> hello", attachments=(FILE,), auto_reply=True
        )
        issue = await api.issue(1)
        assert words(issue)[1:] == [("in", "I am away.")]
        message = issue["messages"][1]
        assert message["quoted"] == "> hello"
        assert message["attachments"][0]["name"] == "bill.pdf"


async def test_people_see_files_by_name_and_old_words_folded(database_url: str):
    async with IntakeApi(database_url) as api:
        old = "> one\n> two\n> three"
        files = (FILE, Attachment())
        await api.takes(text="So it is.", quoted=old, attachments=files)
        lines = issue_text.whole(api.config, await api.issue(1))
        shown = "So it is. [with bill.pdf, a file] [3 old lines folded]"
        assert any(line.endswith(shown) for line in lines)
