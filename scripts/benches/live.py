"""The hall and the nation: pictures to all screens, the public file, clicks, and kills."""

from scripts.benches import live_fanout, live_nation, live_show
from scripts.benches.figure import Figure


def run(repeat: int) -> list[Figure]:
    """Measure each in turn; every part starts and ends its own programs."""
    return [*live_fanout.run(repeat), *live_nation.run(repeat), *live_show.run(repeat)]
