"""What things cost, as ratios taken within one run: against a naive way, and against the limit.

`make bench` prints a line for each, `name ratio goal ok|short`, and exits 1 when one is short. Results are
checked before they are timed. It is never part of CI: a busy machine proves nothing.
"""
