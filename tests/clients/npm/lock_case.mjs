// npm consul session: a lock is taken, refused, freed by the session's end
import assert from 'node:assert/strict';
import { consul } from './client.mjs';

const { ID: mine } = await consul.session.create({ name: 'npm', ttl: '20s', lockdelay: '0s', behavior: 'release' });
const { ID: other } = await consul.session.create();
assert.equal(await consul.kv.set({ key: 'npm-lock', value: '1', acquire: mine }), true);
assert.ok(!(await consul.kv.set({ key: 'npm-lock', value: '2', acquire: other })));
assert.equal((await consul.session.renew(mine))[0].ID, mine);
assert.equal((await consul.session.get(mine)).Name, 'npm');
assert.ok((await consul.session.list()).some((each) => each.ID === other));
await consul.session.destroy(mine);
assert.equal((await consul.kv.get('npm-lock')).Session, undefined);
assert.ok(!(await consul.kv.set({ key: 'npm-lock', value: '2', release: other })));
await consul.session.destroy(other);
await consul.kv.del('npm-lock');
