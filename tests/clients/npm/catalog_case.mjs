// npm consul agent, catalog, health, event, status: a service is registered, found, taken away
import assert from 'node:assert/strict';
import { consul, eventually } from './client.mjs';

const self = (await consul.agent.self()).Config.NodeName;
await consul.agent.service.register({
  id: 'npm-1', name: 'npm-web', port: 80, tags: ['a'], meta: { version: '2' },
  check: { ttl: '30s', notes: 'alive?' },
});
await consul.agent.check.pass({ id: 'service:npm-1', note: 'yes' });
const [found] = await eventually('it passes', async () => {
  const all = await consul.health.service({ service: 'npm-web', passing: true });
  return all.length && all;
});
assert.deepEqual([found.Node.Node, found.Service.Port, found.Service.Meta], [self, 80, { version: '2' }]);
assert.deepEqual((await consul.catalog.service.list())['npm-web'], ['a']);
assert.equal((await consul.catalog.service.nodes('npm-web'))[0].ServiceID, 'npm-1');
assert.ok((await consul.catalog.node.list()).some((node) => node.Node === self));
assert.ok((await consul.agent.services())['npm-1']);
assert.equal((await consul.agent.checks())['service:npm-1'].Output, 'yes');
await consul.agent.service.maintenance({ id: 'npm-1', enable: true, reason: 'test' });
await eventually('it passes no more', async () =>
  (await consul.health.service({ service: 'npm-web', passing: true })).length === 0);
await consul.agent.service.deregister('npm-1');
await eventually('it is gone', async () => (await consul.catalog.service.nodes('npm-web')).length === 0);

await consul.catalog.register({ node: 'npm-node', address: '192.0.2.3', service: { service: 'npm-out', port: 1 } });
assert.ok((await consul.catalog.node.services('npm-node')).Services['npm-out']);
await consul.catalog.deregister({ node: 'npm-node' });

const event = await consul.event.fire('npm-event', 'payload');
assert.ok((await consul.event.list('npm-event')).some((each) => each.ID === event.ID));
assert.ok(await consul.status.leader());
assert.ok((await consul.agent.members()).some((each) => each.Name === self));
const done = await consul.transaction.create([{ KV: { Verb: 'set', Key: 'npm-txn', Value: 'MQ==' } }]);
assert.equal(done.Errors, null);
await consul.kv.del('npm-txn');
