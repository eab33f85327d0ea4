"""Signing in and out, one's own account, and the people of the clinic."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.accounts import tokens
from inventory.accounts.filters import PeopleFilter
from inventory.accounts.forms import (
    NewPasswordForm,
    PersonAddForm,
    PersonEditForm,
    SignInForm,
    TokenForm,
)
from inventory.accounts.models import ApiToken, User
from inventory.accounts.people import PersonRefused, UsernameTaken, add_person, change_person
from inventory.accounts.roles import ROLES
from inventory.accounts.tables import PeopleTable
from inventory.sheets.pages import table_page
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, allow, public


@public
def sign_in(request: HttpRequest) -> HttpResponseBase:
    view = LoginView.as_view(
        template_name="accounts/sign_in.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
    )
    return view(request)


@public
def sign_out(request: HttpRequest) -> HttpResponseBase:
    return LogoutView.as_view()(request)


@allow(*EVERYONE)
@require_safe
def account(request: AuthenticatedRequest) -> HttpResponse:
    return _account_page(request, TokenForm())


@allow(*EVERYONE)
@require_http_methods(["GET", "POST"])
def change_password(request: AuthenticatedRequest) -> HttpResponse:
    form = NewPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is changed.")
        return redirect("account")
    return render(
        request, "accounts/change_password.html", {"title": "Change password", "form": form}
    )


@allow(*EVERYONE)
@require_POST
def token_add(request: AuthenticatedRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, form)
    raw = tokens.issue(request.user, form.cleaned_data["label"])
    # Shown in the answer itself: a redirect would have to keep it somewhere in between.
    return _account_page(request, TokenForm(), new_token=raw)


@allow(*EVERYONE)
@require_POST
def token_revoke(request: AuthenticatedRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=token_id, person=request.user)
    tokens.revoke(token)
    messages.success(request, f"The token “{token}” is ended.")
    return redirect("account")


@allow(MANAGER)
@require_safe
def people_list(request: AuthenticatedRequest) -> HttpResponse:
    people = User.objects.order_by("-is_active", "first_name", "last_name", "username")
    return table_page(
        request,
        PeopleTable,
        people.prefetch_related("groups"),
        PeopleFilter,
        title="People",
        template="accounts/people_list.html",
    )


@allow(MANAGER)
@require_http_methods(["GET", "POST"])
def person_add(request: AuthenticatedRequest) -> HttpResponse:
    form = PersonAddForm(request.POST or None)
    if form.is_valid():
        try:
            person = add_person(**form.cleaned_data)
        except UsernameTaken as refusal:
            form.add_error("username", str(refusal))
        else:
            messages.success(request, f"{person} may sign in as {person.username}.")
            return redirect("people_list")
    return render(request, "accounts/person_add.html", {"title": "Add a person", "form": form})


@allow(MANAGER)
@require_http_methods(["GET", "POST"])
def person_edit(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    form = PersonEditForm(request.POST or None, person=person, initial=_as_initial(person))
    if form.is_valid():
        try:
            change_person(person, by=request.user, **form.cleaned_data)
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if person == request.user:
                update_session_auth_hash(request, person)
            messages.success(request, f"{person} is changed.")
            return redirect("people_list")
    context = {"title": str(person), "form": form, "person": person}
    return render(request, "accounts/person_edit.html", context)


def _account_page(
    request: AuthenticatedRequest, form: TokenForm, new_token: str = ""
) -> HttpResponse:
    own_tokens = ApiToken.objects.filter(person=request.user, revoked_at=None)
    context = {
        "title": "My account",
        "form": form,
        "tokens": own_tokens.order_by("-created_at", "-pk"),
        "new_token": new_token,
    }
    return render(request, "accounts/account.html", context)


def _as_initial(person: User) -> dict[str, Any]:
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "is_active": person.is_active,
        "roles": list(person.groups.filter(name__in=ROLES).values_list("name", flat=True)),
    }
