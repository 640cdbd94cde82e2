"""Which line a call takes: the handset that somebody holds, else the scripted household."""

from evalsys.exchange.handsets import Handsets
from evalsys.exchange.households import Directory
from evalsys.exchange.line import Line
from evalsys.exchange.pace import Pace
from evalsys.exchange.person import Person
from evalsys.exchange.scripted_line import ScriptedLine


class HouseholdLines:
    """Lines to the households of a directory."""

    def __init__(self, directory: Directory, handsets: Handsets, *, seed: int, pace: Pace) -> None:
        """Let scripted households behave by `seed`, at `pace`; handsets come first."""
        self._directory = directory
        self._handsets = handsets
        self._seed = seed
        self._pace = pace

    def line_to(self, number: str, caller: str, attempt: int) -> Line:
        """Return a line to `number`, for the `attempt`-th call ever placed to it."""
        household = self._directory.at(number)
        held = self._handsets.line_to(number, caller, household)
        if held is not None:
            return held
        person = Person(household, self._seed, number, attempt)
        return ScriptedLine(person, self._pace)
