"""Modules that are loaded when somebody first uses them: what no screen waits for after a kill.

    put_off(["xlsxwriter"])     # before anything else imports it
    import xlsxwriter           # finds the module and runs nothing of it
    xlsxwriter.Workbook         # now it runs

Only the two servers put anything off, and load it a moment after they are back. A module that is
put off must be used as one: `from xlsxwriter import Workbook` would load it at once, and
`import xlsxwriter.format` would load a part before the whole.
"""

import gc
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any

from typing_extensions import override

AFTERWARDS = (
    # Calls and the beacon: one library speaks HTTP, one knows every product of Twilio.
    *("urllib3", "requests", "evalsys.telephony.wire", "twilio.rest", "twilio.rest.api"),
    # Papers.
    *("evalsys.exports.word", "fontTools.ttLib", "segno", "typst", "xlsxwriter"),
)
"""What a server loads once it serves: another tenth of the time to start."""
AFTERWARDS_S = 1.5
"""By then every screen that looks on has found the server again."""
_loading = RLock()
"""Held while a module runs: another thread that uses it waits until it is whole."""


def begin() -> None:
    """Prepare to load a server; call it before anything else is loaded, and `end` afterwards."""
    # What is loaded stays: looking for rubbish meanwhile is a fifth of the time to start.
    gc.disable()
    # Socket.IO's client, which no server uses, would load them: a tenth of the time to start.
    for name in ("aiohttp", "websocket"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # stands for "not there"
    put_off(AFTERWARDS)


def end() -> None:
    """Look for rubbish again, though never among what was loaded.

    Of what a start leaves behind, some hundred objects are rubbish: looking for them takes a
    quarter of a second.
    """
    gc.freeze()
    gc.enable()


def put_off(names: Iterable[str]) -> None:
    """Let whoever imports these modules from now on get them unloaded."""
    sys.meta_path.insert(0, _Finder(names))


def load(names: Iterable[str]) -> None:
    """Load these modules."""
    for name in names:
        module = import_module(name)
        if isinstance(module, _Waiting):
            _run(module)


class _Finder(MetaPathFinder):
    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    @override
    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> Any:
        if fullname not in self._names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Deferred(spec.loader)
        return spec


class _Deferred(Loader):
    """Makes a module that waits; everything else the system of imports does by itself."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    @override
    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    @override
    def exec_module(self, module: ModuleType) -> None:
        module.__class__ = _Waiting


class _Waiting(ModuleType):
    is_running = False

    @override
    def __getattr__(self, name: str) -> object:
        _run(self)
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None


def _run(module: ModuleType) -> None:
    with _loading:
        if not isinstance(module, _Waiting) or module.is_running:
            return  # another thread was first, or it asks for itself while it runs
        spec = module.__spec__
        assert spec is not None  # noqa: S101 - it was imported
        assert isinstance(spec.loader, _Deferred)  # noqa: S101 - by this
        module.is_running = True
        module.__loader__ = spec.loader = spec.loader.loader
        spec.loader.exec_module(module)
        del module.is_running
        module.__class__ = ModuleType  # type: ignore[assignment]  # as the documentation of modules does
