// What the cases share: the client, and waiting by condition.
import Consul from 'consul';

export const consul = new Consul({ host: '127.0.0.1', port: process.env.CONSUL_PORT });

export async function eventually(what, look, seconds = 10) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
