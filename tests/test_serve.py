"""``tracker serve``: the app in a browser, for this machine alone, read-only unless asked, nothing from outside."""

import asyncio
import base64
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import aiohttp
import pytest
from programs import environment, program
from tiny import build, head

PATIENCE = 60
"""Seconds until something that does not come has failed."""

DONE = head() + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-10-09\n'


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(root: Path, *options: str) -> Iterator[str]:
    """The address of the app while it is served."""
    port = free_port()
    command = [sys.executable, "-m", "tracker", "serve", "--port", str(port), "--as-of", "2026-10-31", *options]
    env = environment(TRACKER_USER="刘某")
    log = root / "log"
    with log.open("wb") as out, subprocess.Popen(command, cwd=root, env=env, stdout=out, stderr=out) as run:
        try:
            until = time.monotonic() + PATIENCE
            while run.poll() is None and time.monotonic() < until:
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
            else:
                pytest.fail(log.read_text(encoding="utf-8"))
            yield f"http://127.0.0.1:{port}"
        finally:
            run.terminate()
            run.wait(PATIENCE)


class Links(HTMLParser):
    """What a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Links and sources."""
        self.found += [value for key, value in attrs if key in ("src", "href") and value and tag]


async def fetched(address: str) -> dict[str, tuple[int, str]]:
    """The page and every asset it names, by address: status and text."""
    async with aiohttp.ClientSession() as client:

        async def get(url: str) -> tuple[int, str]:
            async with client.get(url) as answer:
                return answer.status, (await answer.read()).decode(errors="replace")

        found = {address: await get(address)}
        links = Links()
        links.feed(found[address][1])
        for url in (urljoin(address, link) for link in links.found if not link.startswith("data:")):
            found[url] = await get(url)
        for url, (_status, text) in list(found.items()):
            if url.endswith(".css"):
                for inner in re.findall(r"url\(['\"]?([^)'\"]+)", text):
                    found[urljoin(url, inner)] = await get(urljoin(url, inner))
        return found


async def test_the_page_and_its_assets_come_from_here_alone(tmp_path: Path) -> None:
    with served(build(tmp_path)) as address:
        found = await fetched(address)
        assert len(found) >= 3
        assert {status for status, _text in found.values()} == {200}
        assert all(url.startswith(address) for url in found)
        page = found[address][1]
        assert {f"http:{url}" for url in re.findall(r"//[\w.:]+", page)} == {address}
        assert "正在打开" in page


async def test_other_pages_and_other_names_are_turned_away(tmp_path: Path) -> None:
    with served(build(tmp_path)) as address:
        async with aiohttp.ClientSession() as client:
            for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}):
                for path in ("/", "/ws"):
                    async with client.get(address + path, headers=headers) as answer:
                        assert answer.status == 403
            async with client.get(address) as answer:
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await client.ws_connect(f"{address}/ws", origin="http://evil.example")


class Terminal:
    """The app as a page's terminal has it: keys in, what is drawn out."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.drawn = socket, b""

    async def until(self, words: str) -> None:
        """Read until words are drawn."""
        while words.encode() not in self.drawn:
            message = await asyncio.wait_for(self.socket.receive(), PATIENCE)
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), self.drawn[-2000:]
            if message.type == aiohttp.WSMsgType.BINARY:
                self.drawn += message.data

    async def press(self, keys: str, until: str) -> None:
        """Keys, and what they bring."""
        self.drawn = b""
        await self.socket.send_json(["stdin", keys])
        await self.until(until)


@asynccontextmanager
async def terminal(address: str) -> AsyncIterator[Terminal]:
    """The app behind an address."""
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(f"{address}/ws?width=120&height=40", origin=address) as socket,
    ):
        found = Terminal(socket)
        await found.until("最需要盯的")
        yield found


async def test_what_is_served_is_read_only(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": DONE})
    with served(root) as address:
        async with terminal(address) as seen:
            await seen.press("4", "迟报")
            await seen.socket.send_json(["stdin", "a"])
            await seen.press("g", "这是只读界面")
    assert not (root / "status/city/2026-10/decisions.toml").exists()


async def test_with_write_it_writes(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": DONE})
    with served(root, "--write", "-P", "city") as address:
        async with terminal(address) as seen:
            await seen.press("4", "迟报")
            await seen.press("a", "记在 2026-10")
            await seen.press("\r", "已记入")
    assert "刘某" in (root / "status/city/2026-10/decisions.toml").read_text(encoding="utf-8")


class Chromium:
    """A browser without a window, driven over its own protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.n = socket, 0
        self.asked: list[str] = []
        """All addresses it asked for."""

    async def call(self, method: str, **given: object) -> dict[str, object]:
        """One call and its answer; what is asked for meanwhile is noted."""
        self.n += 1
        await self.socket.send_json({"id": self.n, "method": method, "params": given})
        while True:
            said = json.loads((await asyncio.wait_for(self.socket.receive(), PATIENCE)).data)
            if said.get("method") in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                self.asked.append(said["params"].get("url") or said["params"]["request"]["url"])
            if said.get("id") == self.n:
                # While a page is being changed for another it may not answer.
                found: dict[str, object] = said.get("result", {})
                return found


