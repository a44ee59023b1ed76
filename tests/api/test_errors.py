"""Errors as HTTP: each type has its status, and each answer is a problem document."""

import inspect
import json

import pytest
from starlette.exceptions import HTTPException

import api.errors
import graph.errors
import graph.guard
import graph.workers
from api.errors import (
    PROBLEM,
    STATUS,
    InvalidParameters,
    RequestError,
    TooManyRequests,
    problem,
    status_of,
)
from graph.errors import NotFound, ScipolError, StoreBusy
from graph.workers import MalformedQuery, QueueFull


def error_types() -> list[type[Exception]]:
    modules = (graph.errors, graph.guard, graph.workers, api.errors)
    found = {
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, ScipolError)
    }
    return sorted(found, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", error_types(), ids=lambda kind: kind.__name__)
def test_each_error_has_a_status_of_its_own_choice(kind: type[Exception]) -> None:
    assert kind in STATUS


def test_a_child_that_nobody_thought_of_has_the_status_of_its_parent() -> None:
    class Unthought(NotFound):
        pass

    assert status_of(Unthought) == 404


def test_what_is_none_of_ours_is_a_fault_of_ours() -> None:
    assert status_of(ZeroDivisionError) == 500


def test_a_problem_says_what_where_and_what_to_do() -> None:
    answer = problem(MalformedQuery("It ends too early.", 3, 7), "abc")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == PROBLEM
    assert json.loads(bytes(answer.body)) == {
        "type": "https://w3id.org/scipol/problem/malformed-query",
        "title": "Bad Request",
        "status": 400,
        "detail": "It ends too early.",
        "line": 3,
        "column": 7,
        "request_id": "abc",
    }


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (QueueFull("Full.", 4), "4"),
        (TooManyRequests("Wait.", {"Retry-After": "9"}), "9"),
        (StoreBusy("A build is writing."), "5"),
    ],
)
def test_who_has_to_wait_is_told_how_long(error: Exception, seconds: str) -> None:
    assert problem(error).headers["retry-after"] == seconds


def test_a_fault_of_ours_tells_nothing_of_the_inside() -> None:
    answer = problem(RuntimeError("/secret/path is broken"))
    assert answer.status_code == 500
    assert b"secret" not in bytes(answer.body)


def test_an_error_of_the_framework_has_the_same_shape() -> None:
    answer = json.loads(bytes(problem(HTTPException(404)).body))
    assert (answer["status"], answer["type"].rpartition("/")[2]) == (404, "no-such-page")


def test_parameters_that_are_wrong_are_named() -> None:
    message = "Input should be less than or equal to 1000"
    found = {"loc": ("query", "limit"), "msg": message, "type": "less_than_equal"}
    answer = problem(InvalidParameters([found]))
    assert answer.status_code == 422
    assert json.loads(bytes(answer.body))["detail"] == "limit must be at most 1000"


def test_a_long_text_of_the_engine_is_cut() -> None:
    answer = json.loads(bytes(problem(NotFound("x" * 5000)).body))
    assert len(answer["detail"]) <= 300


def test_an_error_of_a_request_can_be_raised_through_the_framework() -> None:
    assert issubclass(RequestError, HTTPException)
    assert str(TooManyRequests("Wait.")) == "Wait."
