"""Gives schemathesis existing ids and credentials, and keeps it from changing the operator.

Reads SLUICE_URL, SLUICE_SETUP (the response body of the setup) and SLUICE_TALLY (the file for the number of responses
by operation and status, as JSON).
"""

import base64
import itertools
import json
import os
import re
import urllib.error
import urllib.request
from collections import Counter, defaultdict

import schemathesis

URL = os.environ["SLUICE_URL"]
SETUP = json.loads(os.environ["SLUICE_SETUP"])
OPERATOR = {"Authorization": f"Token {SETUP['auth']['token']}"}
OWN = {SETUP["user"]["id"], SETUP["org"]["id"], SETUP["auth"]["id"]}
PASSWORD = "correct horse 1"
KINDS = {"users": "user", "orgs": "org", "buckets": "bucket", "authorizations": "token"}

count = itertools.count(1)
here: dict[str, str] = {}
made_by_tests: set[str] = set()
seen: Counter = Counter()
tally: dict[str, Counter] = defaultdict(Counter)


def ask(method, path, body=None, headers=OPERATOR):
    request = urllib.request.Request(URL + path, method=method, headers=dict(headers))
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, None, error.headers


def make(path, body):
    status, found, _ = ask("POST", f"/api/v2/{path}", body)
    assert status == 201, f"{path}: {status}"
    return found["id"]


def basic(name):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()}


def alive(kind):
    """The id of an existing resource that may be changed and deleted."""
    if kind in here and ask("GET", f"/api/v2/{kind}/{here[kind]}")[0] == 200:
        return here[kind]
    name = f"there {next(count)}"
    if kind == "users":
        here[kind] = make("users", {"name": name})
        ask("POST", f"/api/v2/users/{here[kind]}/password", {"password": PASSWORD})
    elif kind == "orgs":
        here[kind] = make("orgs", {"name": name})
    elif kind == "buckets":
        here[kind] = make("buckets", {"name": name, "orgID": alive("orgs")})
    else:
        here[kind] = make("authorizations", {"orgID": alive("orgs"), "permissions": [permission()]})
    return here[kind]


def permission():
    return {"action": "read", "resource": {"type": "buckets", "orgID": alive("orgs")}}


def somebody():
    """A user who can sign in: their id, name, cookie and the id of that session."""
    for _ in range(2):
        user = alive("users")
        name = ask("GET", f"/api/v2/users/{user}")[1]["name"]
        status, _, headers = ask("POST", "/api/v2/signin", headers=basic(name))
        if status == 204:
            cookie = headers["Set-Cookie"].split(";")[0]
            sessions = ask("GET", "/api/v2/me/sessions", headers={"Cookie": cookie})[1]["sessions"]
            return user, name, cookie, next(each["id"] for each in sessions if each["current"])
        here.pop("users")
    raise AssertionError("no user can sign in")


