"""A made-up clinic to try everything out: twelve months that end today.

`year` moves the procedures of `procedures.csv` to the weeks before today; `load` replays them
through the same functions that the pages call, with the deliveries and restocking that fed them.
Everybody and everything in it is invented; no patient is described anywhere.
"""
