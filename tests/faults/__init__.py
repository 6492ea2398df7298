"""What the tests of faults share: load, the process that is killed, and what must hold after."""