@schemathesis.hook
def before_load_schema(ctx, raw_schema):
    """Removes the `default` response, which would allow every status."""
    for methods in raw_schema["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("default", None)


@schemathesis.hook
def before_call(ctx, case, kwargs):
    operation = case.operation.definition.raw["operationId"]
    headers = case.headers
    if case.operation.definition.raw.get("security") is None:
        headers.update(OPERATOR)
    if case.method.upper() != case.operation.method.upper():
        headers.update(OPERATOR)
        return
    if case.meta is None or case.meta.generation.mode.is_positive:
        seen[operation] += 1
        # One in five keeps the generated ids, so that missing resources are tested too.
        if seen[operation] % 5 != 0:
            fill_in(case, operation)
            act(case, operation, headers)
    spare_own(case)


def fill_in(case, operation):
    path = case.path_parameters or {}
    if "id" in path and path["id"] not in made_by_tests and "/me/" not in case.path:
        path["id"] = alive(case.path.split("/")[3])
    if "userID" in path and path["userID"] not in made_by_tests:
        path["userID"] = alive("users")
        ask("POST", re.sub(r"\{id\}/(\w+)/.*", rf"{path['id']}/\1", case.path), {"id": path["userID"]})
    query = case.query or {}
    for name, kind in (("id", case.path.split("/")[-1]), ("orgID", "orgs"), ("userID", "users")):
        if name in query and kind in KINDS:
            query[name] = alive(kind)
    for name, kind in (("org", "orgs"), ("user", "users"), ("name", case.path.split("/")[-1])):
        if name in query and kind in KINDS:
            query[name] = ask("GET", f"/api/v2/{kind}/{alive(kind)}")[1].get("name", "")
    for name in ("start", "stop"):
        if name in query:
            query[name] = f"20{next(count) % 90 + 10}-01-02T03:04:05Z"
    if isinstance(case.body, dict):
        fill_in_body(case.body, operation, path)


def fill_in_body(body, operation, path):
    unique = f"{next(count)}"
    if operation.startswith("Post") or "name" in body:
        body["name"] = f"{str(body.get('name', ''))[:50]} {unique}"
    if "status" in body:
        body["status"] = "inactive" if int(unique) % 2 else "active"
    if "Password" in operation:
        body["password"] = PASSWORD
    if operation == "PostSetup":
        body.update(username=f"first {unique}", org=f"org {unique}", bucket="b", password=PASSWORD)
        for key in ("retentionPeriodSeconds", "retentionPeriodHrs", "token"):
            body.pop(key, None)
    if operation in ("PostBuckets", "PostAuthorizations"):
        body["orgID"] = alive("orgs")
    if operation == "PostAuthorizations":
        body["permissions"] = [permission()]
        body.pop("userID", None)
        if "expiresAt" in body:
            body["expiresAt"] = "2199-01-01T00:00:00Z"
    if "retentionRules" in body:
        body["retentionRules"] = [{"type": "expire", "everySeconds": 86400}]
    if "graceSeconds" in body:
        body["graceSeconds"] = 60
    if re.fullmatch(r"Post\w+ID(Members|Owners)", operation):
        kind = "orgs" if "Orgs" in operation else "buckets"
        body["id"] = alive("users")
        if "id" in path:
            ask("DELETE", f"/api/v2/{kind}/{path['id']}/members/{body['id']}")


def spare_own(case):
    """Tests must not change the operator, their organization or their token."""
    path = case.path_parameters or {}
    if path.get("id") in OWN and case.method.upper() != "GET":
        path["id"] = alive(case.path.split("/")[3])


def act(case, operation, headers):
    """Adds the credentials of a user to operations that act on the caller's own account."""
    if operation == "PostSignin":
        headers.update(basic(somebody()[1]))
    elif operation == "PostSignout":
        headers["Cookie"] = somebody()[2]
    elif operation == "PutMePassword":
        _, name, cookie, _ = somebody()
        headers.update(basic(name), Cookie=cookie)
    elif operation == "PutUsersIDPassword":
        user, name, cookie, _ = somebody()
        if case.path_parameters.get("id") == user:
            headers.update(basic(name), Cookie=cookie)
    elif operation == "DeleteMeSessionsID" and case.path_parameters.get("id"):
        _, _, headers["Cookie"], case.path_parameters["id"] = somebody()
        headers.pop("Authorization", None)
    elif operation == "DeleteUsersIDSessionsID":
        user, _, _, session = somebody()
        if case.path_parameters.get("id") == user:
            case.path_parameters["sessionID"] = session


@schemathesis.hook
def after_call(ctx, case, response):
    if case.method.upper() != case.operation.method.upper():
        return
    tally[case.operation.definition.raw["operationId"]][response.status_code] += 1
    if response.status_code == 201:
        made_by_tests.add(response.json().get("id"))
    with open(os.environ["SLUICE_TALLY"], "w", encoding="utf8") as file:
        json.dump(tally, file)