@contextmanager
def debugged(profile: Path) -> Iterator[str]:
    """A browser with an empty page, and the address of its protocol."""
    command = [
        program("chromium", "chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--remote-debugging-port=0", f"--user-data-dir={profile}", "--window-size=1300,760", "about:blank",
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    port = profile / "DevToolsActivePort"
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as run:
        try:
            until = time.monotonic() + PATIENCE
            while not (port.exists() and port.read_text().strip()) and time.monotonic() < until:
                os.sched_yield()
            yield f"http://127.0.0.1:{port.read_text().split()[0]}"
        finally:
            run.terminate()
            run.wait(PATIENCE)


@asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Chromium]:
    """A browser to be driven."""
    with debugged(profile) as address:
        async with aiohttp.ClientSession() as client:
            async with client.get(f"{address}/json") as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            async with client.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Chromium(socket)


async def drawn(browser: Chromium, least: int) -> bytes:
    """The page's picture, once there is something in it."""
    until, content = time.monotonic() + PATIENCE, b""
    while time.monotonic() < until and len(content) < least:
        shot = await browser.call("Page.captureScreenshot")
        content = base64.b64decode(str(shot.get("data", "")))
    return content


def keep(content: bytes) -> None:
    """For looking at: where ``TRACKER_PICTURE`` says."""
    if path := os.environ.get("TRACKER_PICTURE"):
        Path(path).write_bytes(content)


@pytest.mark.needs_program
async def test_a_real_browser_shows_it_and_asks_nobody_else(tmp_path: Path) -> None:
    with served(build(tmp_path / "w")) as address:
        async with chromium(tmp_path / "profile") as browser:
            await browser.call("Network.enable")
            await browser.call("Page.navigate", url=address)
            content = await drawn(browser, least=40_000)
            keep(content)
            assert len(content) >= 40_000
            shown = await browser.call("Runtime.evaluate", expression="document.body.className")
            assert "-first-byte" in json.dumps(shown)
            ours = address.partition("://")[2]
            strangers = [url for url in browser.asked if ours not in url and not url.startswith(("data:", "blob:"))]
            assert strangers == []
            assert any(url.startswith("ws://") for url in browser.asked)


# --- the command ---


# Each in a process of its own: a module that was kept from being imported here would be missing to later tests, and
# whether one may be imported at all, or which event loop is there, would depend on the tests before.


def serve(root: Path, *options: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """The command, run to its end; ``before`` is Python that comes first."""
    code = f"import sys\n{before}\nfrom tracker.cli import main\nraise SystemExit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, "serve", *options],
        cwd=root, env=environment(), capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_without_the_web_server_it_says_how_to_install_it(tmp_path: Path) -> None:
    ended = serve(build(tmp_path), before="sys.modules['textual_serve.server'] = None")
    assert ended.returncode == 2
    assert 'pip install "tracker[serve]"' in ended.stderr


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = serve(build(tmp_path), "--port", str(port))
    assert ended.returncode == 1, ended.stderr
    assert f"端口 {port} 用不了" in ended.stderr
