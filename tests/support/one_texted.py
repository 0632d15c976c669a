"""The smallest service that texts somebody, for a process of its own."""

from pathlib import Path

from support.fake_twilio import ACCOUNT_SID, AUTH_TOKEN, FakeTwilio

ENVIRON = {"TWILIO_AUTH_TOKEN": AUTH_TOKEN}


def configured(folder: Path, twilio: FakeTwilio, change: str = "") -> Path:
    """Write a configuration in which one person is texted, and return its path."""
    text = f"""
[service]
url = "http://127.0.0.1:8000"
timezone = "Asia/Tehran"
database = "sqlite:///{folder}/oncall.db"
last_resort = ["person:sara"]
[people.sara]
name = "Sara Ahmadi"
phone = "+989121234567"
contact = [{{via = "sms"}}]
[people.reza]
name = "Reza Karimi"
phone = "+989121234568"
contact = [{{via = "sms"}}]
[escalation_policies.now]
levels = [{{page = ["person:sara"], wait = "5m"}}]
[[routes]]
policy = "now"
[api.tokens]
admin = {{secret = "env:ONCALL_ADMIN_TOKEN", may = ["admin"]}}
[integrations.twilio]
account_sid = "{ACCOUNT_SID}"
auth_token = "env:TWILIO_AUTH_TOKEN"
from = "+15550100"
api_url = "{twilio.url}"
{change}
"""
    path = folder / "oncall.toml"
    path.write_text(text)
    return path
