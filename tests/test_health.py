"""Whether the process is alive, and whether its store answers."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from optin_engine.stores import StoreError
from optin_engine.web import health
from tests.web_service import calling


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/HealthZ/"])
def test_a_service_that_can_serve_says_so_to_anybody(tmp_path: Path, path: str) -> None:
    with calling(f"sqlite:///{tmp_path}/optin.db") as served:
        response = served.call("GET", path)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_without_its_store_a_service_is_alive_but_not_ready(tmp_path: Path) -> None:
    with calling(f"sqlite:///{tmp_path}/optin.db") as served:
        served.store.close()
        assert served.call("GET", "/healthz").status_code == 200
        response = served.call("GET", "/readyz")
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"
        assert response.json()["message"].startswith("The store cannot be reached")


def test_a_process_whose_store_a_later_version_migrated_says_so(tmp_path: Path) -> None:
    with calling(f"sqlite:///{tmp_path}/optin.db") as served:
        with closing(sqlite3.connect(tmp_path / "optin.db")) as connection, connection:
            connection.execute("UPDATE meta SET version = 99")
        response = served.call("GET", "/readyz")
        assert response.status_code == 503
        assert "another version" in response.json()["message"]


def test_a_store_that_hangs_is_given_up_and_asked_by_one_thread_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    asked, let_go = [], threading.Event()

    def ask() -> str:
        asked.append(threading.get_ident())
        let_go.wait(60)
        return "answered"

    async def scenario() -> str:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await health.promptly(ask)
        let_go.set()
        monkeypatch.setattr(health, "PATIENCE", 60)
        return str(await health.promptly(ask))

    assert asyncio.run(scenario()) == "answered"
    assert len(asked) == 1


def test_an_error_of_the_store_reaches_whoever_waits_and_is_asked_anew() -> None:
    asked = []

    def ask() -> None:
        asked.append(1)
        raise StoreError

    async def scenario() -> None:
        for _ in range(2):
            with pytest.raises(StoreError):
                await health.promptly(ask)

    asyncio.run(scenario())
    assert len(asked) == 2
