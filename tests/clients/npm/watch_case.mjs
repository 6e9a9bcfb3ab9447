// npm consul watch: tells each change of a key and of a service's health
import assert from 'node:assert/strict';
import { consul, eventually } from './client.mjs';

function watch(method, options) {
  const seen = [];
  const watching = consul.watch({ method, options, backoffFactor: 50 });
  watching.on('change', (data) => seen.push(data));
  return { seen, end: () => watching.end() };
}

await consul.kv.set('npm-watch', 'one');
const key = watch(consul.kv.get, { key: 'npm-watch' });
for (const value of ['one', 'two', 'three']) {
  await consul.kv.set('npm-watch', value);
  await eventually(`the watch tells ${value}`, () => key.seen.at(-1)?.Value === value);
}
key.end();
await consul.kv.del('npm-watch');

const health = watch(consul.health.service, { service: 'npm-watched', passing: true });
await eventually('the watch begins', () => health.seen.at(-1)?.length === 0);
await consul.agent.service.register({ name: 'npm-watched', check: { ttl: '30s', status: 'passing' } });
await eventually('it tells the instance', () => health.seen.at(-1)?.length === 1);
await consul.agent.check.fail('service:npm-watched');
await eventually('it tells that the instance fails', () => health.seen.at(-1)?.length === 0);
health.end();
await consul.agent.service.deregister('npm-watched');
assert.ok(health.seen.length >= 3);
