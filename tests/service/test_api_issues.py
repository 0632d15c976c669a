"""What can be done to an issue by the API, and what is said when it cannot."""

from datetime import timedelta

from support.api import ISSUE, TOLD, Api, assert_problem

BODIES = {
    "acknowledge": {"person": "sara"},
    "resolve": {"result": "yes, it works again"},
    "escalate": None,
    "assign": {"person": "reza", "reason": "speaks her language"},
    "snooze": {"for": "15m"},
    "severity": {"severity": "critical", "reason": "it grew"},
    "messages": TOLD | {"text": "we are on it", "author": "sara"},
    "notes": {"text": "called her", "author": "sara"},
    "promises": {"text": "a call", "due": "2026-11-21T10:00:00Z"},
}


async def test_every_action_answers_with_the_issue_as_it_is_then(database_url: str):
    async with Api(database_url) as api:
        for action, body in BODIES.items():
            number = (await api.opened(subject=f"for {action}"))["number"]
            response = await api.post(f"/issues/{number}/{action}", body)
            created = action in ("messages", "notes", "promises")
            assert response.status_code == (201 if created else 200), response.text
            assert response.json()["number"] == number
            whole = await api.issue(number)
            short = {name: whole[name] for name in response.json()}
            assert response.json() == short, action


async def test_no_action_is_possible_on_an_issue_that_is_not_there(database_url: str):
    async with Api(database_url) as api:
        for action, body in BODIES.items():
            problem = assert_problem(await api.post(f"/issues/77/{action}", body), 404)
            assert "#77" in problem["detail"]
        assert_problem(await api.get("/issues/77"), 404)


async def test_what_would_move_a_finished_issue_is_a_conflict(database_url: str):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        resolved = await api.post(f"/issues/{number}/resolve", BODIES["resolve"])
        assert resolved.json()["status"] == "resolved"
        for action in ("acknowledge", "resolve", "escalate", "assign", "snooze"):
            response = await api.post(f"/issues/{number}/{action}", BODIES[action])
            assert_problem(response, 409)
        response = await api.post(
            f"/issues/{number}/severity", {"severity": "low", "reason": "over"}
        )
        assert_problem(response, 409)
        for action in ("messages", "notes", "promises"):
            response = await api.post(f"/issues/{number}/{action}", BODIES[action])
            assert response.status_code == 201, "the record stays open to words"
        assert (await api.issue(number))["status"] == "resolved"


