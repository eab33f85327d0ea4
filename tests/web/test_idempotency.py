"""One submission is carried out once."""

from typing import Any

import pytest

from inventory.web.idempotency import Answer, SubmissionDiffers, once
from inventory.web.models import Submission
from tests.clinic import dana, mara

pytestmark = pytest.mark.django_db


class Press:
    """A button that counts how often it did something."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(
        self, key: str = "k1", body: str = "b", path: str = "/log", who: Any = None
    ) -> Answer:
        def act() -> tuple[int, dict[str, int]]:
            self.times += 1
            return 201, {"id": self.times}

        person = who or mara()
        return once(person_id=person.pk, path=path, key=key, body_hash=body, act=act)


def test_the_same_key_returns_the_first_answer() -> None:
    press = Press()
    first, second = press(), press()
    assert (first.data, second.data, press.times) == ({"id": 1}, {"id": 1}, 1)
    assert (first.replayed, second.replayed, second.status) == (False, True, 201)


def test_another_key_is_another_submission() -> None:
    press = Press()
    press("k1"), press("k2")
    assert press.times == 2


def test_the_same_key_with_another_body_is_refused() -> None:
    press = Press()
    press(body="a")
    with pytest.raises(SubmissionDiffers):
        press(body="b")


def test_keys_of_other_people_and_paths_do_not_meet() -> None:
    press = Press()
    press(), press(who=dana()), press(path="/waste")
    assert press.times == 3


def test_a_refusal_is_not_kept_so_that_a_retry_may_succeed() -> None:
    def refuse() -> tuple[int, None]:
        raise ValueError("no stock")

    with pytest.raises(ValueError, match="no stock"):
        once(person_id=mara().pk, path="/log", key="k1", body_hash="b", act=refuse)
    assert not Submission.objects.exists()
    assert Press()().status == 201
