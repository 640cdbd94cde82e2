"""The policies of the request loop that come with the software."""

from functools import lru_cache
from importlib.resources import files

from evalsys.domain.casework.policy import Policy
from evalsys.domain.casework.policy_text import parse_policy

YISHUI = "yishui"


@lru_cache(maxsize=4)
def shipped_policy(name: str = YISHUI) -> Policy:
    """Read a policy of the package by the name of its file, without `.toml`.

    Raises:
        InvalidInput: it is faulty; every fault is listed.
    """
    source = files("evalsys.rulebooks") / "casework" / f"{name}.toml"
    return parse_policy(source.read_text(encoding="utf-8"))
