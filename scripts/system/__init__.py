"""Running systems: the embedded one in this process, and the parts of one that other processes run."""