async def test_a_body_without_what_an_action_needs_names_what_is_missing(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        for action, body, path in (
            ("acknowledge", {}, "person"),
            ("acknowledge", {"person": ""}, "person"),
            ("resolve", {}, "result"),
            ("resolve", {"result": "  "}, "result"),
            ("assign", {"person": "reza"}, "reason"),
            ("assign", {"person": "reza", "reason": " "}, "reason"),
            ("snooze", {}, "for"),
            ("severity", {}, "severity"),
            ("severity", {"severity": "awful"}, "severity"),
            ("messages", {"text": "a"}, "direction"),
            ("messages", {"direction": "up", "text": "a"}, "direction"),
            ("messages", {"direction": "in", "text": ""}, "text"),
            ("notes", {}, "text"),
            ("promises", {"text": "a"}, "due"),
            ("escalate", {"who": "sara"}, "who"),
        ):
            response = await api.post(f"/issues/{number}/{action}", body)
            assert_problem(response, 422, path)


async def test_a_person_who_is_not_in_the_configuration_is_not_found(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        for action, body in (
            ("acknowledge", {"person": "zoe"}),
            ("resolve", {"result": "yes", "person": "zoe"}),
            ("escalate", {"person": "zoe"}),
            ("assign", {"person": "zoe", "reason": "why not"}),
            ("snooze", {"for": "5m", "person": "zoe"}),
            ("promises", BODIES["promises"] | {"owner": "zoe"}),
        ):
            response = await api.post(f"/issues/{number}/{action}", body)
            assert "zoe" in assert_problem(response, 404)["detail"]
        whole = await api.issue(number)
        assert (whole["owner"], whole["promises"]) == (None, [])


async def test_lowering_critical_wants_a_reason_and_raising_does_not(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened(severity="normal", subject="slow"))["number"]
        path = f"/issues/{number}/severity"
        raised = await api.post(path, {"severity": "critical"})
        assert raised.json()["severity"] == "critical"
        assert_problem(await api.post(path, {"severity": "low"}), 422, "reason")
        blank = {"severity": "low", "reason": " \n"}
        assert_problem(await api.post(path, blank), 422, "reason")
        lowered = {"severity": "low", "reason": "only one customer"}
        assert (await api.post(path, lowered)).json()["severity"] == "low"
        again = await api.post(path, {"severity": "normal"})
        assert again.json()["severity"] == "normal"


async def test_the_owner_stays_when_another_acknowledges_and_that_one_helps(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        path = f"/issues/{number}/acknowledge"
        first = (await api.post(path, {"person": "sara"})).json()
        assert (first["owner"], first["helpers"]) == ("sara", [])
        for _ in range(2):
            second = (await api.post(path, {"person": "reza"})).json()
            assert (second["owner"], second["helpers"]) == ("sara", ["reza"])
        assert second["acknowledged_by"] == "sara"


async def test_the_first_who_answers_the_customer_becomes_the_owner(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        said = TOLD | {"text": "I am on it", "author": "mina"}
        after = (await api.post(f"/issues/{number}/messages", said)).json()
        assert (after["status"], after["owner"]) == ("acknowledged", "mina")
        assert after["waiting_since"] is None
        api.clock.turn(timedelta(minutes=3))
        wrote = {"direction": "in", "text": "thank you, but"}
        after = (await api.post(f"/issues/{number}/messages", wrote)).json()
        assert after["waiting_since"] == "2026-11-20T21:15:00Z"


async def test_what_a_customer_says_after_the_end_opens_the_issue_again(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        await api.post(f"/issues/{number}/acknowledge", {"person": "sara"})
        await api.post(f"/issues/{number}/resolve", {"result": "paid"})
        wrote = {"direction": "in", "text": "it is still not there"}
        after = (await api.post(f"/issues/{number}/messages", wrote)).json()
        assert (after["status"], after["owner"]) == ("acknowledged", "sara")
        assert after["waiting_since"] == "2026-11-20T21:12:00Z"
        whole = await api.issue(number)
        assert whole["messages"][-1]["text"] == "it is still not there"
        assert "reopened" in [line["event"] for line in whole["timeline"]]
        told = [page for page in whole["pages"] if page["kind"] == "notice"]
        assert {page["person"] for page in told} == {"sara"}


async def test_what_a_customer_says_after_the_end_goes_to_the_issue_that_followed(
    database_url: str,
):
    async with Api(database_url) as api:
        first = (await api.opened(external_id="T-1"))["number"]
        await api.post(f"/issues/{first}/resolve", {"result": "paid"})
        second = (await api.opened(external_id="T-1"))["number"]
        wrote = {"direction": "in", "text": "it is still not there"}
        after = await api.post(f"/issues/{first}/messages", wrote)
        assert (after.status_code, after.json()["number"]) == (201, second)
        whole = await api.issue(second)
        assert whole["messages"][-1]["text"] == "it is still not there"
        before = await api.issue(first)
        assert (before["status"], len(before["messages"])) == ("resolved", 1)
        line = before["timeline"][-1]
        assert (line["event"], line["detail"]) == ("goes_on", f"#{second}")


async def test_an_issue_is_shown_whole_with_pages_promises_and_a_reason_for_each(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened(text="what now?"))["number"]
        await api.post(f"/issues/{number}/promises", BODIES["promises"])
        await api.service.engine.settle()
        whole = await api.issue(number)
        assert [m["text"] for m in whole["messages"]] == ["what now?"]
        assert whole["promises"][0]["due"] == "2026-11-21T10:00:00Z"
        page = next(page for page in whole["pages"] if page["kind"] == "page")
        assert (page["person"], page["via"], page["level"], page["round"]) == (
            "sara",
            "telegram",
            1,
            1,
        )
        assert "address" not in page
        assert all(line["event"] for line in whole["timeline"])
        assert any(line["reason"] == page["because"] for line in whole["timeline"])


async def test_an_issue_with_a_promise_at_the_end_of_reach_is_still_decided(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        far = BODIES["promises"] | {"due": "2199-12-31T23:59:59Z"}
        assert (await api.post(f"/issues/{number}/promises", far)).status_code == 201
        await api.service.engine.settle()
        assert (await api.issue(number))["pages"]


async def test_when_the_customer_said_it_is_kept_beside_when_we_heard_it(
    database_url: str,
):
    async with Api(database_url) as api:
        said = "2026-11-20T19:00:00+01:00"
        number = (await api.opened(occurred_at=said))["number"]
        (message,) = (await api.issue(number))["messages"]
        assert message["occurred_at"] == "2026-11-20T18:00:00Z"
        assert message["at"] != message["occurred_at"]


async def test_whoever_writes_down_what_a_customer_said_is_its_author(
    database_url: str,
):
    async with Api(database_url) as api:
        made = await api.opened(source="walk-in", author="sara", external_id="desk-1")
        await api.post(
            "/issues", ISSUE | {"source": "walk-in", "external_id": "desk-1"}
        )
        whole = await api.issue(made["number"])
        assert [each["author"] for each in whole["messages"]] == ["sara", None]
        assert whole["source"] == "walk-in"
