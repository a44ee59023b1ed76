"""`make bench`: speed and memory, each beside a reference measured in the same run.

Machines differ and are shared, so that a time says little: what counts is the ratio. Nothing here
is asserted; what the project promises stands in the last column.
"""
