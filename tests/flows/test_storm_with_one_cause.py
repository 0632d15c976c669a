"""Many customers write of one thing: they are joined, and each of them is answered."""

from typing import Any

from support.night import Night

SAID = {
    "en": (
        ("Payment failed with error 502", "I tried my card three times today."),
        ("Cannot pay: error 502", "The checkout says error 502 since this morning."),
        ("Payment error", "error 502 when I pay, please help"),
    ),
    "fa": (
        ("پرداخت ناموفق، خطای ۵۰۲", "هر بار که پرداخت می‌کنم درگاه خطا می‌دهد"),
        ("خطای ۵۰۲ هنگام پرداخت", "کارتم را زدم و خطا داد"),
    ),
    "ar": (
        ("خطأ ٥٠٢ عند الدفع", "عند الدفع يظهر خطأ في كل مرة"),
        ("فشل الدفع، خطأ 502", "لا أستطيع الدفع بالبطاقة"),
    ),
}
NEWS = {
    "en": "Payments fail since nine. We are on it and tell you at eleven.",
    "fa": "از ساعت نه پرداخت‌ها ناموفق است. پیگیریم و ساعت یازده خبر می‌دهیم.",
    "ar": "الدفع متعطل منذ التاسعة. نعمل على إصلاحه ونخبركم في الحادية عشرة.",
}


async def customer_writes(night: Night, place: int, language: str) -> int:
    subjects = SAID[language]
    subject, text = subjects[place % len(subjects)]
    return await night.report(
        "flowers",
        source="web",
        customer={"name": f"Customer {place}", "language": language},
        external_id=f"storm-{place}",
        subject=subject,
        text=text,
    )


async def forty_customers(night: Night) -> dict[int, str]:
    """Let forty write in ten minutes; return in which language each issue is."""
    languages: dict[int, str] = {}
    for place in range(40):
        language = tuple(SAID)[place % 3]
        languages[await customer_writes(night, place, language)] = language
        await night.turn(seconds=15)
    return languages


async def suggestions(night: Night) -> list[dict[str, Any]]:
    response = await night.client.get("/api/v1/incidents/suggestions")
    return list(response.json()["items"])


def hush(night: Night) -> None:
    """Pass over what phones have got: pages are not what this is about."""
    for person in night.service.config.people:
        night.phone(person).drop()


async def test_forty_customers_of_three_languages_hear_the_same_once(
    database_url: str,
):
    async with Night(database_url) as night:
        languages = await forty_customers(night)
        (found,) = await suggestions(night)
        assert {each["number"] for each in found["issues"]} == set(languages)
        hush(night)

        confirmed = await night.post(
            f"/api/v1/incidents/suggestions/{found['id']}/confirm",
            {"title": "Payments fail", "person": "sara", "acknowledge": True},
        )
        path = f"/api/v1/incidents/{confirmed.json()['id']}"
        incident = (await night.client.get(path)).json()
        assert (incident["issues"], incident["customers"]) == (40, 40)
        owners = {each["owner"] for each in incident["members"]}
        assert owners == {"sara"}

        sent = await night.post(f"{path}/updates", {"text": NEWS, "author": "sara"})
        assert sent.status_code == 201, sent.text
        for number, language in languages.items():
            issue = await night.issue(number)
            out = [m["text"] for m in issue["messages"] if m["direction"] == "out"]
            assert out == [NEWS[language]]
        (update,) = (await night.client.get(f"{path}/updates")).json()["items"]
        assert sum(update["customers"].values()) == 40
        assert update["customers"]["queued"] == 0

        hush(night)


async def test_what_joins_a_storm_that_sara_has_wakes_nobody(database_url: str):
    async with Night(database_url) as night:
        first = await customer_writes(night, 0, "en")
        made = await night.post(
            "/api/v1/incidents", {"title": "Payments fail", "issues": [first]}
        )
        path = f"/api/v1/incidents/{made.json()['id']}"
        await night.post(f"{path}/acknowledge", {"person": "sara"})
        await night.turn(seconds=1)
        hush(night)
        late = [await customer_writes(night, place, "en") for place in range(1, 4)]
        hush(night)  # each was paged for when it came
        await night.post(f"{path}/issues", {"issues": late, "person": "reza"})
        await night.turn(minutes=4)
        night.expect_silence()
        await night.turn(minutes=1)
        await night.phone("sara").expect_telegram("Payments fail", "۳ مورد تازه")
        night.expect_silence()


async def test_leaders_hear_of_a_storm_once(database_url: str):
    async with Night(database_url) as night:
        numbers = [await customer_writes(night, place, "en") for place in range(3)]
        hush(night)
        await night.post(
            "/api/v1/incidents", {"title": "Payments fail", "issues": numbers}
        )
        for number in numbers:
            await night.post(
                f"/api/v1/issues/{number}/severity", {"severity": "critical"}
            )
        nina, omid = night.phone("nina"), night.phone("omid")
        await nina.expect_sms("Bad news", "3 customers", "Payments fail")
        await omid.expect_telegram("Payments fail")
        assert (nina.unread(), omid.unread()) == ([], [])
        events = [line["event"] for line in (await night.issue(numbers[2]))["timeline"]]
        assert "bad_news_of_incident" in events
        hush(night)


async def test_an_issue_that_leaves_a_storm_is_paged_for_as_if_it_were_new(
    database_url: str,
):
    async with Night(database_url) as night:
        made = await night.post("/api/v1/incidents", {"title": "Payments fail"})
        path = f"/api/v1/incidents/{made.json()['id']}"
        await night.post(f"{path}/acknowledge", {"person": "reza"})
        number = await customer_writes(night, 0, "en")
        await night.phone("sara").expect_telegram(f"#{number}")
        await night.post(f"{path}/issues", {"issues": [number], "person": "reza"})
        await night.turn(minutes=2)
        night.expect_silence()
        await night.client.delete(f"{path}/issues/{number}")
        await night.settle()
        await night.phone("sara").expect_telegram(f"#{number}")


async def test_a_restart_in_the_middle_of_an_update_doubles_and_loses_nothing(
    database_url: str,
):
    async with Night(database_url) as night:
        numbers = [await customer_writes(night, place, "fa") for place in range(60)]
        made = await night.post(
            "/api/v1/incidents", {"title": "Payments fail", "issues": numbers}
        )
        path = f"/api/v1/incidents/{made.json()['id']}"
        await night.post(f"{path}/acknowledge", {"person": "sara"})
        sent = {"text": NEWS, "author": "sara"}
        begun = (await night.client.post(f"{path}/updates", json=sent)).json()
        assert 0 < begun["customers"]["queued"] < len(numbers)
        await night.restart()
        await night.settle()
        for number in numbers:
            issue = await night.issue(number)
            out = [m["text"] for m in issue["messages"] if m["direction"] == "out"]
            assert out == [NEWS["fa"]]
        hush(night)
