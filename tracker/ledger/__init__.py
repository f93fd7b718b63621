"""The opening from a ledger: an office's existing Excel list, by a small mapping, as opening files.

A row either becomes an entry that passes every check, or it is named with its reason and what
was probably meant: nothing is guessed silently, and nothing is lost. No cell makes it raise.
The path of a row: ``mapping`` says where things stand, ``rows`` takes them from the sheets,
``matching`` finds unit, milestone and period, ``entries`` the update, ``openings`` the files.
"""
