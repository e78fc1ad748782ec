"""The packages of Word, Excel and PowerPoint: parts of XML, and who refers to whom.

Parts are read directly, not through a library a format: that way the ISO "strict" namespaces, text
boxes, comments and broken relations are no obstacle, and no entity, no link and no template is ever
followed. Names are compared without their namespace.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .limits import Archive, DamagedError, TooLargeError
from .locked import is_locked, unlocked

if TYPE_CHECKING:
    from lxml.etree import XMLSyntaxError
    from lxml.etree import _Element as Element

MAX_TREE_BYTES = 80 * 1024 * 1024  # a tree in memory is some ten times its text
_UNKNOWN, _NO_MEMORY = 0, 2  # libxml2's XML_ERR_…; without memory it cannot even name its error


class Related(NamedTuple):
    """What a part refers to: the last word of the relation's type, and the part's name."""

    kind: str
    part: str


class Package:
    """An open Office file."""

    def __init__(self, path: Path, password: str | None = None) -> None:
        """Raises `NeedsPasswordError`, `DamagedError`, `TooLargeError`, `OSError`."""
        self.archive = Archive(unlocked(path, password) if is_locked(path) else path)
        # The names of parts are not case-sensitive, and some writers use backslashes.
        self._names = {name.replace("\\", "/").casefold(): name for name in self.archive.names}

    def close(self) -> None:
        self.archive.close()

    def has(self, part: str) -> bool:
        return part.casefold() in self._names

    def name(self, part: str) -> str:
        """The member that holds a part. Raises `DamagedError` when there is none."""
        try:
            return self._names[part.casefold()]
        except KeyError:
            raise DamagedError(f"the part {part} is missing") from None

    def xml(self, part: str) -> Element:
        """The root of a part. Raises `DamagedError` when it is missing or not well formed."""
        from lxml import etree

        data = self.archive.read(self.name(part))
        if len(data) > MAX_TREE_BYTES:
            raise TooLargeError(f"{part}: {len(data)} bytes")
        try:
            return etree.fromstring(data, _parser())
        except etree.XMLSyntaxError as error:
            raise broken(part, error) from error

    def optional(self, part: str) -> Element | None:
        """The root of a part that a file can do without, None when it is missing or broken."""
        if not self.has(part):
            return None
        try:
            return self.xml(part)
        except DamagedError:
            return None

    def related(self, part: str) -> dict[str, Related]:
        """Relations of a part within the file, by id. Links to outside are left out."""
        folder, name = posixpath.split(part)
        root = self.optional(f"{folder}/_rels/{name}.rels".lstrip("/"))
        found: dict[str, Related] = {}
        for relation in children(root) if root is not None else ():
            if (relation.get("TargetMode") or "").lower() == "external":
                continue
            target = (relation.get("Target") or "").replace("\\", "/")
            absolute = target.startswith("/")
            place = target.lstrip("/") if absolute else posixpath.join(folder, target)
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            found[relation.get("Id") or ""] = Related(kind, posixpath.normpath(place))
        return found

    def main(self, usual: str) -> str:
        """The main part: what the package points at, else where it usually lies."""
        for relation in self.related("").values():
            if relation.kind == "officeDocument" and self.has(relation.part):
                return relation.part
        return usual

    def title(self) -> str:
        """The title in the file's properties, or ""."""
        root = self.optional("docProps/core.xml")
        if root is None:
            return ""
        return next((child.text or "" for child in children(root) if local(child) == "title"), "")


def broken(part: str, error: XMLSyntaxError) -> Exception:
    """What a parser's error means: the part is damaged, or memory ran out while reading it."""
    if error.code in (_NO_MEMORY, _UNKNOWN):
        return TooLargeError(f"{part}: no memory left")
    return DamagedError(f"{part}: {error}")


def _parser() -> object:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def local(element: Element) -> str:
    """The element's name without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def children(element: Element | None) -> Iterator[Element]:
    """Child elements; entities that were not resolved are none."""
    if element is not None:
        yield from (child for child in element if isinstance(child.tag, str))


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of names, or None."""
    for name in path:
        element = next((one for one in children(element) if local(one) == name), None)
    return element


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its name without namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rsplit("}", 1)[-1] == name:
            return str(value)
    return None


def is_on(element: Element | None) -> bool:
    """Whether a switch such as <b/> or <vanish w:val="0"/> is there and not off."""
    if element is None:
        return False
    return (attribute(element, "val") or "1").lower() not in ("0", "false", "off", "none")
