"""Asks a DNS server and gives what is compared of its answer."""
from cases import Skip

try:
    import dns.flags
    import dns.message
    import dns.query
    import dns.rcode
    import dns.rdatatype
    from dns.exception import Timeout as Silence
except ImportError:
    dns = None
    Silence = TimeoutError


def _records(section):
    """The records as text, in order: a server may shuffle them. TXT records tell a node's meta, which each
    registry fills on its own, so they only count as there."""
    return sorted({f"{each.name} {each.ttl} {dns.rdatatype.to_text(each.rdtype)} "
                   f"{'META' if each.rdtype == dns.rdatatype.TXT else record}" for each in section for record in each})


def ask(port, words, tcp):
    """`words`: NAME TYPE [udp=BYTES]. The serial number of an SOA is the time of day, so it is masked."""
    if not dns:
        raise Skip("there is no python3-dnspython here")
    name, kind, *options = words.split()
    size = int(options[0].removeprefix("udp=")) if options else None
    question = dns.message.make_query(name, kind, use_edns=0 if size else -1, payload=size or 0)
    send = dns.query.tcp if tcp else dns.query.udp
    reply = send(question, "127.0.0.1", port=port, timeout=5)
    sections = {"answer": reply.answer, "authority": reply.authority, "additional": reply.additional}
    result = {part: _records(records) for part, records in sections.items()}
    for records in result.values():
        records[:] = [" ".join(["SERIAL" if place == 5 and "SOA" in line else word
                                for place, word in enumerate(line.split())]) for line in records]
    return {"body": {"rcode": dns.rcode.to_text(reply.rcode()), "flags": dns.flags.to_text(reply.flags),
                     "edns": reply.edns, **result}}
