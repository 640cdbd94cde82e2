"""evalsys: draw cadres in public, ask their households, decide with reasons."""
