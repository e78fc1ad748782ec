"""A screen of its own for a test: a virtual one, and the hands of a person on it."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
from PIL import Image
from Xlib import XK, X, display
from Xlib.ext import xtest
from Xlib.xobject.drawable import Window

STEP = 0.01  # seconds between two things a hand does


class Screen:
    """An Xvfb server, with mouse and keyboard through the XTEST extension."""

    def __init__(self, width: int, height: int) -> None:
        server = shutil.which("Xvfb")
        assert server is not None
        self._server = subprocess.Popen(
            [server, "-displayfd", "1", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._server.stdout is not None
        self.name = f":{self._server.stdout.readline().strip()}"
        self._display = display.Display(self.name)
        self._root = self._display.screen().root

    def close(self) -> None:
        self._display.close()
        self._server.terminate()
        self._server.wait(10)
        if self._server.stdout is not None:
            self._server.stdout.close()

    # the mouse

    def move(self, x: int, y: int) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()
        time.sleep(STEP)

    def press(self, x: int, y: int) -> None:
        """Moves there and presses the left button once."""
        self.move(x, y)
        time.sleep(0.1)
        self.button(down=True)
        self.button(down=False)

    def button(self, *, down: bool) -> None:
        xtest.fake_input(self._display, X.ButtonPress if down else X.ButtonRelease, 1)
        self._display.sync()
        time.sleep(STEP)

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 25) -> None:
        """Presses at `start`, moves in small steps, lets go at `end`."""
        self.move(*start)
        self.button(down=True)
        for step in range(1, steps + 1):
            self.move(*(round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True)))
            time.sleep(0.02)
        time.sleep(0.3)  # what is dragged over has time to say where it would land
        self.button(down=False)

    # the keyboard

    def type(self, text: str) -> None:
        for character in text:
            self.key(XK.string_to_keysym({" ": "space", "?": "question"}.get(character, character)))

    def key(self, keysym: int, *held: int) -> None:
        """Presses a key while others are held down; Shift where the key needs it."""
        code = self._display.keysym_to_keycode(keysym)
        shifted = self._display.keycode_to_keysym(code, 0) != keysym
        keys = [self._display.keysym_to_keycode(k) for k in held]
        keys += [self._display.keysym_to_keycode(XK.XK_Shift_L)] if shifted else []
        for held_down in keys:
            xtest.fake_input(self._display, X.KeyPress, held_down)
        xtest.fake_input(self._display, X.KeyPress, code)
        xtest.fake_input(self._display, X.KeyRelease, code)
        for held_down in reversed(keys):
            xtest.fake_input(self._display, X.KeyRelease, held_down)
        self._display.sync()
        time.sleep(STEP)

    # what there is to see

    def window(self, title: str) -> Window | None:
        """The window on the screen with this title."""
        for window in self._root.query_tree().children:
            if window.get_wm_name() == title and window.get_attributes().map_state == X.IsViewable:
                return window
        return None

    def place(self, window: Window, x: int, y: int, width: int, height: int) -> None:
        """Does what a window manager would: places a window and gives it the keyboard."""
        window.configure(x=x, y=y, width=width, height=height)
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._display.sync()

    def picture(self, width: int, height: int, path: Path | None = None) -> np.ndarray:
        """The screen's upper left, (height, width, 3) of 0 to 255; kept as `path` where given."""
        raw = self._root.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF)
        image = Image.frombytes("RGB", (width, height), raw.data, "raw", "BGRX")
        if path is not None:
            path.parent.mkdir(exist_ok=True)
            image.save(path, optimize=True)
        return np.asarray(image).astype(int)
