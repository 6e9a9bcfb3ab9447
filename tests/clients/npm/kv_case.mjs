// npm consul kv: set, get, keys, check-and-set, delete
import assert from 'node:assert/strict';
import { consul } from './client.mjs';

assert.equal(await consul.kv.set({ key: 'npm/a', value: 'grün', flags: 3 }), true);
const found = await consul.kv.get('npm/a');
assert.deepEqual([found.Value, found.Flags], ['grün', 3]);
assert.equal((await consul.kv.get({ key: 'npm/a', buffer: true })).Value.length, 5);
assert.equal(await consul.kv.get({ key: 'npm/a', raw: true }).then(String), 'grün');
assert.ok(!(await consul.kv.set({ key: 'npm/a', value: 'x', cas: '0' })));
assert.equal(await consul.kv.set({ key: 'npm/a', value: 'x', cas: String(found.ModifyIndex) }), true);
await consul.kv.set('npm/b/c', 'deep');
assert.deepEqual(await consul.kv.keys({ key: 'npm/', separator: '/' }), ['npm/a', 'npm/b/']);
assert.equal((await consul.kv.get({ key: 'npm/', recurse: true })).length, 2);
assert.equal(await consul.kv.get('npm/none'), undefined);
assert.equal(await consul.kv.del({ key: 'npm/', recurse: true }), true);
await assert.rejects(consul.kv.keys('npm/'), { statusCode: 404 });
