"""What each command does; :mod:`ragengine.cli` reads the command line and has :mod:`.running` call them.

Nothing is imported here, so that ``--help`` and a mistyped option take no engine along.
"""
