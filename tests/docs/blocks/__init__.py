"""Runs the code blocks of the pages: Sybil reads them, one test a block.

`fences` finds the blocks, `languages` says what running one means, `commands` does so for command
lines, `needs` lists what pages need beforehand, `collecting` hands it all to pytest. The blocks of
a page share their names and a working folder, and run in their order.
"""
