"""The demo's own login provider: its test persons, in the words of the broker asked for."""
