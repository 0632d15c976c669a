import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.model import Verb
from oncall.replies import encode_button, read_button

PAGE_IDS = st.from_regex(r"\A[A-Za-z0-9_-]{1,60}\Z")


@given(page_id=PAGE_IDS, verb=st.sampled_from(Verb))
def test_a_button_comes_back_as_it_went_out(page_id: str, verb: Verb):
    data = encode_button(page_id, verb)
    assert len(data.encode()) <= 64
    assert read_button(data) == (page_id, verb)


def test_a_uuid_fits():
    page_id = "8f14e45f-ceea-467f-a0e6-1f2d3c4b5a69"
    assert read_button(encode_button(page_id, Verb.TAKE)) == (page_id, Verb.TAKE)


@pytest.mark.parametrize("page_id", ["", "x" * 61, "a:b", "صفحه", "a b", "a\n"])
def test_an_id_that_could_not_be_read_back_is_refused(page_id: str):
    with pytest.raises(ValueError, match="does not fit"):
        encode_button(page_id, Verb.TAKE)


@pytest.mark.parametrize(
    "data", ["", "p:1:", "p:x:abc", "q:1:abc", "p:1:abc\n", "p:۱:abc", "p:11:abc"]
)
def test_foreign_data_is_no_button_of_ours(data: str):
    assert read_button(data) is None


@given(st.text())
def test_any_data_is_read_without_an_exception(data: str):
    found = read_button(data)
    assert found is None or encode_button(*found) == data
