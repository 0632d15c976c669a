"""Where customers write: what a source may say, and what stands against each other."""

import pytest

from support.config_text import SMALL, configured, only_problem, problems_of

ENVIRON = {"PAGES": "1:pages", "CARE": "2:care", "KEY": "k", "SECRET": "s"}
PAGES = '[integrations.telegram]\ntoken = "env:PAGES"\n'
BOT = '[integrations.intake.bot]\nkind = "telegram"\n'
ZENDESK = '[integrations.intake.desk]\nkind = "zendesk"\nsecret = "env:SECRET"\n'


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        (BOT, "secret", "is missing"),
        (f'{BOT}secret = "env:SECRET"\nupdates = "polling"', "updates", "bot's token"),
        (f'{BOT}api_token = "env:CARE"\nupdates = "push"', "updates", '"push"'),
        (f'{BOT}api_token = "env:PAGES"\n{PAGES}', "api_token", "pages people"),
        (f'{BOT}api_token = "env:NOWHERE"', "api_token", "NOWHERE"),
        (
            f'{ZENDESK}updates = "polling"'.replace("desk]", "bot]"),
            "updates",
            "zendesk",
        ),
        (
            f'{ZENDESK}api_url = "desk"'.replace("desk]", "bot]"),
            "api_url",
            "web address",
        ),
    ],
)
def test_what_a_source_cannot_say_is_told_where_it_stands(
    more: str, path: str, message: str
):
    problem = only_problem(more, ENVIRON)
    assert problem.path == f"integrations.intake.bot.{path}"
    assert message in problem.message
    assert problem.hint


def test_two_bots_of_customers_with_one_token_are_one_too_many():
    other = BOT.replace("bot", "vip")
    token = 'api_token = "env:CARE"\n'
    problem = only_problem(f"{BOT}{token}{other}{token}", ENVIRON)
    assert problem.path == "integrations.intake.vip.api_token"
    assert "[integrations.intake.bot]" in problem.message


def test_a_source_that_calls_us_needs_its_secret():
    problem = only_problem('[integrations.intake.desk]\nkind = "zendesk"', ENVIRON)
    assert (problem.path, problem.message) == (
        "integrations.intake.desk.secret",
        "is missing",
    )


def test_a_bot_with_its_token_needs_no_secret():
    source = configured(f'{BOT}api_token = "env:CARE"', ENVIRON).intake["bot"]
    assert (source.secret, source.updates) == (None, "")
    assert source.api_token is not None
    assert source.api_token.reveal() == "2:care"


def test_what_we_call_a_product_with_is_read():
    more = 'api_url = "https://x.zendesk.com"\napi_user = "a@x"\napi_token = "env:KEY"'
    source = configured(ZENDESK + more, ENVIRON).intake["desk"]
    assert (source.api_url, source.api_user) == ("https://x.zendesk.com", "a@x")


def test_two_bots_with_tokens_of_their_own_are_right():
    assert problems_of(f'{SMALL}{PAGES}{BOT}api_token = "env:CARE"', ENVIRON) == []
