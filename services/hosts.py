"""Whether a host is this very machine, to which words may go in the clear."""

from ipaddress import ip_address


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
