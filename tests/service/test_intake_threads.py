"""Which issue a message belongs to, and what follows from it."""

from datetime import timedelta

from oncall.actions.tell_leaders import tell_leaders
from support.api import TOLD
from support.intake_service import IntakeApi, events, outcome, words

DAYS_6, DAYS_8 = timedelta(days=6), timedelta(days=8)


async def test_a_message_opens_an_issue_with_all_that_is_known(database_url: str):
    async with IntakeApi(database_url) as api:
        delivery = await api.bank(
            ref="A-1", subject="Card swallowed", level="high", name="Nader", tier="vip"
        )
        assert outcome(delivery) == ("opened", 1)
        issue = await api.issue(1)
        assert (issue["source"], issue["external_id"]) == ("bank", "A-1")
        assert (issue["subject"], issue["severity"]) == ("Card swallowed", "high")
        assert issue["customer"]["name"] == "Nader"
        assert issue["customer"]["tier"] == "vip"


async def test_a_message_without_subject_is_called_by_its_first_words(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank(text="prize  not paid\nplease " + "x" * 300)
        await api.bank(ref="A-2", text="x" * 300)
        assert (await api.issue(1))["subject"] == "prize not paid"
        assert len((await api.issue(2))["subject"]) == 120


async def test_the_same_conversation_is_the_same_issue(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(text="first")
        assert outcome(await api.bank(text="second")) == ("appended", 1)
        assert words(await api.issue(1)) == [("in", "first"), ("in", "second")]


async def test_a_message_that_comes_by_another_delivery_counts_once(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(message="m", text="first")
        delivery = await api.bank(message="m", text="first", subject="otherwise")
        assert delivery["verdict"] == "duplicate"
        assert outcome(delivery) == ("duplicate", 1)
        assert len((await api.issue(1))["messages"]) == 1


async def test_the_same_words_without_a_name_count_again_after_an_hour(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank(message="", text="any news?")
        api.clock.turn(timedelta(minutes=11))
        assert outcome(await api.bank(message="", text="any news?"))[0] == "duplicate"
        api.clock.turn(timedelta(hours=2))
        assert outcome(await api.bank(message="", text="any news?"))[0] == "appended"


async def test_a_number_in_a_subject_counts_from_the_issues_own_customer(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A-1", mail="nader@example.com")
        own = await api.bank(
            ref="B-1", subject="Re: [#1] card", mail="Nader@Example.com"
        )
        assert outcome(own) == ("appended", 1)
        strangers = await api.bank(
            ref="C-1", subject="Re: [#1] card", mail="eve@example.com"
        )
        assert outcome(strangers) == ("opened", 2)
        unknown = await api.bank(
            ref="D-1", subject="#99 is what?", mail="nader@example.com"
        )
        assert outcome(unknown)[0] == "opened"


async def test_a_known_writer_goes_on_with_the_open_issue_of_the_channel(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A-1", who="c-7")
        assert outcome(await api.bank(ref="A-2", who="c-7")) == ("appended", 1)
        assert outcome(await api.bank(ref="A-3", who="c-8")) == ("opened", 2)
        assert outcome(await api.bank(ref="A-2", text="more", who="c-7"))[1] == 1


async def test_an_address_alone_does_not_make_a_known_writer(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A-1", mail="nader@example.com")
        other = await api.bank(ref="A-2", mail="nader@example.com")
        assert outcome(other) == ("opened", 2)


async def test_an_answer_in_the_product_ends_the_waiting_and_opens_nothing(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        stray = await api.bank(ref="Z-1", direction="outbound")
        assert outcome(stray) == ("ignored", None)
        await api.bank(text="help")
        assert (await api.issue(1))["waiting_since"]
        answer = await api.bank(direction="outbound", text="we look at it")
        assert outcome(answer) == ("answered", 1)
        issue = await api.issue(1)
        assert issue["waiting_since"] is None
        assert words(issue)[-1] == ("out", "we look at it")


async def test_our_own_words_come_back_as_an_echo(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(text="help")
        sent = TOLD | {"text": "We look  at it.", "author": "sara"}
        await api.post("/issues/1/messages", sent)
        back = await api.bank(direction="outbound", text="We look at it.")
        assert outcome(back) == ("echo", 1)
        assert len((await api.issue(1))["messages"]) == 2


async def test_internal_notes_and_states_do_nothing(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(text="help")
        for direction in ("internal", "status"):
            delivery = await api.bank(direction=direction, text="for us")
            assert outcome(delivery) == ("ignored", None)
        assert len((await api.issue(1))["messages"]) == 1


async def test_a_machines_letter_opens_nothing_and_wakes_nobody(database_url: str):
    async with IntakeApi(database_url) as api:
        assert outcome(await api.bank(automatic=True)) == ("automatic", None)
        assert (await api.get("/issues")).json()["items"] == []
        await api.bank(text="help")
        await api.post("/issues/1/acknowledge", {"person": "sara"})
        await api.post("/issues/1/messages", TOLD | {"text": "hello"})
        before = len((await api.issue(1))["pages"])
        away = await api.bank(automatic="yes", text="I am away")
        assert outcome(away) == ("automatic", 1)
        issue = await api.issue(1)
        assert words(issue)[-1] == ("in", "I am away")
        assert issue["waiting_since"] is None
        assert len(issue["pages"]) == before


async def test_a_customers_words_wake_the_owner_and_start_the_waiting(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank(text="help")
        await api.post("/issues/1/acknowledge", {"person": "sara"})
        await api.post("/issues/1/messages", TOLD | {"text": "hello"})
        api.clock.turn(timedelta(minutes=5))
        await api.bank(text="still broken")
        issue = await api.issue(1)
        assert issue["waiting_since"] == "2026-11-20T19:47:13Z"
        assert issue["pages"][-1]["because"] == "customer_wrote"
        assert issue["pages"][-1]["kind"] == "notice"


async def test_words_that_are_worse_raise_the_severity(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(text="a question")
        await api.bank(text="this is a data leak")
        assert (await api.issue(1))["severity"] == "critical"


async def resolved(api: IntakeApi) -> None:
    await api.bank(text="help")
    await api.post("/issues/1/acknowledge", {"person": "sara"})
    response = await api.post("/issues/1/resolve", {"result": "card returned"})
    assert response.status_code == 200


async def test_within_a_week_the_same_owner_has_it_again(database_url: str):
    async with IntakeApi(database_url) as api:
        await resolved(api)
        api.clock.turn(DAYS_6)
        assert outcome(await api.bank(text="it is gone again")) == ("reopened", 1)
        issue = await api.issue(1)
        assert (issue["status"], issue["owner"]) == ("acknowledged", "sara")
        assert issue["resolved_at"] is None
        assert issue["waiting_since"] == "2026-11-26T19:42:13Z"
        notices = [p for p in issue["pages"] if p["because"] == "reopened"]
        assert {page["person"] for page in notices} == {"sara"}
        assert "reopened" in events(issue)


async def test_a_reopened_issue_without_an_answer_pages_its_owner(database_url: str):
    async with IntakeApi(database_url) as api:
        await resolved(api)
        await api.bank(text="it is gone again")
        api.clock.turn(timedelta(minutes=15))
        await api.settle()
        last = (await api.issue(1))["pages"][-1]
        assert last["kind"] == "page"


async def test_without_an_owner_the_policy_starts_anew(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(text="help")
        await api.post("/issues/1/resolve", {"result": "a mistake"})
        before = len((await api.issue(1))["pages"])
        assert outcome(await api.bank(text="no it is not")) == ("reopened", 1)
        issue = await api.issue(1)
        assert (issue["status"], issue["owner"]) == ("open", None)
        (*_, first) = [page for page in issue["pages"] if page["kind"] == "page"]
        assert len(issue["pages"]) > before
        assert first["level"] == 1


async def test_bad_news_that_was_told_is_not_told_again_when_it_is_reopened(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank(text="a data leak")
        now, house = api.clock.now(), api.service.house
        await api.service.database.write(
            lambda tx: tell_leaders(tx, house.view(tx, now), 1, "sara", now)
        )
        await api.post("/issues/1/resolve", {"result": "a mistake"})
        assert outcome(await api.bank(text="no it is not")) == ("reopened", 1)
        issue = await api.issue(1)
        assert (issue["status"], issue["owner"]) == ("open", None)
        told = [line for line in issue["timeline"] if line["event"] == "bad_news"]
        assert sorted((line["reason"], line["person"]) for line in told) == [
            *(("asked", leader) for leader in ("nina", "omid")),
            *(("severity", leader) for leader in ("nina", "omid")),
        ]


async def test_after_a_week_it_is_a_new_issue_that_names_the_old(database_url: str):
    async with IntakeApi(database_url) as api:
        await resolved(api)
        api.clock.turn(DAYS_8)
        assert outcome(await api.bank(text="hello again")) == ("opened", 2)
        issue = await api.issue(2)
        assert ("continues", "#1") in [
            (line["event"], line["detail"]) for line in issue["timeline"]
        ]
        assert outcome(await api.bank(text="and more")) == ("appended", 2)
