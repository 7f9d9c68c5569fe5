"""One process, and one replica."""


def processes() -> tuple:
    """Which process this one is, and how many train together."""
    return 0, 1


def share(variables: list) -> None:
    """Nothing to do: there is one process."""


def share_numbers(numbers: list) -> list:
    """The integers of all processes, one list for each process."""
    return [numbers]


def sum_over_replicas(x):
    """The tensor itself."""
    return x
