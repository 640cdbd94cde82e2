"""The HTTP doors: parse, one service call, render."""
