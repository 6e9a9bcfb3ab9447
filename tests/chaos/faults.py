"""What happens to a cluster: each fault breaks something, lets it last, and mends it. A fault gives how
long no write was accepted, None where it is not about that."""
from cases import equal
from clients import now

SHORTEST, LONGEST = 0.3, 1.5  # seconds that a fault lasts after the others have got over it
LONGER = 6.0  # seconds: etcd's lease has ended, and a node that may not lead has said so


def _last(cluster, chance, broken, since=None):
    """Others than these nodes must go on while it lasts, from `since` (now) on."""
    took = cluster.writes_again(since or now(), but=broken)
    cluster.hold(chance.uniform(SHORTEST, LONGEST))
    return took


def power_of_one(cluster, chance, node):
    since = cluster.kill(node)
    took = _last(cluster, chance, [node], since)
    cluster.start(node)
    return took


def unplugged(cluster, chance, node):
    cluster.lab.run("unplug", node)
    took = _last(cluster, chance, [node])
    cluster.lab.run("plug", node)
    return took


def mute(cluster, chance, node):
    """What it sends is lost; it hears all."""
    cluster.lab.filter(f'iifname "{node}" drop')
    took = _last(cluster, chance, [node])
    cluster.lab.heal()
    return took


def deaf(cluster, chance, node):
    """It hears nothing; what it sends is heard, so that it is not missed as a leader."""
    cluster.lab.filter(f'oifname "{node}" drop')
    cluster.hold(chance.uniform(1, 3))
    cluster.lab.heal()


def paused(cluster, chance, node):
    cluster.lab.signal_daemon(node, "STOP")
    try:
        return _last(cluster, chance, [node])
    finally:
        cluster.lab.signal_daemon(node, "CONT")


def crashed(cluster, chance, node):
    """The daemon alone is killed, its machine goes on."""
    cluster.lab.signal_daemon(node, "KILL")
    took = _last(cluster, chance, [node])
    cluster.start(node)
    return took


def stopped(cluster, chance, node):
    """Properly: it hands over before it goes."""
    since = now()
    cluster.lab.stop_daemon(node)
    took = _last(cluster, chance, [node], since)
    cluster.start(node)
    return took


def card_full(cluster, chance, node):
    """Writes are refused where the leader's card is full, and accepted again when there is place; they go
    on where other cards count."""
    since, leads = now(), cluster.status(node)["state"] == "leading"
    cluster.lab.exec(node, "cat /dev/zero > /var/lib/cluster-lab/filler; true", may_fail=True)
    if cluster.store.by_majority:
        cluster.writes_again(now(), but=[node])
    elif leads:
        cluster.card_is_told_full(since)
    cluster.hold(chance.uniform(SHORTEST, LONGEST))
    cluster.lab.exec(node, "rm /var/lib/cluster-lab/filler")


def power_of_all(cluster, chance, _):
    """All at once; some come back, agree, and then the others come."""
    cluster.power_cut_at = cluster.kill(*cluster.names)
    fewest = cluster.majority if cluster.store.by_majority else 1
    first = chance.sample(cluster.names, chance.randint(fewest, len(cluster.names)))
    cluster.start(*first)
    cluster.agreed(first)
    cluster.start(*(node for node in cluster.names if node not in first))


# --- where a majority's word counts

def _without_majority(cluster, chance, nodes, since):
    """As long as it lasts no write is acknowledged that one of these began after `since`."""
    cluster.hold(chance.uniform(SHORTEST, LONGER))
    equal(cluster.accepted(since, nodes), [], "writes acknowledged without a majority")


def power_of_most(cluster, chance, node):
    """Too many for the others to go on."""
    gone = [node, *cluster.others(chance, node, cluster.majority - 1)]
    since = cluster.kill(*gone)
    _without_majority(cluster, chance, cluster.names, since)
    cluster.start(*gone)


def split(cluster, chance, node):
    """The smaller half, `node` in it, acknowledges nothing; the larger one goes on."""
    smaller = [node, *cluster.others(chance, node, len(cluster.names) - cluster.majority - 1)]
    cluster.lab.cut(smaller, [each for each in cluster.names if each not in smaller])
    since = now()
    took = _last(cluster, chance, smaller, since)
    _without_majority(cluster, chance, smaller, since)
    cluster.lab.heal()
    return took


def islands(cluster, chance, _):
    """Nobody hears anybody."""
    cluster.lab.filter("drop")
    _without_majority(cluster, chance, cluster.names, now())
    cluster.lab.heal()


# Name -> what it does, to the leader and to followers.
TO_ONE = {"power cut": power_of_one, "unplugged": unplugged, "mute": mute, "deaf": deaf, "paused": paused,
          "crash": crashed, "card full": card_full, "stopped": stopped}
TO_MAJORITY = {"power cut with most": power_of_most, "split": split}


def deck(by_majority):
    """All that there is, as (fault's name, role of the node it happens to, what it does)."""
    to_one = TO_ONE | TO_MAJORITY if by_majority else TO_ONE
    for name, fault in to_one.items():
        for role in ("leader", "follower"):
            yield name, role, fault
    yield "power cut", "all", power_of_all
    if by_majority:
        yield "islands", "all", islands


def rounds(chance, by_majority, only=""):
    """Faults without end, as in deck(), of those whose "NAME of ROLE" holds the word `only`; each comes
    once before any comes again."""
    cards = [card for card in deck(by_majority) if only in f"{card[0]} of {card[1]}"]
    while cards:
        chance.shuffle(cards)
        yield from cards
