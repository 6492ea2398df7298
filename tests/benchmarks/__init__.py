"""Speed and memory, measured against what others would write: see `engine`."""
