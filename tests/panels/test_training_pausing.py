"""A pause that the page asks for: the training stands still, and tells where."""

import threading

from starlette.testclient import TestClient

from tests.as_browser import newcomer, unpack
from visualizer.panels.training.memory import memory
from visualizer.ui.service import Service

QUICK = "stack=flatten;linear(classes)&data=digits&side=12&epochs=200&batch=32"


def test_a_pause_answers_with_the_last_step(service: Service, client: TestClient) -> None:
    handle = unpack(client.post(f"/vz/training/open?{QUICK}").content)[0]["training"]
    training = memory(service, handle).training
    begun, advance = threading.Event(), training.part

    def noticed() -> object:
        begun.set()
        return advance()

    training.part = noticed  # type: ignore[method-assign, assignment]
    listener = threading.Thread(target=lambda: client.post(f"/vz/training/{handle}/run"))
    listener.start()
    assert begun.wait(30)
    header, arrays = unpack(client.post(f"/vz/training/{handle}/pause").content)
    listener.join(30)
    assert 0 < header["step"] < header["steps"]
    assert header["ended"] is False
    assert len(arrays["steps"]) == header["step"] == training.step
    resumed = client.post(f"/vz/training/{handle}/run?steps=1")
    assert resumed.status_code == 200
    assert training.step == header["step"] + 1


def test_one_step_is_one_step_also_after_a_pause_in_the_middle_of_a_validation(
    service: Service, client: TestClient
) -> None:
    handle = unpack(client.post(f"/vz/training/open?{QUICK}").content)[0]["training"]
    training = memory(service, handle).training
    while training.part() is not None:
        pass  # up to an epoch's end, where the validation is still to come
    assert (training.step, len(training.moments)) == (training.steps_per_epoch, 1)
    client.post(f"/vz/training/{handle}/run?steps=1")
    assert (training.step, len(training.moments)) == (training.steps_per_epoch + 1, 2)


def test_a_pause_is_for_the_visitor_who_trains(client: TestClient) -> None:
    handle = unpack(client.post(f"/vz/training/open?{QUICK}").content)[0]["training"]
    answer = client.post(f"/vz/training/{handle}/pause", headers={"X-Visitor": newcomer(client)})
    assert answer.status_code == 410
    assert "Start it again" in answer.json()["error"]
