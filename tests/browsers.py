"""Chromium without a window, for the tests of pages."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(shutil.which, BROWSERS), None)


class Page:
    """A page in a browser, which takes commands through two pipes.

    Attributes:
        errors: List of what the page's console said in anger.
    """

    def __init__(self, write, read):
        self._write, self._read = write, read
        self._last, self._events, self.errors = 0, [], []
        self._session = None
        target = self._ask("Target.createTarget", url="about:blank")
        self._session = self._ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._ask(f"{domain}.enable")

    def open(self, address, width=1200, height=900):
        """Show a page in a window of that many pixels."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1,
            mobile=width < 500,
        )  # fmt: skip
        self._ask("Page.navigate", url=address)
        self.wait_for_load()

    def wait_for_load(self):
        """Wait until a page has been loaded since the last such call."""
        while "Page.loadEventFired" not in self._events:
            self._receive()
        self._events.clear()

    def run(self, code):
        """The value of an expression of JavaScript."""
        answer = self._ask(
            "Runtime.evaluate", expression=code, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key):
        """Press a key, as a user does."""
        for kind in ("rawKeyDown", "keyUp"):
            code = {"ArrowLeft": 37, "ArrowRight": 39, "Home": 36}[key]
            self._ask(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key,
                windowsVirtualKeyCode=code,
            )  # fmt: skip

    def move(self, x, y):
        """Move the pointer to a place in the window."""
        self._ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def screenshot(self):
        """The bytes of a PNG of the whole page."""
        answer = self._ask("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(answer["data"])

    def _ask(self, method, **parameters):
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._write.write(json.dumps(message).encode() + b"\0")
        self._write.flush()
        while (answer := self._receive()).get("id") != self._last:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def _receive(self):
        text = bytearray()
        while (byte := self._read.read(1)) not in (b"\0", b""):
            text += byte
        message = json.loads(text)
        method, said = message.get("method"), message.get("params", {})
        self._events.append(method)
        if method == "Runtime.exceptionThrown":
            self.errors.append(said["exceptionDetails"])
        elif method == "Runtime.consoleAPICalled" and said["type"] in (
            "error",
            "warning",
            "assert",
        ):
            self.errors.append(said["args"])
        elif method == "Log.entryAdded":
            self.errors.append(said["entry"])
        return message


@contextlib.contextmanager
def opened_browser():
    """An empty `Page` of a browser that ends with the context."""
    to_browser, write = os.pipe()
    read, from_browser = os.pipe()
    # Chromium reads from 3 and writes to 4, whatever these are here.
    command = (
        f"exec {BROWSER} --headless --no-sandbox --disable-gpu "
        '--remote-debugging-pipe --user-data-dir="$1" '
        f"3<&{to_browser} 4>&{from_browser}"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with subprocess.Popen(
            ["bash", "-c", command, "browser", folder],
            pass_fds=(to_browser, from_browser),
            stderr=subprocess.DEVNULL,
        ) as process:
            os.close(to_browser)
            os.close(from_browser)
            try:
                with open(write, "wb") as sink, open(read, "rb") as source:
                    yield Page(sink, source)
            finally:
                process.kill()
