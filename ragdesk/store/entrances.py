"""Results of entrance exams, one small file a model beside the models themselves."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..domain.entrance import Entrance, Share
from .home import Home, not_writable

_SHARES = ("right", "keeps", "cites", "refuses", "refuses_wrongly")


class Entrances:
    """The files `<model>.exam.json` in the home's folder of models."""

    def __init__(self, home: Home) -> None:
        self._folder = home.models

    def get(self, model: str, digest: str, layout: str) -> Entrance | None:
        """The result of this very model under this very prompt; None where there is none."""
        try:
            found = _entrance(json.loads(self._path(model).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        same = (found.model, found.digest, found.layout) == (model, digest, layout)
        return found if same else None

    def save(self, entrance: Entrance) -> None:
        """Puts it in the place of the model's earlier one. Raises `HomeNotWritable`, `DiskFull`."""
        path = self._path(entrance.model)
        half = path.with_suffix(".half")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            half.write_text(json.dumps(asdict(entrance), indent=1), encoding="utf-8")
            os.replace(half, path)
        except OSError as error:
            raise not_writable(self._folder, error) from error

    def remove(self, model: str) -> None:
        """Forgets a model's result; harmless where there is none."""
        self._path(model).unlink(missing_ok=True)

    def _path(self, model: str) -> Path:
        # Names hold colons and slashes, which file names on Windows must not.
        return self._folder / f"{quote(model, safe='')}.exam.json"


def _entrance(kept: dict[str, Any]) -> Entrance:
    return Entrance(**{**kept, **{name: Share(**kept[name]) for name in _SHARES}})
