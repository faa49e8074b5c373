"""The collector of cycles is still while values are made that stay, and as it was afterwards."""

import gc

import pytest

from ragengine.collector import kept_still


@pytest.mark.parametrize("on", [True, False])
def test_it_is_as_it_was_afterwards(on: bool) -> None:
    """A caller who had it off has it off, and it is on again after a failure too."""
    was_on = gc.isenabled()
    try:
        if on:
            gc.enable()
        else:
            gc.disable()
        with kept_still():
            assert not gc.isenabled()
        assert gc.isenabled() is on
        with pytest.raises(ValueError, match="no such file"), kept_still():
            raise ValueError("no such file")
        assert gc.isenabled() is on
    finally:
        if was_on:
            gc.enable()
