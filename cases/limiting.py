"""How often something may be tried within a time, counted in the cache; who tries is kept as a keyed digest only.

With REDIS_URL all processes share the count; without it each process counts for itself.
"""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from django.core.cache import cache

from .protection import keyed_digest


@dataclass(frozen=True)
class Limit:
    """At most `number` in `seconds`, from the first one on."""

    name: str
    number: int
    seconds: int

    def _key(self, who: str) -> str:
        return f"limit:{self.name}:{keyed_digest(who)[:32]}" if who else f"limit:{self.name}"

    def take(self, who: str = "") -> bool:
        """Count one try; False if it was one too many. Trying on does not make the wait longer."""
        key = self._key(who)
        cache.add(key, 0, self.seconds)
        try:
            return bool(cache.incr(key) <= self.number)
        except ValueError:  # it ran out between the two calls
            cache.add(key, 1, self.seconds)
            return True

    def give_back(self, who: str = "") -> None:
        """The try was a good one and does not count."""
        try:
            cache.decr(self._key(who))
        except ValueError:
            pass


def network(address: str) -> str:
    """Who tries: the address, of IPv6 the /64 that one caller holds."""
    try:
        found = ip_address(address)
    except ValueError:
        return "?"
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped.compressed if found.ipv4_mapped else found.exploded[:19]
    return found.compressed
