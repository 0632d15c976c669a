"""What owners and leaders hear of an incident, with the longest titles."""

import pytest

from oncall.model import Language
from oncall.wording import affected, fits_one_segment, incident_grew
from support import long_names


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("title", [*long_names.NAMES, *long_names.PROBLEMS])
def test_news_of_a_growing_incident_fits_one_segment(language: Language, title: str):
    said = incident_grew(
        language, incident=99_999, title=title, more=99_999, count=999_999
    )
    assert fits_one_segment(said)
    assert "99" in said or "۹۹" in said or "٩٩" in said


def test_in_a_chat_the_title_is_whole():
    said = incident_grew(
        Language.ENGLISH, incident=3, title="Payments fail", more=2, count=12, rich=True
    )
    assert said == ("Incident 3, \u2068Payments fail\u2069: 2 more issues, 12 in all")


def test_customers_are_counted_in_the_reader_s_digits():
    assert [affected(language, 40) for language in Language] == [
        "40 customers",
        "۴۰ مشتری",
        "٤٠ من العملاء",
    ]
