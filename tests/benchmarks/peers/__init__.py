"""The peers: the same conversation by hand, and on four libraries of state machines.

Each has the same reading and gives the same outcome values as the engine; `handwritten`
is the whole of it, and the others decide with their library where it has if and elif.
"""
