"""A token lets a machine act as a person: shown once, kept as a hash, ended at will."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from inventory.accounts import tokens
from inventory.accounts.models import ApiToken
from tests import clinic

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)


def test_a_token_stands_for_its_person() -> None:
    mara = clinic.mara()

    assert tokens.person_for(tokens.issue(mara, "cart")) == mara


@pytest.mark.parametrize("raw", ["", "vk_guess", "\0", "\ud800", "ñ" * 10_000])
def test_what_is_no_token_stands_for_nobody(raw: str) -> None:
    tokens.issue(clinic.mara())

    assert tokens.person_for(raw) is None


def test_a_token_itself_is_kept_nowhere() -> None:
    raw = tokens.issue(clinic.mara(), "cart")

    row = ApiToken.objects.values().get()
    assert not any(raw in str(value) for value in row.values())


def test_an_ended_token_stands_for_nobody() -> None:
    raw = tokens.issue(clinic.mara())

    tokens.revoke(ApiToken.objects.get())

    assert tokens.person_for(raw) is None


def test_the_token_of_someone_who_left_stands_for_nobody() -> None:
    mara = clinic.mara()
    raw = tokens.issue(mara)
    mara.is_active = False
    mara.save()

    assert tokens.person_for(raw) is None


def test_it_notes_the_last_use_at_most_once_a_minute() -> None:
    raw = tokens.issue(clinic.mara())
    with time_machine.travel(NOON, tick=False) as clock:
        tokens.person_for(raw)
        clock.shift(timedelta(seconds=59))
        tokens.person_for(raw)

    assert ApiToken.objects.get().last_used_at == NOON


def test_a_nurse_can_make_a_token_and_sees_it_once() -> None:
    mara = clinic.mara()
    client = clinic.signed_in(mara)

    answer = client.post(reverse("token_add"), {"label": "label printer"})

    raw = answer.context["new_token"]
    assert raw in answer.content.decode()
    assert tokens.person_for(raw) == mara
    assert raw not in client.get(reverse("account")).content.decode()


@pytest.mark.parametrize(
    ("label", "sentence"),
    [("", "required"), ("x" * 101, "at most 100 characters"), ("\0", "cannot be shown")],
)
def test_it_refuses_a_token_without_a_proper_name(label: str, sentence: str) -> None:
    client = clinic.signed_in(clinic.mara())

    page = client.post(reverse("token_add"), {"label": label}).content.decode()

    assert sentence in page
    assert not ApiToken.objects.exists()


def test_a_nurse_can_end_her_token() -> None:
    mara = clinic.mara()
    raw = tokens.issue(mara, "cart")

    clinic.signed_in(mara).post(reverse("token_revoke", args=[ApiToken.objects.get().pk]))

    assert tokens.person_for(raw) is None


def test_nobody_can_end_the_token_of_another() -> None:
    raw = tokens.issue(clinic.mara())

    answer = clinic.signed_in(clinic.dana()).post(
        reverse("token_revoke", args=[ApiToken.objects.get().pk])
    )

    assert answer.status_code == 404
    assert tokens.person_for(raw) == clinic.mara()


def create_token(*arguments: str) -> str:
    out = StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_token_alone() -> None:
    mara = clinic.mara()

    printed = create_token("mara", "--name", "label printer")

    assert tokens.person_for(printed.removesuffix("\n")) == mara
    assert str(ApiToken.objects.get()) == "label printer"


@pytest.mark.parametrize("username", ["nobody", "ma\0ra", "\ud800", "Mara"])
def test_the_command_refuses_an_unknown_person(username: str) -> None:
    clinic.mara()

    with pytest.raises(CommandError, match="nobody is called"):
        create_token(username)


def test_the_command_refuses_someone_who_left() -> None:
    mara = clinic.mara()
    mara.is_active = False
    mara.save()

    with pytest.raises(CommandError, match="mara may not sign in any more"):
        create_token("mara")


@pytest.mark.parametrize(
    ("name", "sentence"), [("x" * 101, "at most 100 characters"), ("\0", "cannot be shown")]
)
def test_the_command_refuses_an_improper_name(name: str, sentence: str) -> None:
    clinic.mara()

    with pytest.raises(CommandError, match=sentence):
        create_token("mara", "--name", name)
