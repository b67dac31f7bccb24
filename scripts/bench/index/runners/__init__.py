"""What is measured, each as a process of its own: `python -m scripts.bench.index.runners.NAME TASK`.

A runner's last line on standard output is an `Answer` (`scripts.bench.index.task`), its clock begins with the
first request for blocks: starting Python, making tables and connecting are not what is compared.
"""
